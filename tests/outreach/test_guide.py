"""The public guide: pages without an account, the search, large type, and questions asked."""

from datetime import date, timedelta

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from outreach.guide.charts import wrapped
from outreach.guide.downloads import PAPERS
from outreach.guide.pages import PAGES
from outreach.guide.search import search, words_of
from outreach.models import Consultation, Question
from parameters.models import Parameter
from tests.conftest import ClientOf
from tests.outreach.factories import ArticleFactory, ConsultationFactory
from workdays.calendar import load_calendar
from workdays.models import StationClosure

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", [page.code for page in PAGES])
def test_a_page_is_read_without_an_account_in_few_queries_and_bytes(
    client: Client, page: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(12):
        answer = client.get(reverse(f"outreach:{page}"))
    assert answer.status_code == 200
    assert len(answer.content) < 60 * 1024


def test_the_home_page_takes_few_queries_and_bytes(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ArticleFactory.create_batch(20, published=True)
    with django_assert_max_num_queries(12):
        answer = client.get("/")
    assert len(answer.content) < 60 * 1024


def test_stays_come_from_the_parameters_with_the_day_of_knowledge(client: Client) -> None:
    stay, _ = Parameter.objects.get_or_create(
        code="cards.stay.MEX", defaults={"group": "停留", "name": "墨西哥", "unit": "days"}
    )
    stay.values.all().delete()
    stay.values.create(
        value=180, valid_from=date(2025, 1, 1), source="某市指南", source_on=date(2025, 8, 29)
    )
    page = client.get(reverse("outreach:card")).content.decode()
    assert "180天" in page
    assert "2025年8月29日" in page
    assert "墨西哥" in client.get("/").content.decode()


def test_what_it_costs_and_to_whom(client: Client) -> None:
    page = client.get(reverse("outreach:cost")).content.decode()
    assert "720元" in page
    assert "直接交给外交部" in page
    assert "都不收费" in page


def test_both_flow_charts_are_drawn_and_told_in_words(client: Client) -> None:
    page = client.get(reverse("outreach:steps")).content.decode()
    assert page.count('role="img"') == 2
    assert page.count("内容与文字版相同") == 2
    assert page.count("（不齐的，一次告知怎样补正）") == 1


def test_a_chart_breaks_no_line_before_a_mark() -> None:
    assert wrapped("一二三四五，六七", 5) == ["一二三四五，", "六七"]
    assert wrapped("ABCDEFGH一", 5) == ["ABCDEFGH", "一"]


def test_the_ten_materials_have_pictures_that_open_large(client: Client) -> None:
    page = client.get(reverse("outreach:materials")).content.decode()
    assert page.count("data-enlarge") >= 20
    assert page.count("可由审核表替代。</strong>") == 4


def test_twenty_questions_with_their_sources(client: Client) -> None:
    page = client.get(reverse("outreach:questions")).content.decode()
    assert page.count('class="question"') >= 20
    assert page.count("来源：") >= 20
    assert "{" not in page.split("<main")[1].split("</main>")[0]


@pytest.mark.parametrize("code", [paper.code for paper in PAPERS])
def test_a_template_comes_as_pdf(client: Client, code: str) -> None:
    answer = client.get(reverse("outreach:paper", args=[code]))
    assert answer.content.startswith(b"%PDF")


def test_an_unknown_template_is_not_found(client: Client) -> None:
    assert client.get("/guide/downloads/nothing.pdf").status_code == 404


def test_the_foot_shows_what_is_set_and_nothing_else(client: Client) -> None:
    assert "ICP" not in client.get("/").content.decode()
    foot = {"sponsor": "某区政府", "operator": "", "code": "", "icp": "渝ICP备0号", "police": ""}
    with override_settings(SITE_FOOT=foot | {"faults_url": ""}):
        page = client.get("/").content.decode()
    assert "主办单位：某区政府" in page
    assert "渝ICP备0号" in page
    assert "承办单位" not in page


def test_the_address_is_shown_where_it_is_set(client: Client) -> None:
    with override_settings(STATION_ADDRESS="样例路1号"):
        assert "样例路1号" in client.get(reverse("outreach:contact")).content.decode()
    assert "怎么去" not in client.get(reverse("outreach:contact")).content.decode()


# Search -------------------------------------------------------------------------------------------


def test_two_characters_are_found_in_all_that_is_public() -> None:
    ArticleFactory.create(published=True, title="护照新规定")
    ArticleFactory.create(title="护照草稿")
    found = search("护照")
    assert {"常见问题", "材料", "指南", "通知公告"} <= {one.kind for one in found}
    assert "护照草稿" not in [one.title for one in found]


def test_the_search_knows_of_a_closing_day_at_once() -> None:
    assert search("服务器搬家") == []
    day = timezone.localdate() + timedelta(days=3)
    while not load_calendar().is_working(day):
        day += timedelta(days=1)
    StationClosure.objects.create(date=day, reason="服务器搬家")
    assert [one.url for one in search("服务器搬家")] == [reverse("outreach:contact")]


def test_all_words_have_to_be_there() -> None:
    assert search("换了护照 旧卡")[0].title == "换了护照怎么办？"
    assert search("护照 这个词哪里都没有") == []


@pytest.mark.parametrize("query", ["", "卡", "%", "'", "护照 卡"])
def test_one_character_is_too_short(query: str) -> None:
    assert words_of(query) == []


@pytest.mark.parametrize("query", ["%%", "''", "\\\\", "x" * 7_000, "a\0b", "<b>粗", "（）"])
def test_any_search_is_answered(client: Client, query: str) -> None:
    answer = client.get(reverse("outreach:search"), {"q": query})
    assert answer.status_code == 200
    assert "<b>粗" not in answer.content.decode()


def test_nothing_found_leads_on(client: Client) -> None:
    page = client.get(reverse("outreach:search"), {"q": "没有的词语"}).content.decode()
    assert "没有找到" in page
    assert reverse("outreach:ask") in page


# Large type ---------------------------------------------------------------------------------------


def test_large_type_is_kept_in_a_cookie_and_switched_back(client: Client) -> None:
    url = reverse("outreach:large_type")
    assert 'class="large-type"' not in client.get("/").content.decode()
    back = client.post(url, headers={"referer": "http://testserver/guide/card/"})
    assert back["Location"] == "http://testserver/guide/card/"
    assert 'class="large-type"' in client.get("/").content.decode()
    client.post(url)
    assert 'class="large-type"' not in client.get("/").content.decode()


def test_large_type_leads_to_no_other_site(client: Client) -> None:
    answer = client.post(
        reverse("outreach:large_type"), headers={"referer": "https://elsewhere.example/"}
    )
    assert answer["Location"] == "/"


# Questions asked ----------------------------------------------------------------------------------


def test_a_question_is_asked_and_its_answer_read_by_its_own_address(
    client: Client, client_of: ClientOf, officer: User
) -> None:
    url = reverse("outreach:ask")
    nonce = client.get(url).context["form"].fields["nonce"].initial
    data = {"text": "服务业能办吗？", "name": "李", "nonce": nonce}
    asked = client.post(url, data)
    again = client.post(url, data)
    assert asked["Location"] == again["Location"]
    row = Consultation.objects.get()
    assert row.due_at > timezone.now()
    waiting = client.get(asked["Location"]).content.decode()
    assert "问题已收到" in waiting
    desk = client_of(officer)
    question = Question.objects.get(text__contains="没有进出口")
    page = desk.post(row.get_absolute_url(), {"take": question.pk, "answer": ""})
    assert "服务业也可以办" in page.context["form"].initial["answer"]
    answer = {"answer": "能办。", "question": question.pk, "seen_version": row.version}
    desk.post(row.get_absolute_url(), answer)
    row.refresh_from_db()
    assert (row.closed_by, row.question_version) == (officer, question.version)
    assert "能办。" in client.get(asked["Location"]).content.decode()


def test_an_answer_that_was_new_becomes_a_common_question(
    client_of: ClientOf, officer: User
) -> None:
    row = ConsultationFactory.create(answer="能办。", closed_at=timezone.now(), closed_by=officer)
    desk = client_of(officer)
    link = f"{reverse('outreach:question_new')}?consultation={row.pk}"
    assert link in desk.get(row.get_absolute_url()).content.decode()
    form = desk.get(link).context["form"]
    assert (form.initial["text"], form.initial["answer"]) == ("服务业能办吗？", "能办。")
    assert form.initial["is_shown"] is False


def test_the_second_officer_does_not_overwrite_the_first(
    client_of: ClientOf, officer: User, other_officer: User
) -> None:
    row = ConsultationFactory.create()
    data = {"answer": "甲的答复", "seen_version": row.version}
    client_of(officer).post(row.get_absolute_url(), data)
    client_of(other_officer).post(row.get_absolute_url(), data | {"answer": "乙的"})
    row.refresh_from_db()
    assert row.answer == "甲的答复"


def test_after_five_questions_an_address_waits(client: Client) -> None:
    codes = [client.post(reverse("outreach:ask"), {}).status_code for _ in range(6)]
    assert codes == [422] * 5 + [429]


@pytest.mark.parametrize(
    "data",
    [
        {"text": "长" * 10_000, "name": "李", "nonce": "n" * 32},
        {"text": "问", "name": "李" * 10_000, "nonce": "n" * 32},
        {"text": "问", "name": "李", "phone": "12", "nonce": "n" * 32},
        {"text": "问", "name": "李", "nonce": "x"},
    ],
)
def test_what_does_not_fit_is_refused_in_words(client: Client, data: dict[str, str]) -> None:
    assert client.post(reverse("outreach:ask"), data).status_code == 422
    assert not Consultation.objects.exists()


def test_the_lists_take_the_same_queries_for_one_and_for_fifty(
    client_of: ClientOf, officer: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    desk = client_of(officer)
    for count in (1, 49):
        ConsultationFactory.create_batch(count)
        with django_assert_max_num_queries(12):
            answer = desk.get(reverse("outreach:consultation_list"))
        assert len(answer.content) < 60 * 1024
        with django_assert_max_num_queries(12):
            desk.get(reverse("outreach:desk"))
