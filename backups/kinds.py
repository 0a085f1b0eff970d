"""Values of columns in one form, whichever database they come from and go to.

A dump holds each value as JSON: a moment as text in UTC, a decimal with its places, JSON with its
keys in order. The same row gives the same line on SQLite and on PostgreSQL, so that what was
brought back is compared with what was taken by a hash. Ciphertext is text like any other: nothing
is decrypted.
"""

import base64
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db import models
from django.utils.dateparse import parse_duration

Conversion = Callable[[Any], Any]

INTEGERS: Final = {
    "AutoField",
    "BigAutoField",
    "SmallAutoField",
    "IntegerField",
    "BigIntegerField",
    "SmallIntegerField",
    "PositiveIntegerField",
    "PositiveBigIntegerField",
    "PositiveSmallIntegerField",
}
TEXTS: Final = {
    "CharField",
    "TextField",
    "SlugField",
    "FileField",
    "FilePathField",
    "GenericIPAddressField",
}
OTHERS: Final = {
    "BooleanField": "boolean",
    "FloatField": "float",
    "DecimalField": "decimal",
    "DateTimeField": "moment",
    "DateField": "day",
    "TimeField": "time",
    "JSONField": "json",
    "BinaryField": "binary",
    "UUIDField": "uuid",
    "DurationField": "duration",
}


@dataclass(frozen=True)
class HeldColumn:
    """A column that is stored: its name, its kind of value, a decimal's places."""

    name: str
    kind: str
    places: int = 0


def column_of(field: "models.Field[Any, Any]") -> HeldColumn:
    """Raises TypeError for a kind of field that no dump can hold yet."""
    meant: Any = field
    while meant.is_relation:
        meant = meant.target_field
    found = meant.get_internal_type()
    if found in INTEGERS:
        kind = "integer"
    elif found in TEXTS:
        kind = "text"
    elif found in OTHERS:
        kind = OTHERS[found]
    else:
        raise TypeError(f"{field}: a backup cannot hold {found} yet")
    return HeldColumn(str(field.column), kind, getattr(meant, "decimal_places", 0) or 0)


def reader(column: HeldColumn) -> Conversion | None:
    """From what a database gives to what the dump holds; None where it is the same."""
    if column.kind == "decimal":
        step = Decimal(1).scaleb(-column.places)
        return lambda value: str(Decimal(str(value)).quantize(step))
    return READERS.get(column.kind)


def _moment(value: datetime | str) -> str:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    return str(moment)


def _as_text(value: date | time | str) -> str:
    return value if isinstance(value, str) else str(value)


def _json(value: Any) -> str:
    content = json.loads(value) if isinstance(value, str | bytes) else value
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _duration(value: timedelta | int | str) -> int:
    if isinstance(value, int):
        return value
    span = parse_duration(value) if isinstance(value, str) else value
    return (span or timedelta()) // timedelta(microseconds=1)


READERS: Final[dict[str, Conversion]] = {
    "boolean": bool,
    "float": float,
    "moment": _moment,
    "day": _as_text,
    "time": _as_text,
    "json": _json,
    "binary": lambda value: base64.b64encode(bytes(value)).decode("ascii"),
    "uuid": lambda value: str(uuid.UUID(str(value))),
    "duration": _duration,
}
# What SQLite is given for what a dump holds, as Django itself writes it.
FOR_SQLITE: Final[dict[str, Conversion]] = {
    "json": lambda text: json.dumps(json.loads(text)),
    "binary": base64.b64decode,
    "uuid": lambda text: text.replace("-", ""),
}
# What COPY of PostgreSQL is given.
ESCAPES: Final = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
FOR_COPY: Final[dict[str, Conversion]] = {
    "integer": str,
    "float": repr,
    "boolean": lambda value: "t" if value else "f",
    "text": lambda text: text.translate(ESCAPES),
    "json": lambda text: text.translate(ESCAPES),
    "moment": lambda text: f"{text}+00",
    "binary": lambda text: rf"\\x{base64.b64decode(text).hex()}",
    "duration": lambda value: f"{value} microseconds",
}
