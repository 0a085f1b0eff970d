"""Entries of the index that fit what somebody typed, the best first."""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final, TypeVar

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.lookups import Contains
from rapidfuzz import fuzz, process

from core.unions import union_all
from finding.grams import (
    Beginning,
    FirstLine,
    may_hold_initials,
    may_hold_number,
    may_hold_words,
)
from finding.models import IndexEntry
from finding.words import TAILS, company_core, number_key, plain

Rows = TypeVar("Rows", bound=QuerySet[Any, Any])
LEAST: Final = 2
LONGEST: Final = 60
# Of each kind, and of each way to be found, more than anybody reads; who gets as many narrows his
# words.
MOST: Final = 30
# Of so many of the newest: so many that hold the words say that most rows may.
SAMPLE, MANY = 200, 6
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
    """Rows of these kinds, found from two characters on; nothing of fewer. Two queries.

    Each kind and each way has a branch with an end of its own, so that it costs the same for any
    number of rows, and very many applicants do not hide the one enterprise.
    """
    asked = _asked(words)
    if len(asked) < LEAST:
        return []
    key, common = _key(asked), _common(asked, kinds)
    branches = [branch for kind in kinds for branch in _branches(kind, asked, key, common)]
    entries = {entry.pk: entry for entry in _together(branches)}
    hits = [_ranked(entry, asked, key) for entry in entries.values()]
    return sorted(hits, key=lambda hit: (hit.rank, -hit.object_id))


def _common(asked: str, kinds: Sequence[str]) -> set[tuple[str, str]]:
    """By kind the columns that hold this in many of the newest rows: there these are gone through.

    An index of all would lead to nearly all of them (有限公司), and the database does not know it.
    What is found is the same either way.
    """
    sql, params = union_all([_of_kind(kind).order_by("-object_id")[:SAMPLE] for kind in kinds])
    holding = f"%{asked}%"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, SUM(CASE WHEN words LIKE %s THEN 1 ELSE 0 END), "  # noqa: S608
            "SUM(CASE WHEN initials LIKE %s THEN 1 ELSE 0 END) "
            f"FROM ({sql}) newest GROUP BY kind",
            [holding, holding, *params],
        )
        return {
            (kind, column)
            for kind, *counts in cursor.fetchall()
            for column, count in zip(("words", "initials"), counts, strict=True)
            if count >= MANY
        }


def _branches(
    kind: str, asked: str, key: str, common: Container[tuple[str, str]]
) -> "Iterator[QuerySet[IndexEntry]]":
    """What begins with the words, the whole name on top; then of each way the newest."""
    begins = _of_kind(kind).annotate(beginning=Beginning("words"))
    begins = begins.filter(beginning__startswith=asked).order_by("beginning", "-object_id")
    # By primary key: only as many as are kept have to be read whole.
    yield _of_kind(kind).filter(pk__in=begins.values("pk")[:MOST])
    for way in _ways(kind, asked, key, common):
        yield _of_kind(kind).filter(way).order_by("-object_id")[:MOST]


def _of_kind(kind: str) -> "QuerySet[IndexEntry]":
    return IndexEntry.objects.filter(kind=kind)


def _together(branches: "Sequence[QuerySet[IndexEntry]]") -> "Iterable[IndexEntry]":
    return IndexEntry.objects.raw(*union_all(branches)) if branches else ()


def entries_with(words: str, *, kinds: Sequence[str]) -> "QuerySet[IndexEntry]":
    """All entries that hold these words, unranked, to narrow a list by; one character will do."""
    asked = _asked(words)
    if not asked:
        return IndexEntry.objects.none()
    fits = Q(pk__in=[])
    for kind in kinds:
        for way in _ways(kind, asked, _key(asked)):
            fits |= Q(kind=kind) & way
    return IndexEntry.objects.filter(fits)


def narrowed(rows: Rows, *several: str) -> Rows:
    """Those of these rows whose entry holds any of the words, for a condition that decides.

    The condition compares the row's own name or code; alone it reads every row. Where the index
    cannot tell (one character, two Latin letters, nothing but marks), all of them.
    """
    kind, holding = rows.model._meta.label_lower, Q(pk__in=[])
    for asked in map(_asked, several):
        if len(asked) < LEAST or (len(asked) == LEAST and asked.isascii()):
            return rows
        holding |= Q(words__contains=asked) & Q(may_hold_words(kind, asked))
    entries = IndexEntry.objects.filter(holding, kind=kind)
    return rows.filter(pk__in=entries.values("object_id"))


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


def _ways(kind: str, asked: str, key: str, common: Container[tuple[str, str]] = ()) -> Iterator[Q]:
    """By its words, by initials, by a number; each with what an index serves, where it does."""
    # Two Latin letters stand in most codes and readings; of names they say something.
    is_short = len(asked) == LEAST and asked.isascii()
    words = Q(Contains(FirstLine("words"), asked)) if is_short else Q(words__contains=asked)
    is_indexed = len(asked) >= LEAST and (is_short or (kind, "words") not in common)
    yield words & Q(may_hold_words(kind, asked)) if is_indexed else words
    if _LETTERS.fullmatch(asked):
        initials = Q(initials__contains=asked)
        is_indexed = len(asked) >= LEAST and (kind, "initials") not in common
        yield initials & Q(may_hold_initials(kind, asked)) if is_indexed else initials
    if key:
        yield Q(numbers__contains=key) & Q(may_hold_number(key))


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
