"""Facts of an enterprise for its dossier, each list bounded, at a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.db.models import Prefetch

from accounts.models import User
from applications.models import Applicant, Application
from cards.models import Card
from enterprises.models import Demand, Enterprise, EnterpriseAgent
from letters.models import WrittenLetter
from reviews.models import ReviewTable

# Of each list so many on the page; the ZIP holds all.
MOST: Final = 50


@dataclass(frozen=True)
class Cut:
    """The first rows of a list, and whether there are more."""

    rows: Sequence[Any]
    is_cut: bool


def _cut(found: Any) -> Cut:
    rows = list(found[: MOST + 1])
    return Cut(rows[:MOST], len(rows) > MOST)


class DossierFacts:
    """All but the time line, as this reader may see it."""

    def __init__(self, enterprise: Enterprise, reader: User) -> None:
        self.enterprise, self.reader = enterprise, reader

    @cached_property
    def demand(self) -> Demand | None:
        """Its row of the demand ledger."""
        visible = Demand.objects.visible_to(self.reader).select_related("owner")
        return visible.filter(enterprise=self.enterprise).first()

    @cached_property
    def agents(self) -> list[EnterpriseAgent]:
        return list(self.enterprise.agents.select_related("user"))

    @cached_property
    def applicants(self) -> Cut:
        visible = Applicant.objects.visible_to(self.reader)
        return _cut(visible.filter(enterprise=self.enterprise).order_by("pk"))

    @cached_property
    def applications(self) -> Cut:
        """The newest first, drafts by their bare existence, with their rounds and cards."""
        tables = ReviewTable.objects.defer("facts").order_by("round")
        found = Application.objects.known_to(self.reader).filter(enterprise=self.enterprise)
        people = found.select_related("applicant", "filing", "card")
        return _cut(people.order_by("-pk").prefetch_related(Prefetch("tables", tables)))

    @cached_property
    def letters(self) -> Cut:
        """The newest first, each with whose case it was begun in; what was written stays there."""
        visible = WrittenLetter.objects.visible_to(self.reader).filter(enterprise=self.enterprise)
        people = visible.select_related("changed_by", "application__applicant")
        return _cut(people.defer("values", "body", "person_line"))

    @cached_property
    def cards(self) -> Cut:
        visible = Card.objects.visible_to(self.reader)
        return _cut(visible.filter(enterprise=self.enterprise).order_by("-issued_on", "-pk"))
