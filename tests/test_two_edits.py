"""Two who save one row at the same moment: one is kept, the other is told. On PostgreSQL."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model

from accounts.models import User
from accounts.services import change_account, change_own_details
from applications.models import Applicant, ReturnReason
from applications.services.intake import save_applicant
from applications.services.reasons import save_reason
from core import versions
from core.versions import Overtaken
from enterprises.models import Enterprise
from enterprises.services import DecisionRefused, decide, save_enterprise
from notices.models import Preferences, WecomRobot
from notices.services import save_preferences, save_robot
from reviews.models import Phrase
from reviews.services.phrases import save_phrase
from tests.factories import standing_page
from tests.races import at_once, hold

pytestmark = pytest.mark.live

Save = Callable[[Any, User], object]
SAVES: dict[str, tuple[type[Model], str, Save]] = {
    "enterprise": (
        Enterprise,
        "contact_name",
        lambda row, by: save_enterprise(row, changed=["contact_name"], by=by),
    ),
    "applicant": (Applicant, "post", lambda row, by: save_applicant(row, changed=["post"], by=by)),
    "reason": (ReturnReason, "mend", lambda row, by: save_reason(row, changed=["mend"], by=by)),
    "phrase": (Phrase, "text", lambda row, by: save_phrase(row, by=by)),
    "account": (
        User,
        "duties",
        lambda row, by: change_account(row, seen_version=row.version, by=by),
    ),
    "own details": (
        User,
        "name",
        lambda row, by: change_own_details(row, changed=["name"], seen_version=row.version),
    ),
    "robot": (WecomRobot, "name", lambda row, by: save_robot(row, changed=["name"], by=by)),
}


@pytest.mark.parametrize("what", SAVES)
def test_one_of_two_edits_wins_and_the_other_is_told(
    transactional_db: None,
    applicant: Applicant,
    agent: User,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
) -> None:
    kind, field, save = SAVES[what]
    if kind is WecomRobot:
        WecomRobot.objects.create(name="税务群", webhook="https://qyapi.weixin.qq.com/x")
    rows: Any = kind._default_manager
    first = rows.order_by("pk")[0].pk
    opened = [rows.get(pk=first) for _ in range(2)]
    hold(monkeypatch, versions, "version_of")

    def edit(number: int) -> str:
        setattr(opened[number], field, f"第{number}人写的。")
        try:
            save(opened[number], agent)
        except Overtaken as overtaken:
            return f"told of {getattr(overtaken.stored, field)}"
        return "kept"

    outcomes = at_once(2, edit)
    kept = getattr(rows.get(pk=first), field)
    assert sorted(outcomes) == ["kept", f"told of {kept}"]
    assert kept == f"第{outcomes.index('kept')}人写的。"


def test_of_an_edit_and_a_refusal_at_once_the_second_is_told(
    transactional_db: None, enterprise: Enterprise, agent: User, officer: User
) -> None:
    """The refusal was of what the officer saw; the edit was of what was not yet refused."""
    standing_page(enterprise, 2)
    for turn in range(5):
        Enterprise.objects.update(status="pending", address=f"旧路{turn}号")
        opened = Enterprise.objects.get()
        seen = opened.version

        def act(number: int, opened: Enterprise = opened, seen: int = seen) -> str:
            try:
                if number == 0:
                    opened.address = "新路1号"
                    save_enterprise(opened, changed=["address"], by=agent)
                else:
                    reason = "住所不符。"
                    decide(enterprise, verified=False, reason=reason, by=officer, seen_version=seen)
            except (Overtaken, DecisionRefused):
                return "told"
            return "kept"

        outcomes = at_once(2, act)
        assert sorted(outcomes) == ["kept", "told"]
        now = Enterprise.objects.get()
        expected = ("pending", "新路1号") if outcomes[0] == "kept" else ("refused", f"旧路{turn}号")
        assert (now.status, now.address) == expected


def test_ones_own_choice_made_in_two_tabs_is_told_too(transactional_db: None, agent: User) -> None:
    """The second tab was opened before the first was saved."""
    Preferences.objects.create(user=agent)
    tabs = [Preferences.objects.get() for _ in range(2)]
    save_preferences(tabs[0], by=agent)
    with pytest.raises(Overtaken):
        save_preferences(tabs[1], by=agent)
    assert connection.vendor == "postgresql"
