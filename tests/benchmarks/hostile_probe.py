"""A process of its own: one file goes the way of an upload; prints what came of it and its cost.

Arguments: a name in `HOSTILE` or `LARGE`, and the number of the material. The file itself comes
from standard input, so that making it costs nothing here.
"""

import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.test import RequestFactory  # noqa: E402 - needs the settings

from files.judging import Refused, judge_each  # noqa: E402
from materials.checks import check  # noqa: E402
from tests.benchmarks.table import megabytes  # noqa: E402
from tests.files.sending import multipart  # noqa: E402


def take(number: int) -> Any:
    def judge(data: bytes, name: str) -> list[str]:
        report = check(number, data)
        if not report.accepted:
            codes = [problem.code for problem in report.problems]
            raise Refused(*(problem.message for problem in report.problems), codes=codes)
        return [warning.message for warning in report.warnings]

    return judge


def seconds(who: int) -> float:
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def main(name: str, number: int) -> None:
    body, content_type = multipart(name, sys.stdin.buffer.read())
    request = RequestFactory().generic("POST", "/", body, content_type=content_type)
    before = seconds(resource.RUSAGE_SELF)
    [judgement] = judge_each(request.FILES.getlist("files"), take(number))
    apart = resource.RUSAGE_CHILDREN
    # Not ru_maxrss: a process begins with that of the one that started it.
    own = megabytes(Path("/proc/self/status").read_text(), "VmHWM")
    cost = {
        "codes": list(judgement.codes),
        "taken": judgement.taken,
        "seconds": seconds(resource.RUSAGE_SELF) - before + seconds(apart),
        "megabytes": max(own, resource.getrusage(apart).ru_maxrss / 1024),
    }
    request.close()
    json.dump(cost, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
