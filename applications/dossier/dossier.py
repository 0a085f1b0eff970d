"""All materials of one application, and what is still missing."""

from dataclasses import dataclass

from applications.dossier.items import Item
from applications.dossier.recognised import Recognised
from applications.models import Application, Correction
from applications.workflow import Status
from materials.numbers import MaterialNumber

# What the passport says: may also be corrected while material 10 alone is asked for.
PASSPORT_FACTS = frozenset({"surname", "given_names", "passport_number", "passport_expires_on"})


class NotAskedFor(LookupError):
    """This kind of application does not ask for the material with this number."""


@dataclass(frozen=True)
class Dossier:
    application: Application
    items: tuple[Item, ...]
    facts_corrections: tuple[Correction, ...]

    def item(self, number: int) -> Item:
        """Raises NotAskedFor."""
        item = self.find(number)
        if item is None:
            raise NotAskedFor(number)
        return item

    def find(self, number: int) -> Item | None:
        """The material with this number, or None where this kind of application asks for none."""
        return next((item for item in self.items if item.number == number), None)

    @property
    def corrections(self) -> list[Correction]:
        """Everything asked for and not resubmitted yet: of the typed facts, then by number."""
        return [*self.facts_corrections, *(c for item in self.items for c in item.corrections)]

    def answer_words(self, correction: Correction) -> str:
        """What the enterprise did about it; empty while nothing."""
        if not self.is_met(correction):
            return ""
        if correction.number == MaterialNumber.FACTS:
            return correction.answer_words
        return self.item(correction.number).answer_words

    def is_met(self, correction: Correction) -> bool:
        """Answered, replaced, or a newer version of the enterprise's document stands there."""
        item = self.item(correction.number) if correction.number != MaterialNumber.FACTS else None
        return correction.is_met or (item is not None and item.is_replaced)

    @property
    def complete_count(self) -> int:
        return sum(item.is_complete for item in self.items)

    @property
    def facts_are_unlocked(self) -> bool:
        return self.application.status == Status.DRAFT or bool(self.facts_corrections)

    @property
    def changeable_facts(self) -> frozenset[str] | None:
        """Fields of the applicant that may be corrected now; None: all of them."""
        if self.facts_are_unlocked:
            return None
        passport = self.find(MaterialNumber.PASSPORT)
        return PASSPORT_FACTS if passport and passport.is_unlocked else frozenset()

    @property
    def recognised_passport(self) -> Recognised | None:
        """What a machine read in the passport, where this kind asks for one and it was read."""
        passport = self.find(MaterialNumber.PASSPORT)
        return passport.recognised if passport else None

    @property
    def passport_facts_are_unlocked(self) -> bool:
        return self.changeable_facts is None or self.changeable_facts >= PASSPORT_FACTS

    @property
    def to_leave_to_the_table(self) -> list[Item]:
        """What the review table may replace, may change now, and was not left to it yet."""
        if not self.application.needs_table:
            return []
        return [
            item
            for item in self.items
            if item.kind.replaceable and item.is_unlocked and not item.material.by_review_table
        ]

    @property
    def missing(self) -> list[Item]:
        return [item for item in self.items if not item.is_complete]

    @property
    def gaps(self) -> str:
        """What is missing, in a sentence; empty where nothing is."""
        names = [item.named for item in self.missing]
        return f"还有{len(names)}项没有完成：{'、'.join(names)}。" if names else ""
