"""R01 to R25 of the trade's dictionary; from here on the station's own rows."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from materials.reasons import REASONS


def seed(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    ReturnReason = apps.get_model("applications", "ReturnReason")
    for reason in REASONS:
        ReturnReason.objects.create(
            code=reason.code,
            numbers=list(reason.numbers),
            defect=reason.defect,
            mend=reason.mend,
            example=reason.example,
            pictures=list(reason.pictures),
        )


class Migration(migrations.Migration):
    dependencies = [("applications", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
