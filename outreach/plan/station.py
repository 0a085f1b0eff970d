"""The phases of a station's plan with their tasks, as a part of its file (ADR 62)."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from core.station_parts import Faults, StationPart
from outreach.models import PlanPhase, PlanTask
from outreach.models.plan import PlanTaskQuerySet
from outreach.plan.figures import FIGURES

MOST_PHASES: Final = 20
MOST_TASKS: Final = 100
# Between two positions, so that one written by hand goes between.
STEP: Final = 10
PHASE_KEYS: Final = ("number", "name", "begins_on", "ends_on", "text", "tasks")
TASK_KEYS: Final = ("title", "unit", "due_on", "figure", "goal")
TASK_LEFT_OUT: Final[Mapping[str, Any]] = {"unit": "", "due_on": None, "figure": "", "goal": None}


class PlanPart(StationPart):
    code = "plan"
    label = "工作推进的阶段和任务"

    def export(self) -> list[dict[str, Any]]:
        """Without what people wrote since: owners, states, results."""
        phases = PlanPhase.objects.prefetch_related("tasks")
        return [_phase_row(phase) for phase in phases]

    def check(self, data: Any, faults: Faults) -> None:
        numbers: list[int] = []
        for place, row in faults.rows(data, self.code, most=MOST_PHASES):
            faults.only(row, place, PHASE_KEYS)
            numbers.append(faults.whole(row, "number", place, least=1, most=99))
            faults.text(row, "name", place, most=40)
            faults.text(row, "text", place, most=1000, lines=True)
            begins = faults.day(row, "begins_on", place)
            ends = faults.day(row, "ends_on", place, required=False)
            if begins and ends and ends < begins:
                faults.add(f"{place}.ends_on", "早于开始的日期。")
            titles = [
                _check_task(task, at, faults)
                for at, task in faults.rows(row.get("tasks"), f"{place}.tasks", most=MOST_TASKS)
            ]
            if len(set(titles)) < len(titles):
                faults.add(f"{place}.tasks", "有两项相同的任务。")
        if len(set(numbers)) < len(numbers):
            faults.add(self.code, "有两个阶段的次序相同。")
        # A phase on which people worked is not taken away with their work.
        for task in _worked_on().exclude(phase__number__in=numbers):
            faults.add(
                self.code,
                f"第{task.phase.number if task.phase else ''}阶段的任务“{task.title}”已经办过，"
                "文件里不能没有这个阶段。",
            )

    def load(self, data: Any) -> int:
        """A task that people began and the file leaves out is dropped; one that is done stays."""
        data = [_whole(row) for row in data]
        numbers = [row["number"] for row in data]
        done = _done_beside(data)
        before = [_without(row, done) for row in self.export()]
        gone = PlanPhase.objects.exclude(number__in=numbers)
        PlanTask.objects.filter(phase__in=gone).delete()
        count, _ = gone.delete()
        for row in data:
            if row in before:
                continue
            phase, _ = PlanPhase.objects.update_or_create(
                number=row["number"],
                defaults={
                    "name": row["name"],
                    "text": row["text"],
                    "begins_on": date.fromisoformat(row["begins_on"]),
                    "ends_on": _day(row.get("ends_on")),
                },
            )
            _load_tasks(phase, row["tasks"])
            count += 1
        return count


def _check_task(row: Mapping[str, Any], place: str, faults: Faults) -> str:
    """Its title."""
    faults.only(row, place, TASK_KEYS)
    faults.text(row, "unit", place, most=60, required=False)
    faults.day(row, "due_on", place, required=False)
    if row.get("goal") is not None:
        faults.whole(row, "goal", place, least=0, most=1_000_000)
    if row.get("figure", "") not in ("", *FIGURES):
        faults.add(f"{place}.figure", f"不认识这个数。可以写的有：{'、'.join(FIGURES)}。")
    return faults.text(row, "title", place, most=120)


def _worked_on() -> PlanTaskQuerySet:
    return PlanTask.objects.filter(phase__isnull=False).exclude(
        state=PlanTask.State.TODO, owner=None, result=""
    )


def _whole(row: Mapping[str, Any]) -> dict[str, Any]:
    """With what the file may leave out, as `export` writes it."""
    tasks = [{**TASK_LEFT_OUT, **task} for task in row["tasks"]]
    return {"ends_on": None, **row, "tasks": tasks}


def _without(row: dict[str, Any], left_out: set[tuple[int, str]]) -> dict[str, Any]:
    tasks = [one for one in row["tasks"] if (row["number"], one["title"]) not in left_out]
    return row | {"tasks": tasks}


def _done_beside(data: list[dict[str, Any]]) -> set[tuple[int, str]]:
    """Tasks by phase and title that are done and that the file does not have: they stay."""
    wanted = {(row["number"], task["title"]) for row in data for task in row["tasks"]}
    done = PlanTask.objects.filter(phase__isnull=False, state=PlanTask.State.DONE)
    return {key for key in done.values_list("phase__number", "title") if key not in wanted}


def _load_tasks(phase: PlanPhase, rows: list[Mapping[str, Any]]) -> None:
    titles = [row["title"] for row in rows]
    gone = PlanTask.objects.filter(phase=phase).exclude(title__in=titles)
    worked_on = _worked_on().filter(pk__in=gone)
    worked_on.open().update(state=PlanTask.State.DROPPED, result="服务站的设置文件里没有这一项")
    gone.exclude(pk__in=worked_on).delete()
    for place, row in enumerate(rows, start=1):
        task = PlanTask.objects.filter(phase=phase, title=row["title"]).first()
        task = task or PlanTask(phase=phase, title=row["title"])
        if task.state == PlanTask.State.DROPPED:
            task.state, task.result = PlanTask.State.TODO, ""
        task.position = place * STEP
        task.unit = row.get("unit", "")
        task.due_on = _day(row.get("due_on"))
        task.figure = row.get("figure", "")
        task.goal = row.get("goal")
        task.save()


def _phase_row(phase: PlanPhase) -> dict[str, Any]:
    return {
        "number": phase.number,
        "name": phase.name,
        "begins_on": phase.begins_on.isoformat(),
        "ends_on": phase.ends_on.isoformat() if phase.ends_on else None,
        "text": phase.text,
        "tasks": [
            {
                "title": task.title,
                "unit": task.unit,
                "due_on": task.due_on.isoformat() if task.due_on else None,
                "figure": task.figure,
                "goal": task.goal,
            }
            for task in phase.tasks.all()
            if task.state != PlanTask.State.DROPPED
        ],
    }


def _day(value: Any) -> date | None:
    return date.fromisoformat(str(value)) if value else None
