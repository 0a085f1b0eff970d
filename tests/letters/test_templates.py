"""The station's templates: another in its place, back again, and who is told what is wrong."""

from base64 import b64encode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import User
from applications.models import Application
from core.station_parts import Faults
from files.models import StoredFile
from letters.catalogue import KINDS
from letters.content import Showing
from letters.models import LetterTemplate
from letters.printing import docx_of
from letters.services import begin_letter, content_of
from letters.station import TemplatesPart
from letters.templates import (
    TemplateOvertaken,
    own_template,
    replace_template,
    restore_template,
    template_bytes,
)
from letters.word.reading import lines_of
from tests.conftest import ClientOf
from tests.letters.word_files import related, word_file

pytestmark = pytest.mark.django_db
LETTER = KINDS["application"]
OTHER = word_file("本站专用", "{{ 标题 }}", "{{ 正文 }}")


def put(data: bytes, by: User, seen: int = 0) -> LetterTemplate | None:
    return replace_template(LETTER, data, name="公函.docx", seen_version=seen, by=by)[1]


def test_letters_are_set_in_the_newest_template(officer: User, ready_draft: Application) -> None:
    letter = begin_letter(
        "application",
        enterprise=ready_draft.enterprise,
        application=ready_draft,
        by=officer,
    )
    put(OTHER, officer)
    lines = [line.text for line in lines_of(docx_of(content_of(letter, Showing.WHOLE)))]
    assert lines[:2] == ["本站专用", "关于为张样例申办APEC商务旅行卡的函"]


def test_the_stations_file_carries_its_templates_and_takes_them_back(officer: User) -> None:
    """Out and in again nothing changes; left out of the file, the portal's own holds again."""
    put(OTHER, officer)
    part, kept = TemplatesPart(), LetterTemplate.objects.newest("application")
    exported = part.export()
    assert [row["code"] for row in exported] == ["application"]
    assert part.load(exported) == 0
    assert part.load([]) == 1
    assert part.export() == []
    assert part.load(exported) == 1
    newest = LetterTemplate.objects.newest("application")
    assert newest
    assert (newest.version, newest.created_by, newest.by_words) == (3, None, "服务站的设置文件")
    assert template_bytes(newest, LETTER) == template_bytes(kept, LETTER)


def test_a_file_with_a_bad_template_is_told_where_it_is_wrong() -> None:
    faults = Faults()
    bad = b64encode(related("attachedTemplate", "https://example.com/x", external=True)).decode()
    rows = [
        {"code": "application", "template": "公函"},
        {"code": "profile", "template": bad},
        {"code": "nothing", "template": bad},
    ]
    TemplatesPart().check(rows, faults)
    places = {fault["place"] for fault in faults.found}
    assert places == {
        "letter_templates[1].template", "letter_templates[2].template", "letter_templates[3].code",
    }  # fmt: skip


def test_a_refused_template_leaves_nothing_behind(officer: User) -> None:
    checked, row = replace_template(
        LETTER,
        related("attachedTemplate", "https://example.com/x", external=True),
        name="x.docx",
        seen_version=0,
        by=officer,
    )
    assert (row, checked.template) == (None, b"")
    assert not LetterTemplate.objects.exists()
    assert not StoredFile.objects.exists()


def test_back_to_an_earlier_version_and_to_the_portals_own(officer: User) -> None:
    put(OTHER, officer)
    put(word_file("{{ 正文 }}"), officer, seen=1)
    restore_template(LETTER, version=1, seen_version=2, by=officer)
    newest = LetterTemplate.objects.newest("application")
    assert newest is not None
    assert (newest.version, newest.note) == (3, "换回第1版的模板")
    assert newest.file == LetterTemplate.objects.get(version=1).file
    restore_template(LETTER, version=0, seen_version=3, by=officer)
    newest = LetterTemplate.objects.newest("application")
    assert newest is not None
    assert len(template_bytes(newest, LETTER)) == len(own_template(LETTER))


def test_the_same_file_twice_is_one_version(officer: User) -> None:
    assert put(OTHER, officer) == put(OTHER, officer)
    assert LetterTemplate.objects.count() == 1


def test_the_second_officer_is_told(officer: User, other_officer: User) -> None:
    put(OTHER, officer)
    with pytest.raises(TemplateOvertaken):
        put(word_file("{{ 正文 }}"), other_officer)
    with pytest.raises(TemplateOvertaken):
        restore_template(LETTER, version=0, seen_version=0, by=other_officer)


def test_the_page_says_what_is_wrong_and_shows_the_sample(
    client_of: ClientOf, officer: User
) -> None:
    desk = client_of(officer)
    address = reverse("letters:template", args=["application"])
    bad = SimpleUploadedFile("坏.docx", word_file("{{ 正文 }}{{ 公司名 }}"))
    answer = desk.post(address, {"file": bad, "seen_version": "0"})
    assert answer.status_code == 422
    assert "不认识的字段“公司名”" in answer.text
    good = SimpleUploadedFile("好.docx", OTHER)
    page = desk.post(address, {"file": good, "seen_version": "0"}, follow=True).text
    assert "现在用的是第1版" in page
    assert "本站专用" in page
    file = desk.get(reverse("letters:template_file", args=["application", 1]))
    assert lines_of(file.content)[0].text == "本站专用"
    assert desk.get(reverse("letters:template_sample", args=["application"])).content.startswith(
        b"%PDF"
    )


def test_no_file_and_another_format_are_refused_in_words(
    client_of: ClientOf, officer: User
) -> None:
    address = reverse("letters:template", args=["rules"])
    assert "还没有选择文件" in client_of(officer).post(address, {}).text
    pdf = SimpleUploadedFile("x.pdf", b"%PDF-1.7")
    assert "这不是完好的Word文档" in client_of(officer).post(address, {"file": pdf}).text
