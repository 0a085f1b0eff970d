"""Which section of Annex 4 a department fills in, and which materials it reads, are data."""

from typing import Any

from django.db import migrations, models

SECTIONS = ("commerce", "tax", "police", "social", "foreign_affairs")


def name_sections(apps: Any, schema_editor: Any) -> None:
    department = apps.get_model("accounts", "Department")
    for code in SECTIONS:
        department.objects.filter(code=code).update(section=code)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_mailbox_wanted")]

    operations = [
        migrations.AddField(
            "department",
            "section",
            models.CharField("审核表栏目", default="opinion", max_length=30),
        ),
        migrations.AddField(
            "department", "materials", models.JSONField("核查的材料", blank=True, default=list)
        ),
        migrations.RunPython(name_sections, migrations.RunPython.noop),
    ]
