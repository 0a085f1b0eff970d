"""Progress of an application in steps, as a parcel's: what is done, where it is, what follows."""

from dataclasses import dataclass
from typing import Final

from applications.workflow import Status

AT_DEPARTMENTS: Final = "部门审核"
STEPS: Final = ("准备材料", "预审", AT_DEPARTMENTS, "国家系统填报")
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
    if place is None:
        return ()
    states = ["done"] * place + ["now"] + ["ahead"] * (len(STEPS) - place - 1)
    steps = [ProgressStep(*step) for step in zip(STEPS, states, strict=True)]
    return tuple(step for step in steps if has_table or step.label != AT_DEPARTMENTS)
