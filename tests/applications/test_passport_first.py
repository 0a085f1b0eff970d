"""The passport is uploaded first: what it says fills the form of its holder after one look."""

import re
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import User
from applications.dossier.loading import load_dossier
from applications.models import Applicant, Application, ProposedPassport
from applications.removed_pages import discard_proposed
from enterprises.models import Enterprise
from files.models import Recognition, StoredFile
from files.recognition import LineOfText, Reading
from materials import samples
from materials.kinds.passport.mrz import compose
from tests.conftest import ClientOf
from tests.factories import ApplicantFactory, picture

pytestmark = pytest.mark.django_db

NEW = "/applications/applicants/new/"
PERSON = {
    "name": "方知行",
    "post": "总经理",
    "id_number": "500101198503140117",
    "phone": "13800138000",
    "passport_number": "EJ7654321",
    "passport_expires_on": "2033-06-15",
    "surname": "FANG",
    "given_names": "ZHIXING",
}
ZONE: dict[str, Any] = {
    "surname": "FANG",
    "given_names": "ZHIXING",
    "number": "EJ7654321",
    "birth_date": date(1985, 3, 14),
    "sex": "M",
    "expires_on": date(2033, 6, 15),
}


@pytest.fixture
def client(client_of: ClientOf, agent: User, enterprise: Enterprise, settings: Any) -> Client:
    """The agent's, where recognition is on."""
    settings.RECOGNITION = "on"
    return client_of(agent)


@cache
def passport(look: int) -> bytes:
    return samples.passport(
        samples.Person(
            "方知行",
            *("FANG", "ZHIXING", "M", date(1985, 3, 14), "总经理", "500101198503140117"),
            *("EJ7654321", date(2033, 6, 15), look),
        )
    )


def upload(client: Client, look: int = 1) -> Any:
    sent = SimpleUploadedFile("护照.jpg", passport(look), "image/jpeg")
    return client.post(f"{NEW}upload/", {"files": sent}, follow=True)


def fill_in(client: Client, **typed: str) -> Any:
    """Presses the button under what was read, with what was typed below."""
    return client.post(NEW, {**typed, "then": "passport"})


def read(lines: tuple[str, ...] | None = None, **changes: Any) -> Recognition:
    """What the machine makes of the passport that was uploaded last."""
    texts = compose(**{**ZONE, **changes}) if lines is None else lines
    placed = tuple(
        LineOfText(text, 0.98, (57, 700 + 66 * row, 1191, 740 + 66 * row))
        for row, text in enumerate(texts)
    )
    recognition = Recognition.objects.latest("pk")
    recognition.data = Reading(1250, 880, 0, lines=placed).as_json()
    recognition.state, recognition.done_at = "done", timezone.now()
    recognition.save()
    return recognition


def values(page: Any) -> dict[str, Any]:
    form = page.context["form"]
    return {name: form[name].value() for name in form.fields if name != "seen_version"}


def test_what_was_read_stands_beside_the_picture_and_nothing_is_entered_unseen(
    client: Client,
) -> None:
    page = upload(client)
    assert "正在自动识别，一般几分钟内完成" in page.text
    read()
    page = client.get(NEW)
    proposed = ProposedPassport.objects.get()
    assert f"{NEW}passport/{proposed.pk}/thumb/" in page.text
    for fact in ("EJ7654321", "2033年6月15日", "FANG", "ZHIXING", "1985年3月14日", "男"):
        assert fact in page.text
    assert "看过了，填入下面的表（4项）" in page.text
    assert not any(values(page).values())


