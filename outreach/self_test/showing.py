"""What a page of the self-test shows: one question, or the outcome, with everything said so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from materials.catalogue import CATALOGUE
from materials.kind import MaterialKind
from outreach.self_test.document import Document, FlowFinding, FlowQuestion, Walk, walk
from outreach.wording import StationWords

# Of an address: which question is to be answered anew, and which was asked just now.
CHANGE, ASKED = "change", "asked"
OF_FINDINGS = {
    "not_yet": "还不符合的",
    "call": "要先核实的",
    "note": "请留意",
}


@dataclass(frozen=True)
class ShownOption:
    id: str
    text: str
    is_chosen: bool


@dataclass(frozen=True)
class ShownQuestion:
    id: str
    text: str
    hint: str
    options: list[ShownOption]


@dataclass(frozen=True)
class ShownStep:
    """An answer given, with the address at which it is changed."""

    question: str
    answer: str
    change_url: str


@dataclass(frozen=True)
class ShownFinding:
    text: str
    help: str
    source: str
    is_confirmed: bool


@dataclass(frozen=True)
class ShownMaterial:
    kind: MaterialKind
    notes: list[str]


@dataclass(frozen=True)
class Shown:
    """One page; `question` is None where the outcome is shown."""

    walk: Walk
    question: ShownQuestion | None
    kept: list[tuple[str, str]]
    steps: list[ShownStep]
    back_url: str
    number: int
    most: int
    is_unanswered: bool
    title: str = ""
    text: str = ""
    groups: tuple[tuple[str, str, list[ShownFinding]], ...] = ()
    materials: tuple[ShownMaterial, ...] = ()
    query: str = ""


def show(document: Document, asked: Mapping[str, str], base: str, words: StationWords) -> Shown:
    """The page at this address; `asked` is its query."""
    way = walk(document, asked)
    changed = document.questions.get(asked.get(CHANGE, ""))
    answers = way.answers
    if changed is not None and changed.id in answers:
        question: FlowQuestion | None = changed
    else:
        question = way.next
    before = _before(way, question)
    # What was answered after the question that is changed stays, as far as it is still asked.
    kept = answers if question is changed else before
    parts = {
        "walk": way,
        "kept": [(key, value) for key, value in kept.items() if not question or key != question.id],
        "steps": [
            ShownStep(
                words.fill(step.question.text),
                words.fill(step.option.text),
                f"{base}?{urlencode({**answers, CHANGE: step.question.id})}",
            )
            for step in way.steps
            if step.question.id in before
        ],
        "back_url": _back(base, before),
        "number": len(before) + 1,
        "most": len(document.questions),
        "is_unanswered": question is not None
        and asked.get(ASKED) == question.id
        and question.option(asked.get(question.id, "")) is None,
        "query": urlencode(answers),
    }
    if question is not None:
        return Shown(question=_question(question, answers, words), **parts)  # type: ignore[arg-type]
    title, text = document.outcomes[way.outcome]
    return Shown(
        question=None,
        title=words.fill(title),
        text=words.fill(text),
        groups=tuple(groups(way, words)),
        materials=tuple(materials(way, words)),
        **parts,  # type: ignore[arg-type]
    )


def groups(way: Walk, words: StationWords) -> list[tuple[str, str, list[ShownFinding]]]:
    """Kind, heading and findings, the gravest first; no group without any."""
    return [
        (kind, heading, [_finding(one, words) for one in way.findings if one.kind == kind])
        for kind, heading in OF_FINDINGS.items()
        if any(one.kind == kind for one in way.findings)
    ]


def materials(way: Walk, words: StationWords) -> list[ShownMaterial]:
    """The ten of Annex 3, with what these answers mean for each."""
    notes = way.materials
    return [
        ShownMaterial(kind, [words.fill(note) for note in notes.get(kind.number, [])])
        for kind in CATALOGUE
    ]


def _finding(finding: FlowFinding, words: StationWords) -> ShownFinding:
    return ShownFinding(
        words.fill(finding.text),
        words.fill(finding.help),
        words.fill(finding.rule.source),
        finding.rule.is_confirmed,
    )


def _question(
    question: FlowQuestion, answers: Mapping[str, str], words: StationWords
) -> ShownQuestion:
    chosen = answers.get(question.id)
    options = [
        ShownOption(option.id, words.fill(option.text), option.id == chosen)
        for option in question.options
    ]
    return ShownQuestion(question.id, words.fill(question.text), words.fill(question.hint), options)


def _before(way: Walk, question: FlowQuestion | None) -> dict[str, str]:
    """The answers on the way to this question, all of them where there is none."""
    before: dict[str, str] = {}
    for step in way.steps:
        if question is not None and step.question.id == question.id:
            break
        before[step.question.id] = step.option.id
    return before


def _back(base: str, before: Mapping[str, str]) -> str:
    """The page before this one, with its answer still chosen; empty on the first."""
    if not before:
        return ""
    return f"{base}?{urlencode({**before, CHANGE: list(before)[-1]})}"
