"""Whom the enterprise's letters of application name, and which of them serves whom."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, OuterRef, Q

from applications.models import Applicant, NamedApplicant
from enterprises.models import StandingDocument, StandingPage
from materials.catalogue import NAMING_NUMBERS

MOST_NAMED = 3


@dataclass(frozen=True)
class OtherLetter:
    """A letter of the enterprise that counts now and does not name this applicant."""

    document: StandingDocument
    people: Sequence[Applicant]

    @property
    def names(self) -> str:
        return _names(self.people)


class LettersOfApplication:
    """Letters of some enterprises as they stand now, and those submitted with some cases.

    Read from the database, in one query, when somebody first asks whom one of them names.
    """

    def __init__(self, enterprises: Collection[int], submitted: Collection[int]) -> None:
        self._enterprises, self._submitted = enterprises, submitted

    @cached_property
    def _people(self) -> dict[StandingDocument, list[Applicant]]:
        current = Q(enterprise__in=self._enterprises, superseded_at=None)
        # Of the documents first: of rows that hang on one or the other, all would be read.
        documents = StandingDocument.objects.filter(current | Q(pk__in=self._submitted))
        rows = NamedApplicant.objects.filter(document__in=documents.order_by().values("pk"))
        people: dict[StandingDocument, list[Applicant]] = defaultdict(list)
        for row in rows.select_related("document", "applicant"):
            people[row.document].append(row.applicant)
        return people

    def people_in(self, document: StandingDocument | None) -> Sequence[Applicant]:
        return self._people.get(document, ()) if document else ()

    def newest_for(self, applicant: Applicant) -> StandingDocument | None:
        """The current letter that names him; of several the newest."""
        naming = [
            document
            for document, people in self._people.items()
            if document.superseded_at is None and applicant in people
        ]
        return max(naming, key=lambda document: document.version, default=None)

    def of_others(self, applicant: Applicant) -> list[OtherLetter]:
        """The letters of his enterprise that count now and do not name him."""
        return [
            OtherLetter(document, people)
            for document, people in self._people.items()
            if document.enterprise_id == applicant.enterprise_id
            and document.superseded_at is None
            and applicant not in people
        ]


@dataclass(frozen=True)
class Naming:
    """Whom the letter of a case names (`document` None: there is none), and its colleagues'."""

    applicant: Applicant
    document: StandingDocument | None
    letters: LettersOfApplication

    @property
    def people(self) -> Sequence[Applicant]:
        return self.letters.people_in(self.document)

    @property
    def others(self) -> list[OtherLetter]:
        return self.letters.of_others(self.applicant)

    @property
    def to_adopt(self) -> list[OtherLetter]:
        """Letters that may name him too: the others', and those not yet said to name anybody."""
        unsaid = StandingDocument.objects.current().filter(
            Exists(StandingPage.objects.current().filter(document=OuterRef("pk"))),
            enterprise=self.applicant.enterprise_id,
            kind__in=NAMING_NUMBERS,
            named_applicants=None,
        )
        return [*self.others, *(OtherLetter(document, ()) for document in unsaid)]

    @property
    def names_him(self) -> bool:
        return self.applicant in self.people

    @property
    def names(self) -> str:
        return _names(self.people)

    @property
    def colleagues(self) -> str:
        """Whom the others name, each once; of many the first three and how many there are."""
        named = {person.pk: person for other in self.others for person in other.people}
        people = list(named.values())
        if len(people) <= MOST_NAMED:
            return _names(people)
        return f"{_names(people[:MOST_NAMED])}等{len(people)}人"

    @property
    def unnamed_words(self) -> str:
        """That only others are named, in a sentence without its stop."""
        return f"现有公函写明的是{self.colleagues}，没有写明{self.applicant.name}"


def _names(people: Iterable[Applicant]) -> str:
    return "、".join(person.name for person in people)
