"""A liaison's page: on what he decides, what was said before, and what he may see afterwards."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Department, Role, User
from applications.models import Application
from enterprises.models import StandingDocument, StandingPage
from files.models import Page
from reviews.doubts import doubts_of
from reviews.models import Opinion, ReviewTable
from reviews.services import circulation
from tests.conftest import ClientOf
from tests.factories import (
    SHEETS,
    ApplicantFactory,
    ApplicationFactory,
    ReviewTableFactory,
    UserFactory,
    material_page,
    picture,
    stored_picture,
)
from tests.reviews.conftest import ANSWERS, FOUR, Station

pytestmark = pytest.mark.django_db
STATED = (
    "进出口情况：<strong>进出口实绩</strong>",
    "上一年度纳税总额（万元）：<strong>123.45</strong>",
    "是否存在欠税：<strong>否</strong>",
    "连续缴纳社保起始日期：<strong>2024年1月1日</strong>",
    "参保公司名称：<strong>重庆市万州区样例贸易有限公司</strong>",
)


def page_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.text.split()).replace(" <strong>", "<strong>")


def drawn_signed(table: ReviewTable, station: Station, *codes: str) -> None:
    """As signed, without a PDF: for pages alone."""
    for code in codes:
        table.opinions.filter(department__code=code).update(
            answers=ANSWERS[code],
            words="已核实，同意。",
            conclusion="agree",
            drafted_at=timezone.now(),
            signed_at=timezone.now(),
            signed_by=station.liaisons[code],
        )


@pytest.fixture
def table(station: Station, submitted: Application) -> ReviewTable:
    Application.objects.filter(pk=submitted.pk).update(status="in_review")
    submitted.refresh_from_db()
    made: ReviewTable = ReviewTableFactory.create(
        application=submitted, circulated_by=station.officer
    )
    return made


# What foreign affairs decides on -------------------------------------------------------------


def test_the_last_department_reads_every_fact_that_the_four_verified(
    table: ReviewTable, station: Station, client_of: ClientOf
) -> None:
    drawn_signed(table, station, *FOUR)
    opinion = table.opinions.get(department__code="foreign_affairs")
    page = page_of(client_of(station.liaisons["foreign_affairs"]), opinion.get_absolute_url())
    for words in STATED:
        assert words in page


def test_what_the_last_department_reads_costs_at_most_twelve_queries(
    table: ReviewTable,
    station: Station,
    client_of: ClientOf,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    drawn_signed(table, station, *FOUR)
    client = client_of(station.liaisons["foreign_affairs"])
    opinion = table.opinions.get(department__code="foreign_affairs")
    for status in ("in_review", "supplementing"):
        Application.objects.filter(pk=table.application_id).update(status=status)
        with django_assert_max_num_queries(12):
            page_of(client, opinion.get_absolute_url())


def test_so_do_the_officer_and_the_stations_head_and_nobody_else(
    table: ReviewTable,
    station: Station,
    station_head: User,
    supervisor: User,
    agent: User,
    client_of: ClientOf,
) -> None:
    drawn_signed(table, station, *FOUR)
    for person in (station.officer, station_head):
        page = page_of(client_of(person), table.get_absolute_url())
        for words in STATED:
            assert words in page
    for person in (station.liaisons["police"], supervisor, agent):
        page = page_of(client_of(person), table.get_absolute_url())
        assert "123.45" not in page
        assert "2024年1月1日" not in page


def test_what_looks_like_a_slip_is_asked_of_its_department_and_told_to_the_last(
    table: ReviewTable, station: Station, client_of: ClientOf
) -> None:
    drawn_signed(table, station, *FOUR)
    tax = table.opinions.get(department__code="tax")
    tax.answers = {"tax_total": "3186000.00", "has_arrears": False}
    tax.save()
    social = table.opinions.get(department__code="social")
    social.answers = ANSWERS["social"] | {"insured_company": "重庆另一家有限公司"}
    social.save()
    amount = "纳税总额填的是3186000.00万元，合318.60亿元，比一般企业高得多。单位是万元，请核对。"
    company = "参保公司填的是“重庆另一家有限公司”，申请人的单位是“重庆市万州区样例贸易有限公司”。"
    assert doubts_of(tax) == [amount]
    assert doubts_of(social) == [company]
    opinion = table.opinions.get(department__code="foreign_affairs")
    page = page_of(client_of(station.liaisons["foreign_affairs"]), opinion.get_absolute_url())
    assert f"请留意：</strong>{amount}" in page
    assert f"请留意：</strong>{company}" in page


@pytest.mark.parametrize(
    "written",
    ["重庆市万州区样例贸易有限公司", "重庆市万州区样例贸易有限", " 重庆市万州区样例 贸易有限公司"],
)
def test_the_same_company_written_otherwise_is_no_doubt(table: ReviewTable, written: str) -> None:
    social = table.opinions.get(department__code="social")
    social.answers = ANSWERS["social"] | {"insured_company": written}
    assert doubts_of(social) == []


@pytest.mark.parametrize(("total", "asks"), [("99999.99", False), ("100000.00", True)])
def test_ten_hundred_million_a_year_is_unusual(table: ReviewTable, total: str, asks: bool) -> None:
    tax = table.opinions.get(department__code="tax")
    tax.answers = {"tax_total": total, "has_arrears": False}
    assert bool(doubts_of(tax)) == asks


# What was said before ----------------------------------------------------------------------------


@pytest.fixture
def next_table(table: ReviewTable, station: Station) -> ReviewTable:
    """The next applicant of the same enterprise; the four have signed for the first."""
    drawn_signed(table, station, *FOUR)
    application = ApplicationFactory.create(
        applicant=ApplicantFactory.create(enterprise=table.application.enterprise),
        created_by=table.application.created_by,
        submitted=True,
        status="in_review",
    )
    made: ReviewTable = ReviewTableFactory.create(
        application=application, circulated_by=station.officer
    )
    return made


def tax_page(table: ReviewTable, station: Station, client_of: ClientOf, query: str = "") -> str:
    opinion = table.opinions.get(department__code="tax")
    return page_of(client_of(station.liaisons["tax"]), opinion.get_absolute_url() + query)


def test_what_was_said_of_the_enterprise_this_year_is_offered_for_its_next_applicant(
    next_table: ReviewTable, station: Station, client_of: ClientOf
) -> None:
    page = tax_page(next_table, station, client_of)
    assert "今年为这家单位填过" in page
    assert "上一年度纳税总额（万元）：<strong>123.45</strong>" in page
    assert "今年为这家单位填过（张样例的申请）" in page
    assert 'value="123.45"' not in page
    taken = tax_page(next_table, station, client_of, "?take=1")
    assert 'value="123.45"' in taken
    assert "已核实，同意。</textarea>" in taken
    # What to conclude is asked anew, and nothing is stored by looking.
    assert not next_table.opinions.filter(department__code="tax").exclude(conclusion="").exists()
    assert 'value="agree" checked' not in taken.replace("  ", " ")


def test_what_concerns_the_person_is_not_offered(
    next_table: ReviewTable, station: Station, client_of: ClientOf
) -> None:
    for code in ("police", "social"):
        opinion = next_table.opinions.get(department__code=code)
        page = page_of(client_of(station.liaisons[code]), opinion.get_absolute_url())
        assert "今年为这家单位填过" not in page


@pytest.mark.parametrize("case", ["last year", "void", "another enterprise", "a draft is begun"])
def test_nothing_is_offered_that_may_not_hold(
    table: ReviewTable,
    next_table: ReviewTable,
    station: Station,
    client_of: ClientOf,
    case: str,
) -> None:
    match case:
        case "last year":
            year_ago = timezone.now() - timedelta(days=366)
            table.opinions.signed().update(signed_at=year_ago)
        case "void":
            ReviewTable.objects.filter(pk=table.pk).update(
                status="void", voided_at=timezone.now(), void_reason="信息有误"
            )
        case "another enterprise":
            other = ApplicantFactory.create()
            Application.objects.filter(pk=table.application_id).update(
                enterprise=other.enterprise, applicant=other
            )
        case _:
            next_table.opinions.update(drafted_at=timezone.now())
    assert "今年为这家单位填过" not in tax_page(next_table, station, client_of)


# What he may see afterwards ------------------------------------------------------------------


def status_of(client: Client, opinion: Opinion, page: Page) -> int:
    response = client.get(f"/reviews/opinions/{opinion.pk}/materials/7/{page.pk}/")
    if response.streaming:
        response.getvalue()  # read to its end, so that the file behind it is closed
    return response.status_code


@pytest.fixture
def insurance(table: ReviewTable) -> Page:
    """A page of material 7, which social insurance reads."""
    table.application.materials.filter(number=7).update(by_review_table=False)
    return material_page(table.application, 7)


def test_a_void_round_is_closed_to_departments(
    table: ReviewTable, insurance: Page, station: Station, client_of: ClientOf
) -> None:
    opinion = table.opinions.get(department__code="social")
    client = client_of(station.liaisons["social"])
    assert status_of(client, opinion, insurance) == 200
    circulation.recall(table, reason="信息有误", by=station.officer)
    assert status_of(client, opinion, insurance) == 404
    later = material_page(table.application, 7, picture(7, "later"))
    assert status_of(client, opinion, later) == 404
    revealed = client.post(f"/reviews/opinions/{opinion.pk}/reveal/", follow=True)
    assert table.facts["id_number"] not in revealed.text
    assert client.get(opinion.get_absolute_url()).headers["Location"] == table.get_absolute_url()


def test_a_department_reads_whom_the_letter_names_and_no_colleague_s_letter(
    table: ReviewTable, station: Station, client_of: ClientOf
) -> None:
    application = table.application
    letter = StandingDocument.objects.create(enterprise=application.enterprise, kind=1, version=2)
    theirs = StandingPage.objects.create(
        document=letter, file=stored_picture(picture(1, "theirs")), position=1
    )
    opinion = table.opinions.get(department__code="commerce")
    client = client_of(station.liaisons["commerce"])
    page = page_of(client, opinion.get_absolute_url())
    assert f"企业填写的公函写明的申请人：{application.applicant.name}。" in page
    assert f"/materials/1/{theirs.pk}/" not in page
    answer = client.get(f"/reviews/opinions/{opinion.pk}/materials/1/{theirs.pk}/")
    assert answer.status_code == 404
    tax = table.opinions.get(department__code="tax")
    page = page_of(client_of(station.liaisons["tax"]), tax.get_absolute_url())
    assert "公函写明的申请人" not in page


def test_after_signing_a_department_sees_what_it_saw(
    table: ReviewTable, insurance: Page, station: Station, client_of: ClientOf
) -> None:
    drawn_signed(table, station, "social")
    opinion = table.opinions.get(department__code="social")
    client = client_of(station.liaisons["social"])
    later = material_page(table.application, 7, picture(7, "later"))
    assert status_of(client, opinion, insurance) == 200
    assert status_of(client, opinion, later) == 404
    # What is replaced after the signature is still what the department signed by.
    type(insurance).objects.filter(pk=insurance.pk).update(superseded_at=timezone.now())
    assert status_of(client, opinion, insurance) == 200


def test_showing_the_numbers_loses_nothing_that_was_typed(
    table: ReviewTable, station: Station, client_of: ClientOf
) -> None:
    opinion = table.opinions.get(department__code="tax")
    typed = {"tax_total": "88.80", "has_arrears": "no", "words": "写到一半", "conclusion": "agree"}
    response = client_of(station.liaisons["tax"]).post(
        f"/reviews/opinions/{opinion.pk}/reveal/", typed
    )
    assert response.status_code == 200
    assert table.facts["id_number"] in response.text
    form = response.context["form"]
    assert {name: form[name].value() for name in typed} == typed
    assert "error-summary" not in response.text
    opinion.refresh_from_db()
    assert opinion.words == ""


# And then ------------------------------------------------------------------------------------


def test_after_signing_the_next_one_is_a_click_away(
    table: ReviewTable, station: Station, client_of: ClientOf
) -> None:
    drawn_signed(table, station, "tax")
    client = client_of(station.liaisons["tax"])
    assert "下一件" not in page_of(client, table.get_absolute_url())
    late, soon = (
        ReviewTableFactory.create(circulated_by=station.officer, due_at=timezone.now() + left)
        for left in (timedelta(days=4), timedelta(days=1))
    )
    for other in (late, soon):
        other.opinions.filter(department__code="tax").update(due_at=other.due_at)
    page = page_of(client, table.get_absolute_url())
    urgent = soon.opinions.get(department__code="tax")
    assert f'href="{urgent.get_absolute_url()}">下一件：{soon.facts["applicant_name"]}' in page
    # What waits for the enterprise is nothing to go on with.
    soon.application.__class__.objects.filter(pk=soon.application_id).update(status="supplementing")
    page = page_of(client, table.get_absolute_url())
    assert f"下一件：{late.facts['applicant_name']}" in page


def test_a_departments_supervisor_is_led_to_no_signing(
    table: ReviewTable, station: Station, client_of: ClientOf
) -> None:
    drawn_signed(table, station, "tax")
    ReviewTableFactory.create(circulated_by=station.officer)
    head = UserFactory.create(
        role=Role.SUPERVISOR, department=Department.objects.get(code="tax"), name="分管领导"
    )
    assert "下一件" not in page_of(client_of(head), table.get_absolute_url())


def test_circulated_for_real_the_facts_are_those_signed(
    station: Station, submitted: Application, client_of: ClientOf
) -> None:
    table = circulation.circulate(submitted, by=station.officer, despite_unread=SHEETS)
    station.sign(table, "tax")
    assert STATED[1] in page_of(client_of(station.officer), table.get_absolute_url())
