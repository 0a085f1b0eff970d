"""The reminders' sweep: 1,000 opinions due among 10,000 and among 1,000,000, as a ratio.

Twice: finding what is due, which runs every minute, and the whole sweep with its notices written
(but not delivered), which is rolled back so that it can be repeated. The two sizes stand in two
databases and are measured in turns, so that noise falls on both alike.
"""

from collections.abc import Iterator
from datetime import datetime
from statistics import median
from typing import Any

from django.db import connection, reset_queries, transaction
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from accounts.models import Department, User
from applications.workflow import Status
from reviews.models import ReviewTable
from reviews.reminders import find_due, send_due_reminders
from tests.benchmarks.table import Measure, ratio, seconds
from tests.factories import ReviewTableFactory, liaison
from workdays.calendar import STATION_TIME, load_calendar

DUE, FEW, MANY = 1000, 10_000, 1_000_000
# Four departments of each open table are due; foreign affairs waits for them.
OPEN_FORMS = DUE // 4
FIRST_ID = 10_000_000
CIRCULATED = datetime(2026, 11, 23, 10, tzinfo=STATION_TIME)
DUE_AT = datetime(2026, 11, 25, 18, tzinfo=STATION_TIME)
NOW = datetime(2026, 11, 25, 9, 30, tzinfo=STATION_TIME)
FINDS, SWEEPS = 31, 2
FEW_DATABASE = "few"
MOST = 1.2


def measure() -> list[Measure]:
    many = str(connection.settings_dict["NAME"])
    build(FEW_DATABASE)
    finds: dict[str, list[float]] = {FEW_DATABASE: [], many: []}
    sweeps: dict[str, list[float]] = {FEW_DATABASE: [], many: []}
    # First all that only reads: a sweep that is rolled back leaves dead rows behind.
    for _ in range(FINDS):
        for database in (FEW_DATABASE, many):
            work_on(database)
            find()
            finds[database].append(seconds(find))
    for _ in range(SWEEPS):
        for database in (FEW_DATABASE, many):
            work_on(database)
            sweeps[database].append(seconds(sweep))
    work_on(many)
    return [
        line(f"找出 {DUE} 件到期意见", finds[many], finds[FEW_DATABASE], how_it_reads()),
        line(f"提醒 {DUE} 件到期意见（写下通知）", sweeps[many], sweeps[FEW_DATABASE]),
    ]


def line(what: str, many: list[float], few: list[float], more: str = "") -> Measure:
    note = f"{median(many) * 1000:.0f} ms 与 {median(few) * 1000:.0f} ms{more}"
    return Measure(f"{what}，{MANY} 件中 ÷ {FEW} 件中", ratio(many, few), MOST, "倍", note)


def build(few_database: str) -> None:
    """Fill the database with few opinions, keep a copy of it, and go on to the many."""
    for department in Department.objects.all():
        if not User.objects.liaisons_of(department).exists():
            liaison(department.code)
    model = ReviewTableFactory.create(circulated_at=CIRCULATED, due_at=DUE_AT)
    put_away(model)
    copies(model, 0, OPEN_FORMS, "open")
    copies(model, OPEN_FORMS, FEW // 5, "done")
    remind_of_the_done()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        source = connection.settings_dict["NAME"]
        cursor.execute(f'CREATE DATABASE "{few_database}" TEMPLATE "{source}"')
    copies(model, FEW // 5, MANY // 5, "done")
    remind_of_the_done()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def how_it_reads() -> str:
    """By which indexes the planner finds what is due, and what it reads from end to end."""
    reset_queries()  # a full log would keep none of what follows
    with CaptureQueriesContext(connection) as captured:
        find()
    indexes, whole = set(), set()
    for query in captured:
        if '"reviews_opinion"' not in query["sql"]:
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {query['sql']}")
            nodes = list(plan_nodes(cursor.fetchone()[0][0]["Plan"]))
        indexes |= {node["Index Name"] for node in nodes if "Index Name" in node}
        whole |= {node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"}
    return f"；索引 {'、'.join(sorted(indexes))}；整表读 {'、'.join(sorted(whole)) or '无'}"


def plan_nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", []):
        yield from plan_nodes(child)


def work_on(database: str) -> None:
    """Let the portal's connection lead to this database from now on."""
    connection.close()
    connection.settings_dict["NAME"] = database
    connection.ensure_connection()


def find() -> None:
    found = list(find_due(load_calendar(), NOW))
    assert len(found) == DUE, len(found)


def sweep() -> None:
    with transaction.atomic():
        sent = send_due_reminders(NOW)
        assert sent >= DUE, sent
        transaction.set_rollback(True)


def put_away(model: ReviewTable) -> None:
    """The case that the others copy is void itself and in nobody's way."""
    model.opinions.update(lapsed_at=CIRCULATED)
    ReviewTable.objects.filter(pk=model.pk).update(
        status=ReviewTable.Status.VOID, voided_at=CIRCULATED, void_reason="样例"
    )


def copies(model: ReviewTable, first: int, end: int, kind: str) -> None:
    """Copies of a case numbered `first` to `end - 1`: open and due, or done (one in 50 void)."""
    number = f"{FIRST_ID} + n"
    is_void = "mod(n, 50) = 0" if kind == "done" else "false"
    signed = "null" if kind == "open" else f"CASE WHEN {is_void} THEN null ELSE due_at END"
    if kind == "open":
        duplicate(model.application.applicant, first, end, id=number, id_number_hash="n::text")
    duplicate(
        model.application,
        first,
        end,
        id=number,
        applicant_id=number if kind == "open" else "applicant_id",
        status=f"'{Status.IN_REVIEW if kind == 'open' else Status.ENDORSED}'",
    )
    duplicate(
        model,
        first,
        end,
        id=number,
        application_id=number,
        number="'B' || n",
        verification_code="'B' || n",
        status="'open'"
        if kind == "open"
        else f"CASE WHEN {is_void} THEN 'void' ELSE 'concluded' END",
        concluded_at="due_at",
        voided_at="due_at",
        void_reason="'样例'",
    )
    for opinion in model.opinions.select_related("department"):
        duplicate(
            opinion,
            first,
            end,
            id=f"{FIRST_ID} + n * 5 + {opinion.department.position}",
            table_id=number,
            lapsed_at=f"CASE WHEN {is_void} THEN due_at END",
            signed_at=signed,
            signed_by_id=f"CASE WHEN {signed} IS NULL THEN null ELSE {model.circulated_by_id} END",
            conclusion="'agree'",
        )


def remind_of_the_done() -> None:
    """What is done was reminded of once: the sweep asks for the newest reminder of each due one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reviews_reminder (opinion_id, kind, moment, created_at, sent_at, told)"
            " SELECT id, 'last_day', due_at, due_at, due_at, '' FROM reviews_opinion"
            " WHERE signed_at IS NOT NULL ON CONFLICT DO NOTHING"
        )


def duplicate(row: Model, first: int, end: int, **changes: str) -> None:
    """Insert copies of a row, one for each `n`; `changes` are SQL expressions by column."""
    meta: Any = row._meta
    columns = [field.column for field in meta.concrete_fields]
    values = [changes.get(column, f'"{column}"') for column in columns]
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {meta.db_table} ({names}) SELECT {', '.join(values)}"  # noqa: S608
            f" FROM {meta.db_table}, generate_series(%s::bigint, %s) AS n WHERE id = %s",
            [first, end - 1, row.pk],
        )
