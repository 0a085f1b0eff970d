"""Free texts and names that nobody looks for are encrypted columns (ADR 70)."""

from django.db import migrations

import core.fields
from core.encrypting import BecomesEncrypted


class Migration(migrations.Migration):
    dependencies = [("files", "0003_longer_media_types")]

    operations = [
        BecomesEncrypted(
            "storedfile",
            "original_name",
            core.fields.EncryptedLineField(max_length=200, verbose_name="原文件名"),
        ),
    ]
