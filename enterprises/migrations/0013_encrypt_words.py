"""Their rows, in batches, outside one long transaction."""

from typing import Any

from django.db import migrations

from core.encrypting import encrypt_rows

COLUMNS = {
    "enterprises_enterprise": ("refusal_reason", "suspension_reason"),
    "enterprises_handover": ("reason", "objection"),
    "enterprises_contact": ("words",),
    "enterprises_demandchange": ("reason",),
}


def encrypt(apps: Any, schema_editor: Any) -> None:
    encrypt_rows(schema_editor, COLUMNS)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("enterprises", "0012_encrypted_words")]

    operations = [migrations.RunPython(encrypt, migrations.RunPython.noop)]
