"""Departments in words: how many fill in the review table, and what they are called."""

from typing import Final

from django.utils.functional import lazy

from accounts.models import Department
from core.numerals import chinese_number

# Read once a process: a row comes with its section of Annex 4, and so with a new start.
_known: Final[list[Department]] = []


def known() -> list[Department]:
    """Every department in its order, in no query after the first."""
    if not _known:
        _known[:] = Department.objects.all()
    return _known


def forget() -> None:
    """Have the rows read again, as after one was added."""
    _known.clear()


def parallel() -> list[Department]:
    """Those that are asked at once; the last is asked when they have signed."""
    return [department for department in known() if not department.signs_last]


def in_words(departments: list[Department]) -> str:
    """Their number, as in 五个部门."""
    return chinese_number(len(departments))


def names(departments: list[Department]) -> str:
    return "、".join(department.name for department in departments)


def last_name() -> str:
    """Who signs last and decides."""
    return next((department.name for department in known() if department.signs_last), "")


def _counted(words: str) -> str:
    return words.format(in_words(known()))


_counted_later = lazy(_counted, str)


def counted(words: str) -> str:
    """The words with the number for {}, counted when they are shown: the code is read before."""
    return _counted_later(words)
