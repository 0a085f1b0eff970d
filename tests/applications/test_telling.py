"""Telling everything at once: gone through or said to be, previewed, with a day, and why now."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, User
from applications.letters.letter import letters_of
from applications.models import Application
from applications.services import corrections, intake, moves
from applications.services.perform import MoveRefused
from applications.services.readings import save_reading
from applications.services.telling import LetterNotGoneThrough, tell_at_once
from materials.catalogue import check_list
from tests.conftest import ClientOf

pytestmark = pytest.mark.django_db
SURE: dict[str, Any] = {"unread": list(range(11)), "is_sure": "on"}


@pytest.fixture
def desk(client_of: ClientOf, officer: User) -> Client:
    return client_of(officer)


@pytest.fixture
def noted(submitted: Application, officer: User) -> Application:
    corrections.note(submitted, number=8, words="照片太暗。", by=officer)
    return submitted


def address(application: Application) -> str:
    return reverse("applications:send_back", args=[application.pk])


def press(desk: Client, application: Application, **data: Any) -> Any:
    seen = [correction.pk for correction in application.corrections.noted()]
    data = {"seen": application.status_since.isoformat(), "correction": seen} | data
    return desk.post(address(application), data, follow=True)


def go_through(application: Application, by: User, *but: int) -> None:
    for number in range(11):
        if number not in but:
            save_reading(application, number=number, ticked=check_list(number), by=by)


def answer_in_words(application: Application, agent: User) -> None:
    for correction in application.corrections.open():
        intake.answer_correction(correction, answer="只有这一张照片。", by=agent)
    moves.resubmit(application, by=agent)


# The preview --------------------------------------------------------------------------------------


def test_the_letter_is_read_before_it_is_sent(desk: Client, noted: Application) -> None:
    page = desk.get(address(noted)).content.decode()
    assert f"{noted.reference}-告1" in page
    assert "照片太暗。" in page
    assert "example-8-good.png" in page
    assert "现在还没有发出" in page
    noted.refresh_from_db()
    assert noted.status == "submitted"
    assert not noted.changes.exists()


def test_without_anything_noted_there_is_no_letter(desk: Client, submitted: Application) -> None:
    response = desk.get(address(submitted), follow=True)
    assert "还没有记下任何问题" in response.content.decode()


def test_a_case_that_was_decided_has_no_preview(
    desk: Client, noted: Application, officer: User
) -> None:
    moves.send_back(noted, by=officer)
    assert desk.get(address(noted)).status_code == 302


# Gone through, or said to be ----------------------------------------------------------------------


def test_what_was_not_gone_through_has_to_be_said_to_be(desk: Client, noted: Application) -> None:
    page = desk.get(address(noted)).content.decode()
    # Nothing is to be held to the rules of 6, which the review table replaces; 8 has its problem.
    assert "材料9 申请人签名" in page
    response = press(desk, noted)
    assert response.status_code == 422
    assert "请先勾选确认" in response.content.decode()
    noted.refresh_from_db()
    assert noted.status == "submitted"
    assert "已把1个问题一次性告知企业" in press(desk, noted, **SURE).content.decode()
    event = AuditEvent.objects.get(action="correction.say_read")
    assert 9 in event.after["materials"]
    assert 8 not in event.after["materials"]


def test_after_everything_was_gone_through_nothing_is_asked(
    desk: Client, noted: Application, officer: User
) -> None:
    go_through(noted, officer, 8)
    assert "没有逐条核对" not in desk.get(address(noted)).content.decode()
    assert "已把1个问题一次性告知企业" in press(desk, noted).content.decode()
    assert not AuditEvent.objects.filter(action="correction.say_read").exists()


def test_what_came_unread_after_the_page_was_opened_is_not_said_of(
    noted: Application, officer: User
) -> None:
    seen = [noted.corrections.get().pk]
    with pytest.raises(LetterNotGoneThrough, match="材料9 申请人签名"):
        tell_at_once(noted, by=officer, seen=seen, despite_unread=[0, 1, 2, 3, 4, 5, 10])


# A day to answer ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("noted")
def test_the_letter_says_until_when_and_keeps_saying_it(
    noted: Application, officer: User, settings: LazySettings, desk: Client
) -> None:
    settings.ANSWER_DAYS = settings.ANSWER_DAYS | {"corrections": 10}
    moves.send_back(noted, by=officer)
    change = noted.changes.get()
    assert change.answer_by == noted.due_at
    day = datetime(2026, 12, 11, 17, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    change.answer_by = day
    change.save()
    [letter] = letters_of(noted)
    assert "请于2026年12月11日17:30前登录门户" in letter.closing.replace(" ", "")


def test_the_preview_says_it_too_and_without_a_target_nothing(
    desk: Client, noted: Application, settings: LazySettings
) -> None:
    settings.ANSWER_DAYS = settings.ANSWER_DAYS | {"corrections": 10}
    assert "前登录门户" in desk.get(address(noted)).content.decode()
    settings.ANSWER_DAYS = settings.ANSWER_DAYS | {"corrections": 0}
    assert "请登录门户" in desk.get(address(noted)).content.decode()


# A second letter ----------------------------------------------------------------------------------


def test_a_second_letter_on_what_has_not_changed_asks_why_only_now(
    desk: Client, noted: Application, officer: User, agent: User
) -> None:
    moves.send_back(noted, by=officer)
    answer_in_words(noted, agent)
    corrections.note(noted, number=9, words="签名太细。", by=officer)
    page = desk.get(address(noted)).content.decode()
    assert "这些问题为什么现在才提出" in page
    assert "材料9 申请人签名：签名太细。" in page
    response = press(desk, noted, **SURE)
    assert response.status_code == 422
    assert "请写明为什么现在才提出" in response.content.decode()
    press(desk, noted, why="上次预审时看漏了。", **SURE)
    letter = letters_of(noted)[0]
    assert letter.late_words == "上次预审时看漏了。"
    where = reverse("applications:letter", args=[noted.pk, letter.change.pk])
    assert "上次预审时看漏了。" in desk.get(where).content.decode()


def test_the_service_itself_asks_why(noted: Application, officer: User, agent: User) -> None:
    moves.send_back(noted, by=officer)
    answer_in_words(noted, agent)
    late = corrections.note(noted, number=9, words="签名太细。", by=officer)
    with pytest.raises(MoveRefused, match="为什么现在才提出"):
        tell_at_once(noted, by=officer, seen=[late.pk], despite_unread=range(11))


def test_of_what_was_replaced_a_new_problem_needs_no_reason(
    desk: Client, noted: Application, officer: User, agent: User
) -> None:
    moves.send_back(noted, by=officer)
    intake.mark_replaced(noted, 8)
    moves.resubmit(noted, by=agent)
    corrections.note(noted, number=8, words="照片是翻拍的。", by=officer)
    assert "为什么现在才提出" not in desk.get(address(noted)).content.decode()


def test_what_was_told_before_and_not_changed_asks_the_enterprise_why(
    desk: Client, noted: Application, officer: User, agent: User
) -> None:
    moves.send_back(noted, by=officer)
    answer_in_words(noted, agent)
    corrections.note(noted, number=8, words="照片太暗。", by=officer)
    page = desk.get(address(noted)).content.decode()
    assert "为什么现在才提出" not in page
    assert "告知过，没有更改，贵单位的说明是“只有这一张照片。”" in page
    assert "请写明原因" in page
    press(desk, noted, **SURE)
    [item] = letters_of(noted)[0].pictured
    assert "只有这一张照片。" in item.again
    [first] = letters_of(noted)[1].pictured
    assert first.again == ""
