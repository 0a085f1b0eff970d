"""Filings know whether their card is entered; what holders say of the gate has an index."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def note_cards(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    filings = apps.get_model("cards", "Filing").objects
    filings.filter(application__card__isnull=False).update(has_card=True)


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0015_seed_services"),
        ("cards", "0013_list_orders"),
    ]

    operations = [
        migrations.AddField(
            model_name="filing",
            name="has_card",
            field=models.BooleanField(default=False, editable=False, verbose_name="已登记旅行卡"),
        ),
        migrations.RunPython(note_cards, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="feedback",
            index=models.Index(fields=["gate"], name="feedback_gates"),
        ),
        migrations.AddIndex(
            model_name="filing",
            index=models.Index(
                condition=models.Q(
                    ("has_card", False), ("stage__in", ["printed", "ready", "collected", "issued"])
                ),
                fields=["application"],
                name="filing_without_card",
            ),
        ),
    ]
