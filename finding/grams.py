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
    """Of Latin letters and figures triples, of which there are enough; of others pairs."""
    long = TRIPLE if letters.isascii() and len(letters) >= TRIPLE else PAIR
    return sorted({letters[at : at + long] for at in range(len(letters) - long + 1)})


class MayHold(Func):
    """Whether a column may hold these letters: a condition for the index, beside one that decides.

    `several` are what all have to be in the array that `of` makes of the column.
    """

    output_field = BooleanField()

    def __init__(self, column: str, of: str, several: tuple[str, ...]) -> None:
        self.of, self.several = of, several
        super().__init__(F(column))

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        column, params = compiler.compile(self.source_expressions[0])
        return f"{self.of.format(column)} @> %s::text[]", [*params, list(self.several)]

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return "1", []


def may_hold_letters(column: str, letters: str) -> MayHold:
    return MayHold(column, "finding_grams({})", tuple(grams(letters)))


def may_hold_line(column: str, line: str) -> MayHold:
    return MayHold(column, r"string_to_array({}, E'\n')", (line,))


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
