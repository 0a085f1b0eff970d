from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from core.templatetags.durations import waited

NOW = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "words"),
    [
        (timedelta(minutes=27), "27分钟"),
        (timedelta(hours=3, minutes=5), "3小时"),
        (timedelta(days=2), "2天"),
    ],
)
def test_a_wait_is_said_without_a_space(since: timedelta, words: str) -> None:
    with time_machine.travel(NOW, tick=False):
        assert waited(NOW - since) == words
