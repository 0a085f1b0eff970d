"""Recognised text of an enterprise's licence, beside what the enterprise typed."""

from collections.abc import Sequence
from dataclasses import dataclass

from enterprises.models import Enterprise
from files.models import Page, Recognition
from files.recognition_packages import is_available
from materials.kinds.licence.reading import FIELD_NAMES, LicenceFact, facts_in


@dataclass(frozen=True)
class LicenceReading:
    """The licence's pages as a machine sees them; `rows` is empty until one was read.

    `is_awaited` while another page is still to be read.
    """

    label: str
    recognition: Recognition | None
    rows: tuple[LicenceFact, ...] = ()
    is_awaited: bool = False

    @property
    def differences(self) -> list[LicenceFact]:
        """What was typed otherwise; what was not typed is in `blanks`."""
        return [row for row in self.rows if row.differs and row.typed]

    @property
    def blanks(self) -> list[LicenceFact]:
        return [row for row in self.rows if row.read and not row.typed]

    @property
    def is_confirmed(self) -> bool:
        return self.recognition is not None and self.recognition.confirmed_at is not None

    @property
    def needs_confirmation(self) -> bool:
        return bool(self.differences) and not self.is_confirmed

    @property
    def suggestions(self) -> dict[str, str]:
        """What to put into the form of the enterprise's facts, by field."""
        return {row.field: row.read for row in self.rows if row.differs}


UNAVAILABLE = "自动识别暂不可用，由专员人工核对。"
STATES = {
    Recognition.State.QUEUED: "正在自动识别，一般几分钟内完成。",
    Recognition.State.FAILED: "没能自动识别，由专员人工核对。",
    Recognition.State.DONE: "已经读完，请与原件核对。",
}


def state_of(recognition: Recognition | None) -> str:
    """How far recognition is, in a sentence for everybody."""
    waits = recognition is None or recognition.state == Recognition.State.QUEUED
    if recognition is None or (waits and not is_available()):
        return UNAVAILABLE
    return STATES[Recognition.State(recognition.state)]


def read_pages(enterprise: Enterprise, pages: Sequence[Page]) -> LicenceReading:
    """Compare what was read on these pages; fetch them with `file__recognition`."""
    best: Recognition | None = None
    facts: dict[str, str] = {}
    recognitions = [page.file.recognised for page in pages]
    awaited = next((one for one in recognitions if one and one.is_awaited), None)
    for recognition in recognitions:
        read = facts_in(recognition.reading.lines) if recognition and recognition.reading else {}
        # Of two pages that say as much, the one that was added later.
        if best is None or len(read) >= len(facts):
            best, facts = recognition or best, read
    label = state_of(awaited or best)
    if best is None or best.reading is None:
        return LicenceReading(label, best, is_awaited=awaited is not None)
    rows = tuple(
        LicenceFact(field, facts.get(field, ""), getattr(enterprise, field))
        for field in FIELD_NAMES
    )
    return LicenceReading(label, best, rows, is_awaited=awaited is not None)
