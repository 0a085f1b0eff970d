"""The self-test on the public page, its versions at the station, and pre-checks by it."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from applications.models import Application
from outreach.desk.tasks_of_officer import tasks
from outreach.models import CallBack, Flow
from outreach.self_test.differences import differences
from outreach.self_test.services import (
    FlowRefused,
    begin_draft,
    document_in_force,
    publish,
    save_document,
)
from parameters.models import Parameter
from tests.conftest import ClientOf
from tests.outreach.factories import CallBackFactory

pytestmark = pytest.mark.django_db
URL = "/self-test/"
GOOD = {
    "place": "yes",
    "kind": "company",
    "business": "trade",
    "tax": "yes",
    "person": "ordinary",
    "passport": "long",
    "post": "manager",
    "social": "enough",
    "record": "neither",
    "card": "never",
}


# The public page ----------------------------------------------------------------------------------


def test_anybody_is_asked_one_question_a_page(client: Client) -> None:
    page = client.get(URL)
    assert page.status_code == 200
    assert "企业注册在万州区吗？" in page.content.decode()
    assert "企业是哪一种？" not in page.content.decode()


def test_each_answer_has_change_beside_it_and_leads_back(client: Client) -> None:
    page = client.get(URL, {"place": "yes", "kind": "company"}).content.decode()
    assert page.count(">更改</a>") == 2
    assert "/self-test/?place=yes&amp;kind=company&amp;change=place" in page
    assert ">上一题</a>" in page


def test_nothing_chosen_is_told_and_asked_again(client: Client) -> None:
    page = client.get(URL, {"asked": "place"})
    assert page.status_code == 422
    assert "请选一项" in page.content.decode()


def test_an_answer_that_is_changed_keeps_the_later_ones(client: Client) -> None:
    asked = client.get(URL, {**GOOD, "change": "tax"}).content.decode()
    assert 'name="social" value="enough"' in asked
    changed = client.get(URL, {**GOOD, "tax": "owing"}).content.decode()
    assert "现在还不能办" in changed
    assert "企业有欠税" in changed


def test_all_is_well_and_the_materials_are_listed(client: Client) -> None:
    page = client.get(URL, GOOD).content.decode()
    assert "看来可以办" in page
    assert "企业登记，开始申办" in page
    assert page.count("可由审核表替代") >= 4


def test_not_yet_says_why_what_helps_and_who_says_so(client: Client) -> None:
    page = client.get(URL, {**GOOD, "passport": "short"}).content.decode()
    assert "护照的有效期不够" in page
    assert "先到出入境管理部门换发新护照" in page
    assert "附件3第10项" in page


def test_a_rule_that_nobody_confirmed_says_so(client: Client) -> None:
    page = client.get(URL, {**GOOD, "post": "office"}).content.decode()
    assert "请先打个电话" in page
    assert "未经市政府外办确认" in page


def test_the_materials_are_those_of_this_case(client: Client) -> None:
    page = client.get(URL, {**GOOD, "business": "plan"}).content.decode()
    assert "按“进出口计划”核实" in page


def test_thresholds_come_from_the_parameters(client: Client) -> None:
    parameter = Parameter.objects.get(code="eligibility.social_months")
    parameter.values.update(value=9)
    page = client.get(URL, {**GOOD, "social": "short"}).content.decode()
    assert "不够9个月" in page


@pytest.mark.parametrize(
    "query", [{"place": "nowhere"}, {"x": "y" * 7_000}, {"change": "x"}, {"asked": "x"}]
)
def test_an_address_of_anything_is_the_first_question(client: Client, query: Any) -> None:
    page = client.get(URL, query)
    assert page.status_code == 200
    assert "企业注册在万州区吗？" in page.content.decode()


def test_a_page_of_it_takes_few_queries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(4):
        client.get(URL, GOOD)


# A call back --------------------------------------------------------------------------------------


def test_a_call_back_keeps_the_answers_and_no_plain_number(client: Client) -> None:
    url = f"{reverse('outreach:call_back_ask')}?place=yes&kind=other"
    form = client.get(url).context["form"]
    data = {
        "name": "王经理",
        "phone": "138 0000 1234",
        "when": "morning",
        "nonce": form.fields["nonce"].initial,
    }
    done = client.post(url, data)
    assert "专员会给您打电话" in done.content.decode()
    client.post(url, data)
    row = CallBack.objects.get()
    assert (row.phone, row.outcome) == ("13800001234", "next")
    assert row.answers == {"place": "yes", "kind": "other"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM outreach_callback")
        assert "1234" not in cursor.fetchone()[0]
    assert row.due_at > timezone.now()


def test_an_answer_is_changed_from_the_call_back_in_the_self_test(client: Client) -> None:
    url = f"{reverse('outreach:call_back_ask')}?place=yes&kind=other"
    page = client.get(url).content.decode()
    link = f"{reverse('outreach:self_test')}?place=yes&amp;kind=other&amp;change=kind"
    assert link in page
    assert page.count(">更改</a>") == 2


def test_after_five_call_backs_an_address_waits(client: Client) -> None:
    url = reverse("outreach:call_back_ask")
    codes = [client.post(url, {"name": ""}).status_code for _ in range(6)]
    assert codes == [422] * 5 + [429]


def test_the_officer_sees_the_number_by_a_click_that_is_recorded_and_closes(
    client_of: ClientOf, officer: User, other_officer: User
) -> None:
    row = CallBackFactory.create(answers={"place": "no"}, outcome="not_yet", flow_number=1)
    desk = client_of(officer)
    assert "13800001234" not in desk.get(row.get_absolute_url()).content.decode()
    shown = desk.post(reverse("outreach:call_back_reveal", args=[row.pk])).content.decode()
    assert "13800001234" in shown
    data = {"note": "已说明", "seen_version": row.version}
    desk.post(row.get_absolute_url(), data)
    late = client_of(other_officer).post(row.get_absolute_url(), {"note": "又打", **data})
    assert late.status_code == 200
    row.refresh_from_db()
    assert (row.closed_by, row.note) == (officer, "已说明")


def test_who_wishes_to_be_called_back_is_put_on_the_ledger_as_from_the_self_test(
    client_of: ClientOf, officer: User
) -> None:
    row = CallBackFactory.create(enterprise_name="样例丝绸", outcome="yes", flow_number=1)
    desk = client_of(officer)
    page = desk.get(row.get_absolute_url()).text
    address = f"{reverse('ledger:new')}?q={quote('样例丝绸')}&source=self_test"
    assert f'href="{address}"'.replace("&", "&amp;") in page
    form = desk.get(address).context["form"]
    assert (form["name"].value(), form["source"].value()) == ("样例丝绸", "self_test")
    # Looked for once more under another name, it still says whence it came.
    again = desk.get(f"{reverse('ledger:new')}?q=&source=self_test")
    assert 'value="self_test"' in again.text


# Versions -----------------------------------------------------------------------------------------


@pytest.fixture
def draft(officer: User) -> Flow:
    return begin_draft(by=officer)


def published(flow: Flow, by: User, **given: Any) -> None:
    dates = {"valid_from": timezone.localdate(), "valid_until": None} | given
    publish(flow, **dates, source="市外办电话", change="改一处", by=by)


def test_a_draft_begins_as_the_newest_and_there_is_one(officer: User, draft: Flow) -> None:
    assert draft.number == 2
    assert draft.document == Flow.objects.get(number=1).document
    assert begin_draft(by=officer) == draft


def test_a_draft_holds_when_its_day_has_come(officer: User, draft: Flow) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    published(draft, officer, valid_from=tomorrow)
    today_s = Flow.objects.in_force(timezone.localdate())
    assert today_s is not None
    assert today_s.number == 1
    assert Flow.objects.in_force(tomorrow) == draft


def test_a_version_whose_examples_fail_is_not_published(officer: User, draft: Flow) -> None:
    document = draft.document
    document["examples"][0]["outcome"] = "call"
    save_document(draft, document, by=officer)
    with pytest.raises(FlowRefused, match="应得出“call”，实际得出“yes”"):
        published(draft, officer)
    draft.refresh_from_db()
    assert draft.is_draft


def test_a_day_that_is_past_is_refused(officer: User, draft: Flow) -> None:
    with pytest.raises(FlowRefused, match="不能早于今天"):
        published(draft, officer, valid_from=date(2026, 1, 1))


def test_what_is_published_is_not_changed_any_more(officer: User, draft: Flow) -> None:
    published(draft, officer)
    with pytest.raises(FlowRefused, match="已经发布"):
        save_document(draft, {}, by=officer)


def test_the_officer_changes_a_text_tries_it_and_sees_the_difference(
    client_of: ClientOf, officer: User, draft: Flow
) -> None:
    desk = client_of(officer)
    url = reverse("outreach:flow_question", args=[draft.pk, "place"])
    form = desk.get(url).context["form"]
    data = {name: field.initial or "" for name, field in form.fields.items()}
    answer = desk.post(url, data | {"text": "企业在本区注册吗？"})
    assert answer.status_code == 302
    page = desk.get(draft.get_absolute_url()).content.decode()
    assert "企业在本区注册吗？" in page
    assert "题目“place”文字" in page
    preview = desk.get(reverse("outreach:flow_preview", args=[draft.pk])).content.decode()
    assert "企业在本区注册吗？" in preview
    assert "企业注册在万州区吗？" in desk.get(URL).content.decode()


def test_a_rule_gets_its_source_and_end_by_a_form(
    client_of: ClientOf, officer: User, draft: Flow
) -> None:
    url = reverse("outreach:flow_rule", args=[draft.pk, "business"])
    end = (timezone.localdate() + timedelta(days=10)).isoformat()
    data = {"text": "有往来", "source": "市外办", "until": end, "seen_version": draft.version}
    assert client_of(officer).post(url, data).status_code == 302
    draft.refresh_from_db()
    assert draft.document["rules"]["business"] == {
        "text": "有往来",
        "source": "市外办",
        "confirmed": False,
        "until": end,
    }


def test_a_rule_that_ends_soon_is_a_task_of_the_officer(
    client_of: ClientOf, officer: User, draft: Flow
) -> None:
    document = draft.document
    end = timezone.localdate() + timedelta(days=10)
    document["rules"]["business"]["until"] = end.isoformat()
    save_document(draft, document, by=officer)
    assert "资格自测要更新" not in [task.title for task in tasks(officer)]
    published(draft, officer)
    assert "资格自测要更新" in [task.title for task in tasks(officer)]
    assert "资格自测要更新" in client_of(officer).get("/").content.decode()


def test_a_version_that_ends_is_a_task_too(officer: User, draft: Flow) -> None:
    published(draft, officer, valid_until=timezone.localdate() + timedelta(days=5))
    assert any("资格自测第2版用到" in task.detail for task in tasks(officer))


def test_two_officers_on_one_draft_the_second_is_told(
    client_of: ClientOf, officer: User, other_officer: User, draft: Flow
) -> None:
    url = reverse("outreach:flow_rule", args=[draft.pk, "business"])
    data = {"text": "甲写的", "source": "甲", "seen_version": draft.version}
    client_of(officer).post(url, data)
    late = client_of(other_officer).post(url, data | {"text": "乙写的"})
    assert late.status_code == 422
    assert "别人改过这份草稿" in late.content.decode()


def test_what_was_tried_becomes_an_example(client_of: ClientOf, officer: User, draft: Flow) -> None:
    url = f"{reverse('outreach:flow_example', args=[draft.pk])}?place=no"
    client_of(officer).post(url, {"name": "别区企业", "seen_version": draft.version})
    draft.refresh_from_db()
    assert draft.document["examples"][-1] == {
        "name": "别区企业",
        "answers": {"place": "no"},
        "outcome": "not_yet",
    }


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "[" * 100_000, '{"a": 1', "\0", "长" * 200_000]
)
def test_a_document_that_is_no_json_is_refused_in_words(
    client_of: ClientOf, officer: User, draft: Flow, text: str
) -> None:
    url = reverse("outreach:flow_document", args=[draft.pk])
    answer = client_of(officer).post(url, {"document": text, "seen_version": draft.version})
    assert answer.status_code == 422


@pytest.mark.parametrize("text", ["{}", '{"questions": [{"id": 7}, 3], "rules": [1]}'])
def test_a_draft_of_any_shape_is_shown_with_what_is_wrong(
    client_of: ClientOf, officer: User, draft: Flow, text: str
) -> None:
    desk = client_of(officer)
    url = reverse("outreach:flow_document", args=[draft.pk])
    desk.post(url, {"document": text, "seen_version": draft.version})
    page = desk.get(draft.get_absolute_url())
    assert page.status_code == 200
    assert "还不能发布" in page.content.decode()
    assert desk.get(reverse("outreach:flow_preview", args=[draft.pk])).status_code == 302


def test_a_difference_names_place_before_and_after() -> None:
    before = {"questions": [{"id": "a", "text": "一"}, {"id": "b", "text": "二"}]}
    after = {"questions": [{"id": "a", "text": "甲"}, {"id": "c", "text": "三"}]}
    found = [(one.place, one.before, one.after) for one in differences(before, after)]
    assert found == [
        ("题目“a”文字", "一", "甲"),
        ("题目“c”文字", "", "三"),
        ("题目“b”文字", "二", ""),
    ]


# In a case ----------------------------------------------------------------------------------------


def test_a_pre_check_keeps_the_officers_word_beside_the_rules(
    client_of: ClientOf, officer: User, submitted: Application
) -> None:
    desk = client_of(officer)
    url = reverse("outreach:pre_check", args=[submitted.pk])
    form = desk.get(url).context["form"]
    answers = {f"q_{key}": value for key, value in {**GOOD, "social": "short"}.items()}
    data = {**answers, "nonce": form.initial["nonce"], "word": "fits"}
    refused = desk.post(url, data)
    assert "与规则得出的不同，请写明理由" in refused.content.decode()
    assert desk.post(url, data | {"reason": "下月满6个月"}).status_code == 302
    desk.post(url, data | {"reason": "下月满6个月"})
    made = submitted.pre_checks.get()
    assert (made.outcome, made.word, made.reason) == ("not_yet", "fits", "下月满6个月")
    assert made.reasons == ["在本企业连续参加社会保险不够6个月。"]
    page = desk.get(url).content.decode()
    assert "下月满6个月" in page


def test_what_the_case_says_is_chosen_beforehand(
    client_of: ClientOf, officer: User, submitted: Application
) -> None:
    submitted.applicant.passport_expires_on = timezone.localdate() + timedelta(days=100)
    submitted.applicant.save()
    form = (
        client_of(officer).get(reverse("outreach:pre_check", args=[submitted.pk])).context["form"]
    )
    assert form.fields["q_place"].initial == "yes"
    assert form.fields["q_passport"].initial == "short"


def test_a_question_left_open_is_asked_for(
    client_of: ClientOf, officer: User, submitted: Application
) -> None:
    url = reverse("outreach:pre_check", args=[submitted.pk])
    answer = client_of(officer).post(url, {"nonce": "n" * 20, "word": "fits", "q_place": "yes"})
    assert answer.status_code == 422
    assert "这一题还没有回答" in answer.content.decode()
    assert not submitted.pre_checks.exists()


# The command --------------------------------------------------------------------------------------


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[Any, int]:
    with pytest.raises(SystemExit) as ended:
        call_command("self_test", *arguments)
    out = capsys.readouterr().out
    return json.loads(out), int(str(ended.value.code))


@pytest.fixture
def answers(tmp_path: Path) -> Any:
    def written(content: Any) -> str:
        path = tmp_path / "answers.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return str(path)

    return written


def test_the_command_lists_the_questions(capsys: pytest.CaptureFixture[str]) -> None:
    found, status = run(capsys, "--questions")
    assert status == 0
    assert [question["id"] for question in found["questions"]] == list(GOOD)
    first = found["questions"][0]
    assert first["text"] == "企业注册在万州区吗？"
    assert first["options"][0] == {"id": "yes", "text": "是，住所和登记机关都在万州区"}


@pytest.mark.parametrize(
    ("given", "outcome", "following", "status"),
    [
        (GOOD, "yes", None, 0),
        ({}, "next", "place", 0),
        ({"place": "yes"}, "next", "kind", 0),
        ({"place": "no"}, "not_yet", None, 1),
        ({**GOOD, "tax": "new"}, "call", None, 1),
    ],
)
def test_the_command_says_what_answers_lead_to(
    capsys: pytest.CaptureFixture[str],
    answers: Any,
    given: dict[str, str],
    outcome: str,
    following: str | None,
    status: int,
) -> None:
    found, ended = run(capsys, answers(given))
    assert (found["outcome"], found["next"], ended) == (outcome, following, status)
    assert set(found) == {"outcome", "reasons", "next"}


def test_the_command_gives_the_reasons(capsys: pytest.CaptureFixture[str], answers: Any) -> None:
    found, _ = run(capsys, answers({**GOOD, "record": "crime"}))
    assert found["reasons"] == ["有犯罪记录的，不符合申办条件。"]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        '{"place": 7}',
        '{"city": "yes"}',
        '{"place": "maybe"}',
        "[" * 100_000,
        '{"\\ud800": "x"}',
        "\x00\x01",
    ],
)
def test_what_the_command_cannot_read_ends_with_2_and_one_object(
    capsys: pytest.CaptureFixture[str], answers: Any, content: str
) -> None:
    found, status = run(capsys, answers(content))
    assert status == 2
    assert found["error"]


@pytest.mark.parametrize(
    "arguments", [(), ("--nonsense",), ("a", "b"), ("/no/such/file",), ("a\0b",), ("/dev/null",)]
)
def test_the_command_misused_ends_with_2_and_one_object(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    found, status = run(capsys, *arguments)
    assert status == 2
    assert found["error"]


def test_there_is_a_version_in_force_from_the_start() -> None:
    found = document_in_force()
    assert found is not None
    assert found[0].number == 1
