"""The stage report of a year over 100,000 cases, and lists of as many rows: time and memory."""

import importlib
import json
import os
import subprocess
import sys
from contextlib import closing
from typing import Final

import django
import psycopg2

from tests.benchmarks.table import Measure

CASES: Final = 100_000
MOST_SECONDS: Final = 10
MOST_MB: Final = 300
DATABASE: Final = "bench_report"
FORMS: Final = ("csv", "xlsx")


def measure() -> list[Measure]:
    """Made, counted and exported by processes of their own, on a database of its own.

    Its rows are committed and vacuumed, as rows of past years are; and the memory of an export is
    that of a process which has done nothing else.
    """
    server = os.environ["DATABASE_URL"].rpartition("/")[0]
    with closing(psycopg2.connect(os.environ["DATABASE_URL"])) as admin:
        admin.autocommit = True
        admin.cursor().execute(f"CREATE DATABASE {DATABASE}")
        try:
            ask("make", server)
            counted = ask("count", server)
            exported = {form: ask(f"export-{form}", server) for form in FORMS}
        finally:
            admin.cursor().execute(f"DROP DATABASE {DATABASE}")
    note = (
        f"{counted['asked']} 次查询，本年办结 {counted['concluded']} 张，"
        f"本进程计算 {counted['computed']:.1f} 秒，最慢的一次查询 {counted['slowest']:.1f} 秒"
    )
    report = f"一年的工作报告，{CASES} 件"
    return [
        Measure(report, counted["elapsed"], MOST_SECONDS, "秒", note),
        *(
            Measure(
                f"导出 {CASES} 件申请，{form}：内存最高", one["peak"], MOST_MB, "MB",
                f"{one['elapsed']:.0f} 秒",
            )
            for form, one in exported.items()
        ),
    ]  # fmt: skip


def ask(what: str, server: str) -> dict[str, float]:
    """What a process of its own says of it."""
    environment = os.environ | {"DATABASE_URL": f"{server}/{DATABASE}"}
    command = [sys.executable, "-m", "tests.benchmarks.report", what]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    answered: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return answered


if __name__ == "__main__":
    django.setup()
    process = importlib.import_module("tests.benchmarks.report_process")
    sys.stdout.write(json.dumps(process.main(sys.argv[1])))
