"""The departments of Annex 4, and the database's own guard over the audit trail."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

DEPARTMENTS = [
    ("commerce", "区商务委"),
    ("tax", "区税务局"),
    ("police", "区公安局"),
    ("social", "区人力社保局"),
    ("foreign_affairs", "区政府外办"),
]
GUARDED = ("accounts_auditevent", "accounts_auditseal")
POSTGRESQL = """
CREATE FUNCTION audit_only_grows() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'the audit trail only grows'; END;
$$ LANGUAGE plpgsql;
"""


def seed(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    department = apps.get_model("accounts", "Department")
    for position, (code, name) in enumerate(DEPARTMENTS, start=1):
        signs_last = code == "foreign_affairs"
        department.objects.create(code=code, name=name, position=position, signs_last=signs_last)


def guard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)
        for table in GUARDED:
            schema_editor.execute(
                f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION audit_only_grows()"
            )
    else:
        for table in GUARDED:
            for change in ("UPDATE", "DELETE"):
                schema_editor.execute(
                    f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                    "BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END"
                )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [
        migrations.RunPython(seed, migrations.RunPython.noop),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
