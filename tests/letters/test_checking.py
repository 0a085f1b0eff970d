"""A stranger's template: what is accepted, and how each thing that is wrong is named."""

import io
import json
import time
import zipfile
from pathlib import Path

import pytest
from django.core.management import call_command
from docx import Document

from letters.catalogue import KINDS
from letters.templates import judge, own_template
from letters.word.checking import Checked
from letters.word.filling import Lines, fill_template
from letters.word.reading import lines_of
from tests.letters.word_files import (
    changed,
    cut_up,
    in_body,
    related,
    word_file,
    written,
)

LETTER = KINDS["application"]


def codes(data: bytes) -> set[str]:
    return {one.code for one in judge(data, LETTER).report.problems}


def words(checked: Checked) -> str:
    return "\n".join(line.text for line in lines_of(checked.sample))


# What is accepted ---------------------------------------------------------------------------------


def test_the_portals_own_templates_pass_its_own_check() -> None:
    for kind in KINDS.values():
        report = judge(own_template(kind), kind).report
        assert report.as_json() == {"accepted": True, "problems": [], "fields": report.fields}
        assert "正文" in report.fields


def test_a_template_with_words_of_its_own_and_every_needed_field_is_accepted() -> None:
    own = word_file(
        "{{ 单位名称 }}，{{ 成立年份 }}，{{ 主营业务 }}，{{ 上年进出口额 }}",
        "与{{ 往来经济体 }}：{{ 往来情况 }}",
        "{%p for 人 in 申请人 %}",
        "{{ loop.index }}、{{ 人.姓名 }}{% if 人.持卡情况 %}（{{ 人.持卡情况 }}）{% endif %}",
        "{%p endfor %}",
    )
    checked = judge(own, LETTER)
    assert checked.report.problems == []
    assert "1、张样例（首次申办）" in words(checked)
    assert "2、李样例（首次申办）" in words(checked)


def test_tags_that_word_has_cut_into_runs_are_filled_in() -> None:
    pieces = (
        ["{", "{ 单位", "名称 }", "}"],
        ["{{", " 正文", "}}"],
        ["{% i", "f 标题 %}有{% end", "if %}"],
    )
    checked = judge(cut_up(*pieces), LETTER)
    assert checked.report.problems == []
    assert checked.report.fields == ["单位名称", "正文", "标题"]
    assert "重庆示例科技有限公司" in words(checked)
    assert "{" not in words(checked)


def test_several_paragraphs_in_one_field_become_paragraphs() -> None:
    found = lines_of(judge(own_template(LETTER), LETTER).sample)
    assert [line.look for line in found[:3]] == ["station", "title", "plain"]
    assert len([line for line in found if line.look == "text"]) == 6


def test_what_a_value_holds_is_neither_markup_nor_template() -> None:
    context = {
        "单位名称": "{{ 标题 }}<w:b/>&",
        "标题": "函",
        "正文": Lines(["一"]),
        "落款": Lines(["二"]),
    }
    shown = [line.text for line in lines_of(fill_template(word_file(), context))]
    assert shown == ["{{ 标题 }}<w:b/>&", "函", "一", "二"]


# Fields -------------------------------------------------------------------------------------------


def test_unknown_fields_are_named_and_what_may_stand_there() -> None:
    report = judge(word_file("{{ 正文 }}{{ 公司名 }}"), LETTER).report
    assert [one.code for one in report.problems] == ["unknown_field"]
    assert "“公司名”" in report.problems[0].message
    assert "单位名称" in report.problems[0].message
    assert report.fields == ["正文", "公司名"]


def test_missing_fields_are_named() -> None:
    report = judge(word_file("{{ 单位名称 }}{{ 成立年份 }}"), LETTER).report
    assert [one.code for one in report.problems] == ["missing_field"]
    for name in ("正文", "申请人", "主营业务", "往来情况"):
        assert name in report.problems[0].message
    assert "成立年份" not in report.problems[0].message


def test_all_that_is_wrong_is_said_at_once() -> None:
    data = related("hyperlink", "https://example.com/", external=True)
    data = changed(data, "word/document.xml", lambda part: part.replace("标题".encode(), b"nobody"))
    assert codes(data) == {"external", "unknown_field"}


