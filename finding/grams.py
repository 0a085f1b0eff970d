"""Pairs of neighbouring letters, by which PostgreSQL finds a part of a name through an index.

Its trigrams miss words of two characters, which is what people type of a Chinese name. The index
is over an expression (migration 0003), so that no column has to be kept. SQLite, which serves
tens of thousands of rows, reads them; what is found is the same, for LIKE decides on both.
"""

from typing import Any, Final

from django.db.models import BooleanField, CharField, F, Func

PAIR, TRIPLE = 2, 3
# As much of the first line as an index holds of it.
BEGINNING: Final = 60


def grams(letters: str) -> list[str]:
    """Those to look for: of Latin letters and figures triples, but of two alone the pair."""
    long = TRIPLE if letters.isascii() and len(letters) >= TRIPLE else PAIR
    several = {letters[at : at + long] for at in range(len(letters) - long + 1)}
    # Of a mixed text the Latin pairs are left out: below the first line the index has none.
    return sorted(one for one in several if letters.isascii() or not one.isascii())


class MayHold(Func):
    """Whether a row may hold these: a condition for the index, beside one that decides.

    `of` makes the array in which all of `several` have to be.
    """

    output_field = BooleanField()

    def __init__(self, of: str, several: tuple[str, ...], *columns: str) -> None:
        self.of, self.several = of, several
        super().__init__(*map(F, columns))

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        columns = [compiler.compile(one)[0] for one in self.source_expressions]
        return f"{self.of.format(*columns)} @> %s::text[]", [list(self.several)]

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return "1", []


def may_hold_words(kind: str, letters: str) -> MayHold:
    several = tuple(f"{kind}{one}" for one in grams(letters))
    return MayHold("finding_grams({}, {}, false)", several, "kind", "words")


def may_hold_initials(kind: str, letters: str) -> MayHold:
    several = tuple(f"{kind}{one}" for one in grams(letters))
    return MayHold("finding_grams({}, {}, true)", several, "kind", "initials")


def may_hold_number(key: str) -> MayHold:
    return MayHold(r"string_to_array({}, E'\n')", (key,), "numbers")


class MayHoldText(Func):
    """Whether a column may hold these words, in capitals or not: beside LIKE, which decides.

    For the index of another table, over the same function (accounts, migration 0009).
    """

    output_field = BooleanField()

    def __init__(self, column: str, words: str) -> None:
        self.words = words
        super().__init__(F(column))

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        column, params = compiler.compile(self.source_expressions[0])
        # By the database on both sides: its capitals are not always those of Python.
        held, asked = (f"finding_grams('', upper({one}), true)" for one in (column, "%s"))
        return f"{held} @> {asked}", [*params, self.words]

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return "1", []


class FirstLine(Func):
    """A text up to its first line's end."""

    output_field = CharField()

    def __init__(self, column: str) -> None:
        super().__init__(F(column))

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        column, params = compiler.compile(self.source_expressions[0])
        return rf"SPLIT_PART({column}, E'\n', 1)", params

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        column, params = compiler.compile(self.source_expressions[0])
        end = f"INSTR({column} || CHAR(10), CHAR(10)) - 1"
        return f"SUBSTR({column}, 1, {end})", [*params, *params]


class Beginning(Func):
    """The beginning of a text, in the order of its bytes on both databases."""

    output_field = CharField()
    function = "SUBSTR"

    def __init__(self, column: str) -> None:
        super().__init__(F(column))

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        column, params = compiler.compile(self.source_expressions[0])
        return f'LEFT({column}, {BEGINNING}) COLLATE "C"', params

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        column, params = compiler.compile(self.source_expressions[0])
        return f"SUBSTR({column}, 1, {BEGINNING})", params
