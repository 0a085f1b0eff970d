"""Pre-review of one application: typed facts and materials, what changed first."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from applications.dossier.dossier import Dossier
from applications.dossier.items import Item
from applications.dossier.loading import load_dossier
from applications.dossier.sheets import Sheet
from applications.models import Application, Correction, NamedApplicant, SheetReading
from applications.workflow import Status
from enterprises.models import StandingPage
from files.models import Page
from materials.catalogue import FACTS_NAME, SHARED_NUMBERS
from materials.numbers import MaterialNumber


@dataclass(frozen=True)
class PreReview:
    """All sheets in the order of reading: what changed since the last return comes first."""

    application: Application
    sheets: tuple[Sheet, ...]

    @property
    def changed(self) -> list[Sheet]:
        return [sheet for sheet in self.sheets if sheet.is_changed]

    @property
    def told(self) -> list[Correction]:
        """What the enterprise was told last, or is still to answer."""
        return [c for sheet in self.sheets for c in (*sheet.told, *sheet.answered)]

    @property
    def to_read(self) -> list[Sheet]:
        return [sheet for sheet in self.sheets if sheet.rules]

    @property
    def read_count(self) -> int:
        return sum(sheet.is_read for sheet in self.to_read)

    @property
    def unread(self) -> list[Sheet]:
        """What nobody has gone through rule by rule as it now stands, in the order of Annex 3."""
        left = [sheet for sheet in self.to_read if not sheet.is_read]
        return sorted(left, key=lambda sheet: sheet.number)

    @property
    def left_out(self) -> list[Sheet]:
        """The unread of which nothing was noted either, when everything is to be told at once."""
        return [sheet for sheet in self.unread if not sheet.noted]

    @property
    def overlooked(self) -> list[Correction]:
        """Noted now, of what has not changed since the last letter, which did not say it."""
        if not self.changed:
            return []
        by_number = sorted(self.sheets, key=lambda sheet: sheet.number)
        return [correction for sheet in by_number for correction in sheet.overlooked]

    @property
    def noted(self) -> list[Correction]:
        """What would be told at once, in the order of Annex 3."""
        by_number = sorted(self.sheets, key=lambda sheet: sheet.number)
        return [correction for sheet in by_number for correction in sheet.noted]

    def sheet(self, number: int) -> Sheet:
        """The sheet with this number; the first to read when there is none."""
        return next((s for s in self.sheets if s.number == number), self.sheets[0])


def load_pre_review(application: Application) -> PreReview:
    """Everything on the officer's page, always in the same number of queries."""
    corrections = list(application.corrections.select_related("created_by"))
    dossier = load_dossier(application, corrections)
    # What was noted and never told has no meaning once the case was decided otherwise.
    is_open = application.state == Status.SUBMITTED
    noted = [c for c in corrections if not c.sent_at] if is_open else []
    told = [c for c in corrections if c.sent_at and not c.resolved_at]
    answered = [] if told else answered_last(corrections)
    previous = _previous_pages(dossier, answered)
    readings = {reading.number: reading for reading in application.readings.all()}
    sheets = []
    for number, name in _numbers_and_names(dossier):
        item = dossier.find(number)
        sheets.append(
            Sheet(
                number=number,
                name=name,
                item=item,
                noted=[c for c in noted if c.number == number],
                told=[c for c in told if c.number == number],
                answered=[c for c in answered if c.number == number],
                previous=previous.get(number, ()),
                reading=_still_true(readings.get(number), application, item, answered),
            )
        )
    sheets.sort(key=lambda sheet: not sheet.is_changed)
    return PreReview(application, tuple(sheets))


def _still_true(
    reading: SheetReading | None,
    application: Application,
    item: Item | None,
    answered: Sequence[Correction],
) -> SheetReading | None:
    """The reading, unless what was read has been replaced or answered since."""
    if reading is None:
        return None
    arrivals = [page.file.created_at for page in item.pages] if item else []
    if any(correction.number == reading.number for correction in answered):
        arrivals.append(application.status_since)
    return reading if reading.at > max(arrivals, default=application.created_at) else None


def _numbers_and_names(dossier: Dossier) -> list[tuple[int, str]]:
    asked_for = ((item.number, item.kind.name) for item in dossier.items)
    return [(MaterialNumber.FACTS, FACTS_NAME), *asked_for]


def answered_last(corrections: Sequence[Correction]) -> list[Correction]:
    """Those that the newest resubmission resolved; it gives them all the same time."""
    newest = max((c.resolved_at for c in corrections if c.resolved_at), default=None)
    return [c for c in corrections if c.resolved_at and c.resolved_at == newest]


def _previous_pages(dossier: Dossier, answered: Sequence[Correction]) -> dict[int, Sequence[Page]]:
    """Per changed material the pages that stood there when the enterprise was told."""
    told_at = min((c.sent_at for c in answered if c.sent_at), default=None)
    if told_at is None:
        return {}
    changed = {c.number for c in answered} - {MaterialNumber.FACTS}
    items = [dossier.item(number) for number in changed]
    previous: dict[int, Sequence[Page]] = {
        item.number: [
            page
            for page in item.earlier
            if page.superseded_at and page.superseded_at > told_at > page.file.created_at
        ]
        for item in items
    }
    versions = {item.number: item.document for item in items if item.document}
    # A standing document is copied when it changes: what was seen is an older, frozen version.
    named = NamedApplicant.objects.filter(
        document=OuterRef("document"), applicant=dossier.application.applicant_id
    )
    older = (
        StandingPage.objects.current()
        .filter(
            Q(document__kind__in=SHARED_NUMBERS) | Exists(named),
            document__enterprise=dossier.application.enterprise_id,
            document__kind__in=list(versions),
            document__frozen_at__lt=told_at,
        )
        .select_related("file", "document")
    )
    for number, document in versions.items():
        pages = [p for p in older if p.document.kind == number]
        pages = [p for p in pages if p.document.version < document.version]
        seen = max((p.document.version for p in pages), default=0)
        kept = {page.file_id for page in dossier.item(number).pages}
        gone = [p for p in pages if p.document.version == seen and p.file_id not in kept]
        previous[number] = gone
    return previous
