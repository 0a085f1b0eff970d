"""Pages of the review table: who reads which words, who downloads, and what they cost."""

import io

import pytest
import time_machine
from django.urls import reverse
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from accounts.models import AuditEvent, User
from applications.models import Application
from enterprises.models import StandingPage
from reviews.models import ReviewTable
from reviews.table_facts import cell_box
from tests.conftest import ClientOf
from tests.factories import ReviewTableFactory
from tests.reviews.conftest import Station, on

pytestmark = pytest.mark.django_db
POLICE_WORDS = "区公安局已核实，同意。"


@pytest.fixture
def partly_signed(station: Station, circulated: ReviewTable) -> ReviewTable:
    station.sign(circulated, "police", "tax")
    return circulated


@pytest.mark.parametrize("reader", ["officer", "station_head", "foreign_liaison"])
def test_the_station_and_foreign_affairs_read_the_words(
    reader: str,
    partly_signed: ReviewTable,
    request: pytest.FixtureRequest,
    client_of: ClientOf,
) -> None:
    client = client_of(request.getfixturevalue(reader))
    page = client.get(partly_signed.get_absolute_url()).content.decode()
    assert POLICE_WORDS in page


@pytest.mark.parametrize("reader", ["agent", "tax_liaison", "commerce_liaison", "supervisor"])
def test_others_see_who_has_signed_and_not_what_the_police_wrote(
    reader: str,
    partly_signed: ReviewTable,
    request: pytest.FixtureRequest,
    client_of: ClientOf,
) -> None:
    client = client_of(request.getfixturevalue(reader))
    page = client.get(partly_signed.get_absolute_url()).content.decode()
    assert "区公安局联络员" in page
    assert POLICE_WORDS not in page


def test_the_agent_gets_the_table_when_five_have_signed_and_not_before(
    station: Station, partly_signed: ReviewTable, agent: User, client_of: ClientOf
) -> None:
    client, url = client_of(agent), f"/reviews/tables/{partly_signed.pk}/table.pdf"
    assert client.get(url).status_code == 404
    station.sign(partly_signed, "commerce", "social", "foreign_affairs")
    response = client.get(url)
    assert response.getvalue().startswith(b"%PDF-")
    assert AuditEvent.objects.filter(action="table.download", actor=agent).count() == 1


def test_the_jpg_is_what_the_national_system_takes(
    partly_signed: ReviewTable, officer: User, client_of: ClientOf
) -> None:
    response = client_of(officer).get(f"/reviews/tables/{partly_signed.pk}/table-1.jpg")
    assert response.content.startswith(b"\xff\xd8\xff")
    assert len(response.content) < 2 * 1024 * 1024
    assert (
        client_of(officer).get(f"/reviews/tables/{partly_signed.pk}/table-2.jpg").status_code == 404
    )


def test_a_material_of_another_department_is_not_shown(
    circulated: ReviewTable, police_liaison: User, client_of: ClientOf
) -> None:
    opinion = circulated.opinions.get(department__code="police")
    licence = StandingPage.objects.get(document__kind=2)
    url = f"/reviews/opinions/{opinion.pk}/materials/2/{licence.pk}/"
    assert client_of(police_liaison).get(url).status_code == 404


def test_full_numbers_are_shown_after_a_click_that_is_recorded(
    circulated: ReviewTable, police_liaison: User, client_of: ClientOf
) -> None:
    opinion = circulated.opinions.get(department__code="police")
    client, number = client_of(police_liaison), circulated.facts["id_number"]
    masked = client.get(opinion.get_absolute_url()).content.decode()
    assert circulated.facts["applicant_name"] in masked
    assert number not in masked
    page = client.post(f"/reviews/opinions/{opinion.pk}/reveal/").content.decode()
    assert number in page
    assert AuditEvent.objects.filter(action="personal.reveal", actor=police_liaison).exists()


def test_a_wrong_password_signs_nothing(
    station: Station, circulated: ReviewTable, client_of: ClientOf
) -> None:
    opinion = station.draft(circulated, "tax")
    client = client_of(station.liaisons["tax"])
    response = client.post(f"/reviews/opinions/{opinion.pk}/sign/", {"password": "wrong"})
    assert response.status_code in (200, 422)
    opinion.refresh_from_db()
    assert opinion.signed_at is None


def test_an_incomplete_opinion_says_what_is_missing_and_keeps_the_rest(
    circulated: ReviewTable, tax_liaison: User, client_of: ClientOf
) -> None:
    opinion = circulated.opinions.get(department__code="tax")
    response = client_of(tax_liaison).post(
        opinion.get_absolute_url(), {"tax_total": "-3", "words": "同意申办。", "preview": "1"}
    )
    page = response.content.decode()
    assert "纳税总额不能是负数。" in page
    assert "请选择“是否存在欠税”。" in page
    assert "请选择同意或不同意。" in page
    assert "同意申办。" in page


def test_words_that_cannot_be_printed_are_named_on_the_page_before_any_preview(
    circulated: ReviewTable, tax_liaison: User, client_of: ClientOf
) -> None:
    opinion = circulated.opinions.get(department__code="tax")
    answers = {"tax_total": "3", "has_arrears": "no", "conclusion": "agree"}
    response = client_of(tax_liaison).post(
        opinion.get_absolute_url(), {**answers, "words": "同意👍", "preview": "1"}
    )
    page = response.content.decode()
    assert "字符“👍”印不出来：门户的字体里没有字形" in page
    assert "同意👍" in page


