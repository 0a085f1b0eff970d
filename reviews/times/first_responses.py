"""First response of a department: the first trace of it in the audit trail, kept when it signs.

A first look is no write (docs/adr/0005), so that the trail alone knows of it; what is signed keeps
what the trail said.
"""

from datetime import datetime
from typing import Any, Final

from django.db.models import Case, Min, Model, OuterRef, QuerySet, Subquery, When

from accounts.models import AuditEvent
from applications.models import Application
from reviews.models import Opinion, ReviewTable

# What the department did first, on what: a look at a material or a number, a request for more, a
# draft. The key leads there from the opinion.
TRACES: Final[dict[str, tuple[type[Model], str, str]]] = {
    "looked_at": (Application, "table__application_id", "material.view"),
    "revealed_at": (ReviewTable, "table_id", "personal.reveal"),
    "asked_at": (ReviewTable, "table_id", "review.pause"),
    "began_at": (Opinion, "pk", "opinion.draft"),
}


def first_response(opinion: Opinion, until: datetime) -> datetime:
    """When the department first did something about this round; signing answers at the latest."""
    asked = {
        name: Subquery(_first(model, key, action, until=until))
        for name, (model, key, action) in TRACES.items()
    }
    row = Opinion.objects.filter(pk=opinion.pk).annotate(**asked).values(*TRACES)[0]
    return min([moment for moment in row.values() if moment], default=until)


def unkept_traces() -> dict[str, Case]:
    """The same as columns of signed opinions that keep none, and asked for these alone."""
    return {
        name: Case(
            When(
                responded_at__isnull=True,
                then=Subquery(_first(model, key, action, until=OuterRef("signed_at"))),
            )
        )
        for name, (model, key, action) in TRACES.items()
    }


def _first(
    model: type[Model], key: str, action: str, *, until: datetime | OuterRef
) -> "QuerySet[Any, Any]":
    events = AuditEvent.objects.about_any(model, OuterRef(key)).filter(
        action=action,
        actor__department=OuterRef("department_id"),
        at__gte=OuterRef("table__circulated_at"),
        at__lte=until,
    )
    firsts: QuerySet[Any, Any] = events.order_by().values("object_id").annotate(first=Min("at"))
    return firsts.values("first")
