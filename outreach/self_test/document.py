"""The self-test as data, and the way through it that answers lead.

A document is one JSON object:
`start`: id of the first question; `rules`: by id `{text, source, confirmed, until}`;
`questions`: `[{id, text, hint, options: [{id, text, next, finding, materials}]}]`, where `next`
is the id of the question that follows, null at the end, `finding` is null or
`{kind, text, help, rule}` with kind `not_yet`, `call` or `note`, and `materials` says of a
material by its number what this answer means for it;
`outcomes`: by `yes`, `not_yet` and `call` `{title, text}`;
`examples`: `[{name, answers, outcome}]`, its tests.
Texts may hold `{code}` of a parameter, or of the station: `{district}`, `{station}`, `{hotline}`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from core.text import line

Outcome = Literal["yes", "not_yet", "call", "next"]


@dataclass(frozen=True)
class Rule:
    """Where a finding is from; `until` is the last day on which it holds, None without an end."""

    id: str
    text: str
    source: str
    is_confirmed: bool
    until: date | None


@dataclass(frozen=True)
class FlowFinding:
    kind: str
    text: str
    help: str
    rule: Rule


@dataclass(frozen=True)
class FlowOption:
    id: str
    text: str
    next: str | None
    finding: FlowFinding | None
    materials: Mapping[int, str]


@dataclass(frozen=True)
class FlowQuestion:
    id: str
    text: str
    hint: str
    options: tuple[FlowOption, ...]

    def option(self, option_id: str) -> FlowOption | None:
        return next((one for one in self.options if one.id == option_id), None)


@dataclass(frozen=True)
class WorkedExample:
    name: str
    answers: Mapping[str, str]
    outcome: str


@dataclass(frozen=True)
class Document:
    start: str
    questions: Mapping[str, FlowQuestion]
    rules: Mapping[str, Rule]
    outcomes: Mapping[str, tuple[str, str]]
    examples: tuple[WorkedExample, ...]

    @property
    def ends(self) -> list[Rule]:
        """Rules that hold to a day, the earliest first."""
        ending = [rule for rule in self.rules.values() if rule.until]
        return sorted(ending, key=lambda rule: rule.until or date.max)


@dataclass(frozen=True)
class AnsweredStep:
    question: FlowQuestion
    option: FlowOption


@dataclass(frozen=True)
class Walk:
    """What the answers lead to: the way so far, and the next question or the outcome."""

    steps: tuple[AnsweredStep, ...]
    next: FlowQuestion | None

    @property
    def outcome(self) -> Outcome:
        """Of all findings the gravest; `next` while there is a question left."""
        if self.next is not None:
            return "next"
        kinds = {finding.kind for finding in self.findings}
        if "not_yet" in kinds:
            return "not_yet"
        return "call" if "call" in kinds else "yes"

    @property
    def findings(self) -> list[FlowFinding]:
        return [step.option.finding for step in self.steps if step.option.finding]

    @property
    def answers(self) -> dict[str, str]:
        """Those on the way alone, in its order."""
        return {step.question.id: step.option.id for step in self.steps}

    @property
    def materials(self) -> dict[int, list[str]]:
        """By a material's number what these answers mean for it."""
        found: dict[int, list[str]] = {}
        for step in self.steps:
            for number, words in step.option.materials.items():
                found.setdefault(number, []).append(words)
        return found


def walk(document: Document, answers: Mapping[str, str]) -> Walk:
    """Go from the first question as far as the answers lead; those off the way count nothing."""
    steps: list[AnsweredStep] = []
    at: str | None = document.start
    while at is not None:
        question = document.questions[at]
        option = question.option(answers.get(at, ""))
        if option is None:
            return Walk(tuple(steps), question)
        steps.append(AnsweredStep(question, option))
        at = option.next
    return Walk(tuple(steps), None)


def unknown_ids(document: Document, answers: Mapping[str, str]) -> list[str]:
    """A sentence for each question or option that this document has not."""
    wrong = []
    for question_id, option_id in answers.items():
        question = document.questions.get(question_id)
        if question is None:
            wrong.append(f"没有编号为“{line(question_id)[:30]}”的题目。")
        elif question.option(option_id) is None:
            wrong.append(f"题目“{question_id}”没有编号为“{line(option_id)[:30]}”的选项。")
    return wrong
