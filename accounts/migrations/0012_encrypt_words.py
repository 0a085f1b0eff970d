"""Their rows, in batches, outside one long transaction."""

from typing import Any

from django.db import migrations

from core.encrypting import encrypt_rows

COLUMNS = {
    "accounts_accountrequest": ("reason",),
}


def encrypt(apps: Any, schema_editor: Any) -> None:
    encrypt_rows(schema_editor, COLUMNS)
    # The libraries' tables: sessions, and keys of the second factor, which they keep in hex.
    encrypt_rows(schema_editor, {"django_session": ("session_data",)}, pk="session_key")
    encrypt_rows(schema_editor, {"otp_totp_totpdevice": ("key",)}, is_hex=True)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("accounts", "0011_encrypted_words"),
        ("otp_totp", "0003_add_timestamps"),
        ("sessions", "0001_initial"),
    ]

    operations = [migrations.RunPython(encrypt, migrations.RunPython.noop)]
