"""Prints what the portal would say of a file given as one of Annex 3's materials."""

import json
import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from applications.checks import Finding, MaterialFacts, Report, check
from applications.materials import UnknownMaterial, get
from applications.recognised import KINDS, inspect
from files.pictures import PictureRefused, refuse_size
from files.recognition_packages import is_available

ACCEPTED, REFUSED, NO_SUCH_THING = 0, 1, 2


class Command(BaseCommand):
    help = "检查一个文件是否符合附件3的某项材料要求，输出一个JSON对象。"
    # It reads one file and no table, so it works before the database is made.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", metavar="KIND", help="材料编号，1至10")
        parser.add_argument("file", metavar="FILE", help="文件路径")

    def handle(self, *args: Any, **options: Any) -> None:
        report, status = _examine(options["kind"], options["file"])
        # Chinese as it is where the terminal can show it, escaped where it cannot.
        plain = "utf" in (getattr(sys.stdout, "encoding", None) or "").lower()
        self.stdout.write(json.dumps(report.as_json(), ensure_ascii=not plain))
        if status != ACCEPTED:
            self.stdout.flush()
            sys.exit(status)


def _examine(kind: str, name: str) -> tuple[Report, int]:
    try:
        number = get(int(kind) if kind.isascii() and kind.isdigit() else 0).number
    except (ValueError, UnknownMaterial):
        return _cannot("no_such_kind", f"没有编号为“{kind[:20]}”的材料。", "编号为1至10的整数。")
    try:
        path = Path(name)
        # A pipe or a device would be waited for; only a regular file has an end.
        if not path.is_file():
            return _cannot("no_such_file", "没有这个文件，或者它不是普通文件。", "请核对路径。")
        refuse_size(path.stat().st_size, settings.MAX_UPLOAD_BYTES)
        data = path.read_bytes()
    except PictureRefused as refusal:
        return Report(problems=(Finding(refusal.code, refusal.found, refusal.mend),)), REFUSED
    except (OSError, ValueError) as error:
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else ""
        return _cannot(
            "unreadable_file", f"文件打不开（{reason or '路径无效'}）。", "请核对路径和权限。"
        )
    report = check(number, data)
    if report.accepted and number in KINDS and is_available():
        found = inspect(number, data, facts=MaterialFacts(), today=timezone.localdate())
        report = Report(found.problems, report.warnings + found.warnings, report.picture)
    return report, ACCEPTED if report.accepted else REFUSED


def _cannot(code: str, found: str, mend: str) -> tuple[Report, int]:
    return Report(problems=(Finding(code, found, mend),)), NO_SUCH_THING
