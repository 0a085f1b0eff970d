"""Encrypted text within a larger query: carried out of it as it is stored, and opened afterwards.

A union has no converters but its first branch's, and a concatenation none at all.
"""

import re
from typing import Any, Final

from django.db.models import F, TextField, Value
from django.db.models.functions import Cast, Concat

from core.crypto import decrypt

# Control characters, which no text that people enter keeps (core/text.py).
BEFORE: Final = "\x1e"
AFTER: Final = "\x1f"
CARRIED: Final = re.compile(f"{BEFORE}([^{AFTER}]*){AFTER}")


def sealed_text(path: str) -> Any:
    """The stored value of an encrypted column, marked, as an expression."""
    stored = Cast(F(path), TextField())
    return Concat(Value(BEFORE), stored, Value(AFTER), output_field=TextField())


def open_text(text: str) -> str:
    """The same text with what was carried in it decrypted."""
    return CARRIED.sub(lambda found: decrypt(found[1]) if found[1] else "", text)
