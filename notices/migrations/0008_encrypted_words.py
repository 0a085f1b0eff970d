"""Free texts and names that nobody looks for are encrypted columns (ADR 70)."""

from django.db import migrations

import core.fields
from core.encrypting import BecomesEncrypted


class Migration(migrations.Migration):
    dependencies = [("notices", "0007_digests_and_beat")]

    operations = [
        BecomesEncrypted("notice", "body", core.fields.EncryptedTextField(verbose_name="内容")),
        BecomesEncrypted(
            "notice", "path", core.fields.EncryptedTextField(blank=True, verbose_name="页面")
        ),
    ]
