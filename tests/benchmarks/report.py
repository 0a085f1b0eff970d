"""The stage report of a year over 100,000 cases, and its exports: time and memory."""

from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, Final

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from applications.models import Applicant, Application, Correction, ReturnReason, StatusChange
from applications.workflow import Action, Status
from cards.models import Card
from core.crypto import keyed_hash
from enterprises.models import Demand
from reports.stage.building import build
from reports.stage.periods import Period
from reviews.models import Opinion, Pause, ReviewTable
from tests.benchmarks.table import Measure, cost
from tests.factories import EnterpriseFactory, ReviewTableFactory, UserFactory
from workdays.calendar import STATION_TIME

CASES: Final = 100_000
ENTERPRISES: Final = 5_000
BATCH: Final = 2_000
MOST_SECONDS: Final = 10
YEAR: Final = Period(date(2026, 1, 1), date(2026, 12, 31))
START: Final = datetime(2025, 7, 1, 10, tzinfo=STATION_TIME)
# Every so many cases: paused once, still open, returned once.
PAUSED, OPEN, RETURNED = 20, 25, 4


def measure() -> list[Measure]:
    with transaction.atomic():
        make()
        connection.cursor().execute("ANALYZE")
        connection.queries_log.clear()
        with CaptureQueriesContext(connection) as queries:
            content = build(YEAR)
        asked = len(queries)
        spent = cost(lambda: build(YEAR))
        transaction.set_rollback(True)
    counted = {one.code: one.value for one in content.figures}
    note = f"{asked} 次查询，本年办结 {counted['times.concluded']} 张，计算 {spent.computed:.1f} 秒"
    return [Measure(f"一年的工作报告，{CASES} 件", spent.elapsed, MOST_SECONDS, "秒", note)]


def make() -> None:
    """Cases of eighteen months, two thirds of them in the year, all with their table."""
    model = ReviewTableFactory.create()
    officer = UserFactory.create(officer=True)
    enterprises = _enterprises()
    for number in range(0, CASES, BATCH):
        _cases(model, officer, enterprises, range(number, number + BATCH))


def _enterprises() -> list[int]:
    model = EnterpriseFactory.create()
    rows = [
        _copy(model, name=f"样例企业{number}", credit_code=f"9150010100{number:08d}")
        for number in range(ENTERPRISES)
    ]
    made = type(model).objects.bulk_create(rows, batch_size=BATCH)
    Demand.objects.bulk_create(
        Demand(
            name=one.name, source="list", trade=f"行业{one.pk % 12}", town=f"镇街{one.pk % 40}",
            kind="private", told_at=START if one.pk % 3 else None, added_at=START,
        )
        for one in made
    )  # fmt: skip
    return [one.pk for one in made]


def _cases(model: ReviewTable, officer: User, enterprises: list[int], numbers: range) -> None:
    case = model.application
    people = Applicant.objects.bulk_create(
        _copy(
            case.applicant, enterprise_id=enterprises[number % ENTERPRISES],
            id_number_hash=f"{number:064d}",
        )
        for number in numbers
    )  # fmt: skip
    begun = {number: START + timedelta(minutes=7 * number) for number in numbers}
    cases = Application.objects.bulk_create(
        _copy(
            case, applicant_id=person.pk, enterprise_id=person.enterprise_id,
            status=Status.IN_REVIEW if number % OPEN == 0 else Status.ENDORSED,
            created_at=begun[number], submitted_at=begun[number], due_at=None,
        )
        for number, person in zip(numbers, people, strict=True)
    )  # fmt: skip
    # `auto_now_add` took the moment of the insert; tests of speed need the year's.
    for one, number in zip(cases, numbers, strict=True):
        one.created_at = begun[number]
    Application.objects.bulk_update(cases, ["created_at"], batch_size=BATCH)
    _tables(model, officer, list(zip(numbers, cases, strict=True)), begun)
    _changes(list(zip(numbers, cases, strict=True)), officer, begun)
    _cards(cases, numbers)


def _tables(
    model: ReviewTable,
    officer: User,
    cases: list[tuple[int, Application]],
    begun: dict[int, datetime],
) -> None:
    opinions = list(model.opinions.select_related("department").order_by("department__position"))
    rows = []
    for number, case in cases:
        at = begun[number] + timedelta(days=1)
        is_open = number % OPEN == 0
        rows.append(
            _copy(
                model, application_id=case.pk, number=f"B{number}", verification_code=f"B{number}",
                circulated_at=at, due_at=at + timedelta(days=5),
                status="open" if is_open else "concluded",
                concluded_at=None if is_open else at + timedelta(days=1 + number % 6),
            )
        )  # fmt: skip
    tables = ReviewTable.objects.bulk_create(rows)
    Opinion.objects.bulk_create(
        _copy(
            opinion, table_id=table.pk, due_at=table.due_at,
            signed_at=table.concluded_at and table.concluded_at - timedelta(hours=5 - place),
            signed_by_id=table.concluded_at and officer.pk,
            conclusion="agree" if table.concluded_at else "",
        )
        for table in tables
        for place, opinion in enumerate(opinions)
    )  # fmt: skip
    Pause.objects.bulk_create(
        Pause(
            table=table, reason="补充材料", by=officer, started_at=table.circulated_at,
            ended_at=table.circulated_at + timedelta(hours=20),
        )
        for (number, _), table in zip(cases, tables, strict=True)
        if number % PAUSED == 0
    )  # fmt: skip


def _changes(
    cases: list[tuple[int, Application]], officer: User, begun: dict[int, datetime]
) -> None:
    rows, corrections = [], []
    reasons = list(ReturnReason.objects.all()[:10])
    for number, case in cases:
        at = begun[number]
        moves = [(Action.SUBMIT, Status.SUBMITTED, at)]
        if number % RETURNED == 0:
            moves.append((Action.RETURN, Status.RETURNED, at + timedelta(hours=2)))
            corrections.append(
                Correction(
                    application=case, number=8, words="照片要换。", created_by=officer,
                    reason=reasons[number % len(reasons)], sent_at=at + timedelta(hours=2),
                )
            )  # fmt: skip
        moves.append((Action.CIRCULATE, Status.IN_REVIEW, at + timedelta(days=1)))
        if number % OPEN:
            moves.append((Action.CONCLUDE, Status.ENDORSED, at + timedelta(days=2 + number % 6)))
        rows += [
            (StatusChange(application=case, action=action, from_status="draft", to_status=to), when)
            for action, to, when in moves
        ]
    made = StatusChange.objects.bulk_create([row for row, _ in rows])
    for one, (_, when) in zip(made, rows, strict=True):
        one.at = when
    StatusChange.objects.bulk_update(made, ["at"], batch_size=BATCH)
    Correction.objects.bulk_create(corrections)


def _cards(cases: list[Application], numbers: range) -> None:
    """Every other case has its card."""
    rows = []
    for number, case in islice(zip(numbers, cases, strict=True), 0, None, 2):
        issued = (START + timedelta(minutes=7 * number)).date()
        card = Card(
            enterprise_id=case.enterprise_id, holder_name="样例", holder_hash=f"{number:064d}",
            number=f"B{number:08d}", number_hash=keyed_hash(f"B{number:08d}"),
            passport_number="EA0000000", passport_hash=f"{number:064d}", issued_on=issued,
            card_until=issued + timedelta(days=1800),
        )  # fmt: skip
        card.reckon()
        rows.append(card)
    Card.objects.bulk_create(rows)


def _copy(row: Any, **changes: object) -> Any:
    """A copy of a row that is not in the database yet."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return type(row)(**values | {"id": None} | changes)
