"""Periodic work with the station's key."""

import logging

from celery import shared_task
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

from reviews.signatures.anchors.writing import anchor_day
from reviews.signatures.certificates.keystore import AuthorityError

logger = logging.getLogger(__name__)


@shared_task(name="signatures.anchor_audit_trail")
def anchor_audit_trail() -> None:
    """Anchor today's state of the trail, once; what stands in the way is tried again."""
    try:
        anchor_day()
    except (AuthorityError, TimestampRequestError, OSError) as error:
        logger.warning("今天的审计锚定还没有写成，下个小时再试：%s", error)