@pytest.mark.parametrize(
    ("paragraphs", "code"),
    [
        (("{{ 正文 }}", "{{ 单位名称"), "tag_open"),
        (("{{ 正文 }}", "{{ 单位", "名称 }}"), "tag_open"),
        (("{{ 正文 }}", "｛｛ 单位名称 ｝｝"), "full_width"),
        (("{{ 正文 }}", "{%p for 人 in 申请人 %}", "{{ 人.姓名 }}"), "broken_tag"),
        (("{{ 正文 }}", "{% for 人 in 申请人 %}", "{%p endfor %}"), "tag_place"),
        (("{{ 正文 }}", "{{r 单位名称 }}"), "not_allowed"),
        (("{{ 正文 }}", "{{ 单位 名称 }}"), "broken_tag"),
    ],
)
def test_a_tag_that_cannot_work_is_named(paragraphs: tuple[str, ...], code: str) -> None:
    assert code in codes(word_file(*paragraphs))


def test_a_tag_where_nothing_is_filled_in_is_named() -> None:
    document = Document()
    document.add_paragraph("{{ 正文 }}")
    document.core_properties.title = "{{ 标题 }}"
    assert codes(written(document)) == {"tag_elsewhere"}


# Code ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "attempt",
    [
        "{{ ''.__class__ }}",
        "{{ 单位名称.__class__.__mro__ }}",
        "{{ 单位名称['__class__'] }}",
        "{{ 申请人|attr('__class__') }}",
        "{{ 单位名称|upper }}",
        "{{ self }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ range(10**9) }}",
        "{% for 数 in range(1000000000) %}x{% endfor %}",
        "{% for 人 in 申请人 %}{% for 己 in 申请人 %}x{% endfor %}{% endfor %}",
        "{% for 人 in 申请人 recursive %}{{ loop(申请人) }}{% endfor %}",
        "{% import 'os' as os %}",
        "{% include '/etc/passwd' %}",
        "{% extends 'x' %}",
        "{% macro m() %}x{% endmacro %}",
        "{% set x = 1 %}",
        "{% autoescape false %}{{ 标题 }}{% endautoescape %}",
        "{{ 2**99999999 }}",
        "{{ '字'*99999999 }}",
        "{{ 人.姓名 }}",
    ],
)
def test_a_template_that_tries_to_run_code_is_refused(attempt: str) -> None:
    begun = time.monotonic()
    report = judge(word_file("{{ 正文 }}", attempt), LETTER).report
    assert {one.code for one in report.problems} & {"code", "broken_tag", "unknown_field"}
    assert time.monotonic() - begun < 5


def test_ten_thousand_brackets_are_refused_and_not_followed() -> None:
    assert codes(word_file("{{ 正文 }}", "{{ " + "(" * 10_000 + ")" * 10_000 + " }}"))


def test_thousands_of_tags_are_refused() -> None:
    assert "too_many_tags" in codes(word_file("{{ 正文 }}", *["{{ 标题 }}" * 10] * 100))


# What a file may bring along ----------------------------------------------------------------------


def test_macros_are_refused_whatever_the_file_is_called() -> None:
    assert codes(related("vbaProject", "x.bin", external=False, more={"word/x.bin": b"x"})) == {
        "macro"
    }
    with_part = changed(word_file(), "", bytes, more={"word/vbaProject.bin": b"x"})
    assert codes(with_part) == {"macro"}
    macro_type = changed(
        word_file(),
        "[Content_Types].xml",
        lambda part: part.replace(
            b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
            b"application/vnd.ms-word.document.macroEnabled.main+xml",
        ),
    )
    assert "macro" in codes(macro_type)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("attachedTemplate", "remote_template"),
        ("image", "external"),
        ("hyperlink", "external"),
        ("oleObject", "ole"),
        ("aFChunk", "embedded_document"),
    ],
)
def test_what_lies_elsewhere_is_refused(kind: str, code: str) -> None:
    assert code in codes(related(kind, "https://example.com/x", external=True))


@pytest.mark.parametrize(
    ("markup", "code"),
    [
        (
            '<w:p><w:r><w:instrText>INCLUDE</w:instrText><w:instrText>TEXT "\\\\x\\y"</w:instrText>'
            "</w:r></w:p>",
            "active_field",
        ),
        ('<w:p><w:fldSimple w:instr=" DDEAUTO cmd "/></w:p>', "active_field"),
        ("<w:p><w:r><w:object/></w:r></w:p>", "ole"),
        ("<w:p><w:r><w:control/></w:r></w:p>", "activex"),
        ('<w:p><w:ins w:id="1"><w:r><w:t>新</w:t></w:r></w:ins></w:p>', "tracked_changes"),
        ('<w:p><w:pPr><w:pStyle w:val="{{ 标题 }}"/></w:pPr></w:p>', "tag_elsewhere"),
        (
            "<w:p><w:r><w:t>{</w:t></w:r></w:p><w:p><w:r><w:t>{ 标题 }}</w:t></w:r></w:p>",
            "tag_split",
        ),
    ],
)
def test_what_acts_or_hides_in_the_text_is_refused(markup: str, code: str) -> None:
    assert code in codes(in_body(markup))


