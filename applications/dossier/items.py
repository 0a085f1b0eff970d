"""One material of an application as people see it: its pages, its state, what is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from applications.dossier.naming import Naming
from applications.dossier.recognised import Recognised
from applications.models import Correction, Material
from enterprises.models import StandingDocument
from files.models import Page
from materials.faults import fault_names
from materials.findings import Finding
from materials.kind import MaterialKind
from materials.rules.facts import ShownFact


class ItemState(StrEnum):
    EMPTY = "empty"
    UNNAMED = "unnamed"
    THERE = "there"
    FAULTY = "faulty"
    BY_TABLE = "by_table"
    TO_CORRECT = "to_correct"
    CORRECTED = "corrected"
    EXPLAINED = "explained"
    LAPSED = "lapsed"
    TO_FILL = "to_fill"
    DIFFERS = "differs"


STATE_LABELS = {
    ItemState.EMPTY: "待上传",
    ItemState.UNNAMED: "没有写明申请人",
    ItemState.THERE: "已上传",
    ItemState.FAULTY: "有问题要看",
    ItemState.BY_TABLE: "由审核表替代",
    ItemState.TO_CORRECT: "需要补正",
    ItemState.CORRECTED: "已更正",
    ItemState.EXPLAINED: "已说明",
    ItemState.LAPSED: "已过期",
    ItemState.TO_FILL: "还要填写",
    ItemState.DIFFERS: "与填写不一致",
}
STATE_BADGES = {
    ItemState.EMPTY: "act",
    ItemState.UNNAMED: "act",
    ItemState.THERE: "done",
    ItemState.FAULTY: "act",
    ItemState.BY_TABLE: "done",
    ItemState.TO_CORRECT: "late",
    ItemState.CORRECTED: "done",
    ItemState.EXPLAINED: "done",
    ItemState.LAPSED: "late",
    ItemState.TO_FILL: "act",
    ItemState.DIFFERS: "late",
}
# Known faults bar nothing: whoever looks at it decides.
COMPLETE = frozenset(
    {
        ItemState.THERE,
        ItemState.FAULTY,
        ItemState.BY_TABLE,
        ItemState.CORRECTED,
        ItemState.EXPLAINED,
    }
)


@dataclass(frozen=True)
class Item:
    """One material with its current pages, those they replaced, and its open corrections.

    `submitted` are the pages of the enterprise's document as this application has it; `naming`
    says whom a letter names.
    """

    material: Material
    kind: MaterialKind
    pages: Sequence[Page]
    earlier: Sequence[Page]
    corrections: Sequence[Correction]
    document: StandingDocument | None
    is_unlocked: bool
    recognised: Recognised | None = None
    fact_warnings: Sequence[Finding] = ()
    submitted: Sequence[Page] = ()
    naming: Naming | None = None

    @property
    def is_replaced(self) -> bool:
        """A newer version of the enterprise's document stands where the one submitted stood.

        With other pages or another date: the same in another order is no correction.
        """
        pinned = self.material.document
        if self.document is None or pinned is None or self.document.pk == pinned.pk:
            return False
        before, now = (
            {page.file.sha256 for page in pages} for pages in (self.submitted, self.pages)
        )
        return before != now or self.document.stated != pinned.stated

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
            return (self._needs or self._answered) if met else ItemState.TO_CORRECT
        if self.material.by_review_table:
            return ItemState.BY_TABLE
        if self.pages:
            return self._needs or (ItemState.FAULTY if self.faults else ItemState.THERE)
        return ItemState.UNNAMED if self.is_unnamed else ItemState.EMPTY

    @property
    def _answered(self) -> ItemState:
        """Whether something was changed, or the agent has only said why not."""
        is_changed = self.is_replaced or any(one.replaced_at for one in self.corrections)
        return ItemState.CORRECTED if is_changed else ItemState.EXPLAINED

    @property
    def answer_words(self) -> str:
        """How what was asked for has been answered."""
        words = STATE_LABELS[self._answered]
        return f"{words}，旧页还在" if self.pages_from_before else words

    @property
    def pages_from_before(self) -> Sequence[Page]:
        """The pages that were there when it was returned, where others have come beside them."""
        told = [one.sent_at for one in self.corrections if one.sent_at]
        if not told:
            return ()
        old = [page for page in self.pages if page.file.created_at <= min(told)]
        return old if len(old) < len(self.pages) else ()

    @property
    def is_unnamed(self) -> bool:
        """Letters there are, and none of them names this applicant."""
        naming = self.naming
        return naming is not None and self.document is None and bool(naming.colleagues)

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
        return bool(self.pages) and self.kind.wants_facts(codes)

    @property
    def found(self) -> set[str]:
        """Codes of everything that was found in the pages."""
        codes = {warning["code"] for page in self.pages for warning in page.warnings}
        if self.recognised is not None and not self.recognised.is_checked:
            codes |= {f.code for f in (*self.recognised.problems, *self.recognised.warnings)}
        return codes

    @property
    def facts(self) -> Sequence[ShownFact]:
        """What was typed beside the pages, as people read it."""
        return self.kind.shown_facts(self.material.facts) if self.wants_facts else ()

    @property
    def _answered_codes(self) -> frozenset[str]:
        """The warnings that the typed facts answer."""
        return self.kind.facts.wanted_after if self.kind.facts else frozenset()

    @property
    def label(self) -> str:
        """How it stands; of one with known faults, what these are."""
        if self.state == ItemState.FAULTY:
            return "、".join(self.faults)
        return STATE_LABELS[self.state]

    @property
    def badge(self) -> str:
        return STATE_BADGES[self.state]

    @property
    def named(self) -> str:
        """The material, and what is wrong where it does not simply lack its pages."""
        name = f"材料{self.number} {self.kind.name}"
        if self.naming is not None and self.is_unnamed:
            return f"{name}（{self.naming.unnamed_words}）"
        return f"{name}（{self.label}）" if self.pages else name

    @property
    def is_complete(self) -> bool:
        return self.state in COMPLETE

    @property
    def warnings(self) -> list[str]:
        return [message for _, message in self._warned]

    @property
    def faults(self) -> list[str]:
        """What is known to be wrong with it, in a few words each."""
        names = fault_names(code for code, _ in self._warned)
        return [STATE_LABELS[ItemState.DIFFERS], *names] if self.problems else names

    @property
    def _warned(self) -> list[tuple[str, str]]:
        """What there is to look at: code and sentences; not what was answered or compared."""
        found = list(self.fact_warnings)
        if self.recognised is not None and not self.recognised.is_checked:
            found += self.recognised.warnings
        return [
            *((finding.code, finding.message) for finding in found),
            *(
                (warning["code"], warning["message"])
                for page in self.pages
                for warning in page.warnings
                if not (warning["code"] in self._answered_codes and self.material.facts)
            ),
        ]
