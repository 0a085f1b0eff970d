"""What the processes of `report` do: make the rows, count the report, export a list."""

import resource
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from django.core.management import call_command
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from applications.models import Correction, ReturnReason, StatusChange
from core.spreadsheets import csv_stream, xlsx_stream
from reports.exports.kinds import KINDS
from reports.stage.building import build
from reports.stage.periods import Period
from reviews.models import Opinion, Pause, ReviewTable
from reviews.times.checking import write_months
from tests.benchmarks.report import CASES
from tests.benchmarks.table import cost
from tests.factories import (
    CardFactory,
    CorrectionFactory,
    DemandFactory,
    ReviewTableFactory,
    UserFactory,
)

ENTERPRISES: Final = 5_000
FORMS: Final[dict[str, Callable[..., Any]]] = {"csv": csv_stream, "xlsx": xlsx_stream}
YEAR: Final = Period(date(2026, 1, 1), date(2026, 12, 31))
# The n-th case begins so long after the first of July before: eighteen months, 8 minutes apart.
BEGUN: Final = "timestamptz '2025-07-01 10:00+08' + n * interval '7 minutes 53 seconds'"
# Every so many cases: paused once, still open, returned once; every other one has its card.
PAUSED, OPEN, RETURNED, WITH_CARD = 20, 25, 4, 2


def main(what: str) -> dict[str, float]:
    """In a process of its own; what it found."""
    if what == "make":
        call_command("migrate", verbosity=0)
        make()
        # As the beat has done it once a month is over.
        write_months()
        connection.cursor().execute("VACUUM ANALYZE")
        return {}
    if what == "count":
        return count()
    return export(what.partition("-")[2])


def count() -> dict[str, float]:
    """The report of the year: once as it is, once with its queries looked at."""
    spent = cost(lambda: build(YEAR))
    with CaptureQueriesContext(connection) as queries:
        content = build(YEAR)
    figures = {one.code: one.value for one in content.figures}
    concluded = figures["times.concluded"] or 0
    slowest = max(float(one["time"]) for one in queries.captured_queries)
    return {
        "elapsed": spent.elapsed, "computed": spent.computed, "asked": len(queries),
        "concluded": concluded, "slowest": slowest,
    }  # fmt: skip


def export(form: str) -> dict[str, float]:
    """The list to its end, as the answer of the page streams it."""
    kind, stream = KINDS["applications"], FORMS[form]
    officer = User.objects.officers()[0]

    def write() -> int:
        parts = stream("a", kind.table(kind.rows_for(officer, None)))
        return sum(len(part) for part in parts)

    spent = cost(write)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"elapsed": spent.elapsed, "peak": peak}


def make() -> User:
    """Cases of eighteen months, two thirds of them in the year, all with their table."""
    officer = UserFactory.create(officer=True)
    table = ReviewTableFactory.create()
    case = table.application
    firms = copies(
        case.enterprise, ENTERPRISES, name="'样例企业' || n",
        credit_code="'9150010100' || lpad(n::text, 8, '0')",
    )  # fmt: skip
    copies(
        DemandFactory.create(), ENTERPRISES, name="'样例企业' || n",
        trade="'行业' || n % 12", town="'镇街' || n % 40",
        told_at=f"CASE WHEN n % 3 > 0 THEN {BEGUN} END", nonce="NULL",
    )  # fmt: skip
    firm = f"{firms} + n % {ENTERPRISES}"
    people = copies(
        case.applicant, CASES, enterprise_id=firm, id_number_hash="lpad(n::text, 64, '0')"
    )
    is_open = f"n % {OPEN} = 0"
    cases = copies(
        case, CASES, enterprise_id=firm, applicant_id=f"{people} + n",
        status=f"CASE WHEN {is_open} THEN 'in_review' ELSE 'endorsed' END",
        created_at=BEGUN, submitted_at=BEGUN, due_at="NULL",
    )  # fmt: skip
    ended = f"{BEGUN} + (1 + n % 6) * interval '1 day'"
    tables = copies(
        table, CASES, application_id=f"{cases} + n", number="'B' || n",
        verification_code="'B' || n", circulated_at=BEGUN,
        due_at=f"{BEGUN} + interval '5 days'",
        status=f"CASE WHEN {is_open} THEN 'open' ELSE 'concluded' END",
        concluded_at=f"CASE WHEN {is_open} THEN NULL ELSE {ended} END",
    )  # fmt: skip
    _opinions(table, tables, officer, is_open, ended)
    pause = Pause.objects.create(table=table, reason="补充材料", by=officer, started_at=YEAR.start)
    copies(
        pause, CASES // PAUSED, table_id=f"{tables} + n * {PAUSED}",
        started_at=BEGUN.replace("n *", f"n * {PAUSED} *"),
        ended_at=BEGUN.replace("n *", f"n * {PAUSED} *") + " + interval '20 hours'",
    )  # fmt: skip
    _moves(table, cases)
    _cards(cases, firms)
    return officer


