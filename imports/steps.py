"""Long steps of an import: checking, writing as one batch, undoing, giving up."""

import logging
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from core.sweeping import each
from imports.checking import CHUNK, chunks, examine, outcome_of
from imports.kinds import ImportKind, RowVerdict, State, WriteRow, kinds
from imports.models import LEASE, ImportBatch, ImportRow
from imports.reading import SheetRow, as_json, from_json

logger = logging.getLogger(__name__)

S, Outcome = ImportBatch.State, ImportRow.Outcome
WRITES: Final = (Outcome.NEW, Outcome.CHANGED)
# What was never written holds personal data for nothing.
KEPT_UNWRITTEN: Final = timedelta(days=30)
MOST_LEFT: Final = 100


class ImportRefused(Exception):
    """It cannot be done now; the words say why and what to do."""


def work_off(batch_pk: int) -> None:
    """Carry a batch through the step it is in; twice at a time, the second leaves it alone."""
    now = timezone.now()
    taken = ImportBatch.objects.waiting(now).filter(pk=batch_pk)
    if not taken.update(leased_until=now + LEASE):
        return
    batch = ImportBatch.objects.get(pk=batch_pk)
    state = S(batch.state)
    steps = {S.CHECKING: check, S.WRITING: write, S.UNDOING: undo}
    try:
        steps[state](batch)
    except Exception:
        back = {S.CHECKING: S.MAPPING, S.WRITING: S.CHECKED, S.UNDOING: S.WRITTEN}
        ImportBatch.objects.filter(pk=batch_pk).update(
            state=back[state],
            leased_until=None,
            trouble="系统出了问题，没有办成，什么也没有改变。请再试一次；仍不行的，请联系管理员。",
        )
        logger.exception("第%s批导入没有办成。", batch_pk)


def check(batch: ImportBatch) -> None:
    """Compare every row with what is stored, and keep what would come of it."""
    kind = kinds()[batch.kind]
    counts = dict.fromkeys(Outcome.values, 0)

    def told(done: int) -> None:
        # Outside of any transaction, so that the page shows it.
        ImportBatch.objects.filter(pk=batch.pk).update(
            done_count=done, leased_until=timezone.now() + LEASE
        )

    found = examine(kind, stored_rows(batch), batch.places, told=told)
    for chunk in chunks(found, CHUNK):
        made = [_checked(batch, row, verdict) for row, verdict in chunk]
        for row in made:
            counts[row.outcome] += 1
        with transaction.atomic():
            lines = [row.line for row in made]
            batch.rows.filter(line__gte=lines[0], line__lte=lines[-1]).delete()
            ImportRow.objects.bulk_create(made)
    _count(batch, counts)
    batch.state, batch.leased_until, batch.trouble = S.CHECKED, None, ""
    batch.done_count = batch.row_count
    batch.save()


def _checked(batch: ImportBatch, row: SheetRow, verdict: RowVerdict) -> ImportRow:
    outcome = outcome_of(verdict)
    is_write = outcome in WRITES
    told = verdict.problems or verdict.notes
    return ImportRow(
        batch=batch,
        line=row.line,
        raw={"cells": [as_json(cell) for cell in row.cells]},
        outcome=outcome,
        problems=[[problem.column, problem.words] for problem in told],
        candidates=[[one.key, one.label] for one in verdict.candidates],
        answer=row.answer,
        target=verdict.target,
        before=verdict.before or {} if is_write else {},
        after=verdict.after if is_write else {},
    )


def _count(batch: ImportBatch, counts: Mapping[str, int]) -> None:
    batch.new_count, batch.changed_count = counts[Outcome.NEW], counts[Outcome.CHANGED]
    batch.same_count, batch.error_count = counts[Outcome.SAME], counts[Outcome.ERROR]
    batch.asked_count = counts[Outcome.ASKED]


def stored_rows(batch: ImportBatch) -> Iterator[SheetRow]:
    """The rows as they came, some at a time: rows that were read are replaced meanwhile."""
    last = 0
    while chunk := list(batch.rows.filter(line__gt=last).order_by("line")[:CHUNK]):
        for row in chunk:
            yield _sheet_row(row)
        last = chunk[-1].line


