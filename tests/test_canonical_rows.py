"""Old rows: brought into canonical form by a migration, and exportable where that cannot be."""

from importlib import import_module
from typing import Any

import pypdfium2
import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse
from openpyxl import Workbook

from accounts.audit import record
from accounts.models import User
from applications.models import Applicant, Application
from applications.services.moves import send_back
from applications.workflow import Action
from core.spreadsheets import csv_lines, write_text
from enterprises.models import Enterprise, StandingDocument
from tests.conftest import ClientOf
from tests.factories import CorrectionFactory, UserFactory, standing_page

pytestmark = pytest.mark.django_db


def migrate(name: str) -> None:
    import_module(name).tidy(apps, connection.schema_editor())


def write_raw(model: Any, pk: int, **columns: str) -> None:
    """As an older version wrote it, past the fields that know the canonical form."""
    table, names = model._meta.db_table, ", ".join(f'"{name}" = %s' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE "{table}" SET {names} WHERE id = %s', [*columns.values(), pk])  # noqa: S608


def test_old_names_are_found_after_the_migration(
    enterprise: Enterprise, applicant: Applicant, agent: User
) -> None:
    write_raw(
        Enterprise, enterprise.pk, name="重庆样例\u200b(集团) 有限公司", address="大道\x071号"
    )
    write_raw(Applicant, applicant.pk, name="买买提•艾力", post="总 经理")
    write_raw(User, agent.pk, name="张\u200b三", username="agent@example\u200b.com")
    for name in (
        "accounts.migrations.0003_canonical_names",
        "enterprises.migrations.0002_canonical_text",
        "applications.migrations.0003_canonical_names",
    ):
        migrate(name)
    enterprise, applicant = Enterprise.objects.get(), Applicant.objects.get()
    assert (enterprise.name, enterprise.address) == ("重庆样例（集团）有限公司", "大道1号")
    assert (applicant.name, applicant.post) == ("买买提·艾力", "总经理")
    agent.refresh_from_db()
    assert (agent.name, agent.username) == ("张三", "agent@example.com")


def test_a_login_name_that_somebody_has_stays_as_it_was(agent: User) -> None:
    other = UserFactory.create(username="taken@example.com")
    write_raw(User, agent.pk, username="Taken@example.com\u200b")
    migrate("accounts.migrations.0003_canonical_names")
    stored = User.objects.filter(pk=agent.pk).values_list("username", flat=True)
    assert list(stored) == ["Taken@example.com\u200b"]
    assert other.username == "taken@example.com"


def test_a_licence_until_9999_has_no_end_after_the_migration(enterprise: Enterprise) -> None:
    page = standing_page(enterprise, 2)
    StandingDocument.objects.update(ends_on="9999-12-31", valid_until="9999-12-31")
    migrate("enterprises.migrations.0002_canonical_text")
    page.document.refresh_from_db()
    assert page.document.standing.label == "长期有效"


def test_a_letter_about_an_old_note_with_controls_is_printed(
    submitted: Application, officer: User, agent: User, client_of: ClientOf
) -> None:
    CorrectionFactory.create(application=submitted, words="照片\x08背景\x1f不是\u202e白色。")
    send_back(submitted, by=officer)
    change = submitted.changes.get(action=Action.RETURN)
    answer = client_of(agent).get(reverse("applications:letter_pdf", args=[change.pk]))
    assert answer.headers["Content-Type"] == "application/pdf"
    pages = pypdfium2.PdfDocument(answer.content)
    text = "".join(page.get_textpage().get_text_range() for page in pages)
    assert "照片背景不是白色" in text


def test_a_sheet_and_a_table_of_commas_leave_controls_out() -> None:
    book = Workbook()
    write_text(book.worksheets[0].cell(1, 1), "总\x00经\x08理\x1f")
    assert book.worksheets[0].cell(1, 1).value == "总经理"
    assert "".join(csv_lines([["总\x00经\x08理", 1]])) == "\ufeff总经理,1\r\n"


def test_the_audit_trail_with_old_controls_is_exported(
    auditor: User, officer: User, client_of: ClientOf
) -> None:
    record("account.change", officer, by=officer, after={"reason": "手机\x08遗失"})
    answer = client_of(auditor).get(reverse("accounts:audit_export"))
    assert answer.status_code == 200
    assert "\x08" not in answer.getvalue().decode()
