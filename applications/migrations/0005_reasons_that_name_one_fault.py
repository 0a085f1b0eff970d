"""Reasons that bundle several faults go out of use; each of their parts is offered instead.

What the station has reworded itself stays as it is, and so does what enterprises were told.
"""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from materials.reasons import PARTS, REASONS, Reason


def split(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    ReturnReason = apps.get_model("applications", "ReturnReason")
    seeds = {reason.code: reason for reason in REASONS}
    for code, parts in PARTS.items():
        old = ReturnReason.objects.filter(code=code, defect=seeds[code].defect).first()
        if old is None or not old.is_active:
            continue  # reworded or retired by the station, which knows better
        old.is_active = False
        old.version += 1
        old.save(update_fields=["is_active", "version"])
        for part in parts:
            _add(ReturnReason, seeds[part])


def _add(rows: Any, seed: Reason) -> None:
    """Under its own code, or under the next free one where the station has added reasons."""
    if rows.objects.filter(defect=seed.defect).exists():
        return
    taken = set(rows.objects.values_list("code", flat=True))
    code = seed.code
    if code in taken:
        code = f"R{max(int(one[1:]) for one in taken) + 1:02d}"
    rows.objects.create(
        code=code,
        numbers=list(seed.numbers),
        defect=seed.defect,
        mend=seed.mend,
        example=seed.example,
        pictures=list(seed.pictures),
    )


class Migration(migrations.Migration):
    dependencies = [("applications", "0004_dropped_supplements")]
    operations = [migrations.RunPython(split, migrations.RunPython.noop)]
