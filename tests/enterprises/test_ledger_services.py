"""Writing the ledger: rows, contacts, stages, and what the portal moves by itself."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from core.versions import Overtaken
from enterprises.ledger.refusals import LedgerRefused
from enterprises.ledger.services import (
    add_demand,
    change_demand,
    change_many,
    move_stage,
    note_contact,
)
from enterprises.ledger.stages import advance
from enterprises.models import Contact, Demand, DemandChange, Enterprise, Stage
from tests.factories import DemandFactory, credit_code

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def tell(demand: Demand, by: User | None = None, nonce: str = "telling-1") -> Contact:
    return note_contact(
        demand=demand,
        by=by,
        kind=Contact.Kind.CALL,
        at=NOW,
        words="介绍了旅行卡。",
        is_telling=True,
        nonce=nonce,
    )


def test_a_row_sent_twice_is_added_once(officer: User) -> None:
    rows = [
        add_demand(by=officer, name="样例丝绸", source=Demand.Source.CALL, nonce="nonce-of-a-page")
        for _ in range(2)
    ]
    assert rows[0] == rows[1]
    assert Demand.objects.count() == 1


def test_a_credit_code_stands_in_one_row(officer: User) -> None:
    DemandFactory.create(name="样例纸业", credit_code=credit_code(7))
    with pytest.raises(LedgerRefused, match="样例纸业"):
        add_demand(by=officer, name="另一家", source=Demand.Source.CALL, credit_code=credit_code(7))


def test_a_telling_brings_an_untouched_row_to_told(officer: User) -> None:
    demand = DemandFactory.create()
    tell(demand, officer)
    demand.refresh_from_db()
    assert (demand.stage, demand.told_at, demand.heard_at) == (Stage.TOLD, NOW, NOW)
    assert [change.became for change in demand.changes.all()] == [Stage.TOLD]


def test_a_contact_that_tells_nothing_moves_nothing(officer: User) -> None:
    demand = DemandFactory.create()
    note_contact(
        demand=demand, by=officer, kind=Contact.Kind.CALL, at=NOW, words="没人接。", nonce="n-1"
    )
    demand.refresh_from_db()
    assert (demand.stage, demand.told_at, demand.heard_at) == (Stage.UNTOUCHED, None, NOW)


def test_the_same_contact_twice_is_one(officer: User) -> None:
    demand = DemandFactory.create()
    assert tell(demand, officer) == tell(demand, officer)
    assert demand.contacts.count() == 1


def test_a_late_entry_keeps_the_first_telling_and_the_last_contact(officer: User) -> None:
    demand, earlier = DemandFactory.create(), NOW - timedelta(days=9)
    tell(demand, officer)
    note_contact(
        demand=demand,
        by=officer,
        kind=Contact.Kind.BRIEFING,
        at=earlier,
        words="参加了宣讲会。",
        is_telling=True,
        nonce="briefing-1",
    )
    demand.refresh_from_db()
    assert (demand.told_at, demand.heard_at) == (earlier, NOW)


def test_a_contact_sets_the_next_step_in_the_same_go(officer: User) -> None:
    demand = DemandFactory.create()
    note_contact(
        demand=demand,
        by=officer,
        kind=Contact.Kind.CALL,
        at=NOW,
        words="下周再谈。",
        nonce="n-2",
        next_step="再打电话",
        next_on=date(2026, 12, 7),
    )
    demand.refresh_from_db()
    assert (demand.next_step, demand.next_on) == ("再打电话", date(2026, 12, 7))


def test_a_contact_goes_over_no_next_step_that_was_set_since(officer: User) -> None:
    demand = DemandFactory.create(version=3, next_step="上门走访")

    def note(seen: int) -> Contact:
        return note_contact(
            demand=demand,
            by=officer,
            kind=Contact.Kind.CALL,
            at=NOW,
            words="下周再谈。",
            next_step="再打电话",
            nonce="n-3",
            seen_version=seen,
        )

    with pytest.raises(Overtaken):
        note(2)
    assert not demand.contacts.exists()
    note(3)
    demand.refresh_from_db()
    assert (demand.next_step, demand.version) == ("再打电话", 4)


def test_an_officer_moves_forward_without_a_word(officer: User) -> None:
    demand = move_stage(demand=DemandFactory.create(), to=Stage.INTERESTED, by=officer)
    assert demand.stage == Stage.INTERESTED
    assert demand.told_at is not None


def test_back_goes_only_with_a_reason(officer: User) -> None:
    demand = move_stage(demand=DemandFactory.create(), to=Stage.SUBMITTED, by=officer)
    with pytest.raises(LedgerRefused, match="退回"):
        move_stage(demand=demand, to=Stage.TOLD, by=officer)
    demand = move_stage(demand=demand, to=Stage.TOLD, by=officer, reason="记错了企业")
    assert (demand.stage, demand.applied_at) == (Stage.TOLD, None)
    assert demand.told_at is not None
    assert DemandChange.objects.get(was=Stage.SUBMITTED).reason == "记错了企业"


def test_who_wants_none_says_why_and_may_come_back(officer: User) -> None:
    demand = DemandFactory.create()
    with pytest.raises(LedgerRefused, match="暂不需要"):
        move_stage(demand=demand, to=Stage.NOT_NEEDED, by=officer)
    demand = move_stage(demand=demand, to=Stage.NOT_NEEDED, by=officer, reason="没有出境计划")
    assert demand.not_needed_reason == "没有出境计划"
    demand = move_stage(demand=demand, to=Stage.TOLD, by=officer)
    assert (demand.stage, demand.not_needed_reason) == (Stage.TOLD, "")


def test_the_second_editor_is_told(officer: User, other_officer: User) -> None:
    demand = DemandFactory.create()
    change_demand(demand=demand, by=officer, seen_version=1, town="高笋塘街道")
    with pytest.raises(Overtaken):
        change_demand(demand=demand, by=other_officer, seen_version=1, town="牌楼街道")
    demand.refresh_from_db()
    assert demand.town == "高笋塘街道"


def test_a_change_without_a_step_has_no_day(officer: User) -> None:
    demand = DemandFactory.create(next_step="走访", next_on=date(2026, 12, 1))
    demand = change_demand(demand=demand, by=officer, seen_version=1, next_step="")
    assert demand.next_on is None


def test_many_rows_get_a_next_step_and_what_is_open_stays(officer: User) -> None:
    rows = [DemandFactory.create(owner=officer), DemandFactory.create()]
    day = date(2026, 12, 9)
    assert change_many(demands=rows, by=officer, next_step="寄政策单页", next_on=day) == 2
    assert list(Demand.objects.order_by("pk").values_list("owner", "next_on")) == [
        (officer.pk, day),
        (None, day),
    ]


# What the portal knows ----------------------------------------------------------------------------


def test_an_enterprise_without_a_row_gets_one(enterprise: Enterprise) -> None:
    demand = advance(enterprise=enterprise, to=Stage.SUBMITTED)
    assert (demand.source, demand.stage) == (Demand.Source.SIGN_UP, Stage.SUBMITTED)
    assert (demand.name, demand.credit_code) == (enterprise.name, enterprise.credit_code)


def test_the_portal_never_moves_back(enterprise: Enterprise) -> None:
    advance(enterprise=enterprise, to=Stage.CONCLUDED)
    demand = advance(enterprise=enterprise, to=Stage.PREPARING)
    assert demand.stage == Stage.CONCLUDED
    assert demand.changes.count() == 1


def test_who_wanted_none_and_applies_is_on_the_way(enterprise: Enterprise) -> None:
    DemandFactory.create(
        enterprise=enterprise, stage=Stage.NOT_NEEDED, not_needed_reason="没有出境计划"
    )
    demand = advance(enterprise=enterprise, to=Stage.PREPARING)
    assert (demand.stage, demand.not_needed_reason) == (Stage.PREPARING, "")
