"""The directory, leave, handing on, phrases, and drafts that save themselves."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import AuditEvent, User
from reviews.models import Leave, Opinion, Phrase, ReviewTable
from tests.conftest import ClientOf
from tests.factories import ReviewTableFactory, UserFactory, agent_of, liaison

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(officer: User) -> ReviewTable:
    form: ReviewTable = ReviewTableFactory.create(circulated_by=officer)
    return form


@pytest.fixture
def opinion(review: ReviewTable, tax_liaison: User) -> Opinion:
    """The tax bureau's, in its liaison's hands."""
    review.opinions.filter(department=tax_liaison.department).update(
        owner=tax_liaison, assignee=tax_liaison
    )
    return review.opinions.with_case().get(department=tax_liaison.department)


@pytest.fixture
def colleague(db: None) -> User:
    return liaison("tax", name="税务同事", username="tax2", duties="核实欠税")


@pytest.fixture
def tax(client_of: ClientOf, tax_liaison: User) -> Client:
    return client_of(tax_liaison)


def day(offset: int) -> date:
    return timezone.localdate() + timedelta(days=offset)


# The directory


def test_the_directory_shows_duties_phone_and_who_stands_in(
    tax: Client, tax_liaison: User, colleague: User, officer: User, supervisor: User
) -> None:
    Leave.objects.create(
        user=tax_liaison,
        first_day=day(0),
        last_day=day(0),
        stand_in=colleague,
        entered_by=tax_liaison,
    )
    page = tax.get(reverse("reviews:directory")).content.decode()
    assert "核实欠税" in page
    assert 'href="tel:13800000000"' in page
    assert "由税务同事代办" in page
    assert "专员甲" in page
    assert "税务分管领导" in page


def test_the_directory_leaves_out_agents_administrators_and_accounts_switched_off(
    tax: Client, agent: User, auditor: User
) -> None:
    liaison("tax", name="离岗同事", is_active=False)
    page = tax.get(reverse("reviews:directory")).content.decode()
    assert "区税务局联络员" in page
    for name in (agent.name, auditor.name, "离岗同事"):
        assert name not in page


@pytest.mark.parametrize("name", ["reviews:directory", "reviews:leave_list"])
def test_fifty_people_cost_no_more_queries_than_one(
    name: str,
    client_of: ClientOf,
    officer: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = client_of(officer)
    for number in range(50):
        person = liaison("police", name=f"民警{number}", username=f"police{number}")
        Leave.objects.create(
            user=person, first_day=day(-12), last_day=day(number - 10), entered_by=officer
        )
        UserFactory.create(officer=True)
    with django_assert_max_num_queries(12):
        assert "民警49" in client.get(reverse(name)).content.decode()


# Leave


def test_a_liaison_enters_and_ends_his_own_leave(
    tax: Client, tax_liaison: User, colleague: User, opinion: Opinion
) -> None:
    entered = {"first_day": day(0), "last_day": day(2), "stand_in": colleague.pk}
    url = reverse("reviews:leave_new", args=[tax_liaison.pk])
    for _ in range(2):
        assert tax.post(url, entered).status_code == 302
    leave = Leave.objects.get()
    opinion.refresh_from_db()
    assert opinion.assignee == colleague
    assert "休假中" in tax.get(reverse("reviews:leave_list")).content.decode()
    tax.post(reverse("reviews:leave_cancel", args=[leave.pk]))
    opinion.refresh_from_db()
    assert opinion.assignee == tax_liaison
    assert "已取消" in tax.get(reverse("reviews:leave_list")).content.decode()


def test_wrong_dates_are_said_beside_the_field(tax: Client, tax_liaison: User) -> None:
    url = reverse("reviews:leave_new", args=[tax_liaison.pk])
    page = tax.post(url, {"first_day": day(3), "last_day": day(1)}).content.decode()
    assert "休假的最后一天不能早于第一天，请核对日期。" in page
    page = tax.post(url, {"first_day": "明天", "last_day": ""}).content.decode()
    assert "请按“年-月-日”填写，如 2026-11-23。" in page
    assert "请填写休假的最后一天。" in page


def test_the_officer_enters_leave_for_a_liaison_and_is_warned_of_a_gap(
    client_of: ClientOf, officer: User, tax_liaison: User
) -> None:
    client = client_of(officer)
    url = reverse("reviews:leave_new", args=[tax_liaison.pk])
    page = client.post(url, {"first_day": day(0), "last_day": day(0)}, follow=True)
    assert "区税务局的联络员都在休假，没有代办人在岗" in page.content.decode()
    leave = Leave.objects.get()
    assert (leave.user, leave.entered_by) == (tax_liaison, officer)


def test_nobody_ends_a_colleagues_leave(
    client_of: ClientOf, tax_liaison: User, colleague: User
) -> None:
    leave = Leave.objects.create(
        user=tax_liaison, first_day=day(0), last_day=day(0), entered_by=tax_liaison
    )
    client = client_of(colleague)
    assert client.post(reverse("reviews:leave_cancel", args=[leave.pk])).status_code == 404


# Handing on


def test_an_opinion_is_handed_on_and_its_way_shows(
    tax: Client, opinion: Opinion, colleague: User, client_of: ClientOf
) -> None:
    url = reverse("reviews:opinion_transfer", args=[opinion.pk])
    page = tax.post(url, {"to": colleague.pk, "reason": ""}).content.decode()
    assert "请写明转办的原因" in page
    assert tax.post(url, {"to": colleague.pk, "reason": "企业由他联系"}).status_code == 302
    opinion.refresh_from_db()
    assert opinion.assignee == colleague
    page = client_of(colleague).get(url).content.decode()
    assert "企业由他联系" in page
    edit = tax.get(reverse("reviews:opinion_edit", args=[opinion.pk])).content.decode()
    assert "现在由税务同事办理，您也可以填写和签署。" in edit


def test_a_colleague_who_has_set_no_password_yet_is_handed_nothing(
    tax: Client, opinion: Opinion, colleague: User
) -> None:
    url = reverse("reviews:opinion_transfer", args=[opinion.pk])
    assert "税务同事" in tax.get(url).text
    colleague.set_unusable_password()
    colleague.save()
    assert "税务同事" not in tax.get(url).text
    tax.post(url, {"to": colleague.pk, "reason": "企业由他联系"})
    opinion.refresh_from_db()
    assert opinion.assignee != colleague


def test_without_a_colleague_it_is_said_who_helps(
    client_of: ClientOf, tax_liaison: User, opinion: Opinion
) -> None:
    User.objects.liaisons_of(tax_liaison.department).exclude(pk=tax_liaison.pk).delete()
    desk = client_of(tax_liaison)
    page = desk.get(opinion.get_absolute_url()).text
    assert "转给同事办理" not in page
    assert '请致电服务站（<a class="tel" href="tel:023' in page
    transfer = desk.get(reverse("reviews:opinion_transfer", args=[opinion.pk])).text
    assert "由系统管理员开设账户" in transfer


def test_a_stranger_to_the_department_cannot_be_chosen(
    tax: Client, opinion: Opinion, police_liaison: User
) -> None:
    url = reverse("reviews:opinion_transfer", args=[opinion.pk])
    page = tax.post(url, {"to": police_liaison.pk, "reason": "试试"}).content.decode()
    assert "本部门的联络员，请另选一人" in page or "没有其他联络员在岗" in page
    opinion.refresh_from_db()
    assert opinion.assignee != police_liaison


def test_the_table_says_to_staff_who_acts_and_not_to_the_enterprise(
    opinion: Opinion, colleague: User, tax_liaison: User, officer: User, client_of: ClientOf
) -> None:
    Opinion.objects.filter(pk=opinion.pk).update(assignee=colleague)
    agent = agent_of(opinion.table.application.enterprise)
    url = reverse("reviews:table_detail", args=[opinion.table_id])
    assert "由税务同事办理（代区税务局联络员）" in client_of(officer).get(url).content.decode()
    of_agent = client_of(agent).get(url).content.decode()
    assert opinion.table.number in of_agent
    assert "税务同事" not in of_agent


# Phrases


def test_a_department_changes_its_own_phrases_only(tax: Client, opinion: Opinion) -> None:
    new = {"text": "经核实，同意申办。", "position": "1", "is_active": "on"}
    for _ in range(2):
        assert tax.post(reverse("reviews:phrase_new"), new).status_code == 302
    phrase = Phrase.objects.get(text="经核实，同意申办。")
    assert phrase.department.code == "tax"
    edit = reverse("reviews:opinion_edit", args=[opinion.pk])
    assert "经核实，同意申办。" in tax.get(edit).content.decode()
    changed = {"text": "经核实，同意申办。", "position": "1", "seen_version": phrase.version}
    tax.post(reverse("reviews:phrase_edit", args=[phrase.pk]), changed)
    assert "经核实，同意申办。" not in tax.get(edit).content.decode()
    assert AuditEvent.objects.filter(action__startswith="phrase.").count() == 2
    other = Phrase.objects.filter(department__code="police")[0]
    assert tax.get(reverse("reviews:phrase_edit", args=[other.pk])).status_code == 404


def test_a_phrase_brings_its_conclusion(tax: Client, opinion: Opinion) -> None:
    carried = dict(Phrase.objects.filter(department__code="tax").values_list("text", "conclusion"))
    assert carried["情况属实，同意申办。"] == "agree"
    assert carried["该公司存在欠税，缴清前暂不同意。"] == "disagree"
    new = {"text": "请补充完税凭证后再议。", "conclusion": "", "position": "9", "is_active": "on"}
    tax.post(reverse("reviews:phrase_new"), new)
    assert Phrase.objects.get(text="请补充完税凭证后再议。").conclusion == ""
    page = tax.get(reverse("reviews:opinion_edit", args=[opinion.pk])).content.decode()
    assert page.count('data-conclusion="disagree"') == 1
    assert page.count("结论：不同意") == 1


def test_two_who_change_a_phrase_do_not_overwrite_each_other(tax: Client) -> None:
    phrase = Phrase.objects.filter(department__code="tax")[0]
    url = reverse("reviews:phrase_edit", args=[phrase.pk])
    seen = {"position": "1", "is_active": "on", "seen_version": phrase.version}
    assert tax.post(url, {"text": "第一个人改的。", **seen}).status_code == 302
    page = tax.post(url, {"text": "第二个人改的。", **seen}).content.decode()
    assert "别人已经修改过" in page
    phrase.refresh_from_db()
    assert phrase.text == "第一个人改的。"


# Drafts


def typed(opinion: Opinion, words: str) -> dict[str, object]:
    return {
        "tax_total": "12.5",
        "has_arrears": "no",
        "words": words,
        "seen_version": opinion.version,
    }


def test_a_draft_saves_itself_and_the_trail_keeps_that_it_was_begun(
    tax: Client, opinion: Opinion
) -> None:
    url = reverse("reviews:opinion_autosave", args=[opinion.pk])
    answer = tax.post(url, typed(opinion, "情况")).json()
    assert answer["message"].startswith("草稿已自动保存 ")
    tax.post(url, {**typed(opinion, "情况属实"), "seen_version": answer["version"]})
    opinion.refresh_from_db()
    assert opinion.words == "情况属实"
    assert opinion.answers == {"tax_total": "12.50", "has_arrears": False}
    assert AuditEvent.objects.filter(action="opinion.draft").count() == 1


def test_a_second_tab_does_not_overwrite_the_first(tax: Client, opinion: Opinion) -> None:
    url = reverse("reviews:opinion_autosave", args=[opinion.pk])
    assert tax.post(url, typed(opinion, "第一页")).status_code == 200
    refused = tax.post(url, typed(opinion, "第二页"))
    assert refused.status_code == 409
    assert "您在另一个页面（" in refused.json()["message"]
    assert "现在存着的办理意见是“第一页”" in refused.json()["message"]
    opinion.refresh_from_db()
    assert opinion.words == "第一页"


def test_a_colleagues_words_are_shown_and_may_then_be_replaced_knowingly(
    tax: Client, opinion: Opinion, colleague: User, client_of: ClientOf
) -> None:
    url = reverse("reviews:opinion_autosave", args=[opinion.pk])
    client_of(colleague).post(url, typed(opinion, "同事写的"))
    edit = reverse("reviews:opinion_edit", args=[opinion.pk])
    page = tax.post(edit, {**typed(opinion, "我写的"), "draft": "1"})
    text = page.content.decode()
    assert "税务同事在您打开之后修改过这份意见" in text
    assert "现在存着的办理意见是“同事写的”" in text
    assert ">\n我写的</textarea>" in text
    opinion.refresh_from_db()
    assert opinion.words == "同事写的"
    again = tax.post(edit, {**typed(opinion, "我写的"), "draft": "1"})
    assert again.status_code == 302
    opinion.refresh_from_db()
    assert opinion.words == "我写的"


def test_what_is_wrong_is_not_saved_by_itself(tax: Client, opinion: Opinion) -> None:
    url = reverse("reviews:opinion_autosave", args=[opinion.pk])
    refused = tax.post(url, {**typed(opinion, "情况"), "tax_total": "很多"})
    assert refused.status_code == 422
    assert refused.json()["message"] == "没有自动保存，请先改正：上一年度纳税总额（万元）。"
    refused = tax.post(url, {**typed(opinion, "情况"), "seen_version": ""})
    assert refused.status_code == 422


# Supplements


def test_only_the_departments_own_materials_are_offered(tax: Client, opinion: Opinion) -> None:
    page = tax.get(reverse("reviews:opinion_supplement", args=[opinion.pk])).content.decode()
    assert "材料2　" in page
    assert "材料3　" in page
    assert "材料8　" not in page
    assert "填写的信息" not in page
