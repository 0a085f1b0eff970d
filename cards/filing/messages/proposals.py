"""A message as a proposal: what would be entered of it, and what needs a page of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from django.db import transaction
from django.urls import reverse

from accounts.models import User
from applications.models import Application
from cards.filing.board import EconomyReport, report_economies
from cards.filing.messages.cases import number_in
from cards.filing.messages.reader import MessageItem, MessageReading
from cards.filing.services import enter_step
from cards.models import EconomyApproval, Source
from cards.workflow import STEPS, Need, StepCode, StepEntry
from materials.economies import NAMES
from parameters.values import load_parameters

# What a message cannot answer is asked on the step's own page.
ASKING: Final = frozenset({Need.NUMBER, Need.REASONS, Need.PLACE, Need.PERSON, Need.WORDS})


@dataclass(frozen=True)
class Proposed:
    """One thing that the message says; with `url` it is entered there, else here."""

    item: MessageItem
    label: str
    url: str = ""


def proposed_by(reading: MessageReading, application: Application, text: str) -> list[Proposed]:
    return [_proposed(item, application, text) for item in reading.items]


def _proposed(item: MessageItem, application: Application, text: str) -> Proposed:
    if item.kind == "economy":
        state = EconomyApproval.State(item.state).label
        return Proposed(item, f"{NAMES[item.code]}：{state}")
    code = StepCode(item.code)
    if not STEPS[code].needs & ASKING:
        return Proposed(item, str(code.label))
    known = {
        "on": item.on.isoformat() if item.on else "",
        "number": number_in(text) if Need.NUMBER in STEPS[code].needs else "",
        "source": Source.MAIL.value,
    }
    query = urlencode({name: value for name, value in known.items() if value})
    address = reverse("cards:filing_enter", args=[application.pk, code.value])
    return Proposed(item, str(code.label), f"{address}?{query}")


def here(proposals: Sequence[Proposed]) -> list[Proposed]:
    """Those that are entered with one button."""
    return [one for one in proposals if not one.url]


@transaction.atomic
def enter_proposed(
    application: Application,
    taken: Sequence[tuple[Proposed, date]],
    *,
    source: str,
    by: User,
    nonce: str = "",
    seen: int | None = None,
    seen_board: int | None = None,
) -> int:
    """Enter what somebody confirmed; all of it or nothing. Raises EntryRefused.

    Steps come in the order of the table, since a later one forbids an earlier day.
    """
    order = list(STEPS)
    steps = [(StepCode(one.item.code), on) for one, on in taken if one.item.kind == "step"]
    parameters = load_parameters()
    for place, (code, on) in enumerate(sorted(steps, key=lambda step: order.index(step[0]))):
        entry = StepEntry(on=on, source=source)
        key = f"{nonce}-{place}"[:40] if nonce else None
        enter_step(
            application,
            code,
            entry,
            by=by,
            nonce=key,
            seen=None if place else seen,
            parameters=parameters,
        )
    reports = [
        EconomyReport(one.item.code, one.item.state, on)
        for one, on in taken
        if one.item.kind == "economy"
    ]
    if reports:
        report_economies(application, reports, source=source, by=by, seen=seen_board)
    return len(taken)
