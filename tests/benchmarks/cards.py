"""Lists, radar and page of cards, and the radar's sweep, at 1,000 and at 100,000 cards."""

from collections.abc import Callable
from datetime import date, timedelta

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from cards.holding.radar_sweep import sweep
from cards.models import Card, CardEconomy
from core.crypto import keyed_hash
from core.dates import months_later
from tests.benchmarks.table import Measure, cost, growth
from tests.factories import CardFactory, UserFactory, agent_of

# Enough to fill a page of every list.
FEW, MANY = 1_000, 100_000
BATCH = 2_000
TIMES = 15
MOST_QUERIES, MOST_KIB, MOST_RATIO = 12, 60, 1.3
# Cards that end within a year, of any number: what the radar shows and says.
DUE = 5


def measure() -> list[Measure]:
    with transaction.atomic():
        model = CardFactory.create(economies=["JPN", "VNM"])
        agent = agent_of(model.enterprise)
        officer = UserFactory.create(officer=True)
        views = pages(model, agent, officer)
        first = looked_at(views, model, 1, FEW)
        then = looked_at(views, model, FEW, MANY)
        transaction.set_rollback(True)
    measures = []
    for name in views:
        queries, kib, _ = then[name]
        measures += [
            Measure(f"{name}：查询次数，{MANY} 张", queries, MOST_QUERIES, "次"),
            Measure(f"{name}：HTML，{MANY} 张", kib, MOST_KIB, "KiB"),
            growth(f"{name}：{MANY} 张比 {FEW} 张", first[name][2], then[name][2], most=MOST_RATIO),
        ]
    what = f"到期提醒清扫：{MANY} 张比 {FEW} 张"
    measures.append(growth(what, first["sweep"][2], then["sweep"][2], most=MOST_RATIO))
    return measures


Look = tuple[float, float, list[float]]


def pages(model: Card, agent: User, officer: User) -> dict[str, Callable[[], bytes]]:
    """By name what opens each page, signed in."""
    return {
        "卡片列表（专员）": opened(officer, reverse("cards:list")),
        "卡片列表（企业）": opened(agent, reverse("cards:list")),
        "3个月内到期（专员）": opened(officer, reverse("cards:list") + "?ends=3"),
        "按卡号查找": opened(officer, reverse("cards:list") + f"?q={model.number}"),
        "到期提醒（专员）": opened(officer, reverse("cards:radar")),
        "到期提醒（企业）": opened(agent, reverse("cards:radar")),
        "一张卡": opened(agent, model.get_absolute_url()),
    }


def opened(who: User, path: str) -> Callable[[], bytes]:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(who, backend="accounts.backends.PeopleBackend")
    return lambda: client.get(path).content


def looked_at(
    views: dict[str, Callable[[], bytes]], model: Card, made: int, total: int
) -> dict[str, Look]:
    """Queries, size and seconds of each page once there are `total` cards.

    Seconds are those of a quiet machine: a page that has nothing to do with cards is opened in
    turns with each, and what else the machine does falls on both alike.
    """
    control = opened(model.enterprise.agents.all()[0].user, reverse("privacy"))
    control()
    quiet = min(cost(control).elapsed for _ in range(TIMES))
    multiply(model, made, total)
    connection.cursor().execute("ANALYZE")
    found: dict[str, Look] = {}
    for name, view in views.items():
        view()
        # It holds nine thousand and no more, and filling the tables took more.
        connection.queries_log.clear()
        with CaptureQueriesContext(connection) as queries:
            content = view()
        asked = len(queries)
        taken = [quiet * cost(view).elapsed / cost(control).elapsed for _ in range(TIMES)]
        found[name] = (asked, len(content) / 1024, taken)
    today = timezone.localdate()
    taken = []
    for _ in range(TIMES):
        due = Card.objects.order_by("pk").values_list("pk", flat=True)[:DUE]
        Card.objects.filter(pk__in=list(due)).update(next_radar_on=today)
        taken.append(quiet * cost(lambda: sweep(today)).elapsed / cost(control).elapsed)
    found["sweep"] = (0, 0, taken)
    return found


def multiply(model: Card, made: int, total: int) -> None:
    """Copies of the card, each of another holder, until there are `total`."""
    today = timezone.localdate()
    for start in range(made, total, BATCH):
        numbers = range(start, min(start + BATCH, total))
        cards = [copy_of(model, number, today) for number in numbers]
        Card.objects.bulk_create(cards)
        CardEconomy.objects.bulk_create(CardEconomy(card=card, economy="JPN") for card in cards)


def copy_of(model: Card, number: int, today: date) -> Card:
    """Ends some time within five years, as cards that were handed out one after the other do."""
    until = today + timedelta(days=1 + number * 7 % 1800)
    card = Card(
        enterprise=model.enterprise,
        holder_name=f"样例持卡人{number}",
        holder_hash=f"{number:064d}",
        number=f"B{number:08d}",
        number_hash=keyed_hash(f"B{number:08d}"),
        passport_number="EA0000000",
        passport_hash=f"{number:064d}",
        issued_on=months_later(until, -60),
        card_until=until,
        first_end_on=until,
        next_radar_on=months_later(today, 12),
    )
    card.reckon()
    return card
