"""The letter that tells everything at once: on screen, in the mail, and printed again later."""

import io
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.test import Client
from django.urls import reverse
from pyhanko.pdf_utils.reader import PdfFileReader
from pypdfium2 import PdfDocument, PdfImage

from accounts.models import AuditEvent, User
from applications.letters.letter import letters_of
from applications.models import Application, ReturnReason
from applications.services import corrections, moves
from notices.channels.email import EmailSession
from notices.models import Delivery, Notice
from tests.conftest import ClientOf

pytestmark = pytest.mark.django_db


@pytest.fixture
def returned(submitted: Application, officer: User) -> Application:
    """For the photo by a usual reason, for the letter in the officer's own words."""
    reason = ReturnReason.objects.get(code="R02")
    corrections.note(submitted, number=8, reason=reason, by=officer)
    corrections.note(submitted, number=1, words="公函没有盖章，请盖章后重新扫描。", by=officer)
    moves.send_back(submitted, by=officer)
    return submitted


def read(client: Client, application: Application) -> str:
    change = letters_of(application)[0].change
    response = client.get(reverse("applications:letter", args=[application.pk, change.pk]))
    assert response.status_code == 200
    return response.content.decode()


def print_out(client: Client, application: Application) -> tuple[bytes, str]:
    change = letters_of(application)[0].change
    response: Any = client.get(reverse("applications:letter_pdf", args=[change.pk]))
    assert response.headers["Content-Type"] == "application/pdf"
    document = PdfDocument(response.content)
    text = "".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return response.content, "".join(text.split())


def test_a_letter_numbers_each_item_with_defect_mend_and_example(returned: Application) -> None:
    letter = letters_of(returned)[0]
    assert letter.title == "一次性告知书"
    assert letter.number == f"{returned.reference}-告1"
    assert [(item.number, item.words) for item in letter.items] == [
        (1, "公函没有盖章，请盖章后重新扫描。"),
        (8, "照片不是白底，或戴有色眼镜，或拍摄已超过6个月。"),
    ]
    assert letter.items[1].mend == "请上传6个月内拍摄的白底免冠正面照。"
    assert "下列2项内容需要补正" in letter.opening


def test_each_item_shows_what_is_right_and_what_was_wrong(returned: Application) -> None:
    """The good example of the material always, even where the officer used words of his own."""
    letter, photo = letters_of(returned)[0].pictured
    assert [example.name for example in letter.examples] == ["page-good"]
    assert [example.name for example in photo.examples] == ["8-good", "8-background"]


def test_a_picture_stands_once_in_a_letter(submitted: Application, officer: User) -> None:
    for code in ("R02", "R03"):
        reason = ReturnReason.objects.get(code=code)
        corrections.note(submitted, number=8, reason=reason, by=officer)
    moves.send_back(submitted, by=officer)
    shown = [[e.name for e in item.examples] for item in letters_of(submitted)[0].pictured]
    assert shown == [["8-good", "8-background"], ["8-blurred"]]


def test_the_typed_facts_have_a_picture_only_where_the_reason_has(
    submitted: Application, officer: User
) -> None:
    reason = ReturnReason.objects.get(code="R08")
    noted = corrections.note(submitted, number=0, reason=reason, by=officer)
    assert [example.name for example in noted.examples] == ["10-guide"]
    assert corrections.note(submitted, number=0, words="请改。", by=officer).examples == []


def test_the_pictures_are_on_screen_in_the_mail_and_on_paper(
    returned: Application, agent: User, client_of: ClientOf
) -> None:
    desk = client_of(agent)
    page = read(desk, returned)
    assert "example-8-good.png" in page
    assert "example-8-background.png" in page
    data, text = print_out(desk, returned)
    assert "合格白底、正面、头部居中" in text
    document = PdfDocument(data)
    pictures = [
        each for sheet in document for each in sheet.get_objects() if isinstance(each, PdfImage)
    ]
    document.close()
    assert len(pictures) == 3
    assert len(data) < 300_000
    mail = mail_to(agent)
    assert "- 材料8 申请人照片（合格）：白底、正面、头部居中" in mail.body
    html = str(mail.alternatives[0][0])
    parts = mail.message().walk()
    carried = {part["Content-ID"].strip("<>") for part in parts if part["Content-ID"]}
    assert len(carried) == 3
    assert all(f'src="cid:{name}"' in html for name in carried)


