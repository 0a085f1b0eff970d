"""Gives a person a private address for his deadlines, and takes it back."""

import secrets

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from core.crypto import keyed_hash
from reviews.models import CalendarToken

TOKEN_BYTES = 24


@transaction.atomic
def give_address(*, by: User) -> str:
    """A new token; the one before no longer works. It is not stored and cannot be shown again."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row, _ = CalendarToken.objects.update_or_create(
        user=by, defaults={"token_hash": keyed_hash(token), "created_at": timezone.now()}
    )
    record("feed.give", row, by=by)
    return token


@transaction.atomic
def revoke_address(*, by: User) -> None:
    """The address stops working at once; doing it again changes nothing."""
    row = CalendarToken.objects.select_for_update().filter(user=by).first()
    if row is not None:
        record("feed.revoke", row, by=by)
        row.delete()


def owner_of(token: str) -> User | None:
    """Whose address this is, while it is in force and the account is in use."""
    row = (
        CalendarToken.objects.filter(token_hash=keyed_hash(token), user__is_active=True)
        .select_related("user__department")
        .first()
    )
    return row.user if row else None
