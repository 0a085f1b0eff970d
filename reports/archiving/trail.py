"""Audit extract of an archived case: its rows of the trail, each with the seal that covers it.

A seal is a digest over a batch of rows, of other cases too. So the extract proves to who holds the
trail that these very rows were sealed; a stranger sees what was sealed, and under which number.
"""

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q

from accounts.audit import sealed_line
from accounts.audit_labels import action_labels, changes
from accounts.models import AuditEvent, AuditSeal
from applications.models import Application
from cards.models import Filing
from core.dates import sheet_moment
from letters.models import WrittenLetter
from reports.archive import table_entry
from reports.archive_stream import ArchivedFile
from reports.archiving.papers_out import COURSE
from reviews.models import Opinion, ReviewTable

# Who merely looked at it after it was over, or took a copy, changed nothing of the case.
LOOKS: Final = frozenset(
    {"view", "view_page", "open", "reveal", "download", "receipt", "passport_view"}
)
OWN: Final = "case_archive."


@dataclass(frozen=True)
class TrailExtract:
    """Rows in order, each with its seal, or None where no seal covers it yet."""

    events: Sequence[AuditEvent]
    seals: Sequence[AuditSeal | None]

    @property
    def used_seals(self) -> list[AuditSeal]:
        return list({seal.pk: seal for seal in self.seals if seal is not None}.values())

    @property
    def unsealed(self) -> int:
        return sum(seal is None for seal in self.seals)


def extract(application: Application) -> TrailExtract:
    tables = application.tables.values("pk")
    wanted = Q()
    for model, keys in (
        (Application, [application.pk]),
        (ReviewTable, tables.values_list("pk", flat=True)),
        (Opinion, Opinion.objects.filter(table__in=tables).values_list("pk", flat=True)),
        (Filing, Filing.objects.filter(application=application).values_list("pk", flat=True)),
        (WrittenLetter, application.letters.values_list("pk", flat=True)),
    ):
        named = [str(key) for key in keys]
        wanted |= Q(object_type=model._meta.label_lower, object_id__in=named)
    found = AuditEvent.objects.filter(wanted).exclude(action__startswith=OWN).order_by("id")
    over_at = application.status_since
    events = [one for one in found if one.at <= over_at or one.action.split(".")[-1] not in LOOKS]
    return TrailExtract(events, _seals(events))


def _seals(events: Sequence[AuditEvent]) -> list[AuditSeal | None]:
    if not events:
        return []
    covering = AuditSeal.objects.filter(last_event_id__gte=events[0].pk)
    seals = list(covering.filter(first_event_id__lte=events[-1].pk).order_by("id"))
    ends = [seal.last_event_id for seal in seals]
    found = []
    for event in events:
        at = bisect_left(ends, event.pk)
        found.append(seals[at] if at < len(seals) else None)
    return found


def trail_files(trail: TrailExtract) -> Iterator[ArchivedFile]:
    yield table_entry(f"{COURSE}/审计记录.csv", "审计记录摘录和封存号", _rows(trail))
    lines = b"".join(sealed_line(event) for event in trail.events)
    yield ArchivedFile(f"{COURSE}/审计记录_封存原文.jsonl", "封存时的逐行原文", lines)
    kept = [
        {
            "seal": seal.pk,
            "digest_sha256": seal.digest,
            "rows": seal.count,
            "first_row": seal.first_event_id,
            "last_row": seal.last_event_id,
            "sealed_at": sheet_moment(seal.sealed_at),
            "rows_of_this_case": [
                event.pk
                for event, own in zip(trail.events, trail.seals, strict=True)
                if own is not None and own.pk == seal.pk
            ],
        }
        for seal in trail.used_seals
    ]
    data = json.dumps(kept, ensure_ascii=False, indent=1).encode() + b"\n"
    yield ArchivedFile(f"{COURSE}/审计记录_封存.json", "覆盖这些记录的封存，供门户核对", data)


def _rows(trail: TrailExtract) -> Iterable[Sequence[Any]]:
    labels = action_labels()
    yield ("序号", "时间", "操作人", "事项", "对象", "内容", "封存号")
    for event, seal in zip(trail.events, trail.seals, strict=True):
        told = "；".join(
            f"{one.label}：{one.before}→{one.after}"
            if event.before
            else f"{one.label}：{one.after}"
            for one in changes(event)
        )
        yield (
            event.pk,
            sheet_moment(event.at),
            event.actor_label,
            labels.get(event.action, event.action),
            event.object_label,
            told,
            seal.pk if seal else "尚未封存",
        )
