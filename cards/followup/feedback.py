"""Feedback of holders: a link without account, used once, that asks three things."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts.audit import done_by, record
from accounts.models import User
from accounts.origin import current_origin
from cards.models import Card, Feedback, FeedbackLink
from core.crypto import keyed_hash
from materials.economies import NAMES
from parameters.values import number

TOKEN_BYTES: Final = 24
HOLDER: Final = "持卡人（凭链接）"


class FeedbackRefused(Exception):
    """The address is unknown, too old, used or replaced: the same to whoever opens it."""

    def __init__(self) -> None:
        super().__init__(
            "这个链接已经失效：可能过期了、已经反馈过，或者被换成了新的。"
            "还想反馈的，请联系单位的经办人，或拨打下面的咨询热线。"
        )


@transaction.atomic
def give_link(card: Card, *, by: User) -> str:
    """The token of a new link; the one before ends. It is not stored, and not shown again."""
    locked = Card.objects.select_for_update(no_key=True).get(pk=card.pk)
    now = timezone.now()
    locked.feedback_links.filter(used_at__isnull=True, revoked_at__isnull=True).update(
        revoked_at=now
    )
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = FeedbackLink.objects.create(
        card=locked,
        token_hash=keyed_hash(token),
        created_by=by,
        expires_at=now + timedelta(days=number("followup.link_days")),
    )
    record("followup.feedback_link", locked, by=by, after={"until": link.expires_at.isoformat()})
    return token


def link_of(token: str) -> FeedbackLink:
    """The link with this token while it works. Raises FeedbackRefused."""
    links = FeedbackLink.objects.live().filter(token_hash=keyed_hash(token))
    link = links.select_related("card", "created_by").first()
    if link is None or not link.created_by.is_active:
        raise FeedbackRefused
    return link


@transaction.atomic
def give_feedback(
    link: FeedbackLink, *, economies: Sequence[str], gate: str, trouble: str
) -> Feedback:
    """Keep the three answers; the link ends with them. Raises FeedbackRefused."""
    locked = FeedbackLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    if locked.used_at or locked.revoked_at or locked.expires_at <= timezone.now():
        raise FeedbackRefused
    locked.used_at = timezone.now()
    locked.save(update_fields=["used_at"])
    feedback = Feedback.objects.create(
        link=locked,
        card=locked.card,
        economies=[code for code in NAMES if code in set(economies)],
        gate=gate,
        trouble=trouble,
        origin=current_origin(),
    )
    with done_by(HOLDER):
        record("followup.feedback", locked.card, by=None, after={"gate": gate})
    return feedback
