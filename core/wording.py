"""Text from templates: its words as they are, since nothing of it is HTML."""

from collections.abc import Mapping

from django.template import Context, engines


def render_text(template: str, context: Mapping[str, object]) -> str:
    """A template of a mail or a text file, with names such as A&B as their owners write them."""
    made = engines["django"].engine.get_template(template)  # type: ignore[attr-defined]
    words: str = made.render(Context(dict(context), autoescape=False))
    return words
