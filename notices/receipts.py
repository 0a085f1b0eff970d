"""Notes on disk that a server has taken a message, from its answer until the row says so.

Writing a row takes milliseconds, more where many write; making a file takes microseconds and
outlives a killed process. So a message is sent again only when its worker died before it had
read the server's answer (ADR 0008). The row is the truth: without the folder all still works.
"""

import logging
from pathlib import Path

from django.conf import settings

from notices.models import Delivery

logger = logging.getLogger(__name__)


def _path(delivery: Delivery) -> Path | None:
    """Of this very attempt: a row of the same number in a restored database is another."""
    if delivery.sending_since is None:
        return None
    started = f"{delivery.sending_since.timestamp():.6f}"
    return Path(settings.RECEIPTS) / f"{delivery.pk}-{delivery.attempts}-{started}"


def keep(delivery: Delivery) -> None:
    path = _path(delivery)
    try:
        if path is not None:
            path.touch()
    except OSError:
        logger.exception("投递%s的回执没能写下，不影响发送。", delivery.pk)


def is_kept(delivery: Delivery) -> bool:
    """Did the server take the attempt that this row still calls under way?"""
    path = _path(delivery)
    return path is not None and path.exists()


def discard(delivery: Delivery) -> None:
    path = _path(delivery)
    try:
        if path is not None:
            path.unlink(missing_ok=True)
    except OSError:
        logger.exception("投递%s的回执没能删去，不影响发送。", delivery.pk)
