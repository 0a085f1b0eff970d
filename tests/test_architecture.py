"""What import-linter cannot see: names in strings and templates that reach to the right."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import reverse

from wanzhou_abtc.nav import LINKS, NAV

ROOT = Path(__file__).resolve().parent.parent
ROOMS = [
    "core",
    "finding",
    "accounts",
    "parameters",
    "workdays",
    "notices",
    "files",
    "imports",
    "materials",
    "enterprises",
    "applications",
    "signatures",
    "reviews",
    "cards",
    "letters",
    "outreach",
    "reports",
    "rights",
    "backups",
    "wanzhou_abtc",
]
# A room within a room.
FOLDERS = {"signatures": "reviews/signatures"}
URL = re.compile(r"{%\s*url\s+['\"]([\w:]+)['\"]")
TEMPLATE = re.compile(r"{%\s*(?:include|extends)\s+['\"]([\w./-]+)['\"]")
# Pages that every template may lead to: they stand outside the rooms' order.
SHARED = {"home", "privacy"}
# Declared links that lead to a place, not to one application.
PLACES = {
    "verify",
    "applicants",
    "archive",
    "my_data",
    "enterprise",
    "sign_up",
    "reason_counts",
    "notice_preferences",
    "calendar_feed",
}
# The frame of all pages names rooms as the menu does.
FRAME = ROOT / "templates" / "components"


def templates() -> list[Path]:
    found = [path for path in (ROOT / "templates").rglob("*") if path.is_file()]
    return [path for path in found if FRAME not in path.parents]


def room_of(path: Path) -> str | None:
    first = path.relative_to(ROOT / "templates").parts[0]
    return first if first in ROOMS else None


def reaches_right(room: str, other: str) -> bool:
    return other in ROOMS and ROOMS.index(other) > ROOMS.index(room)


@pytest.mark.parametrize("path", templates(), ids=str)
def test_templates_lead_only_to_rooms_on_their_left(path: Path) -> None:
    room = room_of(path)
    if room is None:
        return
    text = path.read_text()
    for name in URL.findall(text):
        other = name.partition(":")[0]
        assert name in SHARED or not reaches_right(room, other), f"{path}: {name}"
    for name in TEMPLATE.findall(text):
        assert not reaches_right(room, name.partition("/")[0]), f"{path}: {name}"


def test_foreign_keys_point_to_the_left() -> None:
    for model in apps.get_models():
        room = model._meta.app_label
        if room not in ROOMS:
            continue
        for field in model._meta.get_fields():
            if field.concrete and field.is_relation and field.related_model is not None:
                other = field.related_model._meta.app_label
                assert not reaches_right(room, other), f"{model} {field.name}"


def test_views_name_only_urls_of_rooms_on_their_left() -> None:
    pattern = re.compile(r"(?:reverse|redirect)\(\s*[\"']([\w]+):[\w]+[\"']")
    for room in ROOMS:
        for path in (ROOT / FOLDERS.get(room, room)).rglob("*.py"):
            for other in pattern.findall(path.read_text()):
                assert not reaches_right(room, other), f"{path}: {other}"


def test_every_entry_of_the_menu_and_every_declared_link_leads_somewhere() -> None:
    for item in NAV:
        assert reverse(item.url_name)
    for word, name in LINKS.items():
        args = [] if word in PLACES else [1]
        assert reverse(name, args=args)


def test_templates_hold_no_inline_style_or_script() -> None:
    inline = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son\w+=", re.IGNORECASE)
    for path in (ROOT / "templates").rglob("*.html"):
        if "pdf" in path.parts:
            continue  # WeasyPrint's pages are not served
        assert not inline.search(path.read_text()), path


def test_status_is_written_in_one_place() -> None:
    """`perform` alone writes an application's status."""
    pattern = re.compile(r"\.status\s*=[^=]")
    writers = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "applications").rglob("*.py")
        if pattern.search(path.read_text())
    ]
    assert writers == ["applications/services/perform.py"]
