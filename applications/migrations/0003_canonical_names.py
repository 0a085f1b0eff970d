"""Applicants' names and posts in canonical form, as forms keep them from here on."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from core import text
from core.canonical_rows import make_canonical


def tidy(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    Applicant = apps.get_model("applications", "Applicant")
    make_canonical(Applicant.objects.all(), {"name": text.name, "post": text.name})


class Migration(migrations.Migration):
    dependencies = [("applications", "0002_seed_return_reasons")]
    operations = [migrations.RunPython(tidy, migrations.RunPython.noop)]
