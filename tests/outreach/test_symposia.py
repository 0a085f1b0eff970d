"""Symposia: who took part, each opinion as a task, and that its answer was told."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.versions import Overtaken
from enterprises.models import Contact, Demand, Enterprise
from notices.models import Notice
from outreach.desk.tasks_of_officer import tasks
from outreach.models import Symposium, SymposiumOpinion, SymposiumParticipant
from outreach.symposia.services import (
    SymposiumRefused,
    add_opinion,
    add_participants,
    answer_opinion,
    cancel_symposium,
    hold,
    note_told,
    remove_participant,
)
from tests.conftest import ClientOf
from tests.factories import DemandFactory
from tests.outreach.factories import BriefingFactory, CompanyVisitFactory, SymposiumFactory

pytestmark = pytest.mark.django_db


def seated(symposium: Symposium, demand: Demand, by: User) -> SymposiumParticipant:
    add_participants(symposium, [demand], by=by)
    return symposium.participants.get(demand=demand)


def said(
    symposium: Symposium, by: User, who: SymposiumParticipant | None = None, **facts: object
) -> SymposiumOpinion:
    given: dict[str, object] = {
        "words": "希望材料少一些",
        "owner": by,
        "due_on": timezone.localdate() + timedelta(days=5),
        "nonce": f"opinion-{SymposiumOpinion.objects.count():013d}",
    }
    return add_opinion(symposium, participant=who, by=by, **given | facts)  # type: ignore[arg-type]


def test_who_came_to_the_table_was_told(officer: User) -> None:
    symposium = SymposiumFactory.create()
    came, stayed = DemandFactory.create_batch(2)
    first, _ = seated(symposium, came, officer), seated(symposium, stayed, officer)
    assert hold(symposium, [first.pk], by=officer) == 1
    for demand, stage in ((came, Demand.Stage.TOLD), (stayed, Demand.Stage.UNTOUCHED)):
        demand.refresh_from_db()
        assert demand.stage == stage
    assert Contact.objects.get().kind == "symposium"


def test_nobody_came_to_what_is_still_ahead(officer: User) -> None:
    ahead = SymposiumFactory.create(starts_at=timezone.now() + timedelta(days=1))
    with pytest.raises(SymposiumRefused, match="开过以后"):
        hold(ahead, [], by=officer)


def test_an_enterprise_sits_once_and_again_after_it_was_taken_off(officer: User) -> None:
    symposium, demand = SymposiumFactory.create(), DemandFactory.create()
    row = seated(symposium, demand, officer)
    assert add_participants(symposium, [demand], by=officer) == 0
    remove_participant(row, by=officer)
    assert add_participants(symposium, [demand], by=officer) == 1
    said(symposium, officer, row)
    with pytest.raises(SymposiumRefused, match="提过意见"):
        remove_participant(row, by=officer)


def test_an_answer_goes_to_the_account_of_who_said_it(
    officer: User, agent: User, enterprise: Enterprise
) -> None:
    symposium = SymposiumFactory.create()
    row = seated(symposium, DemandFactory.create(enterprise=enterprise), officer)
    opinion = answer_opinion(said(symposium, officer, row), words="已压减三项", by=officer)
    assert "已压减三项" in Notice.objects.get(recipient=agent).body
    assert (opinion.told_how, opinion.is_to_tell) == ("notice", False)
    assert Contact.objects.get().kind == "mail"


def test_an_answer_that_reaches_no_address_is_told_by_an_officer(officer: User) -> None:
    symposium = SymposiumFactory.create()
    row = seated(symposium, DemandFactory.create(), officer)
    opinion = answer_opinion(said(symposium, officer, row), words="已压减三项", by=officer)
    assert list(SymposiumOpinion.objects.to_tell()) == [opinion]
    assert note_told(opinion, how="call", by=officer) is True
    assert note_told(opinion, how="call", by=officer) is False
    assert not SymposiumOpinion.objects.to_tell().exists()
    assert Contact.objects.get().kind == "call"


def test_what_all_said_has_nobody_to_be_told(officer: User) -> None:
    opinion = answer_opinion(said(SymposiumFactory.create(), officer), words="已办", by=officer)
    assert not opinion.is_to_tell
    assert Contact.objects.count() == 0


def test_whoever_is_to_answer_hears_of_it(officer: User, other_officer: User) -> None:
    opinion = said(SymposiumFactory.create(), officer, owner=other_officer)
    assert Notice.objects.get().recipient == other_officer
    assert Notice.objects.get().path == opinion.get_absolute_url()


def test_the_second_of_two_answers_is_told(officer: User, other_officer: User) -> None:
    opinion = said(SymposiumFactory.create(), officer)
    same = SymposiumOpinion.objects.get(pk=opinion.pk)
    answer_opinion(opinion, words="一", by=officer)
    with pytest.raises(Overtaken):
        answer_opinion(same, words="二", by=other_officer)


def test_figures_for_the_report(officer: User) -> None:
    today = timezone.localdate()
    symposium = SymposiumFactory.create(starts_at=timezone.now() - timedelta(minutes=1))
    open_one, done = said(symposium, officer), said(symposium, officer)
    answer_opinion(done, words="已办", by=officer)
    earlier = SymposiumFactory.create(starts_at=timezone.now() - timedelta(days=40))
    said(earlier, officer)
    within = SymposiumOpinion.objects.between(today, today)
    assert list(within.open()) == [open_one]
    assert list(within.answered()) == [done]
    assert list(Symposium.objects.between(today, today)) == [symposium]


def test_one_that_was_called_off_takes_no_opinions_and_counts_for_nothing(officer: User) -> None:
    ahead = SymposiumFactory.create(starts_at=timezone.now() + timedelta(days=1))
    cancel_symposium(ahead, words="改期", by=officer)
    day = timezone.localdate() + timedelta(days=1)
    assert not Symposium.objects.between(day, day).exists()
    with pytest.raises(SymposiumRefused):
        said(ahead, officer)


def test_an_answer_has_words_and_somebody_behind_it(officer: User) -> None:
    opinion = said(SymposiumFactory.create(), officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        SymposiumOpinion.objects.filter(pk=opinion.pk).update(answered_at=timezone.now())


def test_an_officer_finds_on_his_desk_what_is_to_be_done(
    client_of: ClientOf, officer: User, station_head: User, agent: User
) -> None:
    said(SymposiumFactory.create(), officer, due_on=timezone.localdate())
    CompanyVisitFactory.create()
    BriefingFactory.create(over=True)
    lines = {task.title: task for task in tasks(officer)}
    assert lines["请答复座谈会意见"].detail.startswith("1条")
    assert not lines["请答复座谈会意见"].is_late
    assert {"请写宣讲会小结", "今天要走访，或过了日子没有记"} <= set(lines)
    page = client_of(officer).get(reverse("home")).content.decode()
    assert "请答复座谈会意见" in page


def test_lists_cost_the_same_for_one_and_for_many(
    client_of: ClientOf, officer: User, django_assert_max_num_queries: object
) -> None:
    desk = client_of(officer)
    symposium = SymposiumFactory.create()
    for count in (1, 25):
        for demand in DemandFactory.create_batch(count):
            said(symposium, officer, seated(symposium, demand, officer))
        for name, arguments in (
            ("symposium_list", []),
            ("opinion_list", []),
            ("symposium", [symposium.pk]),
            ("symposium_seat", [symposium.pk]),
        ):
            with django_assert_max_num_queries(12):  # type: ignore[operator]
                page = desk.get(reverse(f"outreach:{name}", args=arguments))
            assert len(page.content) < 60 * 1024
