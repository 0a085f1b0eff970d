"""A row of the demand ledger for every enterprise that signed up before there was one.

Here, since only this room knows how far each has come. `rebuild_finding` writes their entries.
"""

from datetime import datetime, time
from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Min
from django.utils import timezone

from finding.words import company_core

BATCH = 500


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    Enterprise, Demand, DemandChange = (
        apps.get_model("enterprises", name) for name in ("Enterprise", "Demand", "DemandChange")
    )
    taken = set(Demand.objects.exclude(credit_code="").values_list("credit_code", flat=True))
    first = _first_days(apps)
    missing = Enterprise.objects.filter(released_at__isnull=True, demand__isnull=True)
    rows = []
    for one in missing.order_by("pk").iterator(BATCH):
        code = "" if one.credit_code in taken else one.credit_code
        facts = {field: getattr(one, field) for field in SAME}
        days = {field: found.get(one.pk) for field, found in first.items()}
        rows.append(Demand(enterprise=one, credit_code=code, **facts, **_standing(one, days)))
    Demand.objects.bulk_create(rows, batch_size=BATCH)
    DemandChange.objects.bulk_create(
        (DemandChange(demand=row, became=row.stage, reason="台账建立时已登记") for row in rows),
        batch_size=BATCH,
    )


SAME = ("name", "kind", "address", "contact_name", "contact_phone")


def _standing(enterprise: Any, days: dict[str, Any]) -> dict[str, Any]:
    """Stage and first days; the furthest that it came to counts."""
    came_to = (
        ("holding", days["held"]),
        ("concluded", days["concluded"]),
        ("submitted", days["applied"]),
        ("preparing", days["begun"]),
    )
    applied = [day for day in (days["applied"], days["concluded"], days["held"]) if day]
    return {
        "source": "sign_up",
        "name_core": company_core(enterprise.name),
        "stage": next((stage for stage, day in came_to if day), "interested"),
        "added_at": enterprise.created_at,
        "told_at": enterprise.created_at,
        "applied_at": min(applied, default=None),
        "held_at": days["held"],
    }


def _first_days(apps: Apps) -> dict[str, dict[int, Any]]:
    """By what happened: the first time of each enterprise."""
    Application = apps.get_model("applications", "Application")
    StatusChange = apps.get_model("applications", "StatusChange")
    Card = apps.get_model("cards", "Card")
    issued = _first(Card.objects.all(), "enterprise", "issued_on")
    concluded = StatusChange.objects.filter(action="conclude")
    return {
        "begun": _first(Application.objects.all(), "enterprise", "created_at"),
        "applied": _first(Application.objects.all(), "enterprise", "submitted_at"),
        "concluded": _first(concluded, "application__enterprise", "at"),
        "held": {
            pk: timezone.make_aware(datetime.combine(day, time.min)) for pk, day in issued.items()
        },
    }


def _first(rows: Any, owner: str, column: str) -> dict[int, Any]:
    known = rows.filter(**{f"{column}__isnull": False}).order_by()
    return dict(known.values_list(owner).annotate(first=Min(column)))


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0015_seed_services"),
        ("cards", "0010_visit_finding"),
        ("enterprises", "0010_demand_ledger"),
    ]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
