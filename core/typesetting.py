"""WeasyPrint as the review table needs it: nothing fetched, no glyph missing, small fonts."""

import hashlib
import io
import logging
import subprocess
import threading
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

import pydyf
from django.conf import settings
from django.template.loader import render_to_string
from fontTools import subset
from fontTools.ttLib import TTFont
from weasyprint import CSS, HTML, Document
from weasyprint.pdf.metadata import DocumentMetadata
from weasyprint.text.ffi import harfbuzz_subset
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from core.text import line, printable

# Steps of type size in points; the annex is set in 10.5 pt, and 7.5 pt is still read in print.
STEPS: Final = (10.5, 9.5, 9.0, 8.5, 8.0, 7.5)
# Namespaces of a document's description (ISO 16684-1).
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
DUBLIN_CORE: Final = "http://purl.org/dc/elements/1.1/"
# Points in a CSS pixel.
PX: Final = 0.75
# Debian's packages of the faces that every machine must have; 仿宋 is taken where there is one.
FONT_PACKAGES: Final = {
    "Noto Serif CJK SC": "fonts-noto-cjk",
    "LXGW WenKai": "fonts-lxgw-wenkai",
}
# Letters that say which subset of a font a file holds.
TAG_LENGTH: Final = 6
# Thousandths of the type size: a glyph's width where a PDF font states none.
USUAL_WIDTH: Final = 1000

# Fonts are shared between documents through one configuration: one document at a time.
rendering = threading.RLock()


class RenderingFailed(Exception):
    """The table or a cell cannot be printed; the sentence says why and what to change."""


