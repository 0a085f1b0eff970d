"""The letter in which an enterprise is told everything at once (一次性告知书).

It is read back from the corrections as they were told, so that it can be printed again word by
word, whatever became of them and of the reasons since.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from applications.models import Application, Correction, StatusChange
from applications.workflow import Action
from materials.rules.examples import Example

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
    """A correction with the drawn examples that none before it of its material has shown."""

    correction: Correction
    examples: Sequence[Example]


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
        earlier = self.application.changes.filter(action__in=TITLES, pk__lte=self.change.pk)
        return f"{self.application.reference}-告{earlier.count()}"

    @property
    def opening(self) -> str:
        return OPENINGS[self.change.action].format(count=len(self.items))

    @property
    def closing(self) -> str:
        return (
            "请登录门户，在“申请”中逐项替换或写明说明，然后重新提交；"
            f"有疑问请拨打咨询热线{settings.HOTLINE}。"
        )

    @property
    def pictured(self) -> list[LetterItem]:
        shown: set[tuple[int, str]] = set()
        items = []
        for correction in self.items:
            number = correction.number
            new = [e for e in correction.examples if (number, e.name) not in shown]
            shown |= {(number, example.name) for example in new}
            items.append(LetterItem(correction, new))
        return items

    @property
    def sent_at(self) -> datetime:
        return self.change.at


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
