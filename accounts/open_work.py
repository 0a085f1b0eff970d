"""Open work of a person, to be given to somebody before his account is closed or moved.

A room in which people have work of their own declares in its AppConfig `open_work`, the dotted
name of a class with the methods of `OpenWork`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from accounts.models import User
from core.declarations import declared


class OpenWork(Protocol):
    def words(self, person: User) -> str:
        """What he has in hand, as “3份审核表意见”; empty for nothing."""

    def heirs(self, person: User) -> list[User]:
        """Who could take it over, the likeliest first."""

    def gap(self, person: User) -> str:
        """What stands empty once he is gone, as a sentence; empty where others are there."""

    def hand_on(self, person: User, *, to: User | None, by: User) -> None:
        """Give it to `to`, or with None say that nobody has it."""


@dataclass(frozen=True)
class Leaving:
    """What it means that this person goes: his work, who could take it, what stands empty."""

    works: tuple[str, ...]
    heirs: tuple[User, ...]
    gaps: tuple[str, ...]

    @property
    def asks_for_heir(self) -> bool:
        return bool(self.works and self.heirs)

    @property
    def work_words(self) -> str:
        return "、".join(self.works)

    @property
    def gap_words(self) -> str:
        return "".join(self.gaps)


def leaving_of(person: User) -> Leaving:
    """As it stands now; the rooms are asked in their order."""
    works, heirs, gaps = [], dict[int, User](), []
    for room in _rooms():
        words = room.words(person)
        if words:
            works.append(words)
            heirs |= {heir.pk: heir for heir in room.heirs(person)}
        gap = room.gap(person)
        if gap:
            gaps.append(gap)
    return Leaving(tuple(works), tuple(heirs.values()), tuple(gaps))


def hand_on(person: User, *, to: User | None, by: User) -> None:
    for room in _rooms():
        room.hand_on(person, to=to, by=by)


def _rooms() -> Iterator[OpenWork]:
    for room in declared("open_work"):
        yield room()
