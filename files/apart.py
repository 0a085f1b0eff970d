"""Confined process: runs a program of ours where what came from outside can do no harm."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

# How far it stands behind the processes that answer people (ADR 67).
YIELDING: Final = 10
# Of coreutils: lowered before the program is loaded, which is half of the work.
NICE: Final = ("/usr/bin/nice", "-n", str(YIELDING))


def run_apart(
    command: Sequence[str], data: bytes, *, seconds: float
) -> "subprocess.CompletedProcess[bytes]":
    """`data` goes to standard input; raises subprocess.TimeoutExpired. No environment is passed."""
    return subprocess.run(  # noqa: S603 - this interpreter and our own program
        [*NICE, *command],
        input=data,
        capture_output=True,
        check=False,
        cwd=Path(__file__).parent.parent,
        env={},
        timeout=seconds,
    )
