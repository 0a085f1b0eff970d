"""Filters of the ledger by name: each narrows the rows by a value that somebody chose."""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Q
from django.utils import timezone

if TYPE_CHECKING:
    from enterprises.models.ledger import DemandQuerySet

# Rows in which the fact is not filled in.
BLANK: Final = "-"


def _one_of(field: str) -> Any:
    def narrow(rows: "DemandQuerySet", value: Any) -> "DemandQuerySet":
        values = [value] if isinstance(value, str) else list(value)
        return rows.filter(**{f"{field}__in": ["" if one == BLANK else one for one in values]})

    return narrow


def _economy(rows: "DemandQuerySet", value: Any) -> "DemandQuerySet":
    if value == BLANK:
        return rows.filter(economies=[])
    return rows.dealing_with([value] if isinstance(value, str) else value)


def _owner(rows: "DemandQuerySet", value: Any) -> "DemandQuerySet":
    return rows.filter(owner__isnull=True) if value == BLANK else rows.filter(owner=value)


def _yes_or_no(yes: Q) -> Any:
    def narrow(rows: "DemandQuerySet", value: str) -> "DemandQuerySet":
        return rows.filter({"yes": yes, "no": ~yes}.get(value, Q()))

    return narrow


def _qualified(rows: "DemandQuerySet", value: str) -> "DemandQuerySet":
    wanted = {"yes": Q(is_qualified=True), "no": Q(is_qualified=False)}
    return rows.filter(wanted.get(value, Q(is_qualified__isnull=True)))


def _next(rows: "DemandQuerySet", value: str) -> "DemandQuerySet":
    today = timezone.localdate()
    wanted = {
        "overdue": Q(next_on__lt=today),
        "today": Q(next_on__lte=today),
        "week": Q(next_on__lte=today + timedelta(days=7)),
        "none": Q(next_step=""),
    }
    return rows.filter(wanted.get(value, Q()))


def _reached(rows: "DemandQuerySet", value: str) -> "DemandQuerySet":
    wanted = {
        "told": Q(told_at__isnull=False),
        "untold": Q(told_at__isnull=True),
        "applied": Q(applied_at__isnull=False),
        "holding": Q(held_at__isnull=False),
    }
    return rows.qualifying().filter(wanted.get(value, Q()))


NARROWING: Final[Mapping[str, Any]] = {
    "stage": _one_of("stage"),
    "kind": _one_of("kind"),
    "trade": _one_of("trade"),
    "town": _one_of("town"),
    "economy": _economy,
    "owner": _owner,
    "qualified": _qualified,
    "key": _yes_or_no(Q(is_key=True)),
    "pilot": _yes_or_no(Q(is_pilot=True)),
    "group": _yes_or_no(Q(in_group_since__isnull=False)),
    "signed_up": _yes_or_no(Q(enterprise__isnull=False)),
    "unheard": lambda rows, days: rows.unheard_for(int(days)),
    "next": _next,
    "reached": _reached,
    "q": lambda rows, words: rows.matching(words),
}
