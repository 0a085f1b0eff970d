"""Names, login names and mailboxes in canonical form, as forms keep them from here on."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from core import text
from core.canonical_rows import make_canonical


def tidy(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    User = apps.get_model("accounts", "User")
    make_canonical(
        User.objects.all(), {"name": text.name, "username": text.compact, "email": text.email}
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_departments_and_audit_guard")]
    operations = [migrations.RunPython(tidy, migrations.RunPython.noop)]
