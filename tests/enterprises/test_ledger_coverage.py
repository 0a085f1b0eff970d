"""Coverage, and the filters its figures lead to. Counted by hand."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from enterprises.ledger.coverage import coverage, coverage_total
from enterprises.models import BLANK, Demand, Stage
from tests.factories import DemandFactory

pytestmark = pytest.mark.django_db
TODAY = timezone.now()
LONG_AGO = TODAY - timedelta(days=100)


@pytest.fixture
def ledger(db: None) -> None:
    """Seven rows: six may qualify; of these four told, two applied, one holding."""
    told, applied = {"told_at": LONG_AGO}, {"told_at": LONG_AGO, "applied_at": TODAY}
    early = {"added_at": LONG_AGO}
    DemandFactory.create(trade="柑橘", town="甘宁镇", **early)
    DemandFactory.create(trade="柑橘", stage=Stage.TOLD, is_qualified=True, **told, **early)
    DemandFactory.create(trade="柑橘", stage=Stage.SUBMITTED, **applied, **early)
    DemandFactory.create(trade="机械", stage=Stage.HOLDING, held_at=TODAY, **applied, **early)
    DemandFactory.create(
        trade="机械", stage=Stage.NOT_NEEDED, not_needed_reason="没有计划", **told, **early
    )
    DemandFactory.create(trade="", economies=["JPN", "VNM"])
    DemandFactory.create(trade="机械", stage=Stage.TOLD, is_qualified=False, **told, **early)


def test_the_whole_in_one_line(ledger: None) -> None:
    total = coverage_total()
    assert (total.qualified, total.told, total.applied, total.holding) == (6, 4, 2, 1)
    assert (total.told_share, total.applied_share, total.holding_share) == (67, 33, 17)


def test_as_it_stood_at_the_end_of_a_day(ledger: None) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    total = coverage_total(yesterday)
    assert (total.qualified, total.told, total.applied, total.holding) == (5, 4, 0, 0)


def test_by_trade_the_largest_first_and_the_unknown_last(ledger: None) -> None:
    lines = coverage(by="trade")
    assert [(line.label, line.qualified, line.told, line.applied) for line in lines] == [
        ("柑橘", 3, 2, 1),
        ("机械", 2, 2, 1),
        ("未填行业", 1, 0, 0),
    ]


def test_every_figure_is_the_length_of_the_list_it_leads_to(ledger: None) -> None:
    for line in coverage(by="trade"):
        for reached in ("qualified", "told", "applied", "holding"):
            rows = Demand.objects.of_filters({line.by: line.value, "reached": reached})
            assert rows.count() == getattr(line, reached), (line.label, reached)


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({"stage": "told"}, 2),
        ({"stage": ["told", "holding"]}, 3),
        ({"town": "甘宁镇"}, 1),
        ({"trade": BLANK}, 1),
        ({"economy": "VNM"}, 1),
        ({"economy": BLANK}, 6),
        ({"qualified": "no"}, 1),
        ({"reached": "untold"}, 2),
        ({"unheard": 30}, 5),
        ({"owner": BLANK, "next": "none"}, 7),
        ({"stage": "", "unknown": "1"}, 7),
    ],
)
def test_filters(ledger: None, filters: dict[str, object], count: int) -> None:
    assert Demand.objects.of_filters(filters).count() == count


def test_next_steps_due(officer: User) -> None:
    today = timezone.localdate()
    for days in (-1, 0, 3, 30):
        DemandFactory.create(next_step="走访", next_on=today + timedelta(days=days), owner=officer)
    DemandFactory.create()
    counts = {
        due: Demand.objects.of_filters({"next": due, "owner": officer.pk}).count()
        for due in ("overdue", "today", "week")
    }
    assert counts == {"overdue": 1, "today": 2, "week": 3}
    queue = [row.next_on for row in Demand.objects.in_queue()]
    assert queue == [*(today + timedelta(days=day) for day in (-1, 0, 3, 30)), None]


def test_nobody_else_sees_the_ledger(ledger: None, agent: User, tax_liaison: User) -> None:
    for stranger in (agent, tax_liaison):
        assert not Demand.objects.visible_to(stranger).exists()
    assert Demand.objects.to_be_told().count() == 2
