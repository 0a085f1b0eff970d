"""What is promised when clocks jump and beat is away: real workers and beats by a moved clock."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from accounts.models import User
from notices.models import Delivery, Notice, Preferences
from notices.services import notify
from reports.department_times import months
from reviews.models import Reminder, ReviewTable
from tests.factories import ReviewTableFactory
from tests.fault_services import Broker, MailServer, beat
from tests.harness import LiveProcess, eventually, start_celery
from tests.reviews.conftest import on, sign_off

pytestmark = [
    pytest.mark.live,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]

AN_HOUR = timedelta(hours=1)
REMIND = "reviews.remind"
ORDINARY = "notices/email/confirm_mailbox.txt"


class Clock:
    """The clock of the processes that are started with it."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def set(self, moment: datetime) -> None:
        self.file.write_text(str(moment.timestamp() - time.time()))

    def shift(self, by: timedelta) -> None:
        self.file.write_text(str(float(self.file.read_text()) + by.total_seconds()))


@pytest.fixture(autouse=True)
def own_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process would tell the suite's own worker; the sweep of these tests does it."""
    monkeypatch.setattr("notices.outbox.hand_over", lambda _pk: None)


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    return Clock(tmp_path / "clock")


@pytest.fixture
def running() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def start(
    running: ExitStack, clock: Clock, broker: Broker, mail: MailServer, tmp_path: Path
) -> Callable[[str], LiveProcess]:
    """Start a "worker" or a "beat" by the clock, with the office hours of the calendar."""
    settings = {
        "REDIS_URL": broker.url,
        "EMAIL_URL": f"smtp://127.0.0.1:{mail.port}",
        "NOTICE_QUIET_HOURS": "true",
        "BEAT_LEASE_SECONDS": "3",
    }
    numbers = iter(range(100))

    def started(what: str) -> LiveProcess:
        name = f"moved-{what}-{next(numbers)}"
        if what == "beat":
            made = beat(name, tmp_path, broker, clock=str(clock.file), **settings)
        else:
            command = ["worker", "--pool", "solo", "--without-gossip", "--without-mingle"]
            made = start_celery([*command, "-l", "INFO"], name, clock=str(clock.file), **settings)
        running.callback(made.kill)
        return made

    return started


@pytest.fixture
def due_on_wednesday(
    officer: User,
    commerce_liaison: User,
    tax_liaison: User,
    police_liaison: User,
    social_liaison: User,
) -> ReviewTable:
    """Circulated on Monday the 23rd at 10:00: four are due on the 25th, the last on the 26th."""
    form: ReviewTable = ReviewTableFactory.create(
        circulated_by=officer, circulated_at=on(23, 10), due_at=on(26, 18)
    )
    form.opinions.parallel().update(due_at=on(25, 18))
    return form


def sweeps_of(worker: LiveProcess) -> int:
    """How often the reminders' sweep ran to its end."""
    return sum(REMIND in line and " succeeded " in line for line in worker.output().splitlines())


def wait_for_sweeps(worker: LiveProcess, count: int = 2) -> None:
    enough = sweeps_of(worker) + count
    eventually(lambda: sweeps_of(worker) >= enough, 60, f"{count} sweeps", worker.output)


def reminders() -> list[tuple[str, str]]:
    """Kind and by whom it was heard, of each mail that was sent of a deadline."""
    sent = Delivery.objects.filter(state=Delivery.State.SENT, notice__kind=Notice.Kind.DEADLINE)
    rows = sent.order_by("pk").values_list("notice__cause", "notice__recipient__name")
    return [
        (cause.split(":")[3] if ":opinion:" in cause else "digest", name) for cause, name in rows
    ]


