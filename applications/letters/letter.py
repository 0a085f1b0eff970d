"""The letter in which an enterprise is told everything at once (一次性告知书).

It is read back from the corrections as they were told, so that it can be printed again word by
word, whatever became of them and of the reasons since.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from applications.models import Application, Correction, StatusChange
from applications.time_limits import target_days
from applications.workflow import Action, Status
from core.dates import day_words, moment_words
from materials.rules.examples import Example
from workdays.calendar import load_calendar
from workdays.clock import deadline

TITLES: dict[str, str] = {
    Action.RETURN: "一次性告知书",
    Action.RECALL: "一次性告知书",
    Action.ASK_SUPPLEMENT: "补充材料告知书",
}
OPENINGS: dict[str, str] = {
    Action.RETURN: "经预审，下列{count}项内容需要补正，现一次性告知。其余材料不用再动。",
    Action.RECALL: "审核表的表内信息有误，已撤回作废。下列{count}项内容需要补正，现一次性告知。",
    Action.ASK_SUPPLEMENT: "部门审核中，下列{count}项内容需要补充，现一次性告知。"
    "补充期间审核的时限暂停，已签署的意见仍然有效。",
}


@dataclass(frozen=True)
class LetterItem:
    """A correction with the drawn examples that none before it of its material has shown.

    `again` asks why, where the same was told before and the material was not changed.
    """

    correction: Correction
    examples: Sequence[Example]
    again: str = ""


@dataclass(frozen=True)
class Letter:
    """One letter; `items` in the order of Annex 3, the typed facts first."""

    change: StatusChange
    items: Sequence[Correction]

    @property
    def application(self) -> Application:
        return self.change.application

    @property
    def title(self) -> str:
        return TITLES[self.change.action]

    @property
    def number(self) -> str:
        """万州-2026-00012-告1: the first letter to this application."""
        letters = self.application.changes.filter(action__in=TITLES)
        if self.change._state.adding:  # not sent yet: it will be the next
            return f"{self.application.reference}-告{letters.count() + 1}"
        return f"{self.application.reference}-告{letters.filter(pk__lte=self.change.pk).count()}"

    @property
    def opening(self) -> str:
        return OPENINGS[self.change.action].format(count=len(self.items))

    @property
    def closing(self) -> str:
        answer_by = self.change.answer_by
        until = f"于{moment_words(answer_by)}前" if answer_by else ""
        return (
            f"请{until}登录门户，在“申请”中逐项替换或写明说明，然后重新提交；"
            f"有疑问请拨打咨询热线{settings.HOTLINE}。"
        )

    @property
    def late_words(self) -> str:
        """Why something is told only now; empty where nothing is."""
        return self.change.reason if self.change.action == Action.RETURN else ""

    @property
    def pictured(self) -> list[LetterItem]:
        shown: set[tuple[int, str]] = set()
        items = []
        unchanged = self._unchanged()
        for correction in self.items:
            number = correction.number
            new = [e for e in correction.examples if (number, e.name) not in shown]
            shown |= {(number, example.name) for example in new}
            items.append(LetterItem(correction, new, _asked_again(correction, unchanged)))
        return items

    def _unchanged(self) -> dict[tuple[int, str], Correction]:
        """What earlier letters told and nothing was changed for, the newest of each."""
        earlier = Correction.objects.filter(
            application=self.application, resolved_at__isnull=False, replaced_at__isnull=True
        ).order_by("pk")
        if not self.change._state.adding:
            earlier = earlier.filter(told_in__lt=self.change.pk)
        return {(correction.number, correction.words): correction for correction in earlier}

    @property
    def sent_at(self) -> datetime:
        return self.change.at


def _asked_again(correction: Correction, unchanged: Mapping[tuple[int, str], Correction]) -> str:
    before = unchanged.get((correction.number, correction.words))
    if before is None:
        return ""
    answer = f"，贵单位的说明是“{before.answer}”" if before.answer else ""
    return (
        f"这个问题已于{day_words(before.sent_at)}告知过，没有更改{answer}。"
        "请按要求更改；确实不能更改的，请写明原因。"
    )


def draft_letter(application: Application, noted: Sequence[Correction]) -> Letter:
    """The letter as it would go out now, to be read before it is sent."""
    now = timezone.now()
    days = target_days(Status.RETURNED)
    change = StatusChange(
        application=application,
        action=Action.RETURN,
        at=now,
        answer_by=deadline(now, days, load_calendar()) if days else None,
    )
    return Letter(change, noted)


def letters_of(application: Application) -> list[Letter]:
    """All letters to this application, the newest first, in two queries."""
    changes = (
        application.changes.filter(told__isnull=False)
        .distinct()
        .prefetch_related("told")
        .order_by("-pk")
    )
    found = []
    for change in changes:
        change.application = application
        found.append(letter_of(change))
    return found


def letter_of(change: StatusChange) -> Letter:
    """The letter that went out with this move; empty where the move told nothing."""
    return Letter(change, list(change.told.all()))
