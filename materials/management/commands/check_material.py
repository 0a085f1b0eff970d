"""Prints what the portal would say of a file given as one of Annex 3's materials."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from core.json_commands import JSONCommand
from core.reading import whole_number
from files.pictures import PictureRefused, refuse_size
from files.recognition_packages import is_available
from materials.catalogue import CATALOGUE, UnknownMaterial, get
from materials.checks import check
from materials.findings import Finding, Report
from materials.recognising import inspect
from materials.stated import OPTIONS, FactRefused, judge_stated, read_facts

ACCEPTED, REFUSED, NO_SUCH_THING = 0, 1, 2


class Command(JSONCommand):
    help = (
        "检查一个文件是否符合附件3的某项材料要求，输出一个JSON对象。"
        "填写的内容作为选项给出，没有给出的不比较。"
    )
    # It reads one file and no table, so it works before the database is made.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", metavar="KIND", help="材料编号，1至10")
        parser.add_argument("file", metavar="FILE", help="文件路径")
        for option in OPTIONS:
            action: Any = "store_true" if option.is_switch else "store"
            parser.add_argument(f"--{option.name}", action=action, help=option.words)

    def handle(self, *args: Any, **options: Any) -> None:
        stated = {
            option.name: options[option.name.replace("-", "_")]
            for option in OPTIONS
            if options[option.name.replace("-", "_")]
        }
        report, status = _examine(options["kind"], options["file"], stated)
        self.answer(report.as_json(), status)


def _examine(kind: str, name: str, stated: dict[str, str]) -> tuple[Report, int]:
    try:
        number = get(whole_number(kind)).number
        if number > len(CATALOGUE):
            raise UnknownMaterial
    except (ValueError, UnknownMaterial):
        return _cannot("no_such_kind", f"没有编号为“{kind[:20]}”的材料。", "编号为1至10的整数。")
    try:
        facts = read_facts(stated)
        path = Path(name)
        # A pipe or a device would be waited for; only a regular file has an end.
        if not path.is_file():
            return _cannot("no_such_file", "没有这个文件，或者它不是普通文件。", "请核对路径。")
        refuse_size(path.stat().st_size, settings.MAX_UPLOAD_BYTES)
        data = path.read_bytes()
    except FactRefused as refusal:
        return _cannot("no_such_fact", str(refusal), "")
    except PictureRefused as refusal:
        return Report(problems=(Finding(refusal.code, refusal.found, refusal.mend),)), REFUSED
    except (OSError, ValueError):
        return _cannot("unreadable_file", "文件打不开。", "请核对路径和权限。")
    report = check(number, data, facts=facts)
    if report.accepted and is_available() and not facts.mrz_text:
        report = report.and_also(inspect(number, data, facts=facts, today=timezone.localdate()))
    report = report.and_also(judge_stated(number, stated))
    return report, ACCEPTED if report.accepted else REFUSED


def _cannot(code: str, found: str, mend: str) -> tuple[Report, int]:
    return Report(problems=(Finding(code, found, mend),)), NO_SUCH_THING
