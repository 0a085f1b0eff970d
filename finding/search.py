"""Entries of the index that fit what somebody typed, the best first."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from django.db.models import Q, QuerySet
from django.db.models.query import RawQuerySet
from rapidfuzz import fuzz, process

from finding.grams import Beginning, may_hold_letters, may_hold_line
from finding.models import IndexEntry
from finding.words import TAILS, company_core, number_key, plain

LEAST: Final = 2
LONGEST: Final = 60
# Of each kind, and of each way to be found, more than anybody reads; who gets as many narrows his
# words.
MOST: Final = 30
# Of 100, on the cores of names: unrelated ones stay at 55, one character of four is 75 (ADR 53).
NEAR: Final = 70
_LETTERS: Final = re.compile(r"[a-z]+")


class Rank(IntEnum):
    EXACT = 0
    NUMBER = 1
    PREFIX = 2
    CONTAINS = 3
    INITIALS = 4
    NEAR = 5


@dataclass(frozen=True)
class Hit:
    """One row of `kind` (a model's label); `tail` counts the last digits it was found by."""

    kind: str
    object_id: int
    rank: Rank
    tail: int = 0


def find(words: str, *, kinds: Sequence[str]) -> list[Hit]:
    """Rows of these kinds, found from two characters on; nothing of fewer. One query.

    Each kind and each way has a branch with an end of its own, so that it costs the same for any
    number of rows, and very many applicants do not hide the one enterprise.
    """
    asked = _asked(words)
    if len(asked) < LEAST:
        return []
    key = _key(asked)
    branches = [branch for kind in kinds for branch in _branches(kind, asked, key)]
    entries = {entry.pk: entry for entry in _together(branches)}
    hits = [_ranked(entry, asked, key) for entry in entries.values()]
    return sorted(hits, key=lambda hit: (hit.rank, -hit.object_id))


def _branches(kind: str, asked: str, key: str) -> "Iterator[QuerySet[IndexEntry]]":
    """What begins with the words, the whole name on top; then of each way the newest."""
    own = IndexEntry.objects.filter(kind=kind)
    begins = own.annotate(beginning=Beginning("words")).filter(beginning__startswith=asked)
    # By primary key, for only as many rows as are kept have to be read whole.
    yield own.filter(pk__in=begins.order_by("beginning", "-object_id").values("pk")[:MOST])
    for way in _ways(asked, key):
        yield own.filter(way).order_by("-object_id")[:MOST]


def _together(branches: "Sequence[QuerySet[IndexEntry]]") -> "RawQuerySet[IndexEntry]":
    """All of them in one statement. Django's own union lets no branch end on SQLite."""
    compiled = [branch.query.sql_with_params() for branch in branches]
    parts = [f"SELECT * FROM ({sql}) branch{place}" for place, (sql, _) in enumerate(compiled)]  # noqa: S608
    params = [one for _, several in compiled for one in several]
    return IndexEntry.objects.raw(" UNION ALL ".join(parts), params)


def entries_with(words: str, *, kinds: Sequence[str]) -> "QuerySet[IndexEntry]":
    """All entries that hold these words, unranked, to narrow a list by; one character will do."""
    asked = _asked(words)
    entries = IndexEntry.objects.filter(kind__in=kinds)
    return entries.filter(_fits(asked, _key(asked))) if asked else entries.none()


def find_near(name: str, *, kind: str) -> list[Hit]:
    """Companies whose core is nearly this: a slip of one character, or a part left out.

    Reads every name of the kind: for when nothing else was found, and for imports.
    """
    core = company_core(name)
    if len(core) < LEAST:
        return []
    cores = {
        object_id: company_core(words.partition("\n")[0])
        for object_id, words in IndexEntry.objects.filter(kind=kind)
        .values_list("object_id", "words")
        .iterator()
    }
    near = process.extract(core, cores, scorer=fuzz.ratio, score_cutoff=NEAR, limit=10)
    return [Hit(kind, object_id, Rank.NEAR) for _, _, object_id in near]


def _asked(words: str) -> str:
    return plain(words[: LONGEST * 2])[:LONGEST]


def _key(asked: str) -> str:
    """Of what is a number as a whole or may be the end of one; "" of anything else."""
    is_number = asked.isascii() and not asked.isalpha()
    return number_key(asked.upper()) if is_number else ""


def _fits(asked: str, key: str) -> Q:
    found = Q()
    for way in _ways(asked, key):
        found |= way
    return found


def _ways(asked: str, key: str) -> Iterator[Q]:
    """By its words, by initials, by a number; each with what an index serves."""
    letters = len(asked) >= LEAST
    words = Q(words__contains=asked)
    yield words & Q(may_hold_letters("words", asked)) if letters else words
    if _LETTERS.fullmatch(asked):
        read = Q(initials__contains=asked)
        yield read & Q(may_hold_letters("initials", asked)) if letters else read
    if key:
        yield Q(numbers__contains=key) & Q(may_hold_line("numbers", key))


def _ranked(entry: IndexEntry, asked: str, key: str) -> Hit:
    lines = entry.words.split("\n")
    tail = len(asked) if len(asked) in TAILS else 0
    if asked in lines:
        rank = Rank.EXACT
    elif key and key in entry.numbers:
        return Hit(entry.kind, entry.object_id, Rank.NUMBER, tail)
    elif any(line.startswith(asked) for line in lines):
        rank = Rank.PREFIX
    else:
        rank = Rank.CONTAINS if asked in entry.words else Rank.INITIALS
    return Hit(entry.kind, entry.object_id, rank)
