"""Progress of an application in steps, as a parcel's: what is done, where it is, what follows."""

from dataclasses import dataclass
from typing import Final

from applications.workflow import Status

AT_DEPARTMENTS: Final = "部门审核"
STEPS: Final = ("准备材料", "预审", AT_DEPARTMENTS, "国家系统填报", "审批制卡", "领卡")
PLACE: Final = {
    Status.DRAFT: 0,
    Status.SUBMITTED: 1,
    Status.RETURNED: 1,
    Status.IN_REVIEW: 2,
    Status.SUPPLEMENTING: 2,
    Status.ENDORSED: 3,
}


@dataclass(frozen=True)
class ProgressStep:
    """`state` is done, now or ahead."""

    label: str
    state: str


def progress_of(status: Status, *, has_table: bool = True) -> tuple[ProgressStep, ...]:
    """No steps for what ended without a card, declined or withdrawn.

    Without a table the step of the departments is left out.
    """
    place = PLACE.get(status)
    return () if place is None else steps_at(place, has_table=has_table)


def steps_at(place: int, *, has_table: bool = True) -> tuple[ProgressStep, ...]:
    """The line with its step number `place` under way; beyond the last, all are done."""
    states = [
        "done" if step < place else "now" if step == place else "ahead"
        for step in range(len(STEPS))
    ]
    steps = [ProgressStep(*step) for step in zip(STEPS, states, strict=True)]
    return tuple(step for step in steps if has_table or step.label != AT_DEPARTMENTS)
