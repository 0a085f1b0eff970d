"""A command of the portal in a process of its own, for another folder or another database."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from core.json_commands import UNREADABLE

BROKEN_OFF: Final = "恢复的进程中途结束，没有做成。"


def run(
    *arguments: str, given: str = "", environment: Mapping[str, str]
) -> tuple[dict[str, Any], int]:
    """Its JSON answer and exit code; `given` comes on its standard input, never as an argument."""
    kept = {name: value for name, value in os.environ.items() if name not in _LEFT_OUT}
    command = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), *arguments]
    # Killed with us: nobody would read its answer, nor clear up behind it.
    done = subprocess.run(  # noqa: S603 # our own program, with arguments made here
        ["setpriv", "--pdeathsig", "KILL", *command],  # noqa: S607
        env={**kept, **environment},
        input=given.encode(),
        stdout=subprocess.PIPE,
        check=False,
    )
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        return {"good": False, "error": BROKEN_OFF}, UNREADABLE
    return answer, done.returncode


# The other process reads its own settings; a demonstration is of this one alone.
_LEFT_OUT: Final = {"DJANGO_SETTINGS_MODULE", "DEBUG", "DEMO"}