def test_entities_are_refused_before_they_are_unfolded() -> None:
    laughs = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10))
    bomb = b'<!DOCTYPE w [<!ENTITY a0 "ha">' + laughs + b"]>"
    data = changed(
        word_file(),
        "word/document.xml",
        lambda part: part.replace(b"<w:document", bomb + b"<w:document", 1).replace(
            b"<w:body>", b"<w:body>&a9;", 1
        ),
    )
    begun = time.monotonic()
    assert codes(data) <= {"xml_entities", "broken_xml"}
    assert codes(data)
    assert time.monotonic() - begun < 5


def test_what_unpacks_to_a_hundred_megabytes_is_not_unpacked() -> None:
    bomb = changed(word_file(), "", bytes, more={"word/media/x.png": bytes(100 * 1024 * 1024)})
    assert len(bomb) < 1024 * 1024
    assert codes(bomb) == {"too_large_inside"}
    long = in_body("<w:p/>" * 400_000)
    assert codes(long) == {"too_large_inside"}


def test_empty_elements_with_marks_cost_no_time() -> None:
    """docxtpl would search for the end of each through the whole document."""
    begun = time.monotonic()
    data = in_body("<w:p><w:r>" + '</w:r><w:r w:x="1"/><w:r>' * 20_000 + "</w:r></w:p>")
    assert codes(data) == set()
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_docx"),
        (b"PK\x03\x04 nothing", "not_docx"),
        (b"%PDF-1.7", "not_docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old_or_locked"),
        (bytes(6 * 1024 * 1024), "too_large"),
    ],
)
def test_what_is_no_word_file_is_told_so(data: bytes, code: str) -> None:
    assert codes(data) == {code}


def test_another_zip_and_a_broken_part_are_told_apart() -> None:
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("hello.txt", "x")
    assert codes(other.getvalue()) == {"not_docx"}
    assert codes(changed(word_file(), "word/styles.xml", lambda part: part[:-40])) == {"broken_xml"}


# The command --------------------------------------------------------------------------------------


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[dict[str, object], int]:
    status = 0
    try:
        call_command("check_template", *arguments)
    except SystemExit as left:
        status = int(str(left.code))
    return json.loads(capsys.readouterr().out), status


def test_the_command_answers_in_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "好.docx", tmp_path / "bad.docx"
    good.write_bytes(word_file())
    bad.write_bytes(word_file("{{ 正文 }}", "{{ ''.__class__ }}"))
    content, status = answer(capsys, str(good))
    fields = ["单位名称", "标题", "正文", "落款"]
    assert (content, status) == ({"accepted": True, "problems": [], "fields": fields}, 0)
    content, status = answer(capsys, str(bad), "--kind", "profile")
    assert (content["accepted"], status) == (False, 1)
    assert set(content["problems"][0]) == {"code", "message"}  # type: ignore[index]


def test_without_a_kind_a_field_of_any_is_known(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.docx"
    path.write_bytes(word_file("{{ 正文 }}{{ 受理编号 }}"))
    assert answer(capsys, str(path))[1] == 0
    assert answer(capsys, str(path), "--kind", "receipt")[1] == 0
    assert answer(capsys, str(path), "--kind", "profile")[1] == 1


def test_what_is_no_word_file_at_all_ends_with_two_and_one_with_macros_with_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, macros = tmp_path / "x.docx", tmp_path / "m.docx"
    text.write_text("不是Word文件")
    macros.write_bytes(changed(word_file(), "", bytes, more={"word/vbaProject.bin": b"x"}))
    assert answer(capsys, str(text))[1] == 2
    assert answer(capsys, str(macros))[1] == 1


@pytest.mark.parametrize(
    "arguments", [["/nowhere/x.docx"], ["/"], ["/dev/zero"], [], ["x.docx", "--kind", "nothing"]]
)
def test_what_cannot_be_read_ends_with_two(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    content, status = answer(capsys, *arguments)
    assert (content["accepted"], content["fields"], status) == (False, [], 2)
    assert content["problems"]
