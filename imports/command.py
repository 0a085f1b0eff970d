"""An import or its undo as a command answers it: counts, problems row by row, and the batch."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from core.text import printable
from imports.checking import examine, outcome_of
from imports.heads import Layout, missing
from imports.kinds import ImportKind
from imports.models import ImportBatch, ImportRow
from imports.reading import ImportedSheet, SheetRefused, read_sheet
from imports.services import ask_to_undo, ask_to_write, layout_of, stage
from imports.steps import check, undo, write

WRITTEN, NOTHING_WRITTEN, UNREADABLE = 0, 1, 2
Outcome = ImportRow.Outcome


@dataclass(frozen=True)
class ImportAnswer:
    content: dict[str, Any]
    status: int

    @classmethod
    def of(
        cls,
        status: int,
        *,
        rows: int = 0,
        new: int = 0,
        changed: int = 0,
        same: int = 0,
        errors: list[dict[str, Any]] | None = None,
        batch: int | None = None,
    ) -> "ImportAnswer":
        counts = {"rows": rows, "new": new, "changed": changed, "same": same}
        return cls({**counts, "errors": errors or [], "batch": batch}, status)

    @classmethod
    def nothing(cls) -> "ImportAnswer":
        return cls.of(WRITTEN)

    @classmethod
    def unreadable(cls, words: str) -> "ImportAnswer":
        return cls.of(UNREADABLE, errors=[_error(0, "", words)])


def _error(line: int, column: str, words: str) -> dict[str, Any]:
    return {"row": line, "column": column, "message": printable(words)}


def import_file(kind: ImportKind, data: bytes, *, name: str, dry_run: bool) -> ImportAnswer:
    """Check a file and, where every row is right, write it. Raises SheetRefused."""
    sheet = read_sheet(data)
    layout = layout_of(kind, sheet)
    lacking = missing(kind, layout.places)
    if lacking:
        words = "没有找到这一列，请照模板的列名填写。"
        errors = [_error(layout.head_line, column.label, words) for column in lacking]
        return ImportAnswer.of(
            NOTHING_WRITTEN, rows=len(sheet.rows) - layout.skipped, errors=errors
        )
    if len(sheet.rows) <= layout.skipped:
        raise SheetRefused("表头下面没有内容。请从表头的下一行开始填写。")
    if dry_run:
        return _try(kind, sheet, layout)
    return _write(kind, sheet, layout, data, name)


def _try(kind: ImportKind, sheet: ImportedSheet, layout: Layout) -> ImportAnswer:
    counts = dict.fromkeys(Outcome.values, 0)
    errors: list[dict[str, Any]] = []
    for row, verdict in examine(kind, sheet.rows[layout.skipped :], layout.places):
        counts[outcome_of(verdict)] += 1
        errors += [_error(row.line, one.column, one.words) for one in verdict.problems]
    return ImportAnswer.of(
        NOTHING_WRITTEN if errors else WRITTEN,
        rows=sum(counts.values()),
        new=counts[Outcome.NEW],
        changed=counts[Outcome.CHANGED],
        same=counts[Outcome.SAME],
        errors=errors,
    )


def _write(
    kind: ImportKind, sheet: ImportedSheet, layout: Layout, data: bytes, name: str
) -> ImportAnswer:
    with transaction.atomic():
        batch = stage(kind, sheet, layout, data=data, name=name, by=None)
        check(batch)
        if batch.has_errors:
            answer = _answer(batch, NOTHING_WRITTEN, _errors(batch))
            transaction.set_rollback(True)
            return answer
        write(ask_to_write(batch, by=None), is_just_checked=True)
        batch.refresh_from_db()
        if batch.state != ImportBatch.State.WRITTEN:
            words = batch.trouble
            transaction.set_rollback(True)
            return ImportAnswer.of(
                NOTHING_WRITTEN, rows=batch.row_count, errors=[_error(0, "", words)]
            )
    return _answer(batch, WRITTEN, [], number=batch.pk)


def _errors(batch: ImportBatch) -> list[dict[str, Any]]:
    rows = batch.rows.filter(outcome=Outcome.ERROR).order_by("line")
    return [_error(row.line, column, words) for row in rows for column, words in row.problems]


def _answer(
    batch: ImportBatch, status: int, errors: list[dict[str, Any]], number: int | None = None
) -> ImportAnswer:
    return ImportAnswer.of(
        status,
        rows=batch.row_count,
        new=batch.new_count,
        changed=batch.changed_count,
        same=batch.same_count,
        errors=errors,
        batch=number,
    )


def undo_batch(kind: ImportKind, number: int, *, dry_run: bool) -> ImportAnswer:
    """Undo a batch: `new` were taken out, `changed` restored, `same` stood as they were.

    Rows that somebody changed since stay, and are the errors. Raises SheetRefused.
    """
    batch = ImportBatch.objects.filter(kind=kind.code, pk=number).first()
    if batch is None:
        raise SheetRefused("没有这一批导入，请核对批号。")
    if batch.state != ImportBatch.State.WRITTEN:
        words = f"这一批{batch.get_state_display()}，没有可以撤销的。"
        return ImportAnswer.of(NOTHING_WRITTEN, rows=batch.row_count, errors=[_error(0, "", words)])
    with transaction.atomic():
        undo(ask_to_undo(batch, by=None))
        batch.refresh_from_db()
        kept = [_error(row.line, "", words) for row in _kept(batch) for _, words in row.problems]
        undone = batch.rows.filter(undone_at__isnull=False)
        counts = {one: undone.filter(outcome=one).count() for one in (Outcome.NEW, Outcome.CHANGED)}
        if dry_run:
            transaction.set_rollback(True)
    return ImportAnswer.of(
        NOTHING_WRITTEN if kept and not sum(counts.values()) else WRITTEN,
        rows=batch.row_count,
        new=counts[Outcome.NEW],
        changed=counts[Outcome.CHANGED],
        same=batch.same_count,
        errors=kept,
        batch=number,
    )


def _kept(batch: ImportBatch) -> Iterator[ImportRow]:
    return batch.rows.filter(outcome=Outcome.KEPT).order_by("line").iterator(chunk_size=500)
