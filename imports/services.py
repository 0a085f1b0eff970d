"""Services of imports: staging a file, choosing its columns, asking for what takes long.

Whatever takes long is a state of the batch that `steps.work_off` carries further, in the request
for a short table and by Celery for a long one.
"""

import hashlib
from collections.abc import Mapping
from functools import partial
from typing import Final

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from core import text
from imports import limits
from imports.checking import CHUNK, chunks
from imports.heads import PROBLEMS, Layout, find_layout, missing, names_of, plain_head
from imports.kinds import OTHER, SAME, ImportKind, kinds
from imports.models import ImportBatch, ImportMapping, ImportRow, ImportTitle
from imports.reading import REFUSALS, ImportedSheet, SheetRefused, as_json
from imports.steps import (
    ImportRefused,
    drop,
    locked_batch,
    require_state,
    undo_plan,
    work_off,
)
from imports.tasks import hand_over

__all__ = [
    "ImportRefused",
    "answer",
    "ask_to_undo",
    "ask_to_write",
    "carry_on",
    "choose_columns",
    "drop",
    "layout_of",
    "stage",
    "undo_plan",
    "unknown_heads",
]

S = ImportBatch.State
# Up to so many rows are worked off in the request itself.
AT_ONCE: Final = 300


def layout_of(kind: ImportKind, sheet: ImportedSheet) -> Layout:
    """The head of this sheet, as people chose before or as the heads say. Raises SheetRefused."""
    chosen = ImportMapping.objects.filter(kind=kind.code)
    layout = find_layout(kind, sheet, {one.head_hash: one.places for one in chosen})
    if layout is None:
        if sheet.is_plain_text:
            raise SheetRefused(REFUSALS[limits.NOT_A_SHEET])
        names = "、".join(column.label for column in kind.columns if column.is_needed)
        raise SheetRefused(
            f"没有找到表头：前几行里应有{names}这些列名。请下载模板，照模板的列名填写。"
        )
    return layout


@transaction.atomic
def stage(
    kind: ImportKind,
    sheet: ImportedSheet,
    layout: Layout,
    *,
    data: bytes,
    name: str,
    by: User | None,
    answer: str = "",
) -> ImportBatch:
    """Keep the rows of a file as they came; nothing is compared or written yet.

    `answer` to whatever will be asked. Raises SheetRefused where there are no rows.
    """
    rows = sheet.rows[layout.skipped :]
    if not rows:
        raise SheetRefused("表头下面没有内容。请从表头的下一行开始填写。")
    needs_mapping = bool(missing(kind, layout.places))
    batch = ImportBatch.objects.create(
        kind=kind.code,
        state=S.MAPPING if needs_mapping else S.CHECKING,
        file_name=text.brief(text.line(name), 200),
        sha256=hashlib.sha256(data).hexdigest(),
        sheet=text.brief(text.line(sheet.name), 100),
        heads=[text.brief(text.line(head), 100) for head in layout.heads],
        head_line=layout.head_line,
        head_hash=layout.head_hash,
        places=layout.places,
        notes=sheet.notes,
        row_count=len(rows),
        created_by=by,
    )
    above = [row for row in sheet.rows[: layout.skipped] if row.line < layout.head_line]
    ImportTitle.objects.bulk_create(
        ImportTitle(batch=batch, line=row.line, cells=[as_json(cell) for cell in row.cells])
        for row in above
    )
    for chunk in chunks(rows, CHUNK):
        ImportRow.objects.bulk_create(
            ImportRow(
                batch=batch,
                line=row.line,
                raw={"cells": [as_json(cell) for cell in row.cells]},
                answer=answer,
            )
            for row in chunk
        )
    record("import.stage", batch, by=by, after={"kind": kind.label, "rows": len(rows)})
    return batch


@transaction.atomic
def choose_columns(batch: ImportBatch, places: Mapping[str, int], *, by: User) -> ImportBatch:
    """Say which column holds what, remembered for the next file with this head.

    Raises ImportRefused.
    """
    kind, locked = kinds()[batch.kind], locked_batch(batch)
    require_state(locked, S.MAPPING, S.CHECKED)
    lacking = missing(kind, places)
    if lacking:
        names = "、".join(column.label for column in lacking)
        raise ImportRefused(f"还没有选{names}在哪一列。")
    if len(set(places.values())) != len(places):
        raise ImportRefused("有一列被选了两次，请核对。")
    ImportMapping.objects.update_or_create(
        kind=locked.kind,
        head_hash=locked.head_hash,
        defaults={"places": dict(places), "by": by},
    )
    locked.places = dict(places)
    _begin(locked, S.CHECKING)
    record("import.map", locked, by=by, after={"columns": sorted(places)})
    return locked


@transaction.atomic
def answer(batch: ImportBatch, answers: Mapping[int, str], *, rest: str = "") -> ImportBatch:
    """Keep what people said of rows that are asked about, by line, and have all compared anew.

    What is no answer to its row is left out. `rest`: of all other rows that wait for an answer.
    Raises ImportRefused.
    """
    locked = locked_batch(batch)
    require_state(locked, S.CHECKED)
    rows = list(locked.rows.filter(line__in=answers))
    for row in rows:
        if answers[row.line] in dict(row.choices):
            row.answer = answers[row.line]
    ImportRow.objects.bulk_update(rows, ["answer"])
    if rest in (OTHER, SAME):
        locked.rows.filter(outcome=ImportRow.Outcome.ASKED, answer="").update(answer=rest)
    _begin(locked, S.CHECKING)
    return locked


@transaction.atomic
def ask_to_write(batch: ImportBatch, *, by: User | None) -> ImportBatch:
    """Let the checked batch be written, all of it or nothing. Raises ImportRefused."""
    locked = locked_batch(batch)
    if locked.state in (S.WRITING, S.WRITTEN):
        return locked
    require_state(locked, S.CHECKED)
    if locked.has_errors:
        raise ImportRefused(
            f"有{locked.error_count}行有问题，一行也没有写入。请下载带“问题”列的表，改好再上传。"
        )
    if locked.has_questions:
        raise ImportRefused(f"有{locked.asked_count}行要您答复，答复以前一行也不会写入。")
    locked.written_by = by
    _begin(locked, S.WRITING)
    return locked


@transaction.atomic
def ask_to_undo(batch: ImportBatch, *, by: User | None) -> ImportBatch:
    """Let what the batch wrote be taken back. Raises ImportRefused."""
    locked = locked_batch(batch)
    if locked.state in (S.UNDOING, S.UNDONE):
        return locked
    require_state(locked, S.WRITTEN)
    locked.undone_by = by
    _begin(locked, S.UNDOING)
    return locked


def carry_on(batch: ImportBatch) -> None:
    """Do what the batch waits for: now where it is short, else by Celery once this is committed."""
    if not batch.is_working:
        return
    if batch.row_count <= AT_ONCE:
        work_off(batch.pk)
    else:
        transaction.on_commit(partial(hand_over, batch.pk))


def unknown_heads(kind: ImportKind, batch: ImportBatch) -> list[str]:
    """Heads of the file that no column takes; their content is left out."""
    taken, known = set(batch.places.values()), names_of(kind)
    return [
        head
        for place, head in enumerate(batch.heads)
        if head and place not in taken and plain_head(head) not in known and head != PROBLEMS
    ]


def _begin(batch: ImportBatch, state: str) -> None:
    batch.state, batch.done_count, batch.leased_until, batch.trouble = state, 0, None, ""
    batch.save()
