"""Where the plan stands: its phases with their tasks, each with the figure that shows it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from accounts.models import User
from outreach.models import PlanPhase, PlanTask
from outreach.plan.figures import Measured, measure

# At the head of the page, for who has one minute.
HEAD: Final = ("told_share", "pilots_concluded", "endorsed", "cards", "consultations", "archives")
STATE: Final = PlanTask.State


@dataclass(frozen=True)
class ShownTask:
    task: PlanTask
    measured: Measured | None


@dataclass(frozen=True)
class ShownPhase:
    """A phase, when it is in relation to today, and its tasks."""

    phase: PlanPhase
    label: str
    badge: str
    tasks: list[ShownTask]

    @property
    def done(self) -> int:
        return sum(one.task.state == STATE.DONE for one in self.tasks)

    @property
    def counted(self) -> int:
        """Of those that are still meant to be done."""
        return sum(one.task.state != STATE.DROPPED for one in self.tasks)


@dataclass(frozen=True)
class PlanStanding:
    """All of it on one page; `others` are tasks that meetings and talks led to."""

    phases: list[ShownPhase]
    others: list[ShownTask]
    head: list[Measured]
    late: list[PlanTask]
    counts: dict[str, int]

    @property
    def now(self) -> list[ShownPhase]:
        return [one for one in self.phases if one.label == UNDER_WAY]


UNDER_WAY: Final = "进行中"


def standing(user: User, today: date) -> PlanStanding:
    """How the plan stands today for the station; four queries."""
    tasks = list(
        PlanTask.objects.visible_to(user).select_related("owner", "phase", "meeting", "talk")
    )
    measured = measure([*HEAD, *(task.figure for task in tasks if task.figure)])
    phases = [
        _shown(phase, [task for task in tasks if task.phase_id == phase.pk], measured, today)
        for phase in PlanPhase.objects.visible_to(user)
    ]
    open_others = [task for task in tasks if task.phase_id is None and task.is_open]
    states = Counter(task.state for task in tasks)
    late = sorted((task for task in tasks if task.is_late), key=lambda task: task.due_on or today)
    counts = {
        "all": len(tasks) - states[STATE.DROPPED],
        "done": states[STATE.DONE],
        "doing": states[STATE.DOING],
        "todo": states[STATE.TODO],
        "late": len(late),
    }
    head = [measured[code] for code in HEAD if code in measured]
    return PlanStanding(phases, _with_figures(open_others, measured), head, late, counts)


def _shown(
    phase: PlanPhase, tasks: list[PlanTask], measured: dict[str, Measured], today: date
) -> ShownPhase:
    tasks_shown = _with_figures(tasks, measured)
    if phase.is_under_way(today):
        return ShownPhase(phase, UNDER_WAY, "act", tasks_shown)
    if not phase.is_over(today):
        return ShownPhase(phase, "还没有开始", "void", tasks_shown)
    is_open = any(task.is_open for task in tasks)
    label, badge = ("到期，还有没完成的", "late") if is_open else ("已完成", "done")
    return ShownPhase(phase, label, badge, tasks_shown)


def _with_figures(tasks: Iterable[PlanTask], measured: dict[str, Measured]) -> list[ShownTask]:
    return [
        ShownTask(
            task,
            replace(measured[task.figure], goal=task.goal) if task.figure in measured else None,
        )
        for task in tasks
    ]
