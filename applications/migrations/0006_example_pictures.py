"""Drawn examples beside the usual reasons, and copied with what an enterprise is told."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from applications.reasons import REASONS


def seed(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    ReturnReason = apps.get_model("applications", "ReturnReason")
    for reason in REASONS:
        ReturnReason.objects.filter(code=reason.code).update(pictures=list(reason.pictures))


class Migration(migrations.Migration):
    dependencies = [("applications", "0005_mends")]
    operations = [
        migrations.AddField(
            model_name="returnreason",
            name="pictures",
            field=models.JSONField(blank=True, default=list, verbose_name="样例图"),
        ),
        migrations.AddField(
            model_name="correction",
            name="pictures",
            field=models.JSONField(blank=True, default=list, verbose_name="样例图"),
        ),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
