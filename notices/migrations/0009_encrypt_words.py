"""Their rows, in batches, outside one long transaction."""

from typing import Any

from django.db import migrations

from core.encrypting import encrypt_rows

COLUMNS = {
    "notices_notice": ("body", "path"),
}


def encrypt(apps: Any, schema_editor: Any) -> None:
    encrypt_rows(schema_editor, COLUMNS)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("notices", "0008_encrypted_words")]

    operations = [migrations.RunPython(encrypt, migrations.RunPython.noop)]
