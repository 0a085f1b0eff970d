"""The ten materials of one application as people see them: pages, state, what is asked for."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils import timezone

from applications.checks.findings import Finding
from applications.material_facts import (
    DATE_UNKNOWN,
    Shown,
    fact_warnings,
    shown_facts,
    wants_facts,
)
from applications.materials import CATALOGUE, MaterialKind
from applications.models import FACTS, Application, Correction, Material, MaterialPage
from applications.recognised import Recognised, recognise_material
from applications.workflow import Status
from enterprises.models import StandingDocument, StandingPage
from files.models import Page


class ItemState(StrEnum):
    EMPTY = "empty"
    THERE = "there"
    BY_TABLE = "by_table"
    TO_CORRECT = "to_correct"
    CORRECTED = "corrected"
    LAPSED = "lapsed"
    TO_FILL = "to_fill"
    DIFFERS = "differs"


STATE_LABELS = {
    ItemState.EMPTY: "待上传",
    ItemState.THERE: "已上传",
    ItemState.BY_TABLE: "由审核表替代",
    ItemState.TO_CORRECT: "需要补正",
    ItemState.CORRECTED: "已更正",
    ItemState.LAPSED: "已过期",
    ItemState.TO_FILL: "还要填写",
    ItemState.DIFFERS: "与填写不一致",
}
STATE_BADGES = {
    ItemState.EMPTY: "act",
    ItemState.THERE: "done",
    ItemState.BY_TABLE: "done",
    ItemState.TO_CORRECT: "late",
    ItemState.CORRECTED: "done",
    ItemState.LAPSED: "late",
    ItemState.TO_FILL: "act",
    ItemState.DIFFERS: "late",
}


@dataclass(frozen=True)
class Item:
    """One material with its current pages, those they replaced, and its open corrections."""

    material: Material
    kind: MaterialKind
    pages: Sequence[Page]
    earlier: Sequence[Page]
    corrections: Sequence[Correction]
    document: StandingDocument | None
    is_unlocked: bool
    recognised: Recognised | None = None
    fact_warnings: Sequence[Finding] = ()

    @property
    def is_replaced(self) -> bool:
        """A newer version of the enterprise's document stands where the one submitted stood."""
        pinned = self.material.document_id
        return bool(self.document and pinned and self.document.pk != pinned)

    @property
    def number(self) -> int:
        return self.kind.number

    @property
    def is_answered(self) -> bool:
        return self.is_replaced or all(correction.is_met for correction in self.corrections)

    @property
    def state(self) -> ItemState:
        if self.corrections:
            has_content = self.pages or self.material.by_review_table
            met = self.is_answered and has_content
            return (self._needs or ItemState.CORRECTED) if met else ItemState.TO_CORRECT
        if self.material.by_review_table:
            return ItemState.BY_TABLE
        return (self._needs or ItemState.THERE) if self.pages else ItemState.EMPTY

    @property
    def _needs(self) -> ItemState | None:
        """What is still to be done although pages are there, by whoever may do it now."""
        if not self.is_unlocked or self.material.by_review_table:
            return None
        if self.document is not None and self.document.is_lapsed:
            return ItemState.LAPSED
        if self.problems:
            return ItemState.DIFFERS
        return ItemState.TO_FILL if self.wants_facts and not self.material.facts else None

    @property
    def problems(self) -> Sequence[Finding]:
        """What a machine read otherwise than it was typed."""
        if self.recognised is None or self.recognised.is_checked:
            return ()
        return self.recognised.problems

    @property
    def wants_facts(self) -> bool:
        """Whether a few facts are typed beside the pages."""
        codes = frozenset(warning["code"] for page in self.pages for warning in page.warnings)
        return bool(self.pages) and wants_facts(self.number, codes)

    @property
    def found(self) -> set[str]:
        """Codes of everything that was found in the pages."""
        codes = {warning["code"] for page in self.pages for warning in page.warnings}
        if self.recognised is not None and not self.recognised.is_checked:
            codes |= {f.code for f in (*self.recognised.problems, *self.recognised.warnings)}
        return codes

    @property
    def facts(self) -> Sequence[Shown]:
        """What was typed beside the pages, as people read it."""
        return shown_facts(self.number, self.material.facts) if self.wants_facts else ()

    @property
    def label(self) -> str:
        return STATE_LABELS[self.state]

    @property
    def badge(self) -> str:
        return STATE_BADGES[self.state]

    @property
    def is_complete(self) -> bool:
        return self.state in (ItemState.THERE, ItemState.BY_TABLE, ItemState.CORRECTED)

    @property
    def warnings(self) -> list[str]:
        found = [finding.message for finding in self.fact_warnings]
        if self.recognised is not None and not self.recognised.is_checked:
            found += [finding.message for finding in self.recognised.warnings]
        return [
            *found,
            *(
                warning["message"]
                for page in self.pages
                for warning in page.warnings
                if not (warning["code"] == DATE_UNKNOWN and self.material.facts)
            ),
        ]


