"""What was typed survives the end of a session: it comes back after signing in, to its owner."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from applications.models import Application
from tests.factories import PASSWORD

GO_ON = "/accounts/go-on/"


@pytest.fixture
def client(agent: User, client: Client) -> Client:
    """The agent's browser, in which he signed in himself."""
    sign_in(client, agent)
    return client


def sign_in(client: Client, user: User) -> str:
    """Where signing in leads, coming from whatever page asked for it."""
    answer = client.post(
        "/accounts/sign-in/", {"username": user.username, "password": PASSWORD, "next": GO_ON}
    )
    location: str = answer["Location"]
    return location


def withdraw(client: Client, draft: Application, reason: str = "出国计划取消了。") -> str:
    """Send a form after the session has ended; returns where it leads."""
    Session.objects.all().delete()
    where = reverse("applications:withdraw", args=[draft.pk])
    page = f"http://testserver{where}"
    answer = client.post(where, {"reason": reason}, headers={"Referer": page})
    location: str = answer["Location"]
    return location


def test_it_waits_and_is_sent_once_more_by_its_owner(
    client: Client, agent: User, draft: Application
) -> None:
    assert withdraw(client, draft) == "/accounts/sign-in/?next=/accounts/go-on/"
    assert "填写的内容保留1小时" in client.get("/accounts/sign-in/").text

    assert sign_in(client, agent) == GO_ON
    page = client.get(GO_ON).text

    assert "出国计划取消了。" in page
    assert f'action="/applications/{draft.pk}/withdraw/"' in page
    assert "不要了，回到原来的页面" in page
    # Nothing happens by itself.
    draft.refresh_from_db()
    assert draft.status == "draft"
    client.post(f"/applications/{draft.pk}/withdraw/", {"reason": "出国计划取消了。"})
    draft.refresh_from_db()
    assert draft.status == "withdrawn"
    # Sent: it is not offered again.
    assert client.get(GO_ON)["Location"] == "/"


def test_what_is_not_wanted_is_dropped(client: Client, agent: User, draft: Application) -> None:
    withdraw(client, draft)
    sign_in(client, agent)

    answer = client.post(GO_ON)

    assert answer["Location"] == f"/applications/{draft.pk}/withdraw/"
    assert client.get(GO_ON)["Location"] == "/"
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_after_half_an_hour_without_a_sign_of_life_it_waits_as_well(
    client: Client, draft: Application
) -> None:
    client.get("/accounts/me/")
    where = reverse("applications:withdraw", args=[draft.pk])
    with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=False):
        answer = client.post(where, {"reason": "出国计划取消了。"})
    assert answer["Location"] == "/accounts/sign-in/?next=/accounts/go-on/"


def test_another_person_who_signs_in_there_sees_nothing_of_it(
    client: Client, other_agent: User, agent: User, draft: Application
) -> None:
    withdraw(client, draft)
    sign_in(client, other_agent)
    assert client.get(GO_ON)["Location"] == "/"
    # Nor does it wait for the first one after that.
    client.logout()
    sign_in(client, agent)
    assert client.get(GO_ON)["Location"] == "/"


def test_it_waits_an_hour(client: Client, agent: User, draft: Application) -> None:
    withdraw(client, draft)
    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=False):
        sign_in(client, agent)
        assert client.get(GO_ON)["Location"] == "/"


def test_who_signed_out_leaves_nothing_for_the_next_at_this_computer(
    client: Client, draft: Application
) -> None:
    client.post("/accounts/sign-out/")
    assert "go-on" not in withdraw(client, draft)


def test_what_is_kept_cannot_be_read_in_the_database(
    client: Client, agent: User, draft: Application
) -> None:
    withdraw(client, draft, reason="SECRET-WORDS")
    kept = [session.get_decoded() for session in Session.objects.all()]
    assert any("kept-form" in session for session in kept)
    assert "SECRET-WORDS" not in str(kept)


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/accounts/me/password/", {"password": PASSWORD, "new_password": "x", "repeated": "x"}),
        ("/accounts/me/second-factor/", {"code": "123456"}),
    ],
)
def test_passwords_and_codes_are_not_kept(
    client: Client, agent: User, path: str, sent: dict[str, str]
) -> None:
    Session.objects.all().delete()
    assert "go-on" not in client.post(path, sent)["Location"]
    assert PASSWORD not in str([session.get_decoded() for session in Session.objects.all()])


def test_files_are_not_kept_and_the_page_names_them(
    client: Client, agent: User, draft: Application
) -> None:
    Session.objects.all().delete()
    where = reverse("applications:withdraw", args=[draft.pk])
    file = SimpleUploadedFile("护照.jpg", b"x", "image/jpeg")
    client.post(where, {"reason": "见附件", "files": file})
    sign_in(client, agent)
    assert "文件没有保留，请在提交后重新选择：护照.jpg。" in client.get(GO_ON).text


def test_too_much_is_not_kept(client: Client, draft: Application) -> None:
    assert "go-on" not in withdraw(client, draft, reason="长" * 100_001)


def test_a_page_that_names_another_host_by_two_slashes_is_not_led_back_to(
    client: Client, agent: User, draft: Application
) -> None:
    Session.objects.all().delete()
    client.post(
        reverse("applications:withdraw", args=[draft.pk]),
        {"reason": "出国计划取消了。"},
        headers={"Referer": "http://testserver//evil.example/x"},
    )
    sign_in(client, agent)
    assert "evil.example" not in client.get(GO_ON).text
