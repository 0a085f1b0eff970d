"""What the portal does in one place only, looked for in the text of all others."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_architecture import ROOMS, ROOT

# Dates in a template by Django's own filters.
TEMPLATE_DATES = re.compile(r"\|\s*(?:date|time)\b")
# An f-string, or a format of strftime, that puts a date or a time of day together.
CODE_DATES = re.compile(
    r"\.year\}年\{|\.(?:month|day)\}[月日]|%[YmMdHS]-?[年月日时分秒]|(?<!T)%H:%M|\bdate_format\b"
)
# A table written cell by cell or line by line.
CSV_WRITERS = re.compile(r"\bcsv\.(?:writer|DictWriter)\b|\bfrom csv import\b")
CELLS = re.compile(r"\b\w*cell\.value\s*=[^=]|\.cell\([^)]*\bvalue=|\btext/csv\b")
# A number taken from a text that somebody sent.
NUMBERS = re.compile(
    r"\.is(?:decimal|digit|numeric)\(|\bint\([^()]*\b(?:request|posted|POST|GET)\b"
)
CLASSES = re.compile(r"^class (\w+)", re.MULTILINE)
DIGITS_OF_DOCUMENTS = {
    "accounts/reauthentication.py",  # a code of six digits
    "accounts/services.py",  # a telephone number
    "materials/kinds/passport/mrz.py",  # a passport's zone
}


def code(*, but: str = "") -> Iterator[tuple[str, str]]:
    """Every Python file of a room with its text, without the one place."""
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            name = str(path.relative_to(ROOT))
            if name != but and "migrations" not in path.parts:
                yield name, path.read_text()


def templates() -> Iterator[tuple[Path, str]]:
    for path in (ROOT / "templates").rglob("*"):
        if path.is_file():
            yield path, path.read_text()


def test_templates_write_dates_by_our_filters_alone() -> None:
    found = [str(path) for path, text in templates() if TEMPLATE_DATES.search(text)]
    assert found == []


def test_code_writes_dates_in_one_module_alone() -> None:
    # Django's own formats, of a date that a template writes without a filter, stand apart.
    found = [
        f"{name}: {match[0]}"
        for name, text in code(but="core/dates.py")
        if not name.startswith("wanzhou_abtc/formats/")
        for match in CODE_DATES.finditer(text)
    ]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        'f"{day.year}年{day.month}月"',
        'f"{day:%Y年%m月%d日}"',
        'f"{moment:%H:%M}"',
        'moment.strftime("%Y-%m-%d %H:%M:%S")',
        "date_format(day)",
    ],
)
def test_the_look_for_dates_in_code_finds(text: str) -> None:
    assert CODE_DATES.search(text)


@pytest.mark.parametrize("text", ['{{ at|date:"Y年n月j日" }}', "{{ at|date }}", "{{ at|time }}"])
def test_the_look_for_dates_in_templates_finds(text: str) -> None:
    assert TEMPLATE_DATES.search(text)


def test_tables_for_spreadsheets_are_written_in_one_module_alone() -> None:
    """There no cell becomes a formula. Reading CSV is another matter."""
    writers = [name for name, text in code(but="core/spreadsheets.py") if CSV_WRITERS.search(text)]
    assert writers == []
    cells = [name for name, text in code(but="core/spreadsheets.py") if CELLS.search(text)]
    assert cells == []


def test_numbers_of_a_request_are_read_in_one_module_alone() -> None:
    """Elsewhere a test of digits is about a number that people have, not one that is counted."""
    found = [
        f"{name}: {match[0]}"
        for name, text in code(but="core/reading.py")
        if name not in DIGITS_OF_DOCUMENTS
        for match in NUMBERS.finditer(text)
    ]
    assert found == []


def test_no_two_classes_have_one_name() -> None:
    found: dict[str, list[str]] = {}
    for name, text in code():
        for one in CLASSES.findall(text):
            found.setdefault(one, []).append(name)
    # Django asks for this name.
    found.pop("Command")
    assert {one: names for one, names in found.items() if len(names) > 1} == {}
