"""Free texts and names that nobody looks for are encrypted columns (ADR 70)."""

from django.db import migrations

import core.fields
from core.encrypting import BecomesEncrypted


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0011_list_orders")]

    operations = [
        BecomesEncrypted(
            "enterprise",
            "refusal_reason",
            core.fields.EncryptedTextField(blank=True, verbose_name="未通过的原因"),
        ),
        BecomesEncrypted(
            "enterprise",
            "suspension_reason",
            core.fields.EncryptedLineField(blank=True, max_length=300, verbose_name="停办的原因"),
        ),
        BecomesEncrypted(
            "handover",
            "reason",
            core.fields.EncryptedLineField(max_length=200, verbose_name="移交的原因"),
        ),
        BecomesEncrypted(
            "handover", "objection", core.fields.EncryptedTextField(blank=True, verbose_name="异议")
        ),
        BecomesEncrypted(
            "contact",
            "words",
            core.fields.EncryptedLineField(max_length=1000, verbose_name="说了什么"),
        ),
        BecomesEncrypted(
            "demandchange",
            "reason",
            core.fields.EncryptedLineField(blank=True, max_length=200, verbose_name="原因"),
        ),
    ]
