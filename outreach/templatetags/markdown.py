"""Template filter for Markdown: `{{ article.body|markdown }}`."""

from django import template
from django.utils.safestring import SafeString

from outreach.markdown import html_of

register = template.Library()


@register.filter
def markdown(text: str) -> SafeString:
    return html_of(text)
