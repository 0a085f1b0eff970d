"""Their rows, in batches, outside one long transaction."""

from typing import Any

from django.db import migrations

from core.encrypting import encrypt_rows

COLUMNS = {
    "outreach_callback": ("name", "note"),
    "outreach_consultation": ("name", "text", "answer"),
    "outreach_consultationhanding": ("note", "reply"),
    "outreach_briefingsignup": ("name",),
    "outreach_attendance": ("name",),
    "outreach_doorattempt": ("typed",),
    "outreach_briefingquestion": ("asked_by", "text", "answer"),
    "outreach_briefingfeedback": ("words",),
    "outreach_companyvisit": ("met_name", "told", "asked"),
    "outreach_symposiumparticipant": ("name",),
    "outreach_symposiumopinion": ("words", "answer"),
    "outreach_outwardtext": ("text",),
    "outreach_precheck": ("reason",),
}


def encrypt(apps: Any, schema_editor: Any) -> None:
    encrypt_rows(schema_editor, COLUMNS)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("outreach", "0010_encrypted_words")]

    operations = [migrations.RunPython(encrypt, migrations.RunPython.noop)]
