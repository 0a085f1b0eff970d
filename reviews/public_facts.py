"""Facts of a table open to anybody who holds its code or its file: what it says and whose it is.

The enterprise's name is public; of the applicant as much as tells him from another: his masked name
and the last four of his identity number. Of the opinions the conclusions, not the words.
"""

from dataclasses import dataclass
from datetime import date, datetime

from core.masks import mask_name
from reviews.models import Opinion, ReviewTable

LAST_OF_NUMBER = 4
# What the last department's conclusion makes of the whole, with the badge of the theme.
OUTCOMES = {
    Opinion.Conclusion.AGREE: ("同意申办", "done"),
    Opinion.Conclusion.DISAGREE: ("不同意申办", "late"),
}


@dataclass(frozen=True)
class PublicOpinion:
    """One department's: without `signed_at` not yet answered; of a void round nothing counts.

    `is_on_paper`: it stamped by hand, and has not signed electronically.
    """

    code: str
    department: str
    signed_at: datetime | None
    conclusion: str
    is_on_paper: bool = False
    stamped_on: date | None = None

    @property
    def words(self) -> str:
        """同意 or 不同意, or nothing."""
        return Opinion.Conclusion(self.conclusion).label if self.conclusion else ""


@dataclass(frozen=True)
class PublicFacts:
    """`outcome` is the whole table's conclusion, "" before it is concluded or when it is void."""

    enterprise: str
    applicant: str
    opinions: tuple[PublicOpinion, ...]
    outcome: str = ""

    @property
    def outcome_words(self) -> str:
        return OUTCOMES[Opinion.Conclusion(self.outcome)][0] if self.outcome else ""

    @property
    def outcome_badge(self) -> str:
        return OUTCOMES[Opinion.Conclusion(self.outcome)][1] if self.outcome else ""


def public_facts(table: ReviewTable) -> PublicFacts:
    """What anybody may know; one query."""
    opinions = list(table.opinions.select_related("department"))
    last = next((one for one in opinions if one.is_last), None)
    return PublicFacts(
        enterprise=table.facts["enterprise_name"],
        applicant=_applicant(table),
        opinions=tuple(_public(one, table) for one in opinions),
        outcome=last.conclusion if last is not None and table.is_concluded else "",
    )


def _public(opinion: Opinion, table: ReviewTable) -> PublicOpinion:
    counts = opinion.is_signed and not table.is_void
    return PublicOpinion(
        code=opinion.department.code,
        department=opinion.department.name,
        signed_at=opinion.signed_at,
        conclusion=opinion.conclusion if counts else "",
        is_on_paper=opinion.is_on_paper,
        stamped_on=opinion.stamped_on,
    )


def _applicant(table: ReviewTable) -> str:
    """张*例（身份证号末四位1234）."""
    name = mask_name(table.facts["applicant_name"])
    return f"{name}（身份证号末四位{table.facts['id_number'][-LAST_OF_NUMBER:]}）"