class _GlyphWatch(logging.Handler):
    """Collects the characters of this thread's document for which no font has a glyph."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.thread_id = threading.get_ident()
        self.missing: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self.thread_id and str(record.msg).startswith(".notdef glyph"):
            self.missing.append(str(record.args[0]) if isinstance(record.args, tuple) else "")

    def refuse_missing(self) -> None:
        """Raises RenderingFailed where a character of the document has no glyph."""
        if self.missing:
            characters = "".join(dict.fromkeys(self.missing))
            raise RenderingFailed(
                f"字符“{characters}”印不出来：门户的字体里没有字形。请改用其他写法；"
                "确实要用的，请联系服务站，由系统管理员安装含它的字体。"
            )


@contextmanager
def _watched_glyphs() -> Iterator[_GlyphWatch]:
    """WeasyPrint only logs a missing glyph and draws an empty box."""
    logger, watch = logging.getLogger("weasyprint"), _GlyphWatch()
    logger.addHandler(watch)
    try:
        yield watch
    finally:
        logger.removeHandler(watch)


@cache
def _fonts() -> FontConfiguration:
    """One for the process: a fresh one for each document keeps three times the memory."""
    return FontConfiguration()


@cache
def _style(name: str) -> CSS:
    return CSS(filename=Path(settings.BASE_DIR) / "static" / "print" / name, font_config=_fonts())


def lay_out(
    template: str, context: Mapping[str, object], *styles: str, extra: str = ""
) -> Document:
    """Lay a template out with print style sheets by name; `extra` is CSS made for this document."""
    sheets = [_style(name) for name in styles]
    if extra:
        sheets.append(CSS(string=extra))
    # Nothing is fetched: pictures come as data: addresses, whatever a text may contain.
    source = HTML(
        # Rows from before the canonical form may hold controls, which no layout survives.
        string=printable(render_to_string(template, dict(context))),
        url_fetcher=URLFetcher(allowed_protocols=["data"]),
    )
    return source.render(font_config=_fonts(), stylesheets=sheets)


def write(
    document: Document,
    finish: Callable[[Any], None] = lambda pdf: None,
    *,
    tagged: bool = False,
) -> bytes:
    """The document as PDF. `finish` may change the pydyf.PDF before it is written.

    `tagged` gives it a structure tree in reading order, as a file wants that people read; what is
    drawn into another document has none.
    Raises RenderingFailed when a character would come out as an empty box.
    """

    def finisher(written: Document, pdf: Any) -> None:
        # All is drawn by now, and what is missing known, before a font is asked for it.
        watch.refuse_missing()
        _shrink_fonts(written, pdf)
        _name_subsets(pdf)
        _tidy(pdf)
        _describe(written.metadata, pdf)
        finish(pdf)

    with _watched_glyphs() as watch:
        # Before 1.5 there are no object streams, in which a reader looks for each object anew: the
        # self-check of a signature reads hundreds.
        pdf: bytes = document.write_pdf(finisher=finisher, pdf_tags=tagged, pdf_version="1.4")
    return pdf


def _shrink_fonts(document: Document, pdf: Any) -> None:
    """Write CFF fonts anew with the glyphs in use alone.

    The subset that WeasyPrint embeds keeps all 65,535 glyph numbers, whose offsets take 130 KiB
    even compressed. Noto CJK numbers its CIDs as its glyphs, so a bare CFF with the same CIDs
    needs nothing else changed.
    """
    used: dict[bytes, set[int]] = {}
    for font in document.fonts.values():
        used.setdefault(font.name, set()).update(font.widths)
    for descriptor in pdf.objects:
        if isinstance(descriptor, dict) and "FontFile3" in descriptor:
            embedded = pdf.objects[int(descriptor["FontFile3"].split()[0])]
            font = TTFont(io.BytesIO(embedded.stream[0]), lazy=True, recalcBBoxes=False)
            if not hasattr(font["CFF "].cff.topDictIndex[0], "ROS"):
                continue
            options = subset.Options(notdef_outline=True, layout_features=[])
            options.drop_tables += ["VORG", "vhea", "vmtx", "GSUB", "GPOS", "GDEF", "BASE"]
            subsetter = subset.Subsetter(options)
            subsetter.populate(gids=used[descriptor["FontName"]])
            subsetter.subset(font)
            small = io.BytesIO()
            font.save(small)
            embedded.stream = [TTFont(small).reader["CFF "]]
            embedded.extra["Subtype"] = "/CIDFontType0C"


def _name_subsets(pdf: Any) -> None:
    """Give each subset of a font a tag of its own, as ISO 32000-1, 9.6.4 asks.

    WeasyPrint takes it from the font alone, so that two revisions of one file would carry
    different glyphs under one name.
    """
    names: dict[bytes, bytes] = {}
    for item in pdf.objects:
        place = item.get("FontFile2") or item.get("FontFile3") if isinstance(item, dict) else None
        if place:
            embedded = pdf.objects[int(place.split()[0])]
            digest = hashlib.sha256(b"".join(embedded.stream)).digest()
            tag = bytes(ord("A") + byte % 26 for byte in digest[:TAG_LENGTH])
            family = item["FontName"].partition(b"+")[2]
            names[item["FontName"]] = b"/" + tag + b"+" + family
    for item in pdf.objects:
        for key in ("FontName", "BaseFont"):
            if isinstance(item, dict) and item.get(key) in names:
                item[key] = names[item[key]]


def _tidy(pdf: Any) -> None:
    """Leave out what no reader needs: each signature's examination walks through every value.

    Named places are what the layout is read back from; a single page needs no outline; no style
    of ours sets a colour by Lab; a width of 1000, which every Chinese character has, is what a
    font without widths means.
    """
    for name in ("Names", "Outlines"):
        pdf.catalog.pop(name, None)
    for item in pdf.objects:
        if not isinstance(item, dict):
            continue
        item.pop("ColorSpace", None)
        if "W" in item:
            item["W"] = pydyf.Array(_uncommon_widths(item["W"]))


def _describe(metadata: DocumentMetadata, pdf: Any) -> None:
    """Say title, author and language in XMP, where readers for the blind ask for them."""
    described = ElementTree.Element(f"{{{RDF}}}Description", {f"{{{RDF}}}about": ""})
    kinds = (("title", "Alt", [metadata.title or ""]), ("creator", "Seq", metadata.authors))
    for name, kind, texts in (*kinds, ("language", "Bag", [metadata.lang or ""])):
        listed = ElementTree.SubElement(
            ElementTree.SubElement(described, f"{{{DUBLIN_CORE}}}{name}"), f"{{{RDF}}}{kind}"
        )
        for text in filter(None, texts):
            item = ElementTree.SubElement(listed, f"{{{RDF}}}li")
            item.text = text
            if kind == "Alt":
                item.set("xml:lang", "x-default")
    tree = ElementTree.Element(f"{{{RDF}}}RDF")
    tree.append(described)
    packet = (
        b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        + ElementTree.tostring(tree, encoding="utf-8")
        + b'</x:xmpmeta>\n<?xpacket end="r"?>'
    )
    stream = pydyf.Stream([packet], {"Type": "/Metadata", "Subtype": "/XML"})
    pdf.add_object(stream)
    pdf.catalog["Metadata"] = stream.reference


def _uncommon_widths(widths: list[Any]) -> Iterator[int]:
    """`first last width` for each run of glyphs whose width is not 1000.

    `widths` is PDF's other form, `first [width width …]`, repeated.
    """
    pairs = zip(widths[::2], widths[1::2], strict=True)
    glyphs = [(first + place, width) for first, run in pairs for place, width in enumerate(run)]
    for width, group in groupby(glyphs, key=itemgetter(1)):
        if width != USUAL_WIDTH:
            numbers = [number for number, _ in group]
            # A run may skip numbers that are in no text and so have no width to get wrong.
            yield from (numbers[0], numbers[-1], width)


def size_class(points: float) -> str:
    """The class in sizes.css that sets this type size."""
    return f"pt-{points:g}".replace(".", "-")


def likely_steps(text: str, width: float, height: float, leading: float) -> tuple[float, ...]:
    """The sizes worth laying out: from the largest at which `text` should fit, downwards.

    `width` and `height` in points. A Chinese character is as wide as the type size.
    """
    ems = sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.55 for c in text)
    for index, points in enumerate(STEPS):
        lines = -(-ems * points // width)
        if lines * points * leading <= height:
            return STEPS[index:]
    return STEPS[-1:]


def one_line(text: str) -> str:
    """Line breaks become blanks: a text of many empty lines must not push its cell over.

    What turns the direction of writing goes: it would print other words than were typed.
    """
    return line(text)


def check_renderer() -> list[str]:
    """What the machine lacks for printing the table, a sentence each; empty when all is there."""
    missing = []
    if harfbuzz_subset is None:
        missing.append("缺少 libharfbuzz-subset0：没有它，排一页要15秒以上。请安装此软件包。")
    for family, package in FONT_PACKAGES.items():
        if family not in _family_found(family):
            missing.append(
                f"缺少字体“{family}”：审核表会改样，生僻字可能印不出。请安装 {package}。"
            )
    return missing


def _family_found(family: str) -> str:
    """The family that fontconfig gives for this name; another one where it is not installed."""
    command = ["fc-match", "--format", "%{family}", family]
    try:
        found = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return ""
    return found.stdout
