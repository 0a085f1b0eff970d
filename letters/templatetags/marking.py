"""What is still missing in a letter, marked on the page and said in one sentence."""

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from letters.content import Content

register = template.Library()
MARKED = re.compile(r"【待填：[^】]*】")
MOST = 6


@register.filter
def marked(words: str) -> SafeString:
    """Escaped, with each 【待填：…】 standing out, also to a reader's ear."""
    shown = MARKED.sub(lambda found: f"<mark>{found[0]}</mark>", escape(words))
    return mark_safe(shown)  # noqa: S308 - escaped above


@register.filter
def missing_words(content: Content) -> str:
    """还有3处待填：成立年份、主营业务、往来情况。填好保存，再下载。"""
    count = len(content.missing)
    names = "、".join(content.missing[:MOST]) + ("等" if count > MOST else "")
    return f"还有{count}项待填：{names}。填好保存，再下载。"