def test_one_look_fills_the_form_which_is_not_saved_yet(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    upload(client)
    read()
    with django_assert_max_num_queries(12):
        page = fill_in(client)
    found = values(page)
    assert (found["passport_number"], found["passport_expires_on"]) == (
        "EJ7654321",
        date(2033, 6, 15),
    )
    assert (found["surname"], found["given_names"]) == ("FANG", "ZHIXING")
    assert not found["name"]
    assert "护照号码、护照有效期至、姓（拼音）、名（拼音）已按护照填入，还没有保存" in page.text
    assert not Applicant.objects.exists()


TYPED = {"name": "方知行", "post": "总经理", "phone": "13800", "surname": "FAN"}


def test_filling_in_keeps_what_was_typed_beside_it(client: Client) -> None:
    upload(client)
    read()
    page = fill_in(client, **TYPED)
    found = values(page)
    assert page.status_code == 200
    assert (found["name"], found["post"], found["phone"]) == ("方知行", "总经理", "13800")
    assert (found["surname"], found["passport_number"]) == ("FANG", "EJ7654321")
    assert 'class="error-summary"' not in page.text
    assert not Applicant.objects.exists()


@pytest.mark.parametrize("is_good", [True, False])
def test_uploading_afterwards_keeps_what_was_typed(client: Client, is_good: bool) -> None:
    data = passport(1) if is_good else picture(8)
    sent = SimpleUploadedFile("护照.jpg", data, "image/jpeg")
    page = client.post(f"{NEW}upload/", {**TYPED, "files": sent})
    assert page.status_code == (200 if is_good else 422)
    assert ProposedPassport.objects.exists() == is_good
    assert {name: value for name, value in values(page).items() if value} == TYPED
    assert f'action="{NEW}"' in page.text


def test_deleting_the_passport_keeps_what_was_typed(client: Client) -> None:
    upload(client)
    [current] = ProposedPassport.objects.current()
    address = f"{NEW}passport/{current.pk}/remove/"
    page = client.post(address, {**TYPED, "then": "look"}, follow=True)
    assert page.redirect_chain == [(NEW, 307)]
    assert not ProposedPassport.objects.current().exists()
    assert "已删除这张护照" in page.text
    assert {name: value for name, value in values(page).items() if value} == TYPED
    assert not Applicant.objects.exists()


def test_the_buttons_of_the_passport_belong_to_the_form_and_enter_presses_none(
    client: Client,
) -> None:
    upload(client)
    read()
    page = client.get(NEW).text
    buttons = re.findall(r'<(?:button|input)[^>]*form="applicant-facts"[^>]*>', page)
    assert len(buttons) == 6
    assert 'value="start"' in buttons[0]
    assert sum("formaction=" in button for button in buttons) == 3


def test_the_picture_becomes_material_10_and_needs_no_second_upload(client: Client) -> None:
    upload(client)
    read()
    client.post(NEW, {**PERSON, "then": "start"})
    application = Application.objects.get()
    item = load_dossier(application).item(10)
    [page] = item.pages
    assert page.file.original_name == "护照.jpg"
    assert item.is_complete
    assert item.recognised is not None
    assert item.recognised.rows_agree
    assert StoredFile.objects.count() == 1
    assert not ProposedPassport.objects.current().exists()


def test_who_was_only_saved_keeps_his_passport_till_the_application_begins(client: Client) -> None:
    upload(client)
    client.post(NEW, {**PERSON, "then": "list"})
    applicant = Applicant.objects.get()
    assert "换一张护照" not in client.get(NEW).text
    for _ in range(2):
        client.post(f"/applications/applicants/{applicant.pk}/start/")
    assert len(load_dossier(Application.objects.get()).item(10).pages) == 1


def test_of_what_was_not_read_for_certain_nothing_is_entered(client: Client) -> None:
    upload(client)
    first, second = compose(**ZONE)
    read((first, second.replace("EJ7654321", "EJ7654327", 1)))
    page = client.get(NEW)
    assert "没有读准，请照护照填写" in page.text
    assert "填入下面的表（3项）" in page.text
    assert not values(fill_in(client))["passport_number"]


def test_a_passport_that_will_not_do_is_said_and_fills_nothing(client: Client) -> None:
    upload(client)
    read(expires_on=date(2025, 6, 15))
    page = client.get(NEW)
    assert "护照有效期至2025年6月15日，已经过期" in page.text
    assert "填入下面的表" not in page.text
    assert not values(fill_in(client))["passport_number"]


def test_where_nothing_can_be_read_the_page_says_so_and_typing_works(
    client: Client, settings: Any
) -> None:
    upload(client)
    read(("护照 PASSPORT",))
    assert "请照护照填写下面的表" in client.get(NEW).text
    Recognition.objects.update(state="failed", done_at=None)
    assert "没能自动识别，请照护照填写下面的表" in client.get(NEW).text
    Recognition.objects.update(state="queued")
    settings.RECOGNITION = "off"
    assert "自动识别暂不可用，请照护照填写下面的表" in client.get(NEW).text
    client.post(NEW, {**PERSON, "then": "start"})
    assert Application.objects.get().applicant.name == "方知行"


def test_without_a_passport_the_form_works_as_before(client: Client) -> None:
    client.post(NEW, {**PERSON, "then": "start"})
    assert not load_dossier(Application.objects.get()).item(10).pages


def test_a_picture_that_breaks_the_rules_is_refused_with_its_reason(client: Client) -> None:
    sent = SimpleUploadedFile("护照.png", picture(8), "image/png")
    answer = client.post(f"{NEW}upload/", {"files": sent})
    assert answer.status_code == 422
    assert "没有收下" in answer.text
    assert not ProposedPassport.objects.exists()


def test_where_nothing_was_chosen_that_is_said_once_beside_the_field(client: Client) -> None:
    answer = client.post(f"{NEW}upload/")
    assert answer.status_code == 422
    assert answer.text.count('class="error-summary"') == 1


def test_another_passport_takes_its_place_and_it_can_be_removed(client: Client) -> None:
    upload(client, 1)
    upload(client, 2)
    [current] = ProposedPassport.objects.current()
    answer = client.post(f"{NEW}passport/{current.pk}/remove/", follow=True)
    assert "已删除这张护照" in answer.text
    assert not ProposedPassport.objects.current().exists()


def test_nobody_else_sees_it(
    client: Client, client_of: ClientOf, other_agent: User, officer: User
) -> None:
    upload(client)
    proposed = ProposedPassport.objects.get()
    address = f"{NEW}passport/{proposed.pk}/thumb/"
    assert client.get(address).status_code == 200
    assert client_of(other_agent).get(address).status_code == 404
    assert client_of(officer).get(address).status_code in (403, 404)


def test_before_the_mailbox_is_confirmed_nothing_is_taken_and_typing_works(
    client: Client, agent: User
) -> None:
    agent.email_confirmed_at = None
    agent.save()
    page = client.get(NEW)
    assert "邮箱确认之后才能上传文件" in page.text
    assert "护照可以以后再传" in page.text
    upload(client)
    assert not ProposedPassport.objects.exists()


def test_what_led_to_nothing_is_swept_away(client: Client) -> None:
    upload(client)
    now = timezone.now()
    assert discard_proposed(now + timedelta(hours=23)) == 0
    assert discard_proposed(now + timedelta(hours=25)) == 1


def test_what_waits_for_its_applicants_case_is_kept_for_a_month(
    client: Client, enterprise: Enterprise
) -> None:
    upload(client)
    applicant = ApplicantFactory.create(enterprise=enterprise)
    ProposedPassport.objects.update(applicant=applicant)
    with time_machine.travel(timezone.now() + timedelta(days=29), tick=False):
        assert discard_proposed(timezone.now()) == 0
    assert discard_proposed(timezone.now() + timedelta(days=31)) == 1
