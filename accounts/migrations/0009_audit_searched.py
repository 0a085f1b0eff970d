"""Indexes by which the trail is searched: by who acted, and by parts of labels (finding.grams)."""

from typing import Any

from django.db import migrations, models


def forward(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE INDEX audit_label ON accounts_auditevent "
            "USING gin (finding_grams('', upper(object_label), true))"
        )


def backward(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX audit_label")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_department_section"), ("finding", "0003_grams")]
    operations = [
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["actor", "-id"], name="audit_actor"),
        ),
        migrations.RunPython(forward, backward),
    ]
