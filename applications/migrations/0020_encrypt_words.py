"""Their rows, in batches, outside one long transaction."""

from typing import Any

from django.db import migrations

from core.encrypting import encrypt_rows

COLUMNS = {
    "applications_statuschange": ("reason",),
    "applications_correction": ("words", "mend", "example", "answer"),
}


def encrypt(apps: Any, schema_editor: Any) -> None:
    encrypt_rows(schema_editor, COLUMNS)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("applications", "0019_encrypted_words")]

    operations = [migrations.RunPython(encrypt, migrations.RunPython.noop)]
