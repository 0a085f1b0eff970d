"""Work on many rows, each for itself: one that cannot be done is logged and stops no other."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from celery.exceptions import SoftTimeLimitExceeded

logger = logging.getLogger(__name__)

Row = TypeVar("Row")
Result = TypeVar("Result")


def each(rows: Iterable[Row], do: Callable[[Row], Result], *, what: str) -> list[Result]:
    """What `do` gave of each row that it could do; `what` names the sweep in the log.

    A row is logged by its number alone. The caller's `do` is whole in itself: what it wrote of a
    row before it failed is its own to take back. The next sweep tries the row again.
    """
    results = []
    for row in rows:
        try:
            results.append(do(row))
        except SoftTimeLimitExceeded:
            raise
        except Exception:
            logger.exception("%s：第%s号没有办成，其余的照常。", what, number_of(row))
    return results


def number_of(row: object) -> object:
    """How the log calls a row: its primary key, or the number that stands for it."""
    if isinstance(row, int):
        return row
    if isinstance(row, list):
        return "、".join(str(number_of(one)) for one in row)
    return getattr(row, "pk", None) or getattr(row, "number", type(row).__name__)
