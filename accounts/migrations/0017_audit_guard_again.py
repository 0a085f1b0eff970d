"""The guard over the audit trail, where SQLite lost it: 0010 altered a column, and SQLite alters by
making the table anew, without its triggers. PostgreSQL never lost it.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

GUARDED = ("accounts_auditevent", "accounts_auditseal")


def guard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor != "sqlite":
        return
    for table in GUARDED:
        for change in ("UPDATE", "DELETE"):
            schema_editor.execute(
                f"CREATE TRIGGER IF NOT EXISTS {table}_no_{change.lower()} BEFORE {change} "
                f"ON {table} BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END"
            )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0016_outside_identity")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