def test_a_clock_that_jumps_an_hour_repeats_and_silences_nothing(
    due_on_wednesday: ReviewTable,
    start: Callable[[str], LiveProcess],
    clock: Clock,
    mail: MailServer,
) -> None:
    clock.set(on(25, 8, 55))
    worker = start("worker")
    start("beat")
    wait_for_sweeps(worker, 1)
    assert reminders() == []
    clock.set(on(25, 9))
    eventually(lambda: len(reminders()) == 4, 60, "the four reminders", worker.output)
    first = sorted(reminders())
    for jump in (AN_HOUR, -AN_HOUR, -AN_HOUR, AN_HOUR):
        clock.shift(jump)
        wait_for_sweeps(worker)
        assert sorted(reminders()) == first
    clock.set(on(25, 16))
    eventually(lambda: len(reminders()) == 8, 60, "what comes next", worker.output)
    wait_for_sweeps(worker)
    assert [kind for kind, _ in reminders()] == ["last_day"] * 4 + ["two_hours"] * 4
    assert Reminder.objects.count() == 8
    assert set(mail.received.values()) == {1}


def test_messages_under_way_when_the_clock_jumps_go_out_once(
    tax_liaison: User,
    start: Callable[[str], LiveProcess],
    clock: Clock,
    mail: MailServer,
) -> None:
    """A jump ends every lease: what one worker is just sending must not be taken by another."""
    clock.set(on(25, 10))
    workers = [start("worker"), start("worker")]
    start("beat")
    wait_for_sweeps(workers[0], 1)
    mail.seconds_a_mail = 0.2
    for number in range(60):
        notify([tax_liaison], cause=f"clock:{number}", template=ORDINARY, context={"days": 3})
    Delivery.objects.update(next_attempt_at=on(25, 9))
    jumps = 0
    while Delivery.objects.exclude(state=Delivery.State.SENT).exists():
        clock.shift(AN_HOUR if jumps % 2 else -AN_HOUR)
        jumps += 1
        assert jumps < 200, workers[0].output()
        time.sleep(0.3)
    assert jumps > 5
    assert len(mail.received) == 60
    assert mail.repetitions == 0
    assert not Delivery.objects.filter(repeats__gt=0).exists()


def test_after_two_days_without_beat_nothing_is_late_that_was_not_and_there_is_no_flood(
    due_on_wednesday: ReviewTable,
    start: Callable[[str], LiveProcess],
    clock: Clock,
    mail: MailServer,
    tax_liaison: User,
    officer: User,
    supervisor: User,
    station_head: User,
) -> None:
    Preferences.objects.create(user=officer, digest=True)
    clock.set(on(24, 16))
    worker, beating = start("worker"), start("beat")
    wait_for_sweeps(worker, 1)
    beating.kill()
    for number in range(3):
        notify([officer], cause=f"clock:{number}", template=ORDINARY, context={"days": 3})
    Delivery.objects.update(next_attempt_at=on(25, 9))
    # In time, an hour before the deadline, while nobody beats.
    sign_off(due_on_wednesday, "tax", by=tax_liaison, moment=on(25, 17))
    clock.set(on(27, 10))
    time.sleep(1)
    assert mail.received.total() == 0
    start("beat")
    # Two working days overdue: each of the three departments once; head and officer by one mail,
    # which waits a minute for what else they are told.
    expected = sorted(
        [("overdue", f"{name}联络员") for name in ("区商务委", "区公安局", "区人力社保局")]
        + [("digest", station_head.name), ("digest", officer.name)]
    )
    eventually(lambda: len(reminders()) >= 3, 30, "three reminders are sent")
    clock.shift(timedelta(minutes=2))
    eventually(lambda: mail.received.total() == 6, 30, "three reminders, two digests, and his own")
    wait_for_sweeps(worker, 5)
    assert sorted(reminders()) == expected
    assert mail.received.total() == 6
    assert set(mail.received.values()) == {1}
    [month] = months(officer, 2026)
    signed = [line for line in month.lines if line.count]
    assert [(line.department, line.late) for line in signed] == [("区税务局", 0)]
