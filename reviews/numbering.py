"""Numbers of review tables, and the codes by which they are verified."""

import secrets

from django.conf import settings
from django.utils import timezone

from core.text import compact
from reviews.models import NumberSequence, ReviewTable

# Without the characters that are mistaken for each other in print.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 12
LONGEST_CODE = 20


def next_number() -> str:
    """The year's next number, such as 万州ABTC审〔2026〕0001号.

    Must run in the transaction that stores the table: the sequence's row stays locked until then,
    so numbers have neither gaps nor repeats.
    """
    year = timezone.localdate().year
    series = f"{settings.STATION_SHORT}ABTC审{year}"
    NumberSequence.objects.get_or_create(series=series)
    sequence = NumberSequence.objects.select_for_update().get(series=series)
    sequence.last += 1
    sequence.save(update_fields=["last"])
    return f"{settings.STATION_SHORT}ABTC审〔{year}〕{sequence.last:04d}号"


def read_code(text: str) -> str:
    """A code as typed or pasted, full width, grouped or in small letters; "" where none could be.

    The letters that a code never has are left in: they are mistyped, not absent.
    """
    signs = compact(text).upper()
    return "".join(sign for sign in signs if sign.isascii() and sign.isalnum())[:LONGEST_CODE]


def new_code() -> str:
    """An unguessable verification code, in capitals and digits."""
    while True:
        code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
        if not ReviewTable.objects.filter(verification_code=code).exists():
            return code
