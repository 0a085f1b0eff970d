"""Their rows, in batches, outside one long transaction."""

from typing import Any

from django.db import migrations

from core.encrypting import encrypt_rows

COLUMNS = {
    "cards_breach": ("person", "facts", "statement", "outcome"),
    "cards_measure": ("words", "review_words", "lift_words"),
    "cards_cardevent": ("actor", "detail"),
    "cards_filing": ("collected_by",),
    "cards_filingevent": ("words", "facts"),
    "cards_economyapproval": ("words",),
    "cards_lending": ("borrower", "purpose", "back_note"),
    "cards_periodreport": ("rows", "remarks"),
    "cards_cardrequest": ("words",),
    "cards_lossreport": ("last_holder", "where"),
    "cards_cancellation": ("handed_in_by", "without_card"),
    "cards_collectionletter": ("collector", "post", "holders", "text"),
    "cards_keeper": ("name", "post"),
    "cards_visit": ("person_met", "summary", "drop_words"),
    "cards_visitfinding": ("words",),
    "cards_findingentry": ("words",),
    "cards_feedback": ("trouble",),
}


def encrypt(apps: Any, schema_editor: Any) -> None:
    encrypt_rows(schema_editor, COLUMNS)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("cards", "0016_encrypted_words")]

    operations = [migrations.RunPython(encrypt, migrations.RunPython.noop)]
