"""Answers at hand: common questions on show in which what was asked stands."""

from dataclasses import dataclass
from typing import Final

from core.text import line
from outreach.markdown import plain_of
from outreach.models import Question
from outreach.wording import StationWords

SHOWN: Final = 6
MOST_WORDS: Final = 4
LEAST: Final = 2


@dataclass(frozen=True)
class AnswerAtHand:
    """A common question with its answer as it is read out today."""

    pk: int
    version: int
    text: str
    answer: str
    source: str


def answers_for(words: str) -> list[AnswerAtHand]:
    """The questions that hold every word, those with it in the question first; none of nothing."""
    wanted = [word for word in line(words)[:60].split() if len(word) >= LEAST][:MOST_WORDS]
    if not wanted:
        return []
    fill = StationWords().fill
    found = Question.objects.saying(wanted)
    first = wanted[0].lower()
    ordered = sorted(found, key=lambda one: first not in one.text.lower())[:SHOWN]
    return [at_hand(one, fill(one.answer)) for one in ordered]


def at_hand(question: Question, answer: str) -> AnswerAtHand:
    return AnswerAtHand(
        question.pk, question.version, question.text, plain_of(answer), question.source
    )
