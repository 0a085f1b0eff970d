"""What is promised when processes die: real workers, beats, broker, and a mail server."""

import random
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from accounts.models import User
from notices.models import BeatLease, Delivery, Notice
from tests.fault_services import Broker, MailServer, beat
from tests.harness import ROOT, LiveProcess, eventually, process_environment, start_celery

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]

NOTICES = 1000
KILLS = 6
LEASE_SECONDS = 8
# Written by a process of its own, so that it tells the same broker as the workers.
WRITE = """
import django
django.setup()
from django.db import transaction
from accounts.models import User
from notices.services import notify
people = list(User.objects.officers())
for start in range(0, {total}, 50):
    with transaction.atomic():
        for number in range(start, start + 50):
            notify(people, cause=f"faults:{{number}}", context={{}},
                   template="enterprises/email/verified.txt")
"""


def test_a_thousand_notices_outlive_killed_workers_and_an_emptied_broker(
    broker: Broker, mail: MailServer, officer: User, tmp_path: Path
) -> None:
    chance = random.Random(20261123)
    environment = {
        "REDIS_URL": broker.url,
        "EMAIL_URL": f"smtp://127.0.0.1:{mail.port}",
        "NOTICE_LEASE_SECONDS": str(LEASE_SECONDS),
    }
    names = iter(f"faulty-worker-{number}" for number in range(100))

    def worker() -> LiveProcess:
        return start_celery(
            ["worker", "--pool", "solo", "--without-gossip", "--without-mingle", "-l", "INFO"],
            next(names),
            **environment,
        )

    with ExitStack() as running:
        workers = [worker(), worker()]

        def kill_workers() -> None:
            for one in workers:
                one.kill()

        running.callback(kill_workers)
        beating = beat("faulty-beat", tmp_path, broker)
        running.callback(beating.kill)
        writing = subprocess.Popen(
            [sys.executable, "-c", WRITE.format(total=NOTICES)],
            cwd=ROOT,
            env=process_environment(**environment),
        )
        running.callback(writing.kill)
        eventually(lambda: len(mail.received) > 20, 60, "the first mails", workers[0].output)
        for kill in range(KILLS):
            # In the midst of its work, not while it still starts.
            mail.wait_for_more(10)
            time.sleep(chance.uniform(0, 0.3))
            at_work = [number for number in (0, 1) if " ready." in workers[number].output()]
            victim = chance.choice(at_work)
            workers[victim].kill()
            workers[victim] = worker()
            if kill in (1, 4):
                broker.lose_everything()
        waiting = Delivery.objects.exclude(state=Delivery.State.SENT)
        eventually(
            lambda: (
                writing.poll() is not None
                and Notice.objects.count() == NOTICES
                and not waiting.exists()
            ),
            150,
            "all to be sent",
            lambda: f"{waiting.count()} wait\n{workers[0].output()[-2000:]}",
        )

    expected = {delivery.message_id for delivery in Delivery.objects.select_related("notice")}
    assert len(expected) == NOTICES
    assert mail.in_mailbox == expected
    # Transmitted twice is at most what a killed worker was just sending, and each is on record.
    known = sum(Delivery.objects.values_list("repeats", flat=True))
    assert mail.repetitions <= known <= KILLS
    sys.stdout.write(f"{mail.repetitions} transmitted twice, {known} sent again after a kill\n")


def test_of_two_beats_one_works_and_the_other_takes_over(
    broker: Broker, tmp_path: Path, db: None
) -> None:
    lease = {"BEAT_LEASE_SECONDS": "3"}
    with ExitStack() as running:
        beats = [beat(f"beat-{number}", tmp_path, broker, **lease) for number in (1, 2)]
        for one in beats:
            running.callback(one.kill)
        eventually(lambda: broker.client.llen("celery") > 0, 40, "a beat", beats[0].output)
        eventually(lambda: all("beat: Starting" in one.output() for one in beats), 40, "both beats")
        sent = broker.client.llen("celery")
        started = time.monotonic()
        eventually(lambda: broker.client.llen("celery") >= sent + 6, 30, "six sweeps")
        # Two beats would have needed half the time for six sweeps, one each second.
        assert time.monotonic() - started > 4.5
        first = BeatLease.objects.get()
        holder = next(one for one in beats if f":{one.process.pid}:" in first.holder)
        holder.kill()
        eventually(
            lambda: BeatLease.objects.get().holder != first.holder, 15, "the other to take over"
        )
        sent = broker.client.llen("celery")
        eventually(lambda: broker.client.llen("celery") > sent, 10, "its first sweep")
