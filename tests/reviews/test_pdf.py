"""The printed table and cells: wording, fit, and pixels against approved pictures.

An approved picture was looked at by a person. When the print changes on purpose, run with
APPROVE_PICTURES=1, look at what was written to tests/reviews/approved/, and commit it.
"""

import io
import itertools
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw
import pytest
from fontTools.cffLib import CFFFontSet
from fontTools.ttLib import TTFont
from PIL import Image, ImageChops, ImageDraw
from pyhanko.pdf_utils.reader import PdfFileReader

from core import typesetting
from files.recognition_packages import is_available
from reviews.annex4 import ENTERPRISE_KINDS, SECTIONS
from reviews.pdf import (
    CellFacts,
    RenderingFailed,
    TableFacts,
    check_renderer,
    render_base,
    render_cell,
    render_jpeg,
    render_png,
)
from reviews.signatures.fields import Box
from reviews.signatures.signing import certify, sign_cell
from tests.factories import DEPARTMENTS
from tests.reviews import papers
from tests.reviews.papers import FACTS, cell_facts

APPROVED = Path(__file__).parent / "approved"
DPI = 72
# Greys further apart than this differ; smoothing of the same outline stays below it.
SHADE = 60
# Pixels that may differ on a page of 595 × 842: a stroke or two, not a character.
TOLERANCE = 40
# 䶮 㛃 𬱖 are in names that forms of the past could not print; 𠅤 lies beyond the basic plane too.
RARE = "𬱖䶮㛃𠅤"


