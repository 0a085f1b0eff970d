"""Cells above the head and what was said of rows are encrypted: they may hold personal numbers."""

import json
from typing import Any

from django.db import migrations, models

import core.fields
from core.crypto import encrypt

COLUMNS = (("ImportTitle", "cells"), ("ImportRow", "problems"))


def encrypt_rows(apps: Any, schema_editor: Any) -> None:
    for name, column in COLUMNS:
        model = apps.get_model("imports", name)
        rows = model.objects.only("pk", column).order_by("pk").iterator(chunk_size=1000)
        for row in rows:
            kept = json.loads(getattr(row, column) or "[]")
            text = encrypt(json.dumps(kept, ensure_ascii=False)) if kept else ""
            model.objects.filter(pk=row.pk).update(**{column: text})


class Migration(migrations.Migration):
    dependencies = [("imports", "0002_answers")]

    operations = [
        migrations.AlterField("importtitle", "cells", models.TextField("内容")),
        migrations.AlterField("importrow", "problems", models.TextField("问题", blank=True)),
        migrations.RunPython(encrypt_rows, migrations.RunPython.noop),
        migrations.AlterField(
            "importtitle", "cells", core.fields.EncryptedListField("内容", default=list)
        ),
        migrations.AlterField(
            "importrow",
            "problems",
            core.fields.EncryptedListField("问题", blank=True, default=list),
        ),
    ]
