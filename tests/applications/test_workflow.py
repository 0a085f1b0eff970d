"""The life of an application, written out by hand and run through `perform`."""

import pytest
from django.db import transaction

from accounts.models import Department, Role, User
from applications.models import Application, StatusChange
from applications.services.perform import AlreadyDone, MoveRefused, perform
from applications.workflow import Action, Status
from tests.factories import ApplicationFactory, UserFactory

AGENT, OFFICER, LIAISON, SYSTEM = "enterprise_agent", "station_officer", "liaison", "the portal"
ACTORS = (
    AGENT,
    OFFICER,
    LIAISON,
    "supervisor",
    "system_admin",
    "security_admin",
    "auditor",
    SYSTEM,
)
STATUSES = (
    "draft",
    "submitted",
    "returned",
    "in_review",
    "supplementing",
    "endorsed",
    "declined",
    "withdrawn",
)
# (action, from): (to, who). Every other combination is refused.
TABLE: dict[tuple[str, str], tuple[str, set[str]]] = {
    ("submit", "draft"): ("submitted", {AGENT}),
    ("take_back", "submitted"): ("draft", {AGENT}),
    ("return", "submitted"): ("returned", {OFFICER}),
    ("resubmit", "returned"): ("submitted", {AGENT}),
    ("decline", "submitted"): ("declined", {OFFICER}),
    ("circulate", "submitted"): ("in_review", {OFFICER}),
    ("approve", "submitted"): ("endorsed", {OFFICER}),
    ("ask_supplement", "in_review"): ("supplementing", {LIAISON, OFFICER}),
    ("supplement", "supplementing"): ("in_review", {AGENT}),
    ("drop_supplement", "supplementing"): ("in_review", {LIAISON, OFFICER}),
    ("recall", "in_review"): ("returned", {OFFICER}),
    ("recall", "supplementing"): ("returned", {OFFICER}),
    ("conclude", "in_review"): ("endorsed", {SYSTEM}),
    ("withdraw", "draft"): ("withdrawn", {AGENT}),
    ("withdraw", "submitted"): ("withdrawn", {AGENT}),
    ("withdraw", "returned"): ("withdrawn", {AGENT}),
    ("withdraw", "in_review"): ("withdrawn", {AGENT}),
    ("withdraw", "supplementing"): ("withdrawn", {AGENT}),
}
ACTIONS = (
    "submit",
    "take_back",
    "return",
    "resubmit",
    "decline",
    "circulate",
    "approve",
    "ask_supplement",
    "supplement",
    "drop_supplement",
    "recall",
    "conclude",
    "withdraw",
)
NEEDING_A_REASON = {"decline": "submitted", "recall": "in_review", "withdraw": "submitted"}


@pytest.fixture
def actors(agent: User) -> dict[str, User | None]:
    tax = Department.objects.get(code="tax")
    people: dict[str, User | None] = {AGENT: agent, SYSTEM: None}
    for role in ACTORS:
        if role not in people:
            department = tax if role == LIAISON else None
            people[role] = UserFactory.create(role=role, department=department)
    return people


def in_status(application: Application, status: str) -> Application:
    Application.objects.filter(pk=application.pk).update(status=status)
    application.refresh_from_db()
    return application


def test_the_table_here_covers_every_status_action_and_role_there_is() -> None:
    assert set(STATUSES) == set(Status.values)
    assert set(ACTIONS) == set(Action.values)
    assert set(ACTORS) == {*Role.values, SYSTEM}


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("action", ACTIONS)
def test_only_the_specified_moves_can_be_made(
    draft: Application, actors: dict[str, User | None], action: str, status: str
) -> None:
    target, who = TABLE.get((action, status), ("", set()))
    for role, person in actors.items():
        application = in_status(draft, status)
        if role in who:
            with transaction.atomic():
                change = perform(application, Action(action), by=person, reason="原因")
                assert Application.objects.get(pk=application.pk).status == target
                assert (change.from_status, change.to_status) == (status, target)
                transaction.set_rollback(True)
        else:
            with pytest.raises(MoveRefused):
                perform(application, Action(action), by=person, reason="原因")
            assert Application.objects.get(pk=application.pk).status == status


@pytest.mark.parametrize("status", STATUSES)
def test_what_may_be_withdrawn_is_what_the_table_says(status: str) -> None:
    """The page offers it in exactly these statuses; with the departments, beside its table."""
    application = Application(status=status)
    assert application.can_be_withdrawn == (("withdraw", status) in TABLE)
    assert application.is_under_review == (status in ("in_review", "supplementing"))


def test_the_last_opinion_can_also_end_in_a_refusal(draft: Application) -> None:
    application = in_status(draft, "in_review")

    perform(application, Action.CONCLUDE, by=None, outcome=Status.DECLINED, reason="情况不符合要求")

    assert Application.objects.get(pk=application.pk).status == "declined"


def test_a_move_cannot_end_where_the_table_does_not_let_it(draft: Application) -> None:
    application = in_status(draft, "in_review")

    with pytest.raises(MoveRefused, match="不能使申请变为"):
        perform(application, Action.CONCLUDE, by=None, outcome=Status.DRAFT)


@pytest.mark.parametrize("action", NEEDING_A_REASON)
def test_declining_recalling_and_withdrawing_need_a_reason(
    draft: Application, actors: dict[str, User | None], action: str
) -> None:
    status = NEEDING_A_REASON[action]
    application = in_status(draft, status)
    _, who = TABLE[action, status]

    with pytest.raises(MoveRefused, match="需要写明原因"):
        perform(application, Action(action), by=actors[who.pop()], reason="  ")

    assert StatusChange.objects.count() == 0


def test_a_second_click_is_told_from_a_move_that_somebody_else_made(
    draft: Application, officer: User, other_officer: User
) -> None:
    application = in_status(draft, "submitted")
    perform(application, Action.DECLINE, by=officer, reason="不符合条件")

    with pytest.raises(AlreadyDone):
        perform(application, Action.DECLINE, by=officer, reason="不符合条件")
    with pytest.raises(MoveRefused, match=r"专员甲已于.*办理“不予办理”") as refusal:
        perform(application, Action.DECLINE, by=other_officer, reason="不符合条件")

    assert not isinstance(refusal.value, AlreadyDone)
    assert StatusChange.objects.count() == 1


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_says_what_happens_and_who_acts(db: None, status: str) -> None:
    application = ApplicationFactory.create(submitted=True, status=status)

    assert application.public_label
    assert application.ball
    assert application.badge in {"wait", "act", "done", "late", "void"}
