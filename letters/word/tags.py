"""The places of a template as people typed them, paragraph by paragraph, also cut up by Word.

Word cuts a text into runs as it likes; within one paragraph that does no harm. What is not closed
in its paragraph, or stands where nothing is filled in, is named here, in the words of the page.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Final

from lxml import etree

from letters.word.package import WORD, WordPackage
from letters.word.problems import TemplateProblem

TOKEN: Final = re.compile(r"\{\{|\{%|\{#|\}\}|%\}|#\}")
OPENS: Final = {"{{": "}}", "{%": "%}", "{#": "#}"}
FULL_WIDTH: Final = re.compile(r"｛｛|｛\{|\{｛|｛%|｛％|\{％|｝｝|％｝")
# Each lets docxtpl change the table or the runs around it, which no letter needs.
SPECIAL: Final = re.compile(
    r"\{\{(?:p|r|tr|tc)\s|\{%-?\s*(?:colspan|cellbg|hm|vm)\b|\{%r\s|\{_|_\}"
)
RENDERED: Final = re.compile(r"word/(?:document|header\d*|footer\d*)\.xml")
MOST_TAGS: Final = 300
TEXT, PARAGRAPH = f"{{{WORD}}}t", f"{{{WORD}}}p"


def tag_problems(package: WordPackage) -> Iterator[TemplateProblem]:
    count = 0
    for name, root in package.xml():
        if not RENDERED.fullmatch(name):
            yield from _where_nothing_is_filled(name, root)
            continue
        texts = list(_paragraphs(root))
        for text in texts:
            yield from _in_paragraph(text)
        count += sum(len(TOKEN.findall(text)) for text in texts)
        yield from _across(root, texts)
    if count > 2 * MOST_TAGS:
        yield TemplateProblem("too_many_tags", f"空格太多，一份模板最多{MOST_TAGS}处。")


def _paragraphs(root: "etree._Element") -> Iterator[str]:
    """Each paragraph's own text; one in a text box counts by itself."""
    own: dict[etree._Element, list[str]] = {}
    for text in root.iter(TEXT):
        holder = next(text.iterancestors(PARAGRAPH), root)
        own.setdefault(holder, []).append(text.text or "")
    for parts in own.values():
        yield "".join(parts)


def _in_paragraph(text: str) -> Iterator[TemplateProblem]:
    if FULL_WIDTH.search(text):
        yield TemplateProblem(
            "full_width",
            f"“{_brief(text)}”用了全角的大括号，请用英文的，写成{{{{ 单位名称 }}}}。",
        )
    if special := SPECIAL.search(text):
        yield TemplateProblem(
            "not_allowed",
            f"“{_brief(text[special.start() :])}”这种写法不能用。",
        )
    opened = ""
    for token in TOKEN.finditer(text):
        closes = OPENS.get(opened)
        if closes is None and token[0] in OPENS:
            opened = token[0]
        elif closes == token[0]:
            opened = ""
        else:
            break
    else:
        if not opened:
            return
    yield TemplateProblem(
        "tag_open", f"“{_brief(text)}”里的大括号不成对：一个空格的开头和结尾要在同一段里。"
    )


def _across(root: "etree._Element", texts: list[str]) -> Iterator[TemplateProblem]:
    """Braces that meet only where paragraphs meet, or that stand outside of all text."""
    whole = "".join(text.text or "" for text in root.iter(TEXT))
    if len(TOKEN.findall(whole)) != sum(len(TOKEN.findall(text)) for text in texts):
        yield TemplateProblem("tag_split", "有一个空格的大括号分在了两段里，请写在同一段里。")
    bare = deepcopy(root)
    for text in bare.iter(TEXT):
        text.text = ""
    if TOKEN.search(etree.tostring(bare, encoding="unicode")):
        yield TemplateProblem("tag_elsewhere", "有大括号写在文字以外的地方（如图片名称），请删去。")


def _where_nothing_is_filled(name: str, root: "etree._Element") -> Iterator[TemplateProblem]:
    # A part's own identifiers, as of an extension list, hold single braces alone.
    written = etree.tostring(root, encoding="unicode")
    if re.search(r"\{\{|\{%|\{#", written):
        yield TemplateProblem(
            "tag_elsewhere",
            f"空格只能写在正文、页眉和页脚里，别处（{name}）的不会填写，请删去。",
        )


def _brief(text: str, most: int = 40) -> str:
    text = text.strip()
    return text if len(text) <= most else f"{text[:most]}…"
