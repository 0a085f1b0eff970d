"""What is wrong with a template, in words for whoever made it in Word."""

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class TemplateProblem:
    code: str
    message: str


class TemplateRefused(Exception):
    """The file is no template that can be used; the problems say why, all at once."""

    def __init__(self, *problems: TemplateProblem) -> None:
        self.problems = problems
        super().__init__("".join(one.message for one in problems))


@dataclass
class TemplateReport:
    """What was found: problems, and the fields in the order they stand.

    `is_unreadable`: it is no Word file at all, so that nothing could be found.
    """

    problems: list[TemplateProblem] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)
    is_unreadable: bool = False

    @property
    def accepted(self) -> bool:
        return not self.problems

    def as_json(self) -> dict[str, object]:
        problems = [{"code": one.code, "message": one.message} for one in self.problems]
        return {"accepted": self.accepted, "problems": problems, "fields": self.fields}


def once(problems: Iterator[TemplateProblem]) -> list[TemplateProblem]:
    """Each said once, however often it was found."""
    return list(dict.fromkeys(problems))
