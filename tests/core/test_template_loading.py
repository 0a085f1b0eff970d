"""Templates as they are read: HTML without its indentation, texts of messages as they are."""

from pathlib import Path

from django.template import Context, Engine

LOADER = "core.template_loading.FlushLoader"


def read(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text)
    engine = Engine(dirs=[str(folder)], loaders=[LOADER])
    rendered: str = engine.get_template(name).render(context())
    return rendered


def context() -> Context:
    return Context({"words": "一行\n  另一行"})


def test_a_page_has_its_lines_without_their_indentation(tmp_path: Path) -> None:
    page = read(tmp_path, "page.html", "<ul>\n  <li>\n\t{{ words }}\n  </li>\n</ul>\n")
    assert page == "<ul>\n<li>\n一行\n  另一行\n</li>\n</ul>\n"


def test_the_text_of_a_message_keeps_every_blank(tmp_path: Path) -> None:
    assert read(tmp_path, "mail.txt", "一、\n  （一）\n") == "一、\n  （一）\n"
