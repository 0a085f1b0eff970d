"""Two edits of one row: the first is kept, and the second is told of what stands now.

The row has a number `version`, one higher with every edit. Whoever saves calls `claim` in the
transaction that saves; a form (`core.forms.VersionedModelForm`) shows what came between.
"""

import json
from typing import TypeVar

from django.db import models

from core.crypto import keyed_hash

Row = TypeVar("Row", bound=models.Model)


class Overtaken(Exception):
    """Somebody else saved the row after it was read; `stored` is what stands there now."""

    def __init__(self, stored: models.Model) -> None:
        self.stored = stored
        super().__init__("别人已经修改过这些内容，没有保存。请核对现在的内容后再改。")


def claim(row: Row) -> Row:
    """The stored row, locked until the transaction ends, with `row` one version further.

    Raises Overtaken where it is not the version any more that `row` was read with.
    """
    stored: Row = type(row)._default_manager.select_for_update(no_key=True).get(pk=row.pk)
    mine, theirs = version_of(row), version_of(stored)
    if mine != theirs:
        raise Overtaken(stored)
    row.version = mine + 1  # type: ignore[attr-defined]
    return stored


def fingerprint(content: object) -> str:
    """The version of what has no number of its own: of JSON, such as facts typed beside a page."""
    return keyed_hash(json.dumps(content, ensure_ascii=False, sort_keys=True))[:32]


def version_of(row: models.Model) -> int:
    version: int = row.version  # type: ignore[attr-defined]
    return version
