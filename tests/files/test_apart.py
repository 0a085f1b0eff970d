"""Programs that work on what came from outside: alone, without environment, behind everybody."""

import os
import sys

from files.apart import run_apart

PROGRAM = "import os; print(os.nice(0), len(os.environ.keys() - {'LC_CTYPE'}))"


def test_it_yields_to_whoever_waits_for_a_page_and_knows_no_environment() -> None:
    finished = run_apart([sys.executable, "-c", PROGRAM], b"", seconds=30)
    niceness, names = finished.stdout.split()
    assert int(niceness) == os.nice(0) + 10
    assert int(names) == 0


def test_how_it_ended_is_told() -> None:
    assert run_apart([sys.executable, "-c", "exit(7)"], b"", seconds=30).returncode == 7
