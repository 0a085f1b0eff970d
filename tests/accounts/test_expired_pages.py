"""A page that expired, or was sent too often, loses nothing that was typed, and does nothing."""

import re
from html import unescape
from pathlib import Path

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.kept_forms import SECRETS
from accounts.models import RateCount, User
from applications.models import Application
from outreach.models import CallBack, Consultation
from tests.outreach.factories import BriefingFactory

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
OURS = {"Origin": "http://testserver", "Referer": "http://testserver/ask/"}
QUESTION = {
    "text": "服务业能办吗？\n急用。", "name": "王样例", "phone": "13800001234",
    "enterprise_name": "样例公司", "nonce": "n" * 32,
}  # fmt: skip
FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@pytest.fixture
def visitor() -> Client:
    """A browser that checks as the portal does outside of tests."""
    return Client(enforce_csrf_checks=True)


def kept_in(page: str) -> dict[str, str]:
    """The hidden fields that go back, with the fresh token."""
    return {name: unescape(value) for name, value in FIELD.findall(page)}


def main_of(page: str) -> str:
    return page.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize("token", [{}, {"csrfmiddlewaretoken": "x" * 64}])
def test_an_expired_page_keeps_what_was_typed_and_is_sent_once_more_by_hand(
    visitor: Client, token: dict[str, str]
) -> None:
    refused = visitor.post(reverse("outreach:ask"), QUESTION | token, headers=OURS)
    page = main_of(refused.content.decode())
    assert refused.status_code == 403
    assert "您填写的内容还在" in page
    assert "服务业能办吗？" in page
    assert "no-store" in refused["Cache-Control"]
    assert not Consultation.objects.exists()

    fields = kept_in(page)
    assert {name: fields[name] for name in QUESTION} == QUESTION
    action = reverse("outreach:ask")
    assert f'action="{action}"' in page
    visitor.post(action, fields, headers=OURS)
    assert Consultation.objects.get().text == "服务业能办吗？\n急用。"


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("outreach:call_back_ask", {"name": "王样例", "phone": "13800001234", "when": "any"}),
        ("outreach:briefing_public", {"name": "王样例", "enterprise_name": "样例公司"}),
        ("enterprises:sign_up", {"name": "样例公司", "contact_name": "王样例"}),
        ("accounts:sign_in", {"username": "somebody", "next": "/find/"}),
    ],
)
def test_each_public_form_comes_back_filled_in(
    visitor: Client, name: str, sent: dict[str, str]
) -> None:
    arguments = [BriefingFactory.create().pk] if name == "outreach:briefing_public" else []
    refused = visitor.post(reverse(name, args=arguments), sent, headers=OURS)
    assert refused.status_code == 403
    assert kept_in(main_of(refused.content.decode())).items() >= sent.items()
    assert not CallBack.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Referer": "http://testserver/ask/"},
        {"Referer": "https://elsewhere.example/http://testserver/"},
    ],
)
def test_what_another_site_sends_comes_to_nothing(visitor: Client, headers: dict[str, str]) -> None:
    refused = visitor.post(reverse("outreach:ask"), QUESTION, headers=headers)
    page = main_of(refused.content.decode())
    assert refused.status_code == 403
    assert "服务业能办吗" not in page
    assert "<form" not in page


def test_passwords_are_typed_again_and_files_chosen_again(visitor: Client) -> None:
    sent = {"name": "样例公司", "password": "SECRET-WORDS", "password_again": "SECRET-WORDS"}
    page = main_of(
        visitor.post(reverse("enterprises:sign_up"), sent, headers=OURS).content.decode()
    )
    assert "SECRET-WORDS" not in page
    assert "密码（没有保留，请再填一次）" in page
    assert 'type="password"' in page

    file = SimpleUploadedFile("审核表.pdf", b"%PDF-1.7", "application/pdf")
    page = main_of(visitor.post("/verify/", {"file": file}, headers=OURS).content.decode())
    assert "文件没有保留，请重新选择：审核表.pdf" in page
    assert 'enctype="multipart/form-data"' in page


def test_too_much_does_not_come_back(visitor: Client) -> None:
    refused = visitor.post(reverse("outreach:ask"), {"text": "长" * 100_001}, headers=OURS)
    page = main_of(refused.content.decode())
    assert refused.status_code == 403
    assert "长长" not in page
    assert "先复制没有保存的内容" in page


def test_of_somebody_signed_in_it_comes_back_as_well(agent: User, draft: Application) -> None:
    visitor = Client(enforce_csrf_checks=True)
    visitor.force_login(agent)
    where = reverse("applications:withdraw", args=[draft.pk])
    headers = {"Origin": "http://testserver", "Referer": f"http://testserver{where}"}
    page = main_of(visitor.post(where, {"reason": "计划取消了。"}, headers=headers).text)
    assert "计划取消了。" in page
    assert f'href="{where}"' in page
    draft.refresh_from_db()
    assert draft.status == "draft"
    visitor.post(where, kept_in(page), headers=headers)
    draft.refresh_from_db()
    assert draft.status == "withdrawn"


def test_who_sends_too_often_keeps_what_he_typed(client: Client) -> None:
    for number in range(6):
        answer = client.post(reverse("outreach:ask"), QUESTION | {"nonce": f"{number:032d}"})
    page = main_of(answer.content.decode())
    assert answer.status_code == 429
    assert "您填写的内容还在" in page
    assert kept_in(page)["text"] == QUESTION["text"]
    assert RateCount.objects.exists()


def test_every_password_of_a_form_is_a_secret() -> None:
    """A new form with a password of another name would hand it back in the open."""
    # Every view, and with them every form.
    assert reverse("home") == "/"
    names = {
        name
        for form in forms_of_rooms()
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field.widget, forms.PasswordInput)
    }
    assert {"password", "new_password", "repeated", "password_again"} <= names
    assert names <= SECRETS.keys()


def forms_of_rooms() -> list[type]:
    """Forms that the portal's own rooms declare."""
    rooms = {path.parent.name for path in ROOT.glob("*/apps.py")}
    found: list[type] = []
    waiting: list[type] = list(forms.BaseForm.__subclasses__())
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        if one.__module__.partition(".")[0] in rooms:
            found.append(one)
    return found
