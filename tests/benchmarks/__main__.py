"""What `script/bench` runs: measures, on a PostgreSQL of its own, and prints a table.

Arguments choose groups by name; without any, all run. Nothing is asserted. `scale`, `migrate`,
`backup` and `kills` have arguments of their own (`tests/benchmarks/scale`, `…/backups.py`).
"""

import importlib
import os
import sys

import django
from django.core.management import call_command
from django.db import connections

from tests.benchmarks.table import Measure, lines
from tests.temporary_services import ServiceMissingError, postgresql, redis_server

GROUPS = (
    "uploads", "hostile", "signing", "at_once", "pages", "cards", "memory", "sweep", "duty",
    "ledger", "report", "ledger_tables", "floods", "painting",
    "at_rest",
)  # fmt: skip


def main(chosen: list[str]) -> int:
    if chosen[:1] == ["scale"]:
        # Its modules read the settings of their own run.
        return int(importlib.import_module("tests.benchmarks.scale.command").main(chosen[1:]))
    if chosen[:1] in (["backup"], ["kills"]):
        module = importlib.import_module("tests.benchmarks.backups")
        return int((module.main if chosen[0] == "backup" else module.kills)(chosen[1:]))
    if chosen[:1] == ["migrate"]:
        return int(importlib.import_module("tests.benchmarks.scale.migrating").main(chosen[1:]))
    unknown = [name for name in chosen if name not in GROUPS]
    if unknown:
        print(f"没有这样的项目：{'、'.join(unknown)}。可选：{'、'.join(GROUPS)}", file=sys.stderr)
        return 2
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    try:
        with postgresql() as database_server, redis_server() as queue_server:
            os.environ["DATABASE_URL"] = f"{database_server}/postgres"
            os.environ["TEST_TEMPLATE"] = "template1"
            os.environ["REDIS_URL"] = f"{queue_server}/0"
            measures = run([name for name in GROUPS if name in chosen or not chosen])
    except ServiceMissingError as problem:
        print(problem, file=sys.stderr)
        return 1
    print("\n".join(lines(measures)))
    return 0


def run(names: list[str]) -> list[Measure]:
    """Set Django up on the fresh database and measure one group after the other."""
    django.setup()
    call_command("migrate", verbosity=0)
    measures: list[Measure] = []
    for name in names:
        print(f"测量：{name}", file=sys.stderr, flush=True)
        measures += importlib.import_module(f"tests.benchmarks.{name}").measure()
    connections.close_all()
    return measures


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
