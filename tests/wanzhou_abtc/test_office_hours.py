from datetime import time

import pytest
from django.core.exceptions import ImproperlyConfigured

from wanzhou_abtc.office_hours import read_office_hours


def test_periods_are_read_in_order() -> None:
    assert read_office_hours("09:00-12:00, 14:00-18:00") == (
        (time(9), time(12)),
        (time(14), time(18)),
    )
    assert read_office_hours("08:30-17:00") == ((time(8, 30), time(17)),)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "九点到五点",
        "09:00",
        "09:00-",
        "12:00-09:00",
        "09:00-09:00",
        "14:00-18:00,09:00-12:00",
        "09:00-13:00,12:00-18:00",
        "09:00+08:00-12:00+08:00",
    ],
)
def test_what_cannot_be_hours_stops_the_start_with_a_sentence(written: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="应写成 09:00-12:00,14:00-18:00 的样子"):
        read_office_hours(written)
