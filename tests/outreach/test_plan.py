"""Where the plan stands: phases, tasks with the figures that show them, meetings, and talks."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from core.versions import Overtaken
from enterprises.models import Demand
from outreach.desk.tasks_of_officer import tasks
from outreach.models import (
    Article,
    PlanMeeting,
    PlanPhase,
    PlanTalk,
    PlanTask,
    SymposiumOpinion,
)
from outreach.plan.figures import FIGURES, NUMBERS, measure
from outreach.plan.services import draft_article, save_row
from outreach.plan.standing import standing
from parameters.models import Parameter
from tests.conftest import ClientOf
from tests.outreach.factories import BriefingFactory, CompanyVisitFactory, SymposiumFactory

pytestmark = pytest.mark.django_db
TASK_NEW = "outreach:plan_task_new"


def filled(client: Client, url: str, **typed: Any) -> dict[str, Any]:
    """What a form of the plan sends, with what the test is about."""
    form = client.get(url).context["form"]
    data = {}
    for name, field in form.fields.items():
        value = form.initial.get(name, field.initial)
        data[name] = "" if value is None else value
    return data | typed


def test_the_plan_has_its_four_phases_with_days_and_tasks(officer: User) -> None:
    expected: list[tuple[str, date, date | None]] = [
        ("宣传动员", date(2025, 8, 1), date(2025, 9, 30)),
        ("试点运行", date(2025, 10, 1), date(2025, 11, 30)),
        ("总结推广", date(2025, 12, 1), date(2025, 12, 31)),
        ("常态化服务", date(2026, 1, 1), None),
    ]
    assert [(one.name, one.begins_on, one.ends_on) for one in PlanPhase.objects.all()] == expected
    pilots = PlanTask.objects.get(figure="pilots")
    assert (pilots.goal, pilots.phase and pilots.phase.number) == (3, 2)


@pytest.mark.parametrize(
    ("day", "labels"),
    [
        ("2025-08-15", ["进行中", "还没有开始", "还没有开始", "还没有开始"]),
        ("2025-10-08", ["到期，还有没完成的", "进行中", "还没有开始", "还没有开始"]),
        ("2026-03-02", ["到期，还有没完成的"] * 3 + ["进行中"]),
    ],
)
def test_a_phase_is_where_today_is(officer: User, day: str, labels: list[str]) -> None:
    with time_machine.travel(f"{day}T09:00:00+08:00", tick=False):
        found = standing(officer, timezone.localdate())
    assert [one.label for one in found.phases] == labels


def test_a_phase_whose_tasks_are_done_is_done(officer: User) -> None:
    PlanTask.objects.filter(phase__number=1).update(state="done", done_on=date(2025, 9, 1))
    found = standing(officer, date(2026, 3, 2))
    assert found.phases[0].label == "已完成"
    assert (found.phases[0].done, found.counts["done"]) == (4, 4)


def test_a_task_shows_the_portals_figure_and_whether_it_is_reached(officer: User) -> None:
    for number, stage in enumerate(["concluded", "holding", "told"]):
        Demand.objects.create(
            name=f"试点{number}公司", source="list", is_pilot=True, is_key=True, stage=stage,
            told_at=timezone.now() if stage != "told" else None,
        )  # fmt: skip
    Demand.objects.create(name="不符合", source="list", is_qualified=False, is_key=True)
    found = standing(officer, timezone.localdate())
    shown = {one.task.figure: one.measured for phase in found.phases for one in phase.tasks}
    pilots, concluded, key = (
        shown[code] for code in ("pilots", "pilots_concluded", "key_told_share")
    )
    assert pilots
    assert concluded
    assert key
    assert (pilots.words, pilots.is_reached) == ("试点企业3户，要3户", True)
    assert (concluded.value, concluded.is_reached) == (2, False)
    assert (key.value, key.is_reached) == (67, False)


def test_every_figure_can_be_counted_and_leads_to_a_page() -> None:
    found = measure(FIGURES)
    assert set(found) == set(FIGURES)
    assert {one.value for one in found.values()} == {0}
    for figure in FIGURES.values():
        assert figure.url.startswith("/")
        assert set(figure.names) <= set(NUMBERS)
    assert measure(["nobody-knows"]) == {}


def test_briefings_visits_and_opinions_count_once_they_took_place(officer: User) -> None:
    BriefingFactory.create(over=True)
    BriefingFactory.create()
    CompanyVisitFactory.create(done_at=timezone.now(), done_by=officer)
    CompanyVisitFactory.create()
    called_off = {"cancelled_at": timezone.now(), "cancel_words": "场地停电"}
    for symposium in (SymposiumFactory.create(), SymposiumFactory.create(**called_off)):
        SymposiumOpinion.objects.create(
            symposium=symposium, words="材料太多", owner=officer, due_on=timezone.localdate(),
            nonce=f"opinion-{symposium.pk}",
        )  # fmt: skip
    found = measure(["briefings", "visits", "opinions"])
    assert {code: one.value for code, one in found.items()} == {
        "briefings": 1, "visits": 1, "opinions": 1,
    }  # fmt: skip
    seeded = set(PlanTask.objects.exclude(figure="").values_list("figure", flat=True))
    assert seeded <= set(FIGURES)


def test_the_page_tells_the_leader_in_few_queries(
    client_of: ClientOf, station_head: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    late = PlanTask.objects.filter(phase__number=4)[0]
    PlanTask.objects.filter(pk=late.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    reader = client_of(station_head)
    with django_assert_max_num_queries(12):
        page = reader.get(reverse("outreach:plan"))
    text = page.content.decode()
    assert "逾期" in text
    assert "常态化服务阶段" in text
    assert "加一项任务" not in text
    assert len(page.content) < 60 * 1024


def test_a_department_reads_nothing_of_it(client_of: ClientOf, tax_liaison: User) -> None:
    assert client_of(tax_liaison).get(reverse("outreach:plan")).status_code == 403
    assert not PlanTask.objects.visible_to(tax_liaison).exists()


# Writing ------------------------------------------------------------------------------------------


def test_a_meetings_decisions_become_tasks_with_an_owner_and_a_day(
    client_of: ClientOf, officer: User, other_officer: User
) -> None:
    desk = client_of(officer)
    url = reverse("outreach:plan_meeting_new")
    data = filled(desk, url, title="第三季度研判", matters="审核时限", decisions="催办")
    desk.post(url, data)
    desk.post(url, data)
    meeting = PlanMeeting.objects.get()
    url = f"{reverse(TASK_NEW)}?meeting={meeting.pk}"
    soon = timezone.localdate() + timedelta(days=3)
    data = filled(desk, url, title="每周催办一次", owner=other_officer.pk, due_on=soon)
    desk.post(url, data)
    desk.post(url, data)
    task = PlanTask.objects.get(meeting=meeting)
    assert (task.owner, task.due_on, task.state) == (other_officer, soon, "todo")
    assert "推进任务快到期" in [one.title for one in tasks(other_officer)]
    assert tasks(officer) == []
    assert "每周催办一次" in desk.get(meeting.get_absolute_url()).content.decode()
    assert "每周催办一次" in desk.get(reverse("outreach:plan")).content.decode()


def test_what_is_done_has_its_day_and_what_is_dropped_says_why(
    client_of: ClientOf, officer: User
) -> None:
    task = PlanTask.objects.all()[0]
    desk = client_of(officer)
    url = task.get_absolute_url()
    answer = desk.post(url, filled(desk, url, state="dropped"))
    assert answer.status_code == 422
    assert "请写明原因" in answer.content.decode()
    desk.post(url, filled(desk, url, state="done"))
    task.refresh_from_db()
    assert task.done_on == timezone.localdate()
    desk.post(url, filled(desk, url, state="doing"))
    task.refresh_from_db()
    assert task.state == "doing"
    assert PlanTask.objects.filter(pk=task.pk, done_on=None).exists()


def test_a_phase_is_moved_and_its_result_told(client_of: ClientOf, officer: User) -> None:
    phase = PlanPhase.objects.get(number=2)
    desk = client_of(officer)
    url = reverse("outreach:plan_phase", args=[phase.pk])
    wrong = desk.post(url, filled(desk, url, ends_on="2025-01-01"))
    assert "早于开始的日子" in wrong.content.decode()
    desk.post(url, filled(desk, url, ends_on="2025-12-15", result="三家试点都已办结。"))
    phase.refresh_from_db()
    assert phase.ends_on == date(2025, 12, 15)
    assert "三家试点都已办结。" in desk.get(reverse("outreach:plan")).content.decode()


def test_of_two_who_change_a_task_the_second_is_told(officer: User) -> None:
    first, second = (PlanTask.objects.all()[0] for _ in range(2))
    first.unit = "区商务委"
    save_row(first, by=officer)
    with pytest.raises(Overtaken):
        save_row(second, by=officer)


def test_what_was_learned_becomes_one_draft_and_names_the_changed_parameter(
    client_of: ClientOf, officer: User
) -> None:
    desk = client_of(officer)
    url = reverse("outreach:plan_talk_new")
    data = filled(desk, url, office="foreign", way="call", asked="费用有没有变？")
    desk.post(url, data)
    desk.post(url, data)
    talk = PlanTalk.objects.get()
    assert "等答复" in desk.get(reverse("outreach:plan_talks")).content.decode()
    fee = Parameter.objects.get(code="cards.fee")
    url = reverse("outreach:plan_talk_change", args=[talk.pk])
    desk.post(url, filled(desk, url, learned="从明年起改为700元。", parameter=fee.pk))
    url = reverse("outreach:plan_talk_article", args=[talk.pk])
    desk.post(url)
    desk.post(url)
    article = Article.objects.get()
    assert (article.body, article.state) == ("从明年起改为700元。", "draft")
    assert "与市政府外办对接" in article.source
    page = desk.get(talk.get_absolute_url()).content.decode()
    assert fee.name in page
    assert article.title in page


def test_a_draft_of_a_talk_is_begun_once(officer: User) -> None:
    talk = save_row(
        PlanTalk(office="commerce", held_on=timezone.localdate(), asked="问", by=officer),
        by=officer,
        nonce="n" * 32,
    )
    first = draft_article(talk, by=officer)
    assert draft_article(PlanTalk.objects.get(), by=officer) == first
