"""The State Council's notices that `chinesecalendar` knows, as rows."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from workdays.seed import seed_overrides

YEARS = (2024, 2025, 2026)


def seed(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for year in YEARS:
        seed_overrides(year, apps)


class Migration(migrations.Migration):
    dependencies = [("workdays", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
