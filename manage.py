#!/usr/bin/env python
"""Django's command line for the portal."""

import json
import os
import sys
from collections.abc import Callable
from typing import Final

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from core.faults import fault_words

FORMS: Final[dict[str, Callable[[str], dict[str, object]]]] = {
    "verify_form": lambda sentence: {
        "valid": False,
        "reason": sentence,
        "outcome": "",
        "signatures": [],
    },
    **dict.fromkeys(("rotate_keys", "encrypt_files"), lambda sentence: {"error": sentence}),
    **dict.fromkeys(
        ("backup", "restore", "drill", "move"),
        lambda sentence: {"good": False, "error": sentence},
    ),
}


def main(arguments: list[str]) -> None:
    """Run a command. What the surroundings lack ends it with a sentence, exit code 1."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wanzhou_abtc.settings")
    try:
        execute_from_command_line(arguments)
    except ImproperlyConfigured as problem:
        stop(arguments, str(problem))
    except Exception as error:
        words = fault_words(error)
        if not words or "--traceback" in arguments:
            raise
        stop(arguments, f"没有做成：{words}。")


def stop(arguments: list[str], sentence: str) -> None:
    """Some answer a program: also where they could not even begin, in their one form."""
    answer = FORMS.get("".join(arguments[1:2]))
    if answer is None:
        sys.exit(sentence)
    sys.stdout.write(json.dumps(answer(sentence)) + "\n")
    sys.exit(2)


if __name__ == "__main__":
    main(sys.argv)
