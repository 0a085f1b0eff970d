"""Pages of the demand ledger at 1,000 and at 20,000 rows: queries, size, time."""

from datetime import timedelta
from statistics import median

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from enterprises.models import Contact, Demand, Enterprise, Stage
from finding.models import keep
from materials.economies import ECONOMIES
from tests.benchmarks.pages import MOST_KIB, MOST_QUERIES
from tests.benchmarks.table import Measure, ratio, seconds
from tests.factories import UserFactory

FEW, MANY = 1_000, 20_000
BATCH = 1_000
TIMES = 7
# The same within so much of a thousand rows.
MOST_RATIO = 1.3
HAN = "平湖长滩高峰天城龙驹分水甘宁太安余家新田瀼渡熊家李河孙家后山弹子大周小周溪口白羊"
FILTERS = (
    "",
    "?stage=told",
    "?trade=%E8%A1%8C%E4%B8%9A7&town=%E9%95%87%E8%A1%973",
    "?next=overdue",
    "?owner=me",
    "?unheard=90",
    "?economy=PNG",
    "?reached=untold&kind=private",
    "?q=%E5%B9%B3%E6%B9%96",
    "?page=last",
)


def measure() -> list[Measure]:
    with transaction.atomic():
        officer = UserFactory.create(officer=True)
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(officer, backend="accounts.backends.PeopleBackend")
        few = _costs(client, officer, 0, FEW)
        many = _costs(client, officer, FEW, MANY)
        transaction.set_rollback(True)
    most = max((queries, path) for path, (queries, _, _) in many.items())
    largest = max((size, path) for path, (_, size, _) in many.items())
    slowest = max((ratio(times, few[path][2]), path) for path, (*_, times) in many.items())
    longest = max((median(times) * 1000, path) for path, (*_, times) in many.items())
    return [
        Measure(f"台账每页查询次数，{MANY}户", most[0], MOST_QUERIES, "次", most[1]),
        Measure(f"台账每页HTML，{MANY}户", largest[0], MOST_KIB, "KiB", largest[1]),
        Measure(f"台账每页用时，{MANY}户比{FEW}户", slowest[0], MOST_RATIO, "倍", slowest[1]),
        Measure(f"台账最慢的一页，{MANY}户", longest[0], 300, "毫秒", longest[1]),
    ]


def _costs(
    client: Client, officer: User, made: int, total: int
) -> dict[str, tuple[int, float, list[float]]]:
    """By address: queries, KiB, and seconds several times over."""
    for start in range(made, total, BATCH):
        _add(range(start, min(start + BATCH, total)), officer)
    connection.cursor().execute("ANALYZE")
    first = Demand.objects.order_by("pk")[0]
    paths = [reverse("ledger:list") + one for one in FILTERS]
    paths += [reverse("ledger:coverage"), reverse("ledger:detail", args=[first.pk])]
    paths += [reverse("ledger:new") + "?q=%E5%B9%B3%E6%B9%96%E9%95%BF%E6%BB%A9"]
    costs = {}
    for path in paths:
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(path)
        times = [seconds(lambda: client.get(path)) for _ in range(TIMES)]  # noqa: B023
        costs[path] = (len(queries), len(answer.content) / 1024, times)
    return costs


def _add(numbers: range, officer: User) -> None:
    now, today = timezone.now(), timezone.localdate()
    stages, kinds = list(Stage)[:-1], list(Enterprise.Kind)
    rows = Demand.objects.bulk_create(
        Demand(
            name=f"重庆市万州区{_name(number)}有限公司",
            trade=f"行业{number % 30}",
            town=f"镇街{number % 52}",
            kind=kinds[number % 5],
            economies=[ECONOMIES[number % 16].code, ECONOMIES[number * 7 % 16].code],
            source=Demand.Source.LIST,
            stage=stages[number % 7],
            told_at=now if number % 3 else None,
            heard_at=now - timedelta(days=number % 400),
            next_step="再打电话" if number % 4 else "",
            next_on=today + timedelta(days=number % 300 - 30) if number % 4 else None,
            owner=officer if number % 5 else None,
            contact_name="王样例",
            contact_phone=f"139{number:08d}",
        )
        for number in numbers
    )
    keep([row.entry() for row in rows])
    Contact.objects.bulk_create(
        Contact(demand=row, kind="call", at=now, words="谈了。", nonce=f"bench-{row.pk}")
        for row in rows
    )


def _name(number: int) -> str:
    """Four characters, another one for each number."""
    places = (number, number // len(HAN), number * 7, number * 13 + number // 40)
    return "".join(HAN[place % len(HAN)] for place in places) + f"{number}"