def _opinions(table: ReviewTable, tables: int, officer: User, is_open: str, ended: str) -> None:
    for place, opinion in enumerate(Opinion.objects.filter(table=table)):
        signed = f"{ended} - {5 - place} * interval '1 hour'"
        copies(
            opinion, CASES, table_id=f"{tables} + n", due_at=f"{BEGUN} + interval '5 days'",
            signed_at=f"CASE WHEN {is_open} THEN NULL ELSE {signed} END",
            signed_by_id=f"CASE WHEN {is_open} THEN NULL ELSE {officer.pk} END",
            conclusion=f"CASE WHEN {is_open} THEN '' ELSE 'agree' END",
        )  # fmt: skip


def _moves(table: ReviewTable, cases: int) -> None:
    case = table.application
    for action, to, after, every in (
        ("submit", "submitted", "0 hours", 1),
        ("return", "returned", "2 hours", RETURNED),
        ("circulate", "in_review", "3 hours", 1),
        ("conclude", "endorsed", "3 days", 1),
    ):
        move = StatusChange.objects.create(
            application=case, action=action, from_status="draft", to_status=to
        )
        at = BEGUN.replace("n *", f"n * {every} *") + f" + interval '{after}'"
        copies(move, CASES // every, application_id=f"{cases} + n * {every}", at=at)
    told = CorrectionFactory.create(application=case, sent=True)
    Correction.objects.filter(pk=told.pk).update(reason=ReturnReason.objects.first())
    at = BEGUN.replace("n *", f"n * {RETURNED} *")
    copies(told, CASES // RETURNED, application_id=f"{cases} + n * {RETURNED}", sent_at=at)


def _cards(cases: int, firms: int) -> None:
    card = CardFactory.create()
    issued = f"({BEGUN.replace('n *', f'n * {WITH_CARD} *')})::date"
    copies(
        card, CASES // WITH_CARD, enterprise_id=f"{firms} + n % {ENTERPRISES}",
        application_id="NULL", applicant_id="NULL", number_hash="lpad(n::text, 64, 'n')",
        holder_hash="lpad(n::text, 64, 'h')", passport_hash="lpad(n::text, 64, 'p')",
        issued_on=issued, card_until=f"{issued} + 1800", passport_until="NULL",
        ends_on=f"{issued} + 1800",
    )  # fmt: skip


def copies(row: Model, count: int, **changes: str) -> int:
    """Copy a row so often in the database itself; changed columns are SQL over n = 1 to count.

    The number to which n is added gives the n-th copy's own.
    """
    meta = row._meta
    known: Mapping[str, str] = {
        field.attname: str(field.column) for field in meta.concrete_fields if not field.generated
    }
    columns = [column for name, column in known.items() if name != "id"]
    values = [changes.get(name, f'"{column}"') for name, column in known.items() if name != "id"]
    assert set(changes) <= set(known), set(changes) - set(known)
    listed = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{meta.db_table}" ({listed}) SELECT {", ".join(values)} '  # noqa: S608
            f'FROM "{meta.db_table}", generate_series(1, {count}) AS n WHERE id = {row.pk} '
            "ORDER BY n RETURNING id"
        )
        return int(min(found for (found,) in cursor.fetchall())) - 1
