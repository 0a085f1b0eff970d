"""What a template must not bring along: macros, remote parts, embedded objects, active fields."""

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from letters.word.package import CONTENT_TYPES, WORD, WordPackage
from letters.word.problems import TemplateProblem

MACRO: Final = TemplateProblem(
    "macro", "文件带有宏（VBA），不能使用。请在Word里另存为“Word文档（.docx）”，宏会被去掉。"
)
NOT_DOCUMENT: Final = TemplateProblem(
    "not_docx", "这不是普通的Word文档。请在Word里另存为“Word文档（.docx）”再传。"
)
REMOTE_TEMPLATE: Final = TemplateProblem(
    "remote_template",
    "文件附着在另一个模板上，会去别处取内容。请新建空白文档，把内容复制过去。",
)
EXTERNAL: Final = TemplateProblem(
    "external",
    "文件里有指向外部的链接或图片，不能使用。图片请直接插入；网址、邮箱请右键“取消超链接”。",
)
OLE: Final = TemplateProblem(
    "ole", "文件里嵌入了别的文件或对象（OLE），不能使用。请删去，或者改成图片。"
)
ACTIVEX: Final = TemplateProblem("activex", "文件里有ActiveX控件，不能使用，请删去。")
ALT_CHUNK: Final = TemplateProblem(
    "embedded_document", "文件里夹带了另一份文档，不能使用。请把那部分的文字复制进来。"
)
ACTIVE_FIELD: Final = TemplateProblem(
    "active_field", "文件里有会取外部内容或运行程序的域（如INCLUDETEXT、DDE），请删去。页码可以用。"
)
TRACKED: Final = TemplateProblem(
    "tracked_changes", "文件里还有修订记录。请在Word“审阅”里接受全部修订，再保存。"
)
COMMENTS: Final = TemplateProblem("comments", "文件里还有批注，会跟着每份函出去。请全部删除。")
BY_RELATION: Final = {
    "vbaproject": MACRO,
    "oleobject": OLE,
    "package": OLE,
    "control": ACTIVEX,
    "activexcontrolbinary": ACTIVEX,
    "afchunk": ALT_CHUNK,
    "comments": COMMENTS,
}
BY_ELEMENT: Final = {
    "object": OLE,
    "OLEObject": OLE,
    "control": ACTIVEX,
    "altChunk": ALT_CHUNK,
    "ins": TRACKED,
    "del": TRACKED,
    "moveFrom": TRACKED,
    "moveTo": TRACKED,
    "commentReference": COMMENTS,
}
MAIN: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
# Fields that only count or repeat what stands in the document itself.
HARMLESS_FIELDS: Final = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION", "SEQ"})
FIELD_NAME: Final = re.compile(r"\s*([A-Za-z]+)")


def dangers_of(package: WordPackage) -> Iterator[TemplateProblem]:
    yield from _by_name(package)
    for name, root in package.xml():
        if name == CONTENT_TYPES:
            yield from _by_content_type(root)
        elif name.lower().endswith(".rels"):
            yield from _by_relations(root)
        else:
            yield from _by_elements(root)
            yield from _by_fields(root)


def _by_name(package: WordPackage) -> Iterator[TemplateProblem]:
    for part in package.parts:
        name = part.name.lower()
        if "vbaproject" in name or "vbadata" in name:
            yield MACRO
        elif "/activex/" in name:
            yield ACTIVEX
        elif "/embeddings/" in name:
            yield OLE


def _by_content_type(root: "etree._Element") -> Iterator[TemplateProblem]:
    types = [str(one.get("ContentType", "")) for one in root]
    has_macros = any("macroenabled" in one.lower() or "vbaproject" in one.lower() for one in types)
    if has_macros:
        yield MACRO
    if any("activex" in one.lower() for one in types):
        yield ACTIVEX
    if any("oleobject" in one.lower() for one in types):
        yield OLE
    if MAIN not in types and not has_macros:
        yield NOT_DOCUMENT


def _by_relations(root: "etree._Element") -> Iterator[TemplateProblem]:
    for relation in root:
        kind = str(relation.get("Type", "")).rpartition("/")[2].lower()
        if kind == "attachedtemplate":
            yield REMOTE_TEMPLATE
        elif str(relation.get("TargetMode", "")).lower() == "external":
            yield EXTERNAL
        if kind in BY_RELATION:
            yield BY_RELATION[kind]


def _by_elements(root: "etree._Element") -> Iterator[TemplateProblem]:
    for element in root.iter(etree.Element):
        local = etree.QName(element).localname
        # Other vocabularies have an `object` or a `control` of their own that does nothing.
        if local in BY_ELEMENT and (local == "OLEObject" or element.tag == f"{{{WORD}}}{local}"):
            yield BY_ELEMENT[local]


def _by_fields(root: "etree._Element") -> Iterator[TemplateProblem]:
    """A field's words may lie in several runs, from its begin to its separator or end."""
    simple = [str(one.get(f"{{{WORD}}}instr", "")) for one in root.iter(f"{{{WORD}}}fldSimple")]
    for words in (*simple, *_instructions(root)):
        found = FIELD_NAME.match(words)
        if words.strip() and (found is None or found[1].upper() not in HARMLESS_FIELDS):
            yield ACTIVE_FIELD


def _instructions(root: "etree._Element") -> Iterator[str]:
    words: list[str] = []
    for element in root.iter(f"{{{WORD}}}instrText", f"{{{WORD}}}fldChar"):
        if element.tag == f"{{{WORD}}}instrText":
            words.append(element.text or "")
        else:
            yield "".join(words)
            words = []
    yield "".join(words)
