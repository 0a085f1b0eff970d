"""The mailbox of a portal that is only tried out, and that it is shut everywhere else."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives, get_connection
from django.test import Client

from accounts.models import User
from notices.models import Notice
from notices.services import notify

FILES = "django.core.mail.backends.filebased.EmailBackend"
MAILBOX = "/demo/mailbox/"


@pytest.fixture
def mail_folder(tmp_path: Path, settings: Any) -> Path:
    settings.DEMO, settings.EMAIL_BACKEND = True, FILES
    settings.EMAIL_FILE_PATH = tmp_path
    return tmp_path


def write_mail(subject: str) -> None:
    body = "您好：\n\n确认邮箱：http://127.0.0.1:8000/accounts/confirm/abc/"
    mail = EmailMultiAlternatives(subject, body, to=["agent@example.com"])
    mail.attach_alternative("<p>您好</p>", "text/html")
    mail.connection = get_connection(FILES)
    mail.send()


def test_the_newest_mail_stands_on_top_with_a_link_to_click(
    client: Client, db: None, mail_folder: Path
) -> None:
    write_mail("第一封")
    write_mail("第二封")
    text = client.get(MAILBOX).text
    assert text.index("第二封") < text.index("第一封")
    assert 'href="http://127.0.0.1:8000/accounts/confirm/abc/"' in text
    assert "收件人：agent@example.com" in text


def test_mails_bear_the_station_s_time(client: Client, db: None, mail_folder: Path) -> None:
    with time_machine.travel(datetime(2026, 11, 25, 22, 19, tzinfo=UTC), tick=False):
        write_mail("一封")
    assert "2026年11月26日 06:19" in client.get(MAILBOX).text


def test_an_empty_mailbox_and_a_missing_folder_are_no_fault(
    client: Client, db: None, mail_folder: Path, settings: Any
) -> None:
    assert "还没有邮件。" in client.get(MAILBOX).text
    settings.EMAIL_FILE_PATH = mail_folder / "missing"
    assert "还没有邮件。" in client.get(MAILBOX).text


def test_other_files_are_not_shown(client: Client, db: None, mail_folder: Path) -> None:
    (mail_folder / "notes.txt").write_text("不是邮件")
    page = client.get(MAILBOX).text
    assert "还没有邮件。" in page
    assert "不是邮件" not in page


def test_it_is_shut_outside_a_demonstration(
    client: Client, db: None, mail_folder: Path, settings: Any
) -> None:
    settings.DEMO = False
    assert client.get(MAILBOX).status_code == 404


def test_it_is_shut_where_mail_really_goes_out(
    client: Client, db: None, mail_folder: Path, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert client.get(MAILBOX).status_code == 404


def test_the_head_leads_there_only_while_it_is_open(
    client: Client, db: None, mail_folder: Path, settings: Any
) -> None:
    assert MAILBOX in client.get("/accounts/sign-in/").text
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert MAILBOX not in client.get("/accounts/sign-in/").text


def test_what_waits_for_the_office_is_listed_with_its_hour(
    client: Client, mail_folder: Path, tax_liaison: User, settings: Any
) -> None:
    settings.NOTICE_QUIET_HOURS = True
    with time_machine.travel("2026-11-23T22:00:00+08:00", tick=False):
        notify(
            [tax_liaison],
            cause="test",
            template="notices/email/confirm_mailbox.txt",
            context={"days": 3},
            kind=Notice.Kind.DEADLINE,
        )
        text = client.get(MAILBOX).text
    assert "11月24日 09:00起　区税务局 区税务局联络员：请确认您的电子邮箱" in text
