"""Kinds of import: what a room declares of the table it takes, and what it does with its rows.

A room declares in its AppConfig `import_kinds`, the dotted names of `ImportKind` classes without
arguments; the pages, the steps and the undo are here, once for all.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar, Final

from accounts.models import User
from core.declarations import declared
from core.paging import PER_PAGE
from imports.cells import Reader

# What a row makes of its object, in JSON values, by column; compared, shown, written, restored.
State = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """One column: `aliases` are other heads that it goes by; `mask` hides what is personal.

    A value of `read` that is blank ("" or None) is one that was not given. `may_be_blank`: a column
    that is needed, but not in every row, such as one whose blank cell means the row above.
    """

    code: str
    label: str
    read: Reader
    is_needed: bool = False
    may_be_blank: bool = False
    aliases: tuple[str, ...] = ()
    note: str = ""
    example: str = ""
    mask: Callable[[str], str] | None = None
    width: int = 18


@dataclass(frozen=True)
class Problem:
    """`column` is the label of the column, or empty where it is the row's."""

    column: str
    words: str


@dataclass
class ReadRow:
    """A row as it was read: `values` by column, of those columns that could be read."""

    line: int
    values: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)
    # What people said where the row was asked about: "", `OTHER`, `SAME` or a candidate's key.
    answer: str = ""


# Answers to what is asked: another thing than each candidate, or the likeliest of them.
OTHER: Final = "other"
SAME: Final = "same"


@dataclass(frozen=True)
class Likeness:
    """What a row may be, though nobody but people can tell; `key` is the answer that says so."""

    key: str
    label: str


@dataclass
class RowVerdict:
    """What would come of a row: `before` is None where there is nothing yet.

    `notes` are told of a row that is right nevertheless. A row with `candidates` waits for an
    answer, unless `is_answered`.
    """

    target: int | None = None
    before: State | None = None
    after: State = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    candidates: list[Likeness] = field(default_factory=list)
    is_answered: bool = False

    @property
    def is_asked(self) -> bool:
        return bool(self.candidates) and not self.is_answered


@dataclass(frozen=True)
class WriteRow:
    """A row to be written or undone: a new object without `before`, else a change of `target`.

    Several rows may be about one object, each with its own part of it.
    """

    line: int
    target: int | None
    before: State | None
    after: State


class ImportKind(ABC):
    """One kind of table, with columns, comparison and writing."""

    code: ClassVar[str]
    label: ClassVar[str]
    # What one row is called, with its measure word: 张卡.
    unit: ClassVar[str]
    columns: ClassVar[Sequence[Column]]
    explanations: ClassVar[Sequence[str]] = ()
    # Are people asked of some rows whether they are what is there already?
    asks: ClassVar[bool] = False
    # Of the report: a row may show every cell of it.
    rows_a_page: ClassVar[int] = PER_PAGE

    @abstractmethod
    def begin(self) -> Any:
        """What `examine` needs for a whole file: parameters read once, and rows seen so far."""

    @abstractmethod
    def examine(self, rows: Sequence[ReadRow], memory: Any) -> list[RowVerdict]:
        """Hold some rows, in order, to what is stored and to the rows before. Reads only."""

    @abstractmethod
    def write(self, rows: Sequence[WriteRow], *, batch: int, by: User | None) -> list[int]:
        """Create and change; the numbers of the objects, in order. Inside a transaction."""

    # An undo goes from the last row to the first, some hundred at a time.

    @abstractmethod
    def standing(self, rows: Sequence[WriteRow]) -> list[State | None]:
        """What these rows' objects are now, locked, in order; None of one that is gone.

        Equal to the row's `after` where nobody changed since what the row wrote.
        """

    @abstractmethod
    def restore(self, rows: Sequence[WriteRow], *, batch: int, by: User | None) -> None:
        """Make the objects of these rows again what they were before."""

    @abstractmethod
    def remove(self, rows: Sequence[WriteRow], *, batch: int, by: User | None) -> Mapping[int, str]:
        """Take out what these rows made; by the line of the row why it has to stay."""

    @property
    @abstractmethod
    def home(self) -> str:
        """Where the imported things are listed."""

    @abstractmethod
    def path_of(self, target: int) -> str:
        """Where people see this object."""

    def column(self, code: str) -> Column:
        return next(column for column in self.columns if column.code == code)

    def words_of(self, code: str, value: Any) -> str:
        """A value of the state as people read it."""
        return "" if value is None else str(value)


@cache
def kinds() -> dict[str, ImportKind]:
    """Every room's kinds, by code."""
    found: list[ImportKind] = [kind() for kind in declared("import_kinds")]
    return {kind.code: kind for kind in found}
