"""The plan's phases come from a station's file; nobody's work goes with an old plan."""

from datetime import date
from typing import Any

import pytest

from core.station_parts import Faults
from outreach.models import PlanPhase, PlanTask
from outreach.plan.station import PlanPart

pytestmark = pytest.mark.django_db


def task(title: str, **changes: Any) -> dict[str, Any]:
    return {"title": title, "unit": "", "due_on": None, "figure": "", "goal": None} | changes


def phase(number: int, *tasks: dict[str, Any], **changes: Any) -> dict[str, Any]:
    row = {
        "number": number,
        "name": f"第{number}步",
        "begins_on": "2026-03-01",
        "ends_on": None,
        "text": "照方案办。",
        "tasks": list(tasks),
    }
    return row | changes


def faults_of(data: Any) -> list[tuple[str, str]]:
    faults = Faults()
    PlanPart().check(data, faults)
    return [(one["place"], one["words"]) for one in faults.found]


def test_what_goes_in_comes_out_and_once_more_changes_nothing() -> None:
    plan = [phase(1, task("摸底", due_on="2026-04-30", figure="visits", goal=5)), phase(7)]
    assert faults_of(plan) == []
    assert PlanPart().load(plan) > 0
    assert PlanPart().export() == plan
    assert PlanPart().load(plan) == 0


def test_a_task_on_which_people_worked_is_dropped_and_taken_up_again() -> None:
    PlanPart().load([phase(1, task("摸底"), task("宣讲"))])
    PlanTask.objects.filter(title="摸底").update(state="doing")
    PlanPart().load([phase(1)])
    [kept] = PlanTask.objects.filter(phase__number=1)
    assert (kept.title, kept.state, kept.result) == (
        "摸底",
        "dropped",
        "服务站的设置文件里没有这一项",
    )
    PlanPart().load([phase(1, task("摸底"))])
    kept.refresh_from_db()
    assert (kept.state, kept.result) == ("todo", "")


def test_a_done_task_that_the_file_leaves_out_stays_and_the_second_time_changes_nothing() -> None:
    PlanPart().load([phase(1, task("摸底"), task("宣讲"))])
    done_on = date(2026, 4, 1)
    PlanTask.objects.filter(title="摸底").update(state="done", result="摸清了", done_on=done_on)
    plan = [phase(1, task("宣讲"))]
    PlanPart().load(plan)
    kept = PlanTask.objects.get(title="摸底")
    assert (kept.state, kept.result) == ("done", "摸清了")
    assert PlanPart().load(plan) == 0


def test_what_a_file_leaves_open_is_no_change() -> None:
    plan = [phase(1, {"title": "摸底"})]
    del plan[0]["ends_on"]
    assert faults_of(plan) == []
    assert PlanPart().load(plan) > 0
    assert PlanPart().load(plan) == 0


def test_a_phase_on_which_people_worked_cannot_be_left_out() -> None:
    PlanPart().load([phase(1, task("摸底"))])
    PlanTask.objects.filter(title="摸底").update(result="走访了3户")
    assert faults_of([phase(2)]) == [
        ("plan", "第1阶段的任务“摸底”已经办过，文件里不能没有这个阶段。")
    ]
    assert PlanPhase.objects.filter(number=1).exists()


@pytest.mark.parametrize(
    ("plan", "place"),
    [
        ("四个阶段", "plan"),
        ([phase(1), phase(1)], "plan"),
        ([phase(1, ends_on="2026-02-28")], "plan[1].ends_on"),
        ([phase(1, begins_on="三月")], "plan[1].begins_on"),
        ([phase(1, task("摸底"), task("摸底"))], "plan[1].tasks"),
        ([phase(1, task("摸底", figure="nothing"))], "plan[1].tasks[1].figure"),
        ([phase(1, task("摸底", goal=-1))], "plan[1].tasks[1].goal"),
        ([phase(1, task(""))], "plan[1].tasks[1].title"),
        ([phase(1, tasks=None)], "plan[1].tasks"),
        ([phase(1, owner="王")], "plan[1]"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(plan: Any, place: str) -> None:
    assert place in [at for at, _ in faults_of(plan)]
