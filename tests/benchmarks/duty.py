"""Pages and sweep of duty and follow-up at 1,000 and at 100,000 cards: queries, size, time."""

import time
from collections.abc import Iterator
from datetime import timedelta

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from cards.followup.digests import care
from cards.models import Card, Keeper, Lending, PeriodReport, ReportPeriod, Visit
from core.dates import months_later
from enterprises.models import Enterprise
from tests.benchmarks.pages import MOST_KIB, MOST_QUERIES, with_
from tests.benchmarks.table import Measure, growth
from tests.factories import CardFactory, UserFactory, agent_of

# Few, and yet enough to fill a page of every list.
FEW, MANY, BATCH = 1_000, 100_000, 2000
CARDS_EACH = 20
MOST_RATIO = 1.3
ROUNDS = 7


def measure() -> list[Measure]:
    with transaction.atomic():
        model = CardFactory.create(issued_on=timezone.localdate() - timedelta(days=400))
        agent = agent_of(model.enterprise)
        officer = UserFactory.create(officer=True)
        keeper = Keeper.objects.create(
            enterprise=model.enterprise, name="王保管", phone="1", since=model.issued_on,
            created_by=agent,
        )  # fmt: skip
        found: list[Measure] = []
        times: dict[int, dict[str, list[float]]] = {}
        made = 0
        for total in (FEW, MANY):
            multiply(model, keeper, made, total)
            made = total
            connection.cursor().execute("ANALYZE")
            measures, times[total] = worst(agent, officer, total)
            found += measures
        for path, few in times[FEW].items():
            what = f"{path}：{MANY} 张比 {FEW} 张"
            found.append(growth(what, few, times[MANY][path], most=MOST_RATIO))
        found.append(Measure("逾期为零时一次清扫", swept(), 1.0, "秒"))
        transaction.set_rollback(True)
    return found


def multiply(model: Card, keeper: Keeper, made: int, total: int) -> None:
    """Twenty cards an enterprise; of each ten one is out, of which nothing is due."""
    now, today = timezone.now(), timezone.localdate()
    period, _ = ReportPeriod.objects.get_or_create(
        kind="period", ends_on=months_later(today, -1), label="上一期",
        defaults={"starts_on": months_later(today, -4), "due_on": today + timedelta(days=9)},
    )  # fmt: skip
    for start in range(made, total, BATCH):
        numbers = range(start, min(start + BATCH, total))
        firsts = numbers[::CARDS_EACH]
        enterprises = Enterprise.objects.bulk_create(
            with_(model.enterprise, name=f"样例{number}公司", credit_code=f"B{number:017d}")
            for number in firsts
        )
        cards = Card.objects.bulk_create(
            with_(
                model,
                enterprise=enterprises[(number - start) // CARDS_EACH],
                applicant=None,
                holder_hash=f"{number:064d}",
                number_hash=f"{number:064d}",
                passport_hash=f"{number:064d}",
            )
            for number in numbers
        )
        Lending.objects.bulk_create(
            Lending(
                card=card,
                enterprise_id=card.enterprise_id,
                keeper=keeper,
                borrower="张样例",
                purpose="商务",
                economies=["JPN"],
                trip_ends_on=today + timedelta(days=20),
                return_by=today + timedelta(days=27),
                remind_on=today + timedelta(days=27),
                out_at=now,
                nonce=f"bench-{card.pk}",
                created_by=keeper.created_by,
            )
            for card in cards[::10]
        )
        PeriodReport.objects.bulk_create(
            PeriodReport(enterprise=one, period=period, remind_on=today + timedelta(days=6))
            for one in enterprises
        )
        Visit.objects.bulk_create(
            Visit(enterprise=one, why=Visit.Why.ROUTINE, due_on=today + timedelta(days=20))
            for one in enterprises
        )


def paths(agent: User) -> Iterator[tuple[bool, str]]:
    """Whether the agent looks, and at what."""
    own = agent.agency.enterprise_id
    for name in ("duty", "followup_month", "missing_reports", "breach_list", "feedback_list"):
        yield False, reverse(f"cards:{name}")
    for name in ("enterprise_duty", "register"):
        yield True, reverse(f"cards:{name}", args=[own])


def worst(agent: User, officer: User, total: int) -> tuple[list[Measure], dict[str, list[float]]]:
    seen, times = [], {}
    desks = {is_agent: Client(SERVER_NAME="127.0.0.1") for is_agent in (True, False)}
    for is_agent, person in ((True, agent), (False, officer)):
        desks[is_agent].force_login(person, backend="accounts.backends.PeopleBackend")
    for is_agent, path in paths(agent):
        desks[is_agent].get(path)
        with CaptureQueriesContext(connection) as queries:
            answer = desks[is_agent].get(path)
        assert answer.status_code == 200, path
        seen.append((len(queries), len(answer.content) / 1024, path))
        times[path] = [timed(desks[is_agent], path) for _ in range(ROUNDS)]
    most, _, busiest = max(seen)
    _, largest, longest = max(seen, key=lambda one: one[1])
    return [
        Measure(f"用卡页面查询次数，{total} 张卡", most, MOST_QUERIES, "次", busiest),
        Measure(f"用卡页面 HTML，{total} 张卡", largest, MOST_KIB, "KiB", longest),
    ], times


def timed(client: Client, path: str) -> float:
    start = time.perf_counter()
    client.get(path)
    return time.perf_counter() - start


def swept() -> float:
    """Seconds of a morning on which nothing is due, among all these cards."""
    care()
    start = time.perf_counter()
    care()
    return time.perf_counter() - start
