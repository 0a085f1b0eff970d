"""Free texts and names that nobody looks for are encrypted columns (ADR 70)."""

from django.db import migrations

import core.fields
from core.encrypting import BecomesEncrypted


class Migration(migrations.Migration):
    dependencies = [("applications", "0018_flat_lists")]

    operations = [
        BecomesEncrypted(
            "statuschange",
            "reason",
            core.fields.EncryptedTextField(blank=True, verbose_name="说明"),
        ),
        BecomesEncrypted(
            "correction",
            "words",
            core.fields.EncryptedTextField(max_length=500, verbose_name="哪里不对"),
        ),
        BecomesEncrypted(
            "correction",
            "mend",
            core.fields.EncryptedTextField(blank=True, max_length=500, verbose_name="怎么改"),
        ),
        BecomesEncrypted(
            "correction",
            "example",
            core.fields.EncryptedTextField(blank=True, max_length=500, verbose_name="举例"),
        ),
        BecomesEncrypted(
            "correction",
            "answer",
            core.fields.EncryptedTextField(blank=True, max_length=500, verbose_name="企业说明"),
        ),
    ]
