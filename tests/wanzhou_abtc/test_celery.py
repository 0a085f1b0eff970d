"""How Celery is set: what a lost worker or a slow task may not cost."""

import pytest
from django.conf import settings

from wanzhou_abtc.celery import app

# In seconds; a task is killed at this time, so that nothing is redelivered while it still runs.
TASK_TIME_LIMIT = 300


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("task_acks_late", True),
        ("task_reject_on_worker_lost", True),
        ("worker_prefetch_multiplier", 1),
        ("task_ignore_result", True),
        ("result_backend", None),
        ("task_time_limit", TASK_TIME_LIMIT),
        ("task_soft_time_limit", 240),
        ("beat_scheduler", "notices.beat.LeasedScheduler"),
    ],
)
def test_celery_is_set_so_that_a_lost_worker_loses_nothing(name: str, value: object) -> None:
    assert app.conf[name] == value


def test_a_task_is_not_handed_out_again_while_it_may_still_run() -> None:
    options = app.conf.broker_transport_options
    if settings.REDIS_URL:
        assert options["visibility_timeout"] > TASK_TIME_LIMIT
    assert settings.NOTICE_LEASE_SECONDS > TASK_TIME_LIMIT


def test_beat_starts_only_tasks_that_exist() -> None:
    app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert scheduled <= set(app.tasks)
    assert {"notices.sweep", "notices.watch_channels", "notices.heartbeat"} <= scheduled
