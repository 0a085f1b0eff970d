"""Canonical text: what people paste becomes one form, which every search and comparison uses."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import text


@pytest.mark.parametrize(
    ("pasted", "line"),
    [
        ("  万州区  样例路1号 ", "万州区 样例路1号"),
        ("万州区\r\n样例路\x071号", "万州区 样例路1号"),
        ("万州区\u2028样例路", "万州区 样例路"),
        ("张\u200b三", "张三"),
        ("\ufeff张三\u00ad\u2060", "张三"),
        ("\u202d13800001234\u202c", "13800001234"),
        ("a\u00a0b\u3000c\td", "a b c d"),
        ("一\0二", "一二"),
        ("一\ud800二\uffff三\ufdd0", "一二三"),
        ("样\ufe0f例\U000e0100", "样例"),
        ("十平方米：10㎡，5²", "十平方米：10㎡，5²"),
        ("说明（见附件），请核对！", "说明（见附件），请核对！"),
    ],
)
def test_a_line_has_neither_controls_nor_invisible_marks(pasted: str, line: str) -> None:
    assert text.line(pasted) == line


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("第一段\r\n第二段", "第一段\n第二段"),
        ("第一段\r\r第三段", "第一段\n\n第三段"),
        ("\n\n  缩进的一段  \n二\x0b三\n\n", "  缩进的一段\n二\n三"),
        ("\x00\x08一\u200e段\x1b[0m", "一段[0m"),
    ],
)
def test_paragraphs_keep_their_line_breaks_and_nothing_else(pasted: str, kept: str) -> None:
    assert text.paragraphs(pasted) == kept


@pytest.mark.parametrize(
    ("pasted", "name"),
    [
        ("重庆样例(集团)有限公司", "重庆样例（集团）有限公司"),
        ("重庆样例﹙集团﹚有限公司", "重庆样例（集团）有限公司"),
        ("重庆样例 （ 集团 ） 有限公司", "重庆样例（集团）有限公司"),
        ("样例" + 20 * " " + "有限公司", "样例有限公司"),
        ("张　　三", "张三"),
        ("ＡＢＣ　Trading  Co. (重庆)", "ABC Trading Co.（重庆）"),
        ("买买提•艾力", "买买提·艾力"),
        ("买买提‧艾力", "买买提·艾力"),
        ("买买提・艾力", "买买提·艾力"),
        ("买买提･艾力", "买买提·艾力"),
        ("买买提 ⋅ 艾力", "买买提·艾力"),
        ("买买提．艾力", "买买提·艾力"),
        ("⻢⻓⾦", "马长金"),
        ("⻄⻔庆", "西门庆"),
        ("⿈⽂⻘，⼾", "黄文青，户"),
        ("\uf9d8\uf92f", "律勞"),
        ("赵\ue863", "赵䶮"),
        ("李\U0002f800", "李丽"),
    ],
)
def test_a_name_has_one_form_however_it_was_copied(pasted: str, name: str) -> None:
    assert text.name(pasted) == name


@pytest.mark.parametrize(
    ("pasted", "compact"),
    [
        ("９１５０ ０１０１", "91500101"),
        ("１３²００", "13²00"),
        ("③⑨", "③⑨"),
        ("ａ＠ｂ．ｃ", "a@b.c"),
    ],
)
def test_full_width_is_folded_and_superscripts_are_not(pasted: str, compact: str) -> None:
    assert text.compact(pasted) == compact


@pytest.mark.parametrize(
    "pasted",
    [
        "Name@QQ.com", " name@qq.com\u200b", "ｎａｍｅ＠ｑｑ．ｃｏｍ", "mailto:name@qq.com",
        "name@qq。com",
    ],
)  # fmt: skip
def test_a_mailbox_has_one_form(pasted: str) -> None:
    assert text.email(pasted) == "name@qq.com"


def test_a_printed_text_keeps_what_paper_shows() -> None:
    assert text.printable("一\x08二\x00\n三\ud800\uffff\u202e（√）\t") == "一二\n三（√）\t"


def test_a_long_name_keeps_both_its_ends() -> None:
    assert text.brief("重庆市万州区样例进出口贸易有限公司", 11) == "重庆市万州…易有限公司"
    assert text.brief("样例有限公司", 6) == "样例有限公司"


ANY = st.text(st.characters(), max_size=60)


@pytest.mark.parametrize("form", [text.line, text.paragraphs, text.name, text.compact, text.email])
@settings(max_examples=40)
@given(pasted=ANY)
def test_a_form_of_its_own_result_changes_nothing(form, pasted: str) -> None:
    once = form(pasted)
    assert form(once) == once
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in once if c != "\n")


@settings(max_examples=40)
@given(pasted=ANY)
def test_no_form_but_that_of_paragraphs_breaks_a_line(pasted: str) -> None:
    assert len(text.name(pasted).splitlines()) <= 1


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (("公章不清", "请重新盖章"), "公章不清。请重新盖章。"),
        (("公章不清。", "请重新盖章。"), "公章不清。请重新盖章。"),
        (("公章不清 ", ""), "公章不清。"),
        (("缺第二页；", "是不是漏传了？"), "缺第二页；是不是漏传了？"),
        ((), ""),
    ],
)
def test_what_people_wrote_is_joined_as_sentences(parts, whole):
    assert text.sentences(*parts) == whole


def test_no_plane_that_is_passed_over_holds_what_no_text_may_hold() -> None:
    passed_over = [*range(0x20000, 0xE0000), *range(0xF0000, 0x110000)]
    assert not {"Cc", "Cs", "Cf", "Zs"} & {unicodedata.category(chr(one)) for one in passed_over}
