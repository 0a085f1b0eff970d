"""An import or its undo as a command answers it: counts, problems row by row, and the batch."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from core.text import printable
from imports.checking import examine, outcome_of
from imports.heads import Layout, missing
from imports.kinds import ImportKind, kinds
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
        asked: list[dict[str, Any]] | None = None,
        batch: int | None = None,
    ) -> "ImportAnswer":
        """`asked` is left out where it is None: of kinds that ask nothing."""
        counts = {"rows": rows, "new": new, "changed": changed, "same": same}
        questions = {} if asked is None else {"asked": asked}
        return cls({**counts, "errors": errors or [], **questions, "batch": batch}, status)

    @classmethod
    def nothing(cls, *, asks: bool = False) -> "ImportAnswer":
        return cls.of(WRITTEN, asked=[] if asks else None)

    @classmethod
    def unreadable(cls, words: str, *, asks: bool = False) -> "ImportAnswer":
        return cls.of(UNREADABLE, errors=[_error(0, "", words)], asked=[] if asks else None)


def _error(line: int, column: str, words: str) -> dict[str, Any]:
    return {"row": line, "column": column, "message": printable(words)}


def _question(line: int, like: str) -> dict[str, Any]:
    return {"row": line, "like": printable(like)}


def import_file(
    kind: ImportKind, data: bytes, *, name: str, dry_run: bool, answer: str = ""
) -> ImportAnswer:
    """Check a file and, where every row is right and answered, write it. Raises SheetRefused.

    `answer` to every row that is asked about: `OTHER`, `SAME`, or none.
    """
    sheet = read_sheet(data)
    layout = layout_of(kind, sheet)
    lacking = missing(kind, layout.places)
    if lacking:
        words = "没有找到这一列，请照模板的列名填写。"
        errors = [_error(layout.head_line, column.label, words) for column in lacking]
        return ImportAnswer.of(
            NOTHING_WRITTEN,
            rows=len(sheet.rows) - layout.skipped,
            errors=errors,
            asked=[] if kind.asks else None,
        )
    if len(sheet.rows) <= layout.skipped:
        raise SheetRefused("表头下面没有内容。请从表头的下一行开始填写。")
    if dry_run:
        return _try(kind, sheet, layout, answer)
    return _write(kind, sheet, layout, data, name, answer)


def _try(kind: ImportKind, sheet: ImportedSheet, layout: Layout, answer: str) -> ImportAnswer:
    counts = dict.fromkeys(Outcome.values, 0)
    errors: list[dict[str, Any]] = []
    asked: list[dict[str, Any]] = []
    rows = (replace(row, answer=answer) for row in sheet.rows[layout.skipped :])
    for row, verdict in examine(kind, rows, layout.places):
        outcome = outcome_of(verdict)
        counts[outcome] += 1
        errors += [_error(row.line, one.column, one.words) for one in verdict.problems]
        if outcome == Outcome.ASKED:
            asked.append(_question(row.line, verdict.candidates[0].label))
    return ImportAnswer.of(
        NOTHING_WRITTEN if errors or asked else WRITTEN,
        rows=sum(counts.values()),
        new=counts[Outcome.NEW],
        changed=counts[Outcome.CHANGED],
        same=counts[Outcome.SAME],
        errors=errors,
        asked=asked if kind.asks else None,
    )


def _write(
    kind: ImportKind, sheet: ImportedSheet, layout: Layout, data: bytes, name: str, answer: str
) -> ImportAnswer:
    with transaction.atomic():
        batch = stage(kind, sheet, layout, data=data, name=name, by=None, answer=answer)
        check(batch)
        if batch.has_errors or batch.has_questions:
            found = _answer(batch, NOTHING_WRITTEN, _errors(batch))
            transaction.set_rollback(True)
            return found
        write(ask_to_write(batch, by=None), is_just_checked=True)
        batch.refresh_from_db()
        if batch.state != ImportBatch.State.WRITTEN:
            words = batch.trouble
            transaction.set_rollback(True)
            return ImportAnswer.of(
                NOTHING_WRITTEN,
                rows=batch.row_count,
                errors=[_error(0, "", words)],
                asked=[] if kind.asks else None,
            )
    return _answer(batch, WRITTEN, [], number=batch.pk)


def _errors(batch: ImportBatch) -> list[dict[str, Any]]:
    rows = batch.rows.filter(outcome=Outcome.ERROR).order_by("line")
    return [_error(row.line, column, words) for row in rows for column, words in row.problems]


def _asked(batch: ImportBatch) -> list[dict[str, Any]] | None:
    if not kinds()[batch.kind].asks:
        return None
    rows = batch.rows.filter(outcome=Outcome.ASKED).order_by("line")
    return [_question(row.line, row.candidates[0][1]) for row in rows.iterator(chunk_size=500)]


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
        asked=_asked(batch),
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
        return ImportAnswer.of(
            NOTHING_WRITTEN,
            rows=batch.row_count,
            errors=[_error(0, "", words)],
            asked=[] if kind.asks else None,
        )
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
        asked=[] if kind.asks else None,
        batch=number,
    )


def _kept(batch: ImportBatch) -> Iterator[ImportRow]:
    return batch.rows.filter(outcome=Outcome.KEPT).order_by("line").iterator(chunk_size=500)
