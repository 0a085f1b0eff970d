"""Articles: written, checked by a second person, shown from a day to a day, told of and read."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from enterprises.models import Contact, Demand, Enterprise
from notices.models import Notice
from outreach.articles.links import check_links, dead_links_of, external_links
from outreach.articles.outward import channel_texts
from outreach.articles.services import (
    ArticleRefused,
    ask_for_check,
    chase_unread,
    mark_read,
    publish_article,
    save_article,
)
from outreach.articles.spreading import beside_the_portal, concerned_by, spread_due
from outreach.articles.versions import compared
from outreach.desk.tasks_of_officer import tasks
from outreach.markdown import html_of, links_of, plain_of
from outreach.models import Article, ArticleReading, Question
from tests.conftest import ClientOf
from tests.factories import EnterpriseFactory
from tests.outreach.factories import ArticleFactory

pytestmark = pytest.mark.django_db


def public(client: Client, article: Article) -> int:
    return client.get(reverse("outreach:article", args=[article.pk])).status_code


def publish(article: Article, *, by: User, ahead: int = 0, days: int | None = None) -> None:
    day = timezone.localdate() + timedelta(days=ahead)
    until = None if days is None else day + timedelta(days=days)
    publish_article(
        article, shown_from=day, shown_until=until, review_by=day + timedelta(days=180), by=by
    )


# Writing, checking, showing -----------------------------------------------------------------------


def test_an_article_goes_through_two_pairs_of_eyes(
    client: Client, client_of: ClientOf, officer: User, other_officer: User
) -> None:
    desk = client_of(officer)
    form = {"kind": "policy", "title": "新规定", "body": "**请看**", "audience": "all"}
    desk.post(reverse("outreach:article_new"), form)
    article = Article.objects.get()
    assert public(client, article) == 404
    url = reverse("outreach:article_act", args=[article.pk, "ask-check"])
    desk.post(url, {"seen_version": article.version})
    asked = Notice.objects.filter(cause__startswith=f"outreach:article:{article.pk}:check")
    assert [notice.recipient for notice in asked] == [other_officer]
    today = timezone.localdate()
    dates = {"shown_from": today, "review_by": today + timedelta(days=100)}
    publish_url = reverse("outreach:article_publish", args=[article.pk])
    own = desk.post(publish_url, dates, follow=True)
    assert "最后修改的人不能自己发布" in own.content.decode()
    client_of(other_officer).post(publish_url, dates)
    shown = client.get(reverse("outreach:article", args=[article.pk]))
    assert "<strong>请看</strong>" in shown.content.decode()
    assert "新规定" in client.get(reverse("outreach:news")).content.decode()
    assert "新规定" in client.get("/").content.decode()


def test_it_is_shown_and_withdrawn_on_its_day(client: Client, officer: User) -> None:
    article = ArticleFactory.create(checking=True)
    publish(article, by=officer, ahead=2, days=3)
    start = timezone.now()
    found = []
    for ahead in (0, 1, 2, 5, 6):
        with time_machine.travel(start + timedelta(days=ahead), tick=False):
            found.append(public(client, article))
    assert found == [404, 404, 200, 200, 404]


def test_what_is_written_anew_is_not_shown_before_its_check(client: Client, officer: User) -> None:
    article = ArticleFactory.create(published=True, title="旧标题")
    article.title = "新标题"
    save_article(article, by=officer)
    page = client.get(reverse("outreach:article", args=[article.pk])).content.decode()
    assert "旧标题" in page
    assert "新标题" not in page


def test_it_is_withdrawn_at_once(client: Client, client_of: ClientOf, officer: User) -> None:
    article = ArticleFactory.create(published=True)
    url = reverse("outreach:article_act", args=[article.pk, "withdraw"])
    client_of(officer).post(url, {"seen_version": article.version})
    assert public(client, article) == 404


def test_what_is_not_to_be_checked_is_not_published(officer: User) -> None:
    with pytest.raises(ArticleRefused, match="现在是“草稿”"):
        publish(ArticleFactory.create(), by=officer)


def test_a_day_of_the_past_is_refused(client_of: ClientOf, officer: User) -> None:
    article = ArticleFactory.create(checking=True)
    dates = {"shown_from": "2020-01-01", "review_by": "2030-01-01"}
    url = reverse("outreach:article_publish", args=[article.pk])
    answer = client_of(officer).post(url, dates)
    assert answer.status_code == 422
    assert "不能早于今天" in answer.content.decode()


def test_a_preview_saves_nothing(client_of: ClientOf, officer: User) -> None:
    form = {"kind": "policy", "title": "新规定", "body": "## 小标题", "audience": "all"}
    page = client_of(officer).post(reverse("outreach:article_new"), form | {"preview": "1"})
    assert "<h3>小标题</h3>" in page.content.decode()
    assert not Article.objects.exists()


def test_versions_are_kept_and_compared(client_of: ClientOf, officer: User) -> None:
    article = Article(title="通知", body="第一行\n第二行")
    save_article(article, by=officer)
    article.body = "第一行\n改过的"
    save_article(article, by=officer)
    assert [version.number for version in article.versions.all()] == [2, 1]
    page = client_of(officer).get(article.get_absolute_url()).content.decode()
    assert "<del>第二行</del>" in page
    assert "<ins>改过的</ins>" in page


def test_lines_of_two_versions() -> None:
    found = [(line.sign, line.text) for line in compared("甲\n乙", "甲\n丙")]
    assert found == [("kept", "甲"), ("gone", "乙"), ("new", "丙")]


def test_a_past_review_day_is_a_task(officer: User) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    ArticleFactory.create(published=True, review_by=yesterday)
    assert [(task.title, task.detail) for task in tasks(officer)] == [("请再核对文章", "1篇")]


def test_the_list_takes_the_same_queries_for_one_and_for_fifty(
    client_of: ClientOf, officer: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    desk = client_of(officer)
    for count in (1, 49):
        ArticleFactory.create_batch(count, edited_by=officer)
        with django_assert_max_num_queries(12):
            desk.get(reverse("outreach:article_list"))


@pytest.mark.parametrize("readers", [1, 30])
def test_an_important_article_costs_the_same_however_many_have_read_it(
    client_of: ClientOf,
    officer: User,
    readers: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    article = ArticleFactory.create(published=True, is_important=True, shown_important=True)
    for number, enterprise in enumerate(EnterpriseFactory.create_batch(readers)):
        read = {"read_at": timezone.now(), "read_by": officer} if number % 2 else {}
        ArticleReading.objects.create(article=article, enterprise=enterprise, **read)
    desk, address = client_of(officer), reverse("outreach:article_edit", args=[article.pk])
    desk.get(address)  # the first page of a session also writes it
    with django_assert_max_num_queries(12):
        page = desk.get(address)
    assert (page.context["told_count"], page.context["read_count"]) == (readers, readers // 2)


# Markdown -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://elsewhere.example/x.png)",
        "![x](//elsewhere.example/x.png)",
        '<a href="x" style="color:red">x</a>',
        "[x](vbscript:x)",
    ],
)
def test_nothing_hostile_comes_out_of_markdown(hostile: str) -> None:
    for tag, rest in re.findall(r"<(\w+)([^>]*)>", html_of(hostile)):
        assert tag in {"p", "a", "img"}
        assert not re.search(r"\bon|style|src|script:|data:", rest)


def test_ten_thousand_brackets_take_no_time() -> None:
    assert html_of("[" * 10_000)
    assert html_of("> " * 5_000)
    assert html_of("*a " * 6_000)


def test_headings_stand_below_that_of_the_page() -> None:
    assert html_of("# 大") == "<h2>大</h2>\n"


def test_text_for_a_chat_has_no_marks_and_names_the_pictures() -> None:
    link, picture = "[规定](https://a.example/)", "![流程图](/static/x.png)"
    text = f"## 通知\n\n请**及时**看{link}：\n\n- 甲\n- 乙\n\n{picture}"
    expected = "通知\n\n请及时看规定（https://a.example/）：\n\n• 甲\n\n• 乙\n\n【图片：流程图】"
    assert plain_of(text) == expected


# Links --------------------------------------------------------------------------------------------


def test_links_of_our_own_that_lead_nowhere_are_found() -> None:
    text = (
        "[甲](/guide/card/) [乙](/nowhere/) [丙](/news/7/) [丁](https://a.example/) [戊](tel:12345)"
    )
    assert dead_links_of(text, frozenset()) == ["/nowhere/", "/news/7/"]
    assert dead_links_of(text, frozenset({7})) == ["/nowhere/"]
    assert links_of(text)[0] == "/guide/card/"


def test_the_sweep_finds_what_has_died_meanwhile(client_of: ClientOf, officer: User) -> None:
    target = ArticleFactory.create(published=True)
    link = reverse("outreach:article", args=[target.pk])
    ArticleFactory.create(published=True, title="引用别的", body=f"见[那里]({link})")
    assert check_links() == 0
    Article.objects.filter(pk=target.pk).update(withdrawn_at=timezone.now())
    assert check_links() == 1
    page = client_of(officer).get(reverse("outreach:link_list")).content.decode()
    assert link in page
    assert "有链接失效" in [task.title for task in tasks(officer)]


def test_the_first_answers_lead_to_pages_that_there_are() -> None:
    check_links()
    assert [question.text for question in Question.objects.exclude(dead_links=[])] == []


def test_other_sites_are_listed_for_a_person_of_the_station_to_try(
    officer: User, tax_liaison: User
) -> None:
    found = [link.target for link in external_links(officer)]
    assert "https://consular.mfa.gov.cn/APEC/" in found
    assert external_links(tax_liaison) == []


def test_the_sweep_reads_what_the_public_reads_not_the_draft(officer: User) -> None:
    article = ArticleFactory.create(published=True, body="[好的](/guide/card/)")
    article.body = "[坏的](/nowhere/)"
    save_article(article, by=officer)
    assert check_links() == 0
    article.refresh_from_db()
    assert article.dead_links == []
    Article.objects.update(shown_body="[坏的](/nowhere/)", body="改好了")
    assert check_links() == 1


def test_a_dead_link_stops_the_publication(officer: User, other_officer: User) -> None:
    article = Article(title="通知", body="[这里](/nowhere/)")
    save_article(article, by=officer)
    ask_for_check(article, by=officer)
    with pytest.raises(ArticleRefused, match="1个站内链接打不开"):
        publish(article, by=other_officer)


# Telling and reading ------------------------------------------------------------------------------


@pytest.fixture
def important(agent: User, other_agent: User) -> Article:
    article: Article = ArticleFactory.create(published=True, is_important=True)
    return article


def send_to(article: Article, **audience: object) -> None:
    """As if it had been published for these."""
    article.shown_to = article.audience_now | audience
    article.save()


def test_it_goes_to_whom_it_was_published_for_not_to_whom_the_draft_says(
    important: Article, officer: User, enterprise: Enterprise
) -> None:
    Enterprise.objects.filter(pk=enterprise.pk).update(kind="district")
    send_to(important, audience="kinds", enterprise_kinds=["district"])
    important.audience, important.is_important = "all", False
    important.title = "没有复核的标题"
    save_article(important, by=officer)
    assert spread_due() == 1
    assert "没有复核的标题" not in Notice.objects.get(cause__contains="article").subject


def test_it_goes_by_stage_and_by_economy_of_the_ledger(
    important: Article, enterprise: Enterprise
) -> None:
    demand = Demand.objects.create(
        name=enterprise.name, enterprise=enterprise, source="list", stage="interested",
        economies=["JPN", "VNM"],
    )  # fmt: skip
    Demand.objects.create(name="没登记的贸易行", source="list", economies=["JPN"])
    by_economy = important.audience_now | {"audience": "economies", "economies": ["JPN"]}
    by_stage = important.audience_now | {"audience": "stages", "stages": ["interested"]}
    for to in (by_economy, by_stage):
        assert list(concerned_by(to)) == [enterprise]
    assert [row.name for row in beside_the_portal(by_economy)] == ["没登记的贸易行"]
    assert not concerned_by(by_economy | {"economies": ["PER"]}).exists()
    assert demand.enterprise == enterprise


def test_reading_it_counts_as_told_in_the_ledger(
    important: Article, agent: User, enterprise: Enterprise
) -> None:
    spread_due()
    mark_read(important, by=agent)
    mark_read(important, by=agent)
    row = Demand.objects.get(enterprise=enterprise)
    assert (row.stage, row.contacts.get().kind) == ("told", Contact.Kind.ARTICLE)


def test_posted_in_the_group_it_has_told_whoever_was_in_it(
    client_of: ClientOf, important: Article, officer: User
) -> None:
    today = timezone.localdate()
    inside = Demand.objects.create(name="群里的公司", source="list", in_group_since=today)
    later = today + timedelta(days=1)
    outside = Demand.objects.create(name="还没进群的", source="list", in_group_since=later)
    url = reverse("outreach:article_post", args=[important.pk])
    desk = client_of(officer)
    nonce = desk.get(url).context["form"].fields["nonce"].initial
    data = {"channel": "group", "posted_on": today, "note": "外贸一群", "nonce": nonce}
    page = desk.post(url, data, follow=True)
    desk.post(url, data)
    assert "台账里1户记为已告知" in page.content.decode()
    inside.refresh_from_db()
    assert (inside.stage, inside.contacts.get().kind) == ("told", Contact.Kind.GROUP)
    assert not outside.contacts.exists()
    assert important.posts.get().told == 1
    data |= {"channel": "account", "nonce": nonce[::-1]}
    desk.post(url, data)
    assert inside.contacts.count() == 1
    assert important.posts.count() == 2


def test_what_is_copied_is_what_was_published_with_the_pictures_places(
    client_of: ClientOf, officer: User
) -> None:
    article = ArticleFactory.create(published=True, body="看![流程图](/static/x.png)吧")
    article.body = "没复核"
    save_article(article, by=officer)
    account, group = channel_texts(article)
    assert "看【图片：流程图】吧" in account.text
    assert [(one.place, one.address) for one in account.pictures] == [
        ("【图片：流程图】", "/static/x.png")
    ]
    assert reverse("outreach:article", args=[article.pk]) in group.text
    page = client_of(officer).get(article.get_absolute_url()).content.decode()
    assert "记一笔" in page


@pytest.mark.parametrize("audience", ["kinds", "stages", "economies"])
def test_an_audience_that_is_chosen_by_something_asks_for_it(
    client_of: ClientOf, officer: User, audience: str
) -> None:
    form = {"kind": "policy", "title": "新规定", "body": "正文", "audience": audience}
    answer = client_of(officer).post(reverse("outreach:article_new"), form)
    assert answer.status_code == 422
    assert "请至少选一" in answer.content.decode()


def test_an_important_one_goes_to_each_enterprise_once(important: Article, agent: User) -> None:
    EnterpriseFactory.create(pending=True)
    assert spread_due() == 2
    assert spread_due() == 0
    assert Notice.objects.filter(recipient=agent, cause=f"outreach:article:{important.pk}").exists()


def test_it_goes_out_on_its_day_not_before(important: Article) -> None:
    Article.objects.update(shown_from=timezone.localdate() + timedelta(days=1))
    assert spread_due() == 0
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        assert spread_due() == 2


def test_it_goes_to_the_kinds_that_are_meant(important: Article, enterprise: Enterprise) -> None:
    Enterprise.objects.filter(pk=enterprise.pk).update(kind="district")
    send_to(important, audience="kinds", enterprise_kinds=["district"])
    spread_due()
    assert [reading.enterprise for reading in important.readings.all()] == [enterprise]


def test_without_card_holders_it_goes_to_nobody(important: Article) -> None:
    send_to(important, audience="holders")
    assert spread_due() == 0
    assert not important.readings.exists()


def test_who_has_read_it_is_known(
    client_of: ClientOf, important: Article, agent: User, officer: User, enterprise: Enterprise
) -> None:
    spread_due()
    reader = client_of(agent)
    url = reverse("outreach:article", args=[important.pk])
    assert "我已阅读" in reader.get(url).content.decode()
    reader.post(reverse("outreach:article_read", args=[important.pk]))
    reader.post(reverse("outreach:article_read", args=[important.pk]))
    assert "本单位已确认阅读" in reader.get(url).content.decode()
    assert important.readings.get(enterprise=enterprise).read_by == agent
    page = client_of(officer).get(important.get_absolute_url()).content.decode()
    assert "已通知2家，1家已读" in page


def test_the_unread_are_chased_once_a_day(
    important: Article, agent: User, other_agent: User, officer: User
) -> None:
    spread_due()
    mark_read(important, by=agent)
    assert chase_unread(important, by=officer) == 1
    assert chase_unread(important, by=officer) == 0
    chased = Notice.objects.filter(cause__startswith=f"outreach:article:{important.pk}:")
    assert [notice.recipient for notice in chased] == [other_agent]
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        assert chase_unread(important, by=officer) == 1


def test_a_withdrawn_article_is_not_chased(
    client_of: ClientOf, important: Article, officer: User
) -> None:
    spread_due()
    Article.objects.update(withdrawn_at=timezone.now(), state="withdrawn")
    important.refresh_from_db()
    with pytest.raises(ArticleRefused, match="现在不公开"):
        chase_unread(important, by=officer)
    page = client_of(officer).post(
        reverse("outreach:article_chase", args=[important.pk]), follow=True
    )
    assert "没有提醒" in page.content.decode()
    assert not Notice.objects.filter(cause__contains=f"article:{important.pk}:").exists()


def test_every_version_is_counted_and_can_be_compared(client_of: ClientOf, officer: User) -> None:
    article = Article(title="通知", body="第1版")
    for number in range(1, 26):
        article.body = f"第{number}版"
        save_article(article, by=officer)
    page = client_of(officer).get(f"{article.get_absolute_url()}?version=2").content.decode()
    assert "共25版" in page
    assert "<del>第2版</del>" in page


# Common questions ---------------------------------------------------------------------------------


def test_a_question_is_saved_as_its_next_version(client_of: ClientOf, officer: User) -> None:
    question = Question.objects.all()[1]
    desk = client_of(officer)
    form = desk.get(question.get_absolute_url()).context["form"]
    data = {name: form.initial.get(name) or "" for name in form.fields}
    data |= {"answer": "每张卡{cards.fee}元。", "seen_version": question.version}
    answer = desk.post(question.get_absolute_url(), data)
    assert answer.status_code == 302
    question.refresh_from_db()
    assert [version.number for version in question.versions.all()] == [2, 1]
    page = desk.get(reverse("outreach:questions")).content.decode()
    assert "每张卡720元。" in page


def test_a_question_to_be_looked_over_is_a_task(officer: User) -> None:
    question = Question.objects.all()[0]
    Question.objects.filter(pk=question.pk).update(review_by=timezone.localdate() - timedelta(1))
    assert [(task.title, task.detail) for task in tasks(officer)] == [("请再核对常见问题", "1条")]
