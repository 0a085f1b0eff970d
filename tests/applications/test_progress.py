"""Progress of an application: six steps, of which one is where it is."""

import pytest

from applications.progress import progress_of
from applications.workflow import Status


@pytest.mark.parametrize(
    ("status", "states"),
    [
        ("draft", ["now", "ahead", "ahead", "ahead", "ahead", "ahead"]),
        ("submitted", ["done", "now", "ahead", "ahead", "ahead", "ahead"]),
        ("returned", ["done", "now", "ahead", "ahead", "ahead", "ahead"]),
        ("in_review", ["done", "done", "now", "ahead", "ahead", "ahead"]),
        ("supplementing", ["done", "done", "now", "ahead", "ahead", "ahead"]),
        ("endorsed", ["done", "done", "done", "now", "ahead", "ahead"]),
    ],
)
def test_where_a_case_is(status: str, states: list[str]) -> None:
    steps = progress_of(Status(status))
    assert [step.label for step in steps] == [
        "准备材料",
        "预审",
        "部门审核",
        "国家系统填报",
        "审批制卡",
        "领卡",
    ]
    assert [step.state for step in steps] == states


@pytest.mark.parametrize("status", ["declined", "withdrawn"])
def test_what_ended_without_a_card_has_no_steps(status: str) -> None:
    assert progress_of(Status(status)) == ()
