"""Runs Celery by a clock that a test moves: `python -m tests.moved_clock FILE worker …`.

FILE holds by how many seconds this machine's clock is wrong; it is read twenty times a second.
What beat starts every minute it starts every second here, so that a test need not wait.
"""

import sys
import threading
import time
from pathlib import Path

import time_machine

from wanzhou_abtc.schedule import BEAT_SCHEDULE

EVERY = 0.05


def follow(file: Path, traveller: time_machine.Traveller, seen: str) -> None:
    real = time_machine.escape_hatch.time.time
    while True:
        time.sleep(EVERY)
        wrong_by = file.read_text()
        if wrong_by and wrong_by != seen:
            seen = wrong_by
            traveller.move_to(real() + float(wrong_by))


def main() -> None:
    file = Path(sys.argv[1])
    wrong_by = file.read_text()
    traveller = time_machine.travel(time.time() + float(wrong_by), tick=True).start()
    threading.Thread(target=follow, args=(file, traveller, wrong_by), daemon=True).start()
    for entry in BEAT_SCHEDULE.values():
        if entry["schedule"] == 60.0:
            entry["schedule"] = 1.0
    # Only now: Celery reads the schedule when it is imported.
    from celery.__main__ import main as celery

    sys.argv = ["celery", "-A", "wanzhou_abtc", *sys.argv[2:]]
    celery()


if __name__ == "__main__":
    main()
