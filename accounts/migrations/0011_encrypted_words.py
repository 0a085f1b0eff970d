"""Free texts and names that nobody looks for are encrypted columns (ADR 70)."""

from django.db import migrations

import core.fields
from core.encrypting import BecomesEncrypted


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_flat_lists")]

    operations = [
        BecomesEncrypted(
            "accountrequest",
            "reason",
            core.fields.EncryptedLineField(blank=True, max_length=200, verbose_name="原因"),
        ),
    ]
