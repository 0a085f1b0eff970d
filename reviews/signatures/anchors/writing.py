"""Writing of anchors: the newest seal of the audit trail, signed by the station, a file a day.

A file is a CMS message (RFC 5652) that holds its content, so that `openssl cms -verify` shows it;
where a time-stamp authority is set, its token is in the signature.
"""

import asyncio
import hashlib
import json
import logging
import os
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from asn1crypto import cms
from django.conf import settings
from django.utils import timezone
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

from accounts.audit import record, seal_batch
from accounts.models import AuditSeal
from reviews.signatures.identities import identity_for
from reviews.signatures.timestamps import time_stamper

logger = logging.getLogger(__name__)

NAME: Final = "anchor-{:%Y-%m-%d}.p7m"
PATTERN: Final = "anchor-????-??-??.p7m"
DIGEST: Final = "sha256"
# Until then an authority that does not answer is asked again; then the anchor goes without it.
WITHOUT_TIME_STAMP_FROM: Final = 20


def anchors() -> list[Path]:
    """Those that are there, the first first."""
    return sorted(settings.AUDIT_ANCHORS.glob(PATTERN))


def anchor_day() -> Path | None:
    """The anchor of today; None where it is there already, or nothing was ever sealed.

    Raises AuthorityError without a key, TimestampRequestError while the authority is asked again.
    """
    now = timezone.localtime()
    at: Path = settings.AUDIT_ANCHORS / NAME.format(now)
    if at.exists():
        return None
    while seal_batch():
        pass
    last = AuditSeal.objects.order_by("-id").first()
    if last is None:
        return None
    message = _signed(_content(last, now), now)
    _put(at, message)
    after = {"file": at.name, "sha256": hashlib.sha256(message).hexdigest()}
    record("audit.anchor", last, by=None, after=after)
    return at


def _content(last: AuditSeal, now: datetime) -> bytes:
    before = [path for path in anchors() if path.name < NAME.format(now)]
    told: dict[str, Any] = {
        "station": settings.STATION_NAME,
        "at": now.isoformat(timespec="seconds"),
        "seal": last.pk,
        "last_row": last.last_event_id,
        "digest_sha256": last.digest,
        "previous": before[-1].name if before else "",
        "previous_sha256": hashlib.sha256(before[-1].read_bytes()).hexdigest() if before else "",
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"


def _signed(content: bytes, now: datetime) -> bytes:
    stamper = time_stamper(settings.TSA_URL) if settings.TSA_URL else None
    try:
        return _message(content, stamper)
    except TimestampRequestError:
        if now.hour < WITHOUT_TIME_STAMP_FROM:
            raise
        logger.warning("时间戳服务没有应答，今天的审计锚定没有时间戳。")
        return _message(content, None)


def _message(content: bytes, stamper: Any) -> bytes:
    signer = identity_for(None).signer()
    # pyHanko reads `data` as version 1 of CMS, which has it in ContentInfo.
    held = cms.ContentInfo({"content_type": "data", "content": content})
    signing = signer.async_sign_general_data(held, DIGEST, detached=False, timestamper=stamper)
    message: bytes = asyncio.run(signing).dump()
    return message


def _put(at: Path, data: bytes) -> None:
    """Whole or not at all, and never over another."""
    at.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = at.with_name(f".{at.name}.{secrets.token_hex(6)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.link(beside, at)
    finally:
        beside.unlink()