def mail_to(person: User) -> EmailMultiAlternatives:
    """The mail of the newest notice, as its channel would send it."""
    delivery = Delivery.objects.filter(notice__recipient=person, channel="email").latest("pk")
    return EmailSession(get_connection()).message(delivery)


def test_what_the_agent_corrects_shows_the_pictures_it_was_told_with(
    returned: Application, agent: User, client_of: ClientOf
) -> None:
    page = client_of(agent).get(returned.get_absolute_url()).content.decode()
    assert "example-8-background.png" in page


def test_the_agent_reads_on_screen_what_the_mail_said(
    returned: Application, agent: User, client_of: ClientOf
) -> None:
    page = read(client_of(agent), returned)
    body = Notice.objects.get(recipient=agent).body
    for words in (
        "公函没有盖章，请盖章后重新扫描。",
        "请上传6个月内拍摄的白底免冠正面照。",
        "浅蓝、浅灰或有阴影的背景都不算白底。",
    ):
        assert words in page
        assert words in body


def test_the_pdf_bears_the_station_and_the_same_words_and_is_on_record(
    returned: Application, agent: User, client_of: ClientOf
) -> None:
    _, text = print_out(client_of(agent), returned)
    assert "万州区APEC商务旅行卡协办服务站" in text
    assert f"编号：{returned.reference}-告1" in text
    assert "材料8申请人照片" in text
    assert "怎么改：请上传6个月内拍摄的白底免冠正面照。" in text
    assert "不加盖印章" in text
    event = AuditEvent.objects.get(action="letter.download")
    assert (event.actor, event.after) == (agent, {"number": f"{returned.reference}-告1"})


def test_a_reason_that_is_reworded_later_leaves_old_letters_as_they_were(
    returned: Application, officer: User, client_of: ClientOf
) -> None:
    desk = client_of(officer)
    before, _ = print_out(desk, returned)
    ReturnReason.objects.filter(code="R02").update(defect="改过。", mend="请改。", example="无。")
    after, _ = print_out(desk, returned)
    assert after == before


def test_a_second_return_makes_a_second_letter(
    returned: Application, agent: User, officer: User
) -> None:
    for correction in returned.corrections.open():
        correction.answer = "情况属实，请核对。"
        correction.save()
    moves.resubmit(returned, by=agent)
    corrections.note(returned, number=9, words="签名太细，请重签。", by=officer)
    moves.send_back(returned, by=officer)
    letters = letters_of(returned)
    assert [letter.number[-2:] for letter in letters] == ["告2", "告1"]
    assert [len(letter.items) for letter in letters] == [1, 2]


def test_a_move_that_told_nothing_has_no_letter(
    submitted: Application, agent: User, officer: User, client_of: ClientOf
) -> None:
    moves.decline(submitted, reason="不符合条件。", by=officer)
    change = submitted.changes.get()
    desk = client_of(officer)
    assert desk.get(reverse("applications:letter_pdf", args=[change.pk])).status_code == 404
    letter = reverse("applications:letter", args=[submitted.pk, change.pk])
    assert desk.get(letter).status_code == 404


def test_the_printed_letter_is_tagged_for_readers_for_the_blind(
    returned: Application, client_of: ClientOf, officer: User
) -> None:
    pdf, _ = print_out(client_of(officer), returned)
    root = PdfFileReader(io.BytesIO(pdf)).root
    kinds = [str(kid.get_object()["/S"]) for kid in root["/StructTreeRoot"]["/K"][0]["/K"]]
    assert "/H1" in kinds
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "zh-CN"
