"""Laying down what a command was told to write: made aside, and renamed when it is whole."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from core.faults import fault_words

NOT_EMPTY: Final = "目标“{}”已经有内容，请换一个还没有的名字。"


class PlaceRefused(Exception):
    """Nothing can be written there; the words say why."""


@contextmanager
def aside(to: Path) -> Iterator[Path]:
    """A name beside the target, to be made into it by `settle`; else nothing of it is left.

    Raises PlaceRefused where something is there already, or it cannot be written.
    """
    beside = to.parent / f".{to.name}.{secrets.token_hex(6)}"
    try:
        if to.exists() and (not to.is_dir() or any(to.iterdir())):
            raise PlaceRefused(NOT_EMPTY.format(to))
        yield beside
    except OSError as error:
        words = fault_words(error) or "写不进去"
        raise PlaceRefused(f"不能写到“{to}”：{words}。") from error
    finally:
        if beside.is_dir():
            shutil.rmtree(beside, ignore_errors=True)
        elif beside.exists():
            beside.unlink()


def settle(beside: Path, to: Path) -> None:
    """From here on it is there under its own name; an empty folder makes room."""
    if to.is_dir():
        to.rmdir()
    beside.rename(to)
