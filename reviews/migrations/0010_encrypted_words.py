"""Free texts and names that nobody looks for are encrypted columns (ADR 70)."""

from django.db import migrations

import core.fields
from core.encrypting import BecomesEncrypted


class Migration(migrations.Migration):
    dependencies = [("reviews", "0009_sums_of_months")]

    operations = [
        BecomesEncrypted(
            "reviewtable",
            "void_reason",
            core.fields.EncryptedTextField(blank=True, verbose_name="作废原因"),
        ),
        BecomesEncrypted("pause", "reason", core.fields.EncryptedTextField(verbose_name="原因")),
        BecomesEncrypted(
            "assignmentchange",
            "reason",
            core.fields.EncryptedLineField(blank=True, max_length=200, verbose_name="原因"),
        ),
    ]