def write(batch: ImportBatch, *, is_just_checked: bool = False) -> None:
    """Write every row in one transaction; where something changed since the check, none.

    `is_just_checked`: in the same transaction, so that nothing is compared once more.
    """
    kind = kinds()[batch.kind]
    try:
        with transaction.atomic():
            locked = locked_batch(batch)
            if locked.state != S.WRITING:
                return
            _write_rows(kind, locked, compare=not is_just_checked)
            locked.state, locked.leased_until, locked.trouble = S.WRITTEN, None, ""
            locked.written_at = timezone.now()
            locked.save()
            counts = {"new": locked.new_count, "changed": locked.changed_count}
            record("import.write", locked, by=locked.written_by, after=counts)
    except (ImportRefused, IntegrityError) as error:
        words = str(error) if isinstance(error, ImportRefused) else CHANGED_SINCE
        ImportBatch.objects.filter(pk=batch.pk).update(
            state=S.CHECKING, leased_until=None, trouble=words
        )
        check(ImportBatch.objects.get(pk=batch.pk))
        ImportBatch.objects.filter(pk=batch.pk).update(trouble=words)
    batch.refresh_from_db()


CHANGED_SINCE: Final = (
    "检查之后，有的内容被别人改过，一行也没有写入。已经重新检查，请看过下面的结果再写入。"
)


def _write_rows(kind: ImportKind, batch: ImportBatch, *, compare: bool) -> None:
    """Raises ImportRefused where what is stored is not any more what was compared with."""
    rows = _compared(kind, batch) if compare else _in_chunks(_to_write(batch))
    for chunk in chunks(rows, CHUNK):
        ready = [_write_row(row) for row in chunk]
        targets = kind.write(ready, batch=batch.pk, by=batch.written_by)
        for row, target in zip(chunk, targets, strict=True):
            row.target = target
        ImportRow.objects.bulk_update(chunk, ["target"])


def _compared(kind: ImportKind, batch: ImportBatch) -> Iterator[ImportRow]:
    """The rows to be written, each held once more to what is stored. Raises ImportRefused.

    Rows that change nothing are held to it too: a row may be read by one above it.
    """
    rows: deque[ImportRow] = deque()

    def as_read() -> Iterator[SheetRow]:
        for row in _in_chunks(batch.rows.all()):
            rows.append(row)
            yield _sheet_row(row)

    for _, verdict in examine(kind, as_read(), batch.places):
        row = rows.popleft()
        if row.outcome not in WRITES:
            continue
        if not _still_holds(row, verdict):
            raise ImportRefused(CHANGED_SINCE)
        yield row


def _still_holds(row: ImportRow, verdict: RowVerdict) -> bool:
    """What is stored is still what the row was compared with when it was checked."""
    return (outcome_of(verdict), verdict.target, verdict.before or {}, verdict.after) == (
        row.outcome,
        row.target,
        row.before,
        row.after,
    )


def _sheet_row(row: ImportRow) -> SheetRow:
    return SheetRow(row.line, [from_json(cell) for cell in row.cells], row.answer)


def _in_chunks(rows: Any) -> Iterator[ImportRow]:
    last = 0
    while chunk := list(rows.filter(line__gt=last).order_by("line")[:CHUNK]):
        yield from chunk
        last = chunk[-1].line


def _from_the_last(rows: Any) -> Iterator[ImportRow]:
    while chunk := list(rows.order_by("-line")[:CHUNK]):
        yield from chunk
        rows = rows.filter(line__lt=chunk[-1].line)


def undo(batch: ImportBatch) -> None:
    """Take back what the batch wrote; what somebody changed since stays, and is listed."""
    kind = kinds()[batch.kind]
    with transaction.atomic():
        locked = locked_batch(batch)
        if locked.state != S.UNDOING:
            return
        now = timezone.now()
        rows = _from_the_last(_to_write(locked))
        kept = sum(_undo_rows(kind, locked, chunk) for chunk in chunks(rows, CHUNK))
        locked.state, locked.leased_until, locked.trouble = S.UNDONE, None, ""
        locked.undone_at, locked.kept_count = now, kept
        locked.save()
        record("import.undo", locked, by=locked.undone_by, after={"kept": kept})
    batch.refresh_from_db()


def _to_write(batch: ImportBatch) -> Any:
    return batch.rows.filter(outcome__in=WRITES, undone_at__isnull=True)


