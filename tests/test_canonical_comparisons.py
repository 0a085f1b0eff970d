"""Searches and comparisons in canonical form: one name is one, however each side was written."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from accounts.forms import CodeForm
from accounts.models import User
from applications.models import Applicant, Application
from enterprises.models import Enterprise
from materials.catalogue import get
from materials.hints import post_hint
from materials.kinds.licence.reading import LicenceFact
from reviews import reminders
from reviews.annex4 import SECTIONS
from reviews.models import Opinion, Reminder, ReviewTable
from tests.conftest import ClientOf
from tests.factories import ApplicantFactory, EnterpriseFactory
from tests.notices.conftest import tell
from tests.reviews.conftest import on, on_the_clock  # noqa: F401 - fixture

NAME = "重庆样例（集团）有限公司"
SAME_NAMES = (
    "重庆样例(集团)有限公司",
    "重庆样例（ 集团 ）有限公司",
    "重庆\u200b样例（集团）有限公司",
)


@pytest.mark.parametrize("written", SAME_NAMES)
@pytest.mark.parametrize("number", [5, 7])
def test_brackets_and_blanks_make_no_other_company(number: int, written: str) -> None:
    rule = get(number).facts
    assert rule is not None
    assert rule.warnings is not None
    facts = {"company": written, "economy": "VNM", "evidence": "contract", "since": "2020-01-01"}
    assert not list(rule.warnings(facts, NAME, date(2026, 11, 24)))
    assert list(rule.warnings(facts, "另一家有限公司", date(2026, 11, 24)))


@pytest.mark.parametrize("written", SAME_NAMES)
def test_a_licence_read_with_other_brackets_agrees(written: str) -> None:
    assert not LicenceFact("name", written, NAME).differs


@pytest.mark.parametrize("written", ["买买提•艾力", "买买提 ・ 艾力", "买买提·艾力\u200b"])
def test_a_record_of_the_same_person_agrees_whatever_its_middle_dot(written: str) -> None:
    rule = get(6).facts
    assert rule is not None
    data = {"facts-name": written, "facts-issued_on": "2026-10-12"}
    form = rule.form(data, enterprise_name=NAME, applicant_name="买买提·艾力")
    assert form.is_valid(), form.errors
    assert form.facts()["name"] == "买买提·艾力"


def test_blanks_do_not_hide_a_companys_name_in_a_post() -> None:
    assert "不带公司名称" in post_hint(
        "重庆样例" + 20 * " " + "（集团）商行 总经理", "重庆样例(集团)商行"
    )


@pytest.mark.parametrize(
    "typed",
    [
        "样例有限公司",
        "样例有限公司" + 20 * " ",
        "样例有限 公司",
        "样例有限公司 公司",
        "样例有限公司\u200b",
    ],
)
def test_the_annex_says_company_once_whatever_blanks_were_typed(typed: str) -> None:
    answers = {"insured_since": "2024-01-01", "insured_company": typed}
    sentence = SECTIONS["social"].sentence(answers, applicant_name="张样例")
    assert sentence == "经核实，张样例（申请人）自2024年1月1日起在样例有限公司连续缴纳社保。"


@pytest.mark.parametrize("typed", ["123 456", "１２３４５６", "\u200b123456\u202c"])
def test_the_code_of_the_second_factor_is_read_in_full_width_and_in_groups(typed: str) -> None:
    form = CodeForm({"code": typed})
    assert form.is_valid()
    assert form.cleaned_data["code"] == "123456"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "field", "typed"),
    [
        ("enterprises:list", "q", "样例(集团)"),
        ("enterprises:list", "q", "样例 （集团）\u200b"),
        ("enterprises:list", "q", "９１５００１０１ yyyy"),
        ("applications:list", "q", "样例(集团)"),
        ("applications:list", "q", "买买提•艾"),
        ("applications:list", "q", "万州－{year}－{pk}"),
    ],
)
def test_the_station_finds_what_it_looks_for_however_it_is_pasted(
    officer: User,
    client_of: ClientOf,
    submitted: Application,
    address: str,
    field: str,
    typed: str,
) -> None:
    # Saved, as by every page: the index of words is written with the row.
    for row, name in ((Enterprise.objects.get(), NAME), (Applicant.objects.get(), "买买提·艾力")):
        row.name = name
        row.save()
    words = typed.format(year=submitted.created_at.year, pk=f"{submitted.pk:05d}")
    page = client_of(officer).get(reverse(address), {field: words})
    assert NAME in page.text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "field", "typed"),
    [
        ("accounts:user_list", "q", "买买提•艾力"),
        ("accounts:user_list", "q", "\u202dAGENT@example.com"),
        ("notices:delivery_list", "who", "买买提 ‧ 艾力"),
    ],
)
def test_people_are_found_however_they_are_pasted(
    system_admin: User, agent: User, client_of: ClientOf, address: str, field: str, typed: str
) -> None:
    User.objects.filter(pk=agent.pk).update(name="买买提·艾力")
    tell(agent)
    page = client_of(system_admin).get(reverse(address), {field: typed})
    found = (
        "请确认您的电子邮箱" if field == "who" else reverse("accounts:user_edit", args=[agent.pk])
    )
    assert found in page.text


@pytest.mark.django_db
def test_rows_that_no_form_made_are_canonical_too() -> None:
    enterprise = EnterpriseFactory.create(name="样例\u200b(集团)公司", contact_name="张　三")
    applicant = ApplicantFactory.create(enterprise=enterprise, name="买买提•艾力")
    stored = Enterprise.objects.get(name="样例(集团)公司")
    assert (enterprise.name, stored.contact_name) == ("样例（集团）公司", "张三")
    assert Applicant.objects.get().name == applicant.name == "买买提·艾力"


def test_one_case_that_cannot_be_reminded_of_stops_no_other(
    on_the_clock: ReviewTable,  # noqa: F811
    commerce_liaison: User,
    tax_liaison: User,
    police_liaison: User,
    social_liaison: User,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    first = on_the_clock.opinions.order_by("due_at", "pk")[0]

    def told(own: list[tuple[Reminder, Opinion]], *_: Any) -> int:
        if own[0][1].pk == first.pk:
            raise ValueError("the subject is longer than its column")
        return 1

    monkeypatch.setattr(reminders, "tell", told)
    assert reminders.send_due_reminders(on(25, 9)) == 3
    assert f"第{first.pk}号没有办成" in caplog.text
    assert not Reminder.objects.filter(opinion=first).exists()
