"""One row that cannot be done stops no other, and is logged by its number."""

import pytest
from celery.exceptions import SoftTimeLimitExceeded

from core.sweeping import each


def half(number: int) -> float:
    if number == 2:
        raise ValueError("张样例 13800001234")
    return number / 2


def test_the_others_are_done_and_the_bad_one_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    assert each([1, 2, 3], half, what="时限提醒") == [0.5, 1.5]
    assert [record.getMessage() for record in caplog.records] == [
        "时限提醒：第2号没有办成，其余的照常。"
    ]


def test_the_end_of_a_tasks_time_is_no_fault_of_a_row() -> None:
    def late(_number: int) -> None:
        raise SoftTimeLimitExceeded

    with pytest.raises(SoftTimeLimitExceeded):
        each([1], late, what="时限提醒")
