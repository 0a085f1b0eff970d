"""`script/bench scale [N …]`: seeds as many cases, looks at every page, prints what it cost."""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import django
from django.db import connections

from tests.temporary_services import CARELESS, ServiceMissingError, postgresql, redis_server

ROOT: Final = Path(__file__).resolve().parents[3]
TUNED: Final = ROOT / "deploy" / "postgresql.conf"
SIZES: Final = (1_000, 100_000, 1_000_000)
EMBEDDED_SIZES: Final = (1_000, 20_000)
# Rows come by themselves while it is seeded; what follows is to be the planner's own doing.
OURS: Final = {**CARELESS, "autovacuum": "off", "max_wal_size": "8GB"}


def main(arguments: list[str]) -> int:
    """0 when every page answered, 1 when one did not, 2 when nothing could be measured."""
    chosen = read(arguments)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.scale.settings"
    try:
        with services(chosen):
            django.setup()
            return run(chosen)
    except ServiceMissingError as problem:
        print(problem, file=sys.stderr)
        return 2


def read(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench scale", description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, metavar="N", help="多少件，可写几个")
    parser.add_argument(
        "--embedded", action="store_true", help="用 SQLite（默认 1000 和 20000 件）"
    )
    parser.add_argument("--tuned", action="store_true", help=f"用 {TUNED.name} 里的设置")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="数据库留在这个目录，下次接着用")
    parser.add_argument(
        "--only", action="append", metavar="字", help="只看名称或地址里有这个字的页面，可写几次"
    )
    parser.add_argument("--who", default="", metavar="谁", help="只看这种人的页面，如 专员")
    parser.add_argument("--repeats", type=int, default=9, help="每页打开几次")
    parser.add_argument("--write", type=Path, metavar="FILE", help="表也写进这个文件")
    parser.add_argument("--explain", type=Path, metavar="FILE", help="最慢十条查询的 EXPLAIN")
    chosen = parser.parse_args(arguments)
    chosen.sizes = sorted(chosen.sizes or (EMBEDDED_SIZES if chosen.embedded else SIZES))
    if chosen.embedded and (chosen.tuned or chosen.keep):
        parser.error("SQLite 没有 --tuned 和 --keep。")
    return chosen


@contextmanager
def services(chosen: argparse.Namespace) -> Iterator[None]:
    """A server of the run's own, or the embedded default; never one that is there already."""
    for name in ("DATABASE_URL", "REDIS_URL", "TEST_TEMPLATE"):
        os.environ.pop(name, None)
    if chosen.embedded:
        yield
        return
    if chosen.keep and is_served(chosen.keep):
        raise ServiceMissingError(f"“{chosen.keep}”里的数据库正在别处使用，请等它用完。")
    options = {**OURS, **(tuned() if chosen.tuned else {})}
    with postgresql(kept=chosen.keep, options=options) as server, redis_server() as queue:
        os.environ["DATABASE_URL"] = f"{server}/postgres"
        os.environ["TEST_TEMPLATE"] = "template1"
        os.environ["REDIS_URL"] = f"{queue}/0"
        yield


def is_served(folder: Path) -> bool:
    """Some process serves the databases in this folder now."""
    note = folder / "data" / "postmaster.pid"
    if not note.exists():
        return False
    number = note.read_text().split("\n", 1)[0]
    return Path("/proc", number).exists()


def tuned(path: Path = TUNED) -> Mapping[str, str]:
    """What the shipped file sets, without what a run on one's own folder settles itself."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.partition("#")[0].partition("=")
        if equals and name.strip() not in {*OURS, "shared_preload_libraries"}:
            found[name.strip()] = value.strip().strip("'")
    return found


def run(chosen: argparse.Namespace) -> int:
    # These modules know the portal's models, which are there from now on.
    timing = import_module("tests.benchmarks.scale.timing")
    report = import_module("tests.benchmarks.scale.report")
    explaining = import_module("tests.benchmarks.scale.explaining")
    least: dict[tuple[str, str], Any] = {}
    parts, plans, failed = [], [], False
    for count in chosen.sizes:
        with database(chosen, count) as seeded:
            print(f"测量 {count} 件", file=sys.stderr, flush=True)
            found = []
            for one in timing.look_at_all(wanted(chosen), chosen.repeats):
                found.append(one)
                print(f"{len(found)}. {report.line(one)}", file=sys.stderr, flush=True)
            parts.append(report.text(title(chosen, count, seeded), found, least))
            print(parts[-1], flush=True)
            plans.append(f"{count} 件\n\n{explaining.of_slowest(found)}" if chosen.explain else "")
        least = least or {one.look.key: one for one in found}
        failed = failed or any(not one.is_fine for one in found)
    for path, text in ((chosen.write, "\n".join(parts)), (chosen.explain, "\n\n".join(plans))):
        if path:
            path.write_text(text, encoding="utf-8")
    connections.close_all()
    return 1 if failed else 0


def wanted(chosen: argparse.Namespace) -> Callable[[Any], bool]:
    words = chosen.only or [""]
    return lambda look: (
        chosen.who in look.who and any(word in look.name or word in look.path for word in words)
    )


def title(chosen: argparse.Namespace, count: int, seeded: str) -> str:
    which = (
        "SQLite"
        if chosen.embedded
        else "PostgreSQL，" + ("deploy/postgresql.conf 的设置" if chosen.tuned else "默认设置")
    )
    return f"{count} 件，{which}；{seeded}"


@contextmanager
def database(chosen: argparse.Namespace, count: int) -> Iterator[str]:
    """The portal's connection leads to so many cases; how they came there, in words."""
    databases = import_module("tests.benchmarks.scale.databases")
    seeding = import_module("tests.benchmarks.scale.seeding")
    if chosen.embedded:
        from_settings = import_module("django.conf").settings
        with databases.in_file(Path(from_settings.PORTAL_DATA) / f"{count}.sqlite3"):
            yield seed(seeding, count)
        return
    if databases.make(count):
        yield "沿用上次写入的"
        return
    words = seed(seeding, count)
    databases.put_mark(databases.SEEDED)
    yield words


def seed(seeding: Any, count: int) -> str:
    print(f"写入 {count} 件", file=sys.stderr, flush=True)
    start = time.perf_counter()
    rows = sum(seeding.seed(count).values())
    return f"写入 {rows} 行用 {time.perf_counter() - start:.0f} 秒"
