#!/usr/bin/env python
"""Django's command line for the portal."""

import json
import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from core.faults import fault_words


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
    """`verify_form` answers a program: also where it could not even begin, in its one form."""
    if arguments[1:2] != ["verify_form"]:
        sys.exit(sentence)
    answer = {"valid": False, "reason": sentence, "outcome": "", "signatures": []}
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.exit(2)


if __name__ == "__main__":
    main(sys.argv)
