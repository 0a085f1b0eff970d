"""What a check says: findings with what arrived and how to mend it, gathered in a report."""

from dataclasses import dataclass, field
from datetime import date
from typing import TypedDict

from files.pictures import Picture


@dataclass(frozen=True)
class Finding:
    """`code` is for programs; `found` and `mend` are whole sentences for the sender."""

    code: str
    found: str
    mend: str = ""

    @property
    def message(self) -> str:
        return self.found + self.mend


class FindingJson(TypedDict):
    code: str
    message: str


class ReportJson(TypedDict):
    accepted: bool
    problems: list[FindingJson]
    warnings: list[FindingJson]


@dataclass(frozen=True)
class Report:
    """Any problem refuses the file; warnings are shown to the agent and the officer.

    `picture` is None when the bytes could not be decoded. `repeats` says where the same picture is
    already, of one that was not taken again.
    """

    problems: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()
    picture: Picture | None = field(default=None, compare=False, repr=False)
    repeats: str = ""

    @property
    def accepted(self) -> bool:
        return not self.problems

    def and_also(self, other: "Report") -> "Report":
        """Both together, of this picture; what both say stands once."""
        said = {finding.message for finding in self.problems + self.warnings}
        problems = tuple(f for f in other.problems if f.message not in said)
        warnings = tuple(f for f in other.warnings if f.message not in said)
        return Report(self.problems + problems, self.warnings + warnings, self.picture)

    def as_json(self) -> ReportJson:
        return {
            "accepted": self.accepted,
            "problems": [{"code": f.code, "message": f.message} for f in self.problems],
            "warnings": [{"code": f.code, "message": f.message} for f in self.warnings],
        }


@dataclass(frozen=True)
class MaterialFacts:
    """What was typed beside the file; whatever is unknown is left out and not compared.

    `sex` is "M" or "F"; names are as the passport prints them, in Latin capitals; `mrz_text` is
    the passport's machine-readable zone, two lines.
    """

    surname: str = ""
    given_names: str = ""
    birth_date: date | None = None
    sex: str = ""
    passport_number: str = ""
    passport_expires_on: date | None = None
    mrz_text: str = ""
    enterprise: str = ""
    credit_code: str = ""
    insured_since: date | None = None
    taken_recently: bool = False


@dataclass
class Findings:
    """A report while it is being written."""

    problems: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)

    def refuse(self, code: str, found: str, mend: str) -> None:
        self.problems.append(Finding(code, found, mend))

    def warn(self, code: str, found: str, mend: str) -> None:
        self.warnings.append(Finding(code, found, mend))

    def report(self, picture: Picture | None = None) -> Report:
        return Report(tuple(self.problems), tuple(self.warnings), picture)