def _write_row(row: ImportRow) -> WriteRow:
    is_new = row.outcome == Outcome.NEW
    return WriteRow(row.line, row.target, None if is_new else row.before, row.after)


def _undo_rows(kind: ImportKind, batch: ImportBatch, rows: Iterable[ImportRow]) -> int:
    """How many stay as they are."""
    rows = list(rows)
    now = timezone.now()
    written = [_write_row(row) for row in rows]
    back: list[WriteRow] = []
    away: list[WriteRow] = []
    for row, was, is_now in zip(rows, written, kind.standing(written), strict=True):
        if changed := _changed_since(kind, row, is_now):
            _keep(row, changed)
        elif is_now is not None:
            (away if row.outcome == Outcome.NEW else back).append(was)
    kind.restore(back, batch=batch.pk, by=batch.undone_by)
    stays = kind.remove(away, batch=batch.pk, by=batch.undone_by)
    for row in rows:
        if reason := stays.get(row.line, ""):
            _keep(row, reason)
        if row.outcome != Outcome.KEPT:
            row.undone_at = now
    ImportRow.objects.bulk_update(rows, ["outcome", "problems", "undone_at"])
    return sum(row.outcome == Outcome.KEPT for row in rows)


def _changed_since(kind: ImportKind, row: ImportRow, is_now: State | None) -> str:
    """Why this row stays as it is when the batch is undone; "" where it does not."""
    if is_now is None:
        return "这一条后来被删除了，没有恢复。" if row.outcome == Outcome.CHANGED else ""
    return _differences(kind, row.after, is_now) if is_now != row.after else ""


@dataclass(frozen=True)
class UndoPlan:
    """What an undo would do: take out, restore, and leave as it is (line and reason)."""

    away: int
    back: int
    kept: list[tuple[int, str]]


@transaction.atomic
def undo_plan(batch: ImportBatch, *, most: int) -> UndoPlan | None:
    """What undoing this batch would do now; None where there is more than `most` to look at.

    What was taken in hand since, such as a card reported lost, is found only when it is undone.
    """
    if _to_write(batch).count() > most:
        return None
    kind = kinds()[batch.kind]
    rows = list(_from_the_last(_to_write(batch)))
    kept: list[tuple[int, str]] = []
    free: list[str] = []
    for row, is_now in zip(rows, kind.standing([_write_row(row) for row in rows]), strict=True):
        if words := _changed_since(kind, row, is_now):
            kept.append((row.line, words))
        elif is_now is not None:
            free.append(row.outcome)
    return UndoPlan(free.count(Outcome.NEW), free.count(Outcome.CHANGED), sorted(kept))


def _keep(row: ImportRow, words: str) -> None:
    row.outcome, row.problems = Outcome.KEPT, [["", words]]


def _differences(kind: ImportKind, written: State, standing: State) -> str:
    labels = [
        column.label
        for column in kind.columns
        if written.get(column.code) != standing.get(column.code)
    ]
    what = "、".join(labels) or "它"
    return f"导入以后有人改过{what}，照现在的保留。"


@transaction.atomic
def drop(batch: ImportBatch, *, by: User | None) -> None:
    """Give a batch up that was not written; its rows, which hold personal data, go at once."""
    locked = locked_batch(batch)
    if locked.state == S.DROPPED:
        return
    require_state(locked, S.MAPPING, S.CHECKED)
    locked.rows.all().delete()
    locked.titles.all().delete()
    locked.state = batch.state = S.DROPPED
    locked.save(update_fields=["state"])
    record("import.drop", locked, by=by)


def drop_left() -> int:
    """Give up what nobody wrote within a month."""
    before = timezone.now() - KEPT_UNWRITTEN
    left = ImportBatch.objects.filter(state__in=(S.MAPPING, S.CHECKED), created_at__lt=before)
    return len(each(left[:MOST_LEFT], lambda batch: drop(batch, by=None), what="放弃旧的导入"))


def locked_batch(batch: ImportBatch) -> ImportBatch:
    return ImportBatch.objects.select_for_update(no_key=True).get(pk=batch.pk)


def require_state(batch: ImportBatch, *states: str) -> None:
    """Raises ImportRefused."""
    if batch.state not in states:
        raise ImportRefused(f"这一批现在{batch.get_state_display()}，不能这样办。请刷新页面。")
