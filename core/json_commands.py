"""Commands that other programs call: one JSON object on standard output, whatever happens."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any, NoReturn

from django.core.management.base import BaseCommand

from core.text import printable

UNREADABLE = 2


class JSONCommand(BaseCommand):
    """Answers by `answer`; what cannot be read is an object with `error`, and ends with 2.

    `usage` says how it is called, for who calls it wrongly.
    """

    usage = ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        # argparse would answer in English and at length, and not on standard output.
        parser.error = lambda message: self.refuse(  # type: ignore[method-assign]
            f"参数不对。用法：{self.usage}"
        )

    def answer(self, content: Mapping[str, object], status: int = 0) -> None:
        """Write it; where it is not good, or not at all, leave with that status."""
        if status:
            self.leave(content, status)
        self._write(content)

    def leave(self, content: Mapping[str, object], status: int) -> NoReturn:
        self._write(content)
        self.stdout.flush()
        sys.exit(status)

    def refuse(self, sentence: str, **beside: Any) -> NoReturn:
        """Say that it cannot be read. Half characters of a wrong encoding are left out."""
        self.leave({**beside, "error": printable(sentence)}, UNREADABLE)

    def _write(self, content: Mapping[str, object]) -> None:
        # Chinese as it is where the terminal can show it, escaped where it cannot.
        plain = "utf" in (getattr(sys.stdout, "encoding", None) or "").lower()
        self.stdout.write(json.dumps(content, ensure_ascii=not plain))
