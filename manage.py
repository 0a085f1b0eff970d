#!/usr/bin/env python
"""Django's command line for the portal."""

import json
import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from core.faults import fault_words

# None stands for the sentence.
ANSWERING: dict[str, dict[str, object]] = {
    "verify_form": {"valid": False, "reason": None, "outcome": "", "signatures": []},
    "backup": {"good": False, "error": None},
    "restore": {"good": False, "error": None},
    "drill": {"good": False, "error": None},
    "move": {"good": False, "error": None},
    "rotate_keys": {"error": None},
    "encrypt_files": {"error": None},
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
    name = arguments[1] if len(arguments) > 1 else ""
    if name not in ANSWERING:
        sys.exit(sentence)
    answer = {word: sentence if value is None else value for word, value in ANSWERING[name].items()}
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.exit(2)


if __name__ == "__main__":
    main(sys.argv)
