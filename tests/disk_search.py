"""Search of a stolen disk: `python -m tests.disk_search` looks for a demonstration's secrets in it.

It makes a demonstration in a temporary folder, closes the database, and searches the data folder
and the database's file for what people typed and uploaded, byte for byte. What ADR 70 names as
readable is looked for as well, so that the search is known to find what is there. One JSON object;
exit 0: nothing was found but that.
"""

import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connections

from core.fields import Sealed, TrailJSONField
from wanzhou_abtc.fresh_keys import env_file

# Shorter ones are in any file by chance.
LEAST = 4
LEAST_BYTES = 6
PICTURE_BYTES = 32
MOST = 2000
COLUMN_OR_DAY = re.compile(r"[a-z_]+|\d{4}-\d{2}-\d{2}")


@dataclass
class Needles:
    """What is looked for: what must not be found, and what ADR 70 says is readable."""

    hidden: set[str] = field(default_factory=set)
    pictures: set[bytes] = field(default_factory=set)
    readable: set[str] = field(default_factory=set)


def needles() -> Needles:
    """Of every encrypted column each text, of every stored file a piece, of people the names."""
    found = Needles()
    for model in apps.get_models():
        for column in model._meta.local_fields:
            rows = model._base_manager.values_list(column.attname, flat=True)
            if isinstance(column, Sealed | TrailJSONField):
                found.hidden.update(line for value in rows for line in texts(value))
            elif (model._meta.label, column.attname) in NAMES:
                found.readable.update(filter(None, rows))
    stored = apps.get_model("files.StoredFile")._base_manager.values_list("content", flat=True)
    for name in stored:
        with default_storage.open(name) as file:
            data = file.read()
        found.pictures.add(data[:PICTURE_BYTES])
        found.pictures.add(data[len(data) // 2 :][:PICTURE_BYTES])
    # The same words may stand where everybody may read them, as in a phrase of the office.
    open_words = set(open_texts())
    found.hidden -= {text for text in found.hidden if any(text in line for line in open_words)}
    return found


NAMES = frozenset(
    {
        ("applications.Applicant", "name"),
        ("accounts.User", "name"),
        ("enterprises.Enterprise", "name"),
        ("cards.Card", "holder_name"),
    }
)


def open_texts() -> Iterator[str]:
    """Every text of every column that is not encrypted."""
    for model in apps.get_models():
        for column in model._meta.local_fields:
            if isinstance(column, Sealed | TrailJSONField):
                continue
            if column.get_internal_type() in ("CharField", "TextField", "EmailField", "JSONField"):
                rows = model._base_manager.values_list(column.attname, flat=True).distinct()
                yield from (line for value in rows for line in texts(value, least=1))


def texts(value: Any, least: int = LEAST) -> Iterator[str]:
    """The texts in a value, however deep; of several lines each."""
    if isinstance(value, dict):
        for one in value.values():
            yield from texts(one, least)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one, least)
    elif isinstance(value, str):
        yield from (line for line in value.splitlines() if is_telling(line, least))


def is_telling(text: str, least: int) -> bool:
    """Names of columns and days are in any such database, whoever is in it."""
    if least == 1:
        return bool(text)
    is_long = len(text) >= least and len(text.encode()) >= LEAST_BYTES
    return is_long and not COLUMN_OR_DAY.fullmatch(text)


def forms(text: str) -> set[bytes]:
    """As it may stand in a file: plain, and escaped as in JSON."""
    return {text.encode(), json.dumps(text)[1:-1].encode()}


def found_in(data: bytes, wanted: Needles) -> tuple[list[str], int, int]:
    """Hidden texts and pieces of pictures that are in it, and how many readable ones are."""
    hidden = [text for text in sorted(wanted.hidden) if any(form in data for form in forms(text))]
    pictures = sum(piece in data for piece in wanted.pictures)
    readable = sum(any(form in data for form in forms(text)) for text in wanted.readable)
    return hidden, pictures, readable


def search(files: Iterable[Path], wanted: Needles) -> dict[str, Any]:
    """What is found where."""
    hidden: dict[str, list[str]] = {}
    pictures = readable = count = size = 0
    for path in files:
        data = path.read_bytes()
        count, size = count + 1, size + len(data)
        texts_found, pictures_found, readable_found = found_in(data, wanted)
        if texts_found:
            hidden[path.name] = texts_found[:MOST]
        pictures, readable = pictures + pictures_found, max(readable, readable_found)
    return {
        "files": count,
        "bytes": size,
        "looked_for": {
            "texts": len(wanted.hidden),
            "pieces_of_files": len(wanted.pictures),
            "names_that_are_readable": len(wanted.readable),
        },
        "found": {"texts": hidden, "pieces_of_files": pictures},
        "readable_found": readable,
    }


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="portal-disk-"))
    try:
        answer = look(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1) + "\n")
    found = answer["found"]
    # A search that finds no name either has looked in the wrong place.
    return 1 if found["texts"] or found["pieces_of_files"] or not answer["readable_found"] else 0


def look(folder: Path) -> dict[str, Any]:
    (folder / "keys.env").write_text(env_file())
    data = folder / "data"
    os.environ.update(
        PORTAL_DATA=str(data), KEYS_FILE=str(folder / "keys.env"), DEMO="true", RECOGNITION="off"
    )
    os.environ["DJANGO_SETTINGS_MODULE"] = "wanzhou_abtc.settings"
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("certificates", "ensure", stdout=sys.stderr)
    call_command("demo", allow_production=True, stdout=sys.stderr)
    wanted = needles()
    connections.close_all()
    return search([path for path in data.rglob("*") if path.is_file()], wanted)


if __name__ == "__main__":
    sys.exit(main())
