"""A Word file as a ZIP of parts: how much it holds is looked at before anything is unpacked."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from letters.word.problems import TemplateProblem, TemplateRefused

# A letter of two pages with a picture in its head is some hundred KiB.
MOST_BYTES: Final = 5 * 1024 * 1024
MOST_PARTS: Final = 200
MOST_PART_BYTES: Final = 8 * 1024 * 1024
MOST_WHOLE_BYTES: Final = 20 * 1024 * 1024
MOST_XML_BYTES: Final = 1024 * 1024
OLE_SIGNATURE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
IS_ENCRYPTED: Final = 0x1
CONTENT_TYPES: Final = "[Content_Types].xml"
WORD: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@dataclass(frozen=True)
class Part:
    """One file within; `root` is None where it is no XML."""

    name: str
    data: bytes
    root: "etree._Element | None"


@dataclass(frozen=True)
class WordPackage:
    parts: tuple[Part, ...]

    def xml(self) -> Iterator[tuple[str, "etree._Element"]]:
        for part in self.parts:
            if part.root is not None:
                yield part.name, part.root


def open_package(data: bytes) -> WordPackage:
    """Every part, read and parsed without entities. Raises TemplateRefused."""
    if len(data) > MOST_BYTES:
        raise _refused("too_large", f"文件超过{MOST_BYTES // 1024 // 1024} MB，请压缩里面的图片。")
    if data.startswith(OLE_SIGNATURE):
        raise _refused(
            "old_or_locked",
            "这是旧格式（.doc）或者加了密码的文件。请在Word里去掉密码，另存为“Word文档（.docx）”。",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_bomb(archive)
            parts = tuple(_part(archive, info) for info in archive.infolist() if not info.is_dir())
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError):
        raise _refused("not_docx", "这不是完好的Word文档（.docx），请重新另存一次再传。") from None
    names = {part.name for part in parts}
    if CONTENT_TYPES not in names or not any(name.startswith("word/") for name in names):
        raise _refused("not_docx", "这不是Word文档（.docx）：里面没有Word的正文。")
    return WordPackage(parts)


def _refuse_bomb(archive: zipfile.ZipFile) -> None:
    """By what the directory declares; what is unpacked is held to it part by part."""
    infos = archive.infolist()
    if len(infos) > MOST_PARTS:
        raise _refused("too_many_parts", f"文件里有{len(infos)}个部分，最多{MOST_PARTS}个。")
    names = [info.filename for info in infos]
    if len({name.lower() for name in names}) < len(names):
        raise _refused("not_docx", "文件里有重名的部分，请在Word里重新另存一次。")
    if any(name.startswith("/") or ".." in name or "\\" in name for name in names):
        raise _refused("not_docx", "文件里有不合规定的路径，请在Word里重新另存一次。")
    if any(info.flag_bits & IS_ENCRYPTED for info in infos):
        raise _refused("old_or_locked", "文件加了密码，请去掉密码再传。")
    if sum(info.file_size for info in infos) > MOST_WHOLE_BYTES:
        raise _bomb()


def _part(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Part:
    most = MOST_XML_BYTES if _is_named_xml(info.filename) else MOST_PART_BYTES
    if info.file_size > most:
        raise _bomb()
    with archive.open(info) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise _bomb()
    return Part(info.filename, data, _parsed(info.filename, data))


def _bomb() -> TemplateRefused:
    return _refused(
        "too_large_inside", "文件解开以后太大，不像一份函的模板。请删去多余的图片和内容再传。"
    )


def _is_named_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels"))


def _parsed(name: str, data: bytes) -> "etree._Element | None":
    """Also of a part that only looks like XML; nothing is fetched and no entity unfolded."""
    looks_so = data.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")
    if not _is_named_xml(name) and not looks_so:
        return None
    if len(data) > MOST_XML_BYTES:
        raise _bomb()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise _refused("broken_xml", f"文件内部不完整（{name}），请在Word里另存一次。") from None
    if root.getroottree().docinfo.doctype:
        raise _refused("xml_entities", f"文件里（{name}）有外部声明，请在Word里新建模板。")
    return root


def _refused(code: str, message: str) -> TemplateRefused:
    return TemplateRefused(TemplateProblem(code, message))