@dataclass(frozen=True)
class Dossier:
    application: Application
    items: tuple[Item, ...]
    facts_corrections: tuple[Correction, ...]

    def item(self, number: int) -> Item:
        return self.items[number - 1]

    @property
    def corrections(self) -> list[Correction]:
        """Everything asked for and not resubmitted yet: of the typed facts, then by number."""
        return [*self.facts_corrections, *(c for item in self.items for c in item.corrections)]

    @property
    def complete_count(self) -> int:
        return sum(item.is_complete for item in self.items)

    @property
    def facts_are_unlocked(self) -> bool:
        return self.application.status == Status.DRAFT or bool(self.facts_corrections)

    @property
    def missing(self) -> list[Item]:
        return [item for item in self.items if not item.is_complete]


def load_dossier(application: Application, said: Sequence[Correction] | None = None) -> Dossier:
    """All ten materials, always in the same number of queries.

    `said` are all corrections of this application, where the caller has read them already.
    """
    materials = {
        material.number: material for material in application.materials.select_related("document")
    }
    corrections = defaultdict(list)
    for correction in application.corrections.open() if said is None else said:
        if correction.sent_at and not correction.resolved_at:
            corrections[correction.number].append(correction)
    own = _applicant_pages(application)
    current = _current_documents(application) if _looks_further(application, materials) else {}
    pinned_pages = _standing_pages(application, materials, current)
    items = []
    today = timezone.localdate()
    for kind in CATALOGUE:
        material = materials[kind.number]
        unlocked = _is_unlocked(application, corrections[kind.number])
        document = _document(material, current, unlocked) if kind.owner == "enterprise" else None
        all_pages = pinned_pages[document.pk] if document else own[material.pk]
        pages = [page for page in all_pages if page.superseded_at is None]
        items.append(
            Item(
                material=material,
                kind=kind,
                pages=pages,
                earlier=[page for page in all_pages if page.superseded_at is not None],
                corrections=corrections[kind.number],
                document=document,
                is_unlocked=unlocked,
                recognised=recognise_material(application, kind.number, pages, today=today),
                fact_warnings=fact_warnings(
                    kind.number,
                    material.facts if pages and not material.by_review_table else {},
                    enterprise=application.enterprise.name,
                    today=today,
                ),
            )
        )
    return Dossier(application, tuple(items), tuple(corrections[FACTS]))


def _is_unlocked(application: Application, corrections: Sequence[Correction]) -> bool:
    return application.status == Status.DRAFT or (application.is_editable and bool(corrections))


def _looks_further(application: Application, materials: dict[int, Material]) -> bool:
    """Whether the enterprise's current documents count, and not only those submitted with this."""
    return application.is_editable or any(
        kind.is_enterprises
        and materials[kind.number].document_id is None
        and not materials[kind.number].by_review_table
        for kind in CATALOGUE
    )


def _applicant_pages(application: Application) -> dict[int, list[Page]]:
    pages: dict[int, list[Page]] = defaultdict(list)
    for page in MaterialPage.objects.filter(material__application=application).select_related(
        "file__recognition"
    ):
        pages[page.material_id].append(page)
    return pages


def _current_documents(application: Application) -> dict[int, StandingDocument]:
    documents = StandingDocument.objects.current().filter(enterprise=application.enterprise_id)
    return {document.kind: document for document in documents}


def _document(
    material: Material, current: dict[int, StandingDocument], unlocked: bool
) -> StandingDocument | None:
    if unlocked or material.document is None:
        return current.get(material.number)
    return material.document


def _standing_pages(
    application: Application,
    materials: dict[int, Material],
    current: dict[int, StandingDocument],
) -> dict[int, list[Page]]:
    wanted = {document.pk for document in current.values()}
    wanted |= {material.document_id for material in materials.values() if material.document_id}
    pages: dict[int, list[Page]] = defaultdict(list)
    for page in StandingPage.objects.filter(document__in=wanted).select_related(
        "file__recognition"
    ):
        pages[page.document_id].append(page)
    return pages
