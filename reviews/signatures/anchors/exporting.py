"""Export of the audit trail for a period, with seals, anchors and the program that checks them.

Seals cover batches, and an anchor the seals before it: so the export begins with a whole batch and
goes on to the next anchored one, a little beyond the days that were asked for.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from shutil import copyfile
from typing import Any

from django.conf import settings
from django.utils import timezone

from accounts.audit import record, sealed_line
from accounts.models import AuditEvent, AuditSeal
from core.laying_down import aside, settle
from core.wording import render_text
from reviews.signatures.anchors import check_export
from reviews.signatures.anchors.checking import AnchorBroken, AnchorRead, read_anchor
from reviews.signatures.anchors.writing import anchors
from reviews.signatures.certificates.roots import own_roots


class NothingSealed(Exception):
    """There is no sealed row of these days."""


@dataclass(frozen=True)
class AuditExport:
    """What was laid down; `anchored` is false while the newest rows wait for today's anchor."""

    seals: int
    rows: int
    anchors: int
    anchored: bool


def export_audit(first: date, last: date, to: Path) -> AuditExport:
    """A new folder with the proof of these days. Raises NothingSealed and PlaceRefused."""
    usable = dict(_anchors())
    seals, anchored = _seals(first, last, {anchor.seal for anchor in usable.values()})
    numbers = {seal.pk for seal in seals}
    going = [path for path, anchor in usable.items() if anchor.seal in numbers]
    before = AuditSeal.objects.filter(pk__lt=seals[0].pk).order_by("-pk").first()
    with aside(to) as beside:
        (beside / "anchors").mkdir(parents=True, mode=0o700)
        start = before.last_event_id if before else 0
        with (beside / "rows.jsonl").open("wb") as file:
            covered = AuditEvent.objects.filter(id__gt=start, id__lte=seals[-1].last_event_id)
            for event in covered.order_by("id").iterator(chunk_size=2000):
                file.write(sealed_line(event))
        told = {
            "digest_before": before.digest if before else "",
            "seals": [_as_json(seal) for seal in seals],
        }
        (beside / "seals.json").write_text(json.dumps(told, ensure_ascii=False, indent=1))
        for path in going:
            copyfile(path, beside / "anchors" / path.name)
        roots = "".join(root.certificate_pem.strip() + "\n" for root in own_roots())
        (beside / "roots.pem").write_text(roots)
        copyfile(check_export.__file__, beside / "check_export.py")
        context = {"station_name": settings.STATION_NAME, "first": first, "last": last}
        readme = render_text("signatures/audit_export.txt", context)
        (beside / "说明.txt").write_bytes(readme.replace("\n", "\r\n").encode("utf-8-sig"))
        settle(beside, to)
    rows = sum(seal.count for seal in seals)
    after = {"period": f"{first}至{last}", "entries": rows}
    record("audit.export_period", seals[-1], by=None, after=after)
    return AuditExport(len(seals), rows, len(going), anchored)


def _anchors() -> Iterator[tuple[Path, AnchorRead]]:
    """Those that are whole; `check_audit` says which are not."""
    for path in anchors():
        try:
            yield path, read_anchor(path.read_bytes())
        except (AnchorBroken, OSError):
            continue


def _seals(first: date, last: date, anchored: set[int]) -> tuple[list[AuditSeal], bool]:
    zone = timezone.get_current_timezone()
    begin = datetime(first.year, first.month, first.day, tzinfo=zone)
    end = datetime(last.year, last.month, last.day, tzinfo=zone) + timedelta(days=1)
    within = AuditSeal.objects.filter(last_event__at__gte=begin, first_event__at__lt=end)
    seals = list(within.order_by("pk"))
    if not seals:
        raise NothingSealed
    for seal in AuditSeal.objects.filter(pk__gt=seals[-1].pk).order_by("pk").iterator():
        if seals[-1].pk in anchored or not any(one > seals[-1].pk for one in anchored):
            break
        seals.append(seal)
    return seals, seals[-1].pk in anchored


def _as_json(seal: AuditSeal) -> dict[str, Any]:
    return {
        "seal": seal.pk,
        "first_row": seal.first_event_id,
        "last_row": seal.last_event_id,
        "rows": seal.count,
        "digest_sha256": seal.digest,
    }