@pytest.mark.parametrize("number", [1, 50])
def test_the_list_costs_the_same_for_one_table_and_for_fifty(
    number: int,
    officer: User,
    agent: User,
    client_of: ClientOf,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    ReviewTableFactory.create_batch(number)
    client = client_of(officer)
    with django_assert_max_num_queries(12):
        response = client.get("/reviews/tables/")
    assert response.status_code == 200
    assert response.text.count("万州ABTC审〔2026〕") >= min(number, 20)
    assert len(response.content) < 60 * 1024


def test_a_case_costs_no_more_than_twelve_queries(
    partly_signed: ReviewTable,
    officer: User,
    foreign_liaison: User,
    client_of: ClientOf,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    opinion = partly_signed.opinions.get(department__code="foreign_affairs")
    for person, url in (
        (officer, partly_signed.get_absolute_url()),
        (foreign_liaison, opinion.get_absolute_url()),
    ):
        client = client_of(person)
        with django_assert_max_num_queries(12):
            answer = client.get(url)
        assert answer.status_code == 200
        assert partly_signed.number in answer.text


def test_who_signed_sees_the_signed_cell(
    station: Station, partly_signed: ReviewTable, client_of: ClientOf
) -> None:
    opinion = partly_signed.opinions.get(department__code="tax")
    desk = client_of(station.liaisons["tax"])
    address = reverse("reviews:opinion_signed", args=[opinion.pk])
    page = desk.get(partly_signed.get_absolute_url()).text
    assert f'<img src="{address}"' in page
    assert "办理意见：区税务局已核实，同意。" in page
    picture = Image.open(io.BytesIO(desk.get(address).content))
    box = cell_box(opinion)
    assert picture.width == pytest.approx(box.width * 150 / 72, abs=2)
    assert picture.height == pytest.approx(box.height * 150 / 72, abs=2)
    # Ink of the words and of the stamp's frame.
    assert sum(picture.convert("L").histogram()[:128]) > 1000
    assert client_of(station.liaisons["commerce"]).get(address).status_code == 404


def test_foreign_affairs_reads_which_department_stands_for_a_material(
    circulated: ReviewTable, foreign_liaison: User, client_of: ClientOf
) -> None:
    opinion = circulated.opinions.get(department__code="foreign_affairs")
    page = client_of(foreign_liaison).get(opinion.get_absolute_url()).text
    assert "由审核表替代，以区公安局填写的意见为准" in page
    assert "由审核表替代，以区人力社保局填写的意见为准" in page
    assert "以您填写的意见为准" not in page


def test_sending_what_was_not_gone_through_asks_first_and_takes_a_confirmation(
    station: Station, submitted: Application, client_of: ClientOf
) -> None:
    desk = client_of(station.officer)
    confirm = reverse("reviews:circulate_confirm", args=[submitted.pk])
    case = desk.get(reverse("applications:pre_review", args=[submitted.pk])).content.decode()
    assert "没有核对完的：填写的信息、材料1 企业申请公函及公司简介、" in case
    asked = desk.post(reverse("reviews:circulate", args=[submitted.pk]))
    assert asked.status_code == 302
    assert asked.headers["Location"] == confirm
    page = desk.get(confirm).content.decode()
    assert "有9项没有逐条核对" in page
    assert "材料10 护照首页彩色扫描件</a>" in page

    unread = [0, 1, 2, 3, 4, 5, 8, 9, 10]
    unsure = desk.post(confirm, {"unread": unread})
    assert unsure.status_code == 422
    assert "要送部门审核，请先勾选确认" in unsure.content.decode()
    changed = desk.post(confirm, {"unread": unread[1:], "is_sure": "on"})
    assert "材料或核对的情况有变化" in changed.content.decode()
    assert not submitted.tables.exists()

    sent = desk.post(confirm, {"unread": unread, "is_sure": "on"}, follow=True)
    assert "已送四个部门，时限开始计算" in sent.content.decode()
    # A second click leads to the same table.
    desk.post(confirm, {"unread": unread, "is_sure": "on"})
    assert submitted.tables.count() == 1


def test_the_next_step_says_the_day_of_those_who_are_awaited(
    officer: User, client_of: ClientOf
) -> None:
    """Four are due on the 25th; the whole table, with foreign affairs, on the 26th."""
    table = ReviewTableFactory.create(circulated_at=on(23, 10), due_at=on(26, 18))
    table.opinions.parallel().update(due_at=on(25, 18))
    with time_machine.travel(on(24, 9), tick=False):
        client = client_of(officer)
        page = client.get(table.get_absolute_url())
        assert page.context["remaining"].words.startswith("还剩1个工作日")
        assert "11月25日" in page.context["remaining"].words
        table.opinions.parallel().update(signed_at=on(24, 8), signed_by=officer, conclusion="agree")
        page = client.get(table.get_absolute_url())
        assert "11月26日" in page.context["remaining"].words
