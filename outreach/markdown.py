"""Markdown of articles and answers: as HTML, as plain text, and the links in it.

HTML is off, so that what looks like a tag is shown as text; what comes out is held to an
allow-list as well, so that a fault of one alone lets nothing through.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS: Final = {
    "p", "br", "hr", "strong", "em", "ul", "ol", "li", "blockquote", "code", "pre", "h2", "h3",
    "h4", "a", "img", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES: Final = {"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}}
SCHEMES: Final = {"http", "https", "tel", "mailto"}
# A page has its own heading of the first rank.
LOWER: Final = {"h1": "h2", "h2": "h3", "h3": "h4", "h4": "h4", "h5": "h4", "h6": "h4"}
READER: Final = MarkdownIt("commonmark", {"html": False}).enable("table")


def html_of(text: str) -> SafeString:
    """What a page shows of it."""
    tokens = READER.parse(text)
    for token in tokens:
        token.tag = LOWER.get(token.tag, token.tag)
    html = READER.renderer.render(tokens, READER.options, {})
    clean = nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        attribute_filter=_own_pictures,
        link_rel="noopener noreferrer",
    )
    return mark_safe(clean)  # noqa: S308 - held to the allow-list just now


def links_of(text: str) -> list[str]:
    """Where its links lead, each once, in their order."""
    found = [
        str(token.attrs["href"])
        for token in _walk(READER.parse(text))
        if token.type == "link_open" and "href" in token.attrs
    ]
    return list(dict.fromkeys(found))


@dataclass(frozen=True)
class TextPicture:
    """A picture of a text, under the words that stand for it in plain text."""

    place: str
    address: str


def pictures_of(text: str) -> list[TextPicture]:
    """Its pictures in their order."""
    return [
        TextPicture(_place(token), str(token.attrs["src"]))
        for token in _walk(READER.parse(text))
        if token.type == "image"
    ]


def _place(image: Token) -> str:
    return f"【图片：{image.content or '请插入图片'}】"


def plain_of(text: str) -> str:
    """For a chat or a public account: paragraphs, items with a dot, links and pictures in words."""
    lines: list[str] = []
    for token in READER.parse(text):
        if token.type == "inline":
            lines.append(_inline(token))
        elif token.type == "list_item_open":
            lines.append("• ")
        elif token.type in ("fence", "code_block"):
            lines.append(token.content.rstrip())
    joined: list[str] = []
    for line in lines:
        if joined and joined[-1] == "• ":
            joined[-1] += line
        else:
            joined.append(line)
    return "\n\n".join(joined)


def _inline(token: Token) -> str:
    parts, target = [], ""
    for child in token.children or ():
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type == "image":
            parts.append(_place(child))
        elif child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif child.type == "link_open":
            target = str(child.attrs.get("href", ""))
        elif child.type == "link_close":
            parts.append(f"（{target}）")
    return "".join(parts)


def _walk(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _walk(token.children or [])


def _own_pictures(tag: str, attribute: str, value: str) -> str | None:
    """Only pictures that the portal serves itself; others the browser would refuse anyway."""
    if (tag, attribute) == ("img", "src") and (not value.startswith("/") or value.startswith("//")):
        return None
    return value
