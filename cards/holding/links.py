"""The holder's link: given by the agent or the station, working until revoked or cancelled."""

import secrets
from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from cards.holding.refusals import CardRefused
from cards.holding.services import mark
from cards.models import Card, EventKind, HolderLink
from core.crypto import keyed_hash

TOKEN_BYTES: Final = 24


@transaction.atomic
def give_link(card: Card, *, by: User) -> str:
    """The token of a new link; the one before ends. It is not stored, and not shown again.

    Raises CardRefused.
    """
    locked = Card.objects.select_for_update(no_key=True).get(pk=card.pk)
    if not locked.is_live:
        raise CardRefused("这张卡已经注销，不再给持卡人链接。")
    _end(locked)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    HolderLink.objects.create(card=locked, token_hash=keyed_hash(token), created_by=by)
    mark(locked, kind=EventKind.LINK_GIVEN, by=by)
    return token


@transaction.atomic
def revoke_link(card: Card, *, by: User) -> None:
    """The link stops working at once; doing it again changes nothing."""
    locked = Card.objects.select_for_update(no_key=True).get(pk=card.pk)
    if _end(locked):
        mark(locked, kind=EventKind.LINK_REVOKED, by=by)


def card_of(token: str) -> Card | None:
    """The card whose link this is, while it works."""
    links = HolderLink.objects.live().filter(
        token_hash=keyed_hash(token), created_by__is_active=True
    )
    link = links.select_related("card").prefetch_related("card__economies").first()
    return link.card if link else None


def _end(card: Card) -> int:
    standing = card.holder_links.filter(revoked_at__isnull=True)
    return standing.update(revoked_at=timezone.now())
