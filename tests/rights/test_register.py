"""The register of personal data: every column of every table is named, with its purpose."""

import re
from collections import Counter

import pytest
from django.apps import apps
from django.db.models import Model
from django.urls import reverse

from accounts.models import AuditEvent
from core.personal_data import Keep, registers
from files.models import StoredFile
from parameters.models import Parameter
from parameters.values import load_parameters
from rights.register import HEADS, keep_words, lines, table, uses

# Without Django's own tables of permissions, kinds of rows and migrations.
NO_ROWS = {"auth.Permission", "auth.Group", "auth.Group_permissions", "contenttypes.ContentType"}
# What names a person never stands in a table that is declared to hold none.
NAMING = re.compile(r"Name|Mailbox|Email")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def models() -> dict[str, type[Model]]:
    found = {model._meta.label: model for model in apps.get_models(include_auto_created=True)}
    return {label: model for label, model in found.items() if label not in NO_ROWS}


def declared_models() -> list[str]:
    return [
        name
        for one in registers()
        for name in [*(held.model for held in one.held), *one.none_names]
    ]


def columns(model: type[Model]) -> set[str]:
    """The columns that somebody must have named: not the key, nor links to other rows.

    A link to a stored file is to be named, since the file is the data.
    """
    return {
        field.name
        for field in model._meta.get_fields()
        if field.concrete
        and not getattr(field, "primary_key", False)
        and (not field.is_relation or field.related_model is StoredFile)
    } | ({"session_key"} if model._meta.label == "sessions.Session" else set())


def test_every_table_is_in_the_register_once() -> None:
    assert Counter(declared_models()) == Counter(list(models()))


@pytest.mark.parametrize(
    "held", [held for one in registers() for held in one.held], ids=lambda one: one.model
)
def test_a_table_of_personal_data_names_each_of_its_columns(held) -> None:
    assert held.named == columns(models()[held.model]), "name it in the room's personal_data.py"
    assert held.sensitive_names <= set(held.personal_names)
    assert set(held.personal_names).isdisjoint(held.plain.split())


def test_a_table_without_personal_data_has_no_column_for_it() -> None:
    found = [
        f"{label}.{field.name}"
        for one in registers()
        for label in one.none_names
        for field in models()[label]._meta.get_fields()
        if field.concrete
        and (NAMING.search(type(field).__name__) or field.related_model is StoredFile)
    ]
    assert found == []


def test_every_line_says_in_words_what_it_is() -> None:
    assert [line for line in lines() if not CHINESE.search(line.words)] == []


@pytest.mark.django_db
def test_every_class_of_keeping_has_its_parameter() -> None:
    codes = {code for keep in Keep for code in keep.codes}
    kept = Parameter.objects.filter(code__startswith="rights.keep_")
    assert codes == set(kept.values_list("code", flat=True))
    assert keep_words(Keep.CASE, load_parameters()) == (
        "按申请的结果：没有提交的草稿，最后修改之后12个月；不予办理的，办结之后24个月；"
        "企业撤回的，撤回之后24个月；审核通过的，办结之后120个月"
    )
    assert keep_words(Keep.LOG, load_parameters()).endswith("：365天")


@pytest.mark.django_db
def test_the_public_page_is_written_from_it(client) -> None:
    page = client.get(reverse("privacy")).content.decode()
    for use in uses():
        assert use.purpose.ground.value in page
        for words in [*use.words, *use.sensitive]:
            assert words in page
    assert "公安局" in page
    assert "12个月" in page


@pytest.mark.django_db
def test_the_sheet_has_a_row_for_each_column(officer, client_of) -> None:
    rows = list(table())
    assert rows[0] == HEADS
    assert len(rows) == len(lines()) + 1
    passport = next(row for row in rows if row[2] == "applications.Applicant.passport_number")
    assert passport[3:5] == ("护照号码", "申请人")
    client = client_of(officer)
    answer = client.post(reverse("rights:register_export", args=["csv"]))
    sheet = b"".join(answer).decode()
    assert "applications.MaterialPage.file" in sheet
    assert AuditEvent.objects.filter(action="personal_data.export").count() == 1
    assert client.get(reverse("rights:register")).status_code == 200
