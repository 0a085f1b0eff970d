"""Names and addresses in canonical form; a licence until 9999 is one without an end."""

from datetime import date

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from core import text
from core.canonical_rows import make_canonical

ENDLESS_FROM = date(9999, 1, 1)


def tidy(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    Enterprise = apps.get_model("enterprises", "Enterprise")
    make_canonical(
        Enterprise.objects.all(),
        {
            "name": text.name,
            "contact_name": text.name,
            "registration_authority": text.name,
            "address": text.line,
        },
    )
    StandingDocument = apps.get_model("enterprises", "StandingDocument")
    StandingDocument.objects.filter(ends_on__gte=ENDLESS_FROM).update(
        ends_on=None, is_endless=True, valid_until=None
    )


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0001_initial")]
    operations = [migrations.RunPython(tidy, migrations.RunPython.noop)]