def page_text(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        text = document[0].get_textpage().get_text_bounded()
    finally:
        document.close()
    return "".join(text.split())


def smallest_type(pdf: bytes) -> float:
    """Type size in points of the smallest character on the first page."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[0].get_textpage()
        raw = pypdfium2.raw
        sizes = [
            raw.FPDFText_GetFontSize(page, index) * 0.75
            for index in range(page.count_chars())
            if page.get_text_range(index, 1).strip()
        ]
    finally:
        document.close()
    return float(min(sizes))


def picture(pdf: bytes, dpi: int = DPI) -> Image.Image:
    return Image.open(io.BytesIO(render_png(pdf, dpi))).convert("L")


def differing(one: Image.Image, other: Image.Image) -> int:
    """Count of pixels that differ visibly; every one of them when the sizes differ."""
    if one.size != other.size:
        return one.width * one.height
    return int((np.asarray(ImageChops.difference(one, other)) > SHADE).sum())


def assert_looks_as_approved(pdf: bytes, name: str) -> None:
    drawn, path = picture(pdf), APPROVED / f"{name}.png"
    if os.environ.get("APPROVE_PICTURES"):
        drawn.save(path, optimize=True)
    assert differing(drawn, Image.open(path)) <= TOLERANCE


def box_of(code: str) -> Box:
    return papers.base()[1][code]


# Wording and place --------------------------------------------------------------------------------


def test_the_form_is_one_a4_page_with_the_annexs_wording_in_its_order() -> None:
    pdf, _ = papers.base()
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 1
    assert [round(side) for side in document[0].get_size()] == [595, 842]
    document.close()
    text = page_text(pdf)
    # The order of the annex; what stands between is what the station filled in.
    position = -1
    for words in (
        "重庆市万州区APEC商务旅行卡审核表",
        "央企",
        "市属国有企业",
        "区属国有企业",
        "非公有制企业",
        "其它",
        "单位名称",
        "统一社会信用代码",
        "联系人及电话",
        "姓名",
        "职务",
        "身份证号码",
        "联系电话",
        "区商务委",
        "区税务局",
        "区公安局",
        "区人力社保局",
        "区政府外办",
    ):
        found = text.find(words, position + 1)
        assert found > position, words
        position = found
    assert "申请单位基本信息" in text
    assert text.count("办理意见") == 5


def test_the_form_prints_every_fact() -> None:
    text = page_text(papers.base()[0])
    for fact in (
        "万州ABTC审〔2026〕0001号",
        "第1轮",
        "K7QM-2F9X-PD4T",
        "重庆市万州区样例进出口贸易有限公司",
        "91500101YYYY00012R",
        "李示例13800000000",
        "张样例",
        "总经理",
        "500101198005121234",
        "13900000000",
    ):
        assert fact in text


@pytest.mark.parametrize("kind", ["central", "municipal", "district", "private", "other"])
def test_exactly_one_kind_of_enterprise_is_ticked(kind: str) -> None:
    text = page_text(render_base(replace(FACTS, enterprise_kind=kind))[0])
    label = dict(ENTERPRISE_KINDS)[kind]
    assert re.findall("■(央企|市属国有企业|区属国有企业|非公有制企业|其它)", text) == [label]
    assert text.count("■") == 1
    assert text.count("□") == 4


def test_the_cells_lie_below_one_another_and_do_not_touch() -> None:
    _, boxes = papers.base()
    assert list(boxes) == list(DEPARTMENTS)
    for upper, lower in itertools.pairwise(DEPARTMENTS):
        assert 0 < boxes[upper].bottom - boxes[lower].top <= 3
    assert all(box.right - box.left > 420 and box.height > 90 for box in boxes.values())


def test_the_cells_stay_where_they_are_whatever_the_facts() -> None:
    _, boxes = render_base(longest_facts())
    assert boxes == papers.base()[1]


def test_without_a_time_stamp_authority_the_document_says_so() -> None:
    assert "未使用可信时间戳" in page_text(papers.base()[0])
    with_authority, _ = render_base(replace(FACTS, trusted_time=True))
    assert "K7QM-2F9X-PD4T" in page_text(with_authority)
    assert "未使用可信时间戳" not in page_text(with_authority)


def test_the_second_round_is_marked() -> None:
    assert page_text(papers.base(2)[0]).count("第2轮") == 1
    assert page_text(papers.base(1)[0]).count("第1轮") == 1


@pytest.mark.parametrize("code", DEPARTMENTS)
def test_a_cell_prints_sentence_opinion_and_stamp(code: str) -> None:
    cell = cell_facts(code)
    text = page_text(render_cell(cell, box_of(code)))
    assert cell.sentence in text
    assert cell.words in text
    # Each of these says 同意 itself; it is not said twice.
    assert f"同意。{cell.words}" not in text
    assert "单位签章：" in text
    assert f"单位：{cell.unit}" in text
    assert "经办人：王样例" in text
    assert "时间：2026年11月23日10:05:09" in text
    assert "证书编号：4a90b1c4d5e6f701" in text
    assert text.endswith("2026年11月23日")


def test_police_and_foreign_affairs_have_no_label_in_the_cell_as_in_the_annex() -> None:
    assert "办理意见：" in page_text(render_cell(cell_facts("commerce"), box_of("commerce")))
    for code in ("police", "foreign_affairs"):
        text = page_text(render_cell(cell_facts(code), box_of(code)))
        assert "王样例" in text
        assert "办理意见：" not in text


@pytest.mark.parametrize(
    ("words", "conclusion", "printed"),
    [
        ("同意申办。", "同意", "同意申办。"),
        ("情况属实，同意申办。", "同意", "情况属实，同意申办。"),
        ("情况属实。", "同意", "同意。情况属实。"),
        ("各科室没有不同意见。", "同意", "同意。各科室没有不同意见。"),
        ("材料不足，暂不同意。", "不同意", "材料不足，暂不同意。"),
        ("材料不足。", "不同意", "不同意。材料不足。"),
        ("材料不足，不同意。", "同意", "同意。材料不足，不同意。"),
    ],
)
def test_a_conclusion_is_printed_once(words: str, conclusion: str, printed: str) -> None:
    cell = replace(cell_facts("police"), words=words, conclusion=conclusion)
    assert page_text(render_cell(cell, box_of("police"))).startswith(f"{printed}单位签章")


def test_the_number_stands_above_the_table_and_the_hotline_below_it() -> None:
    text = page_text(papers.base()[0])
    assert text.index("编号：万州ABTC审〔2026〕0001号第1轮") < text.index("申请单位")
    assert "咨询电话：023-00000000（演示号码）。" in text[text.index("核验码：") :]


def test_the_rules_are_of_one_weight_at_150_dpi() -> None:
    """Two pixels of black each, whichever line of the table it is."""
    ink = 1 - np.asarray(picture(papers.base()[0], 150)) / 255
    across = lines_of(ink[:, 300:1100].mean(axis=1))
    assert len(across) == 1 + 7 + 5
    down = lines_of(ink[250:560, :].mean(axis=0))
    assert len(down) == 4
    for darkness in (*across, *down):
        assert darkness == pytest.approx(2, abs=0.15)


def lines_of(darkness: "np.ndarray[Any, Any]") -> list[float]:
    """How many pixels of black each line holds, from the share of black at each position."""
    [positions] = np.nonzero(darkness > 0.6)
    starts = [int(place) for place in positions if darkness[place - 1] <= 0.6]
    return [float(darkness[start - 1 : start + 3].sum()) for start in starts]


def test_title_and_language_stand_in_the_documents_description() -> None:
    for pdf in (papers.base()[0], papers.certified(papers.new_office())):
        root = PdfFileReader(io.BytesIO(pdf)).root
        described = root["/Metadata"].data.decode()
        assert "重庆市万州区APEC商务旅行卡审核表" in described
        assert "zh-Hans" in described
        assert root["/Lang"] == "zh-Hans"


def test_a_moment_before_midnight_utc_prints_the_next_day_in_wanzhou() -> None:
    cell = replace(cell_facts("tax"), signed_at=datetime(2026, 12, 31, 16, 30, tzinfo=UTC))
    assert "2027年1月1日00:30:00" in page_text(render_cell(cell, box_of("tax")))


def test_what_turns_the_direction_of_writing_is_not_printed() -> None:
    cell = replace(cell_facts("tax"), words="\u202e意同不")
    assert "意同不" in page_text(render_cell(cell, box_of("tax")))


def test_markup_in_a_text_is_printed_as_it_is() -> None:
    cell = replace(cell_facts("tax"), words="<b>同意</b> &amp; <img src=http://127.0.0.1:1/x>")
    text = page_text(render_cell(cell, box_of("tax")))
    assert "<b>同意</b>&amp;<imgsrc=http://127.0.0.1:1/x>" in text


# Fit ----------------------------------------------------------------------------------------------


def longest_facts() -> TableFacts:
    return replace(
        FACTS,
        enterprise_name="重庆市万州区" + "很长的企业名称" * 12 + "有限责任公司",
        contact="欧阳示例・阿卜杜拉・买买提" + "　13800000000" * 4,
        applicant_name="古丽巴哈尔・阿卜杜热依木・艾尼瓦尔",
        post="董事长兼总经理兼海外事业部负责人兼" + "某某项目总监" * 8,
    )


def longest_cell(code: str) -> CellFacts:
    answers: dict[str, object] = {
        "trade": "performance",
        "tax_total": "123456789.12",
        "has_arrears": False,
        "insured_since": "2025-12-31",
        "insured_company": "超" * 60,
    }
    name = "古丽巴哈尔・阿卜杜热依木・艾尼瓦尔"
    return replace(
        cell_facts(code),
        sentence=SECTIONS[code].sentence(answers, applicant_name=name),
        words=("经办意见应当完整印出。" * 30)[:300],
        conclusion="不同意",
    )


@pytest.mark.parametrize("code", DEPARTMENTS)
def test_an_opinion_of_300_characters_fits_uncut_in_no_less_than_seven_and_a_half_points(
    code: str,
) -> None:
    cell = longest_cell(code)
    pdf = render_cell(cell, box_of(code))
    assert f"{cell.sentence}" in page_text(pdf)
    assert cell.words in page_text(pdf)
    assert smallest_type(pdf) >= 7.5


def test_long_names_and_posts_shrink_in_their_rows_and_stay_whole() -> None:
    facts = longest_facts()
    pdf, _ = render_base(facts)
    assert facts.enterprise_name in page_text(pdf)
    assert facts.post in page_text(pdf)
    assert smallest_type(pdf) >= 7.5


def test_a_name_that_cannot_fit_is_refused_and_named() -> None:
    with pytest.raises(RenderingFailed, match="“单位名称”有400个字"):
        render_base(replace(FACTS, enterprise_name="长" * 400))


def test_an_opinion_that_cannot_fit_is_refused_and_named() -> None:
    with pytest.raises(RenderingFailed, match="区公安局的办理意见有900个字"):
        render_cell(replace(cell_facts("police"), words="长" * 900), box_of("police"))


def test_line_breaks_in_an_opinion_do_not_push_it_out_of_its_cell() -> None:
    cell = replace(cell_facts("police"), words="\n".join(["同意"] * 100))
    assert page_text(render_cell(cell, box_of("police"))).count("同意") == 100


def test_rare_characters_have_glyphs_in_the_form_and_in_the_cells() -> None:
    pdf, _ = render_base(replace(FACTS, applicant_name=RARE, enterprise_name=f"{RARE}公司"))
    assert page_text(pdf).count(RARE) == 2
    cell = replace(cell_facts("social"), words=RARE, signer=RARE)
    assert page_text(render_cell(cell, box_of("social"))).count(RARE) == 2


def fonts_of(pdf: bytes) -> Iterator[tuple[Any, bytes]]:
    """Each font of the page, its cells and their drawings, with the operators that use it."""
    page = PdfFileReader(io.BytesIO(pdf)).root["/Pages"]["/Kids"][0]
    cells = [annotation.get_object() for annotation in page["/Annots"]]
    drawings = [cell["/AP"]["/N"] for cell in cells if "/AP" in cell]
    waiting = [(page["/Resources"], page["/Contents"].data)]
    while waiting:
        resources, content = waiting.pop()
        drawings += resources.get("/XObject", {}).values()
        while drawings:
            drawing = drawings.pop().get_object()
            if drawing["/Subtype"] == "/Form" and "/Resources" in drawing:
                waiting.append((drawing["/Resources"], drawing.data))
        if "/Font" not in resources:
            continue
        for name, font in resources["/Font"].items():
            selected = re.escape(name.encode()) + rb" [\d.]+ Tf(.*?)(?=/\w+ [\d.]+ Tf|\Z)"
            yield font.get_object(), b"".join(re.findall(selected, content, re.DOTALL))


def glyphs_of(font: Any) -> Callable[[int], bool]:
    """Whether the embedded font has a drawing for a glyph number."""
    descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
    if "/FontFile2" in descriptor:
        outlines = TTFont(io.BytesIO(descriptor["/FontFile2"].data))
        order, glyf = outlines.getGlyphOrder(), outlines["glyf"]
        return lambda glyph: glyf[order[glyph]].numberOfContours != 0
    compact = CFFFontSet()
    compact.decompile(io.BytesIO(descriptor["/FontFile3"].data), None)
    drawn = compact[0].CharStrings
    return lambda glyph: len(drawn[f"cid{glyph:05d}"].bytecode) > 1


def characters_of(font: Any) -> dict[int, str]:
    """Glyph numbers with the characters that they stand for."""
    pairs = re.findall(rb"<([0-9a-f]{4})> <([0-9a-f]+)>", font["/ToUnicode"].data)
    return {
        int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for glyph, text in pairs
    }


def test_every_character_of_a_signed_table_is_drawn_by_a_glyph_and_none_by_the_empty_box() -> None:
    base, boxes = render_base(
        replace(FACTS, applicant_name=f"张{RARE}", enterprise_name=f"{RARE}贸易有限公司")
    )
    office = papers.new_office()
    cell = replace(cell_facts("tax"), words=f"{RARE}已核实。", signer=f"王{RARE}")
    signed = sign_cell(
        certify(base, boxes, office.identity("station")),
        department="tax",
        stamp=render_cell(cell, boxes["tax"]),
        identity=office.identity("tax"),
        reason="x",
        name="x",
    )
    seen = ""
    for font, content in fonts_of(signed):
        has_drawing, characters = glyphs_of(font), characters_of(font)
        shown = b"".join(re.findall(rb"<([0-9a-f]+)>", content)).decode()
        for start in range(0, len(shown), 4):
            glyph = int(shown[start : start + 4], 16)
            assert glyph != 0
            character = characters[glyph]
            assert has_drawing(glyph) or character.isspace(), character
            seen += character
    assert all(seen.count(character) >= 4 for character in RARE)


def test_a_character_without_a_glyph_is_refused_and_named() -> None:
    with pytest.raises(RenderingFailed, match="字符“\u0378”印不出来：门户的字体里没有字形"):
        render_cell(replace(cell_facts("tax"), words="同意\u0378"), box_of("tax"))
    with pytest.raises(RenderingFailed, match="字符“\u0378”印不出来：门户的字体里没有字形"):
        render_base(replace(FACTS, applicant_name="张\u0378"))


# Pixels -------------------------------------------------------------------------------------------


def test_the_unsigned_form_looks_as_approved() -> None:
    office = papers.new_office()
    assert_looks_as_approved(papers.certified(office), "form")


def test_the_table_with_six_signatures_looks_as_approved() -> None:
    signed = papers.fully_signed(papers.new_office())[-1]
    assert_looks_as_approved(signed, "signed")


def test_the_longest_texts_look_as_approved() -> None:
    pdf, _ = render_base(replace(longest_facts(), round=2, enterprise_kind="central"))
    assert_looks_as_approved(pdf, "longest")


def test_a_cell_with_a_registered_seal_looks_as_approved() -> None:
    assert_looks_as_approved(render_cell(cell_facts("tax"), box_of("tax"), seal()), "sealed")


STAMPED_ON = date(2026, 11, 20)


def test_a_cell_stamped_on_paper_looks_as_approved() -> None:
    cell = replace(cell_facts("tax"), stamped_on=STAMPED_ON, signer="专员甲")
    assert_looks_as_approved(render_cell(cell, box_of("tax")), "on_paper")


@pytest.mark.parametrize("code", DEPARTMENTS)
def test_the_longest_opinion_fits_beside_the_note_that_it_was_stamped_on_paper(code: str) -> None:
    cell = replace(longest_cell(code), stamped_on=STAMPED_ON)
    text = page_text(render_cell(cell, box_of(code)))
    assert "在纸上盖章，见盖章扫描件；本栏没有该部门的电子签名" in text
    assert "2026年11月20日" in text


def test_what_is_signed_is_the_very_drawing_that_was_previewed() -> None:
    previewed = render_cell(cell_facts("tax"), box_of("tax"))
    office = papers.new_office()
    signed = papers.sign(papers.certified(office), "tax", office)
    page = PdfFileReader(io.BytesIO(previewed)).root["/Pages"]["/Kids"][0]
    fields = PdfFileReader(io.BytesIO(signed)).root["/AcroForm"]["/Fields"]
    tax = next(field.get_object() for field in fields if field.get_object()["/T"] == "tax")
    appearance = tax["/AP"]["/N"]
    assert appearance["/Resources"]["/XObject"]["/Cell"].data == page["/Contents"].data
    assert list(appearance["/BBox"]) == [0, box_of("tax").height, box_of("tax").width, 0]
    assert list(page["/MediaBox"]) == [0, 0, box_of("tax").width, box_of("tax").height]


def seal(shift: int = 0) -> bytes:
    """A picture that is no official seal: a blue square with a cross."""
    image = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.rectangle((10 + shift, 10, 250 + shift, 250), outline=(20, 60, 160), width=12)
    draw.line((40 + shift, 130, 220 + shift, 130), fill=(20, 60, 160), width=12)
    target = io.BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


def test_the_comparison_of_pixels_would_notice_a_moved_seal() -> None:
    box = box_of("tax")
    standing = picture(render_cell(cell_facts("tax"), box, seal()))
    moved = picture(render_cell(cell_facts("tax"), box, seal(shift=20)))
    assert differing(standing, moved) > TOLERANCE


def test_without_a_seal_nothing_on_the_table_is_red() -> None:
    signed = papers.fully_signed(papers.new_office())[-1]
    pixels = np.asarray(Image.open(io.BytesIO(render_png(signed, 60)))).astype(int)
    red = pixels[..., 0] - np.maximum(pixels[..., 1], pixels[..., 2])
    assert red.max() <= 30


# Pictures for the national system -----------------------------------------------------------------


def test_the_jpeg_is_a4_at_300_dpi_and_below_two_megabytes() -> None:
    pages = render_jpeg(papers.fully_signed(papers.new_office())[-1])
    assert len(pages) == 1
    assert len(pages[0]) < 2_000_000
    picture = Image.open(io.BytesIO(pages[0]))
    assert picture.format == "JPEG"
    assert picture.size == (2480, 3508)
    assert [round(side) for side in picture.info["dpi"]] == [300, 300]


@pytest.mark.skipif(not is_available(), reason="the packages of recognition are not installed")
@pytest.mark.parametrize("dpi", [300, 100])
def test_the_qr_code_is_read_from_the_picture(dpi: int) -> None:
    """By OpenCV, at the national system's size and as small as a photograph of the paper."""
    import cv2

    signed = papers.fully_signed(papers.new_office())[-1]
    pixels = np.asarray(Image.open(io.BytesIO(render_jpeg(signed, dpi)[0])).convert("L"))
    text, _, _ = cv2.QRCodeDetector().detectAndDecode(pixels)
    assert text == FACTS.verify_url


def test_the_jpeg_shows_the_signatures_appearances() -> None:
    office = papers.new_office()
    form = papers.certified(office)
    before, after = (picture(pdf, 60) for pdf in (form, papers.sign(form, "tax", office)))
    assert differing(before, after) > 100


def test_this_machine_has_what_printing_needs() -> None:
    assert check_renderer() == []


def test_a_font_that_is_missing_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(typesetting.FONT_PACKAGES, "No Such Face", "fonts-no-such-face")
    assert check_renderer() == [
        "缺少字体“No Such Face”：审核表会改样，生僻字可能印不出。请安装 fonts-no-such-face。"
    ]


def test_without_libharfbuzz_subset_the_check_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "harfbuzz_subset", None)
    assert "libharfbuzz-subset0" in check_renderer()[0]


def test_the_picture_of_a_recalled_round_is_struck_through() -> None:
    pdf, _ = papers.base()
    standing, struck = (
        Image.open(io.BytesIO(render_jpeg(pdf, 60, void=void)[0])).convert("L")
        for void in (False, True)
    )
    assert standing.size == struck.size
    assert differing(standing, struck) > 5000
    # The words beneath stay readable: black stays black.
    assert int((np.asarray(struck) < 90).sum()) >= 0.9 * int((np.asarray(standing) < 90).sum())
