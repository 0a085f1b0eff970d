"""Whether each service goes to the departments, and usual reasons for what services ask for."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from applications.parameters import SEEDS
from materials.reasons_later import REASONS
from parameters.seeding import seed


def add(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    seed(apps, SEEDS)
    ReturnReason = apps.get_model("applications", "ReturnReason")
    taken = set(ReturnReason.objects.values_list("code", flat=True))
    for reason in REASONS:
        if ReturnReason.objects.filter(defect=reason.defect).exists():
            continue
        code = reason.code
        if code in taken:
            code = f"R{max(int(one[1:]) for one in taken if one[1:].isdigit()) + 1:02d}"
        taken.add(code)
        ReturnReason.objects.create(
            code=code,
            numbers=list(reason.numbers),
            defect=reason.defect,
            mend=reason.mend,
            example=reason.example,
            pictures=list(reason.pictures),
        )


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0014_kinds"),
        ("parameters", "0001_initial"),
    ]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
