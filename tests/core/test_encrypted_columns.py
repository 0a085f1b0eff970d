"""Encrypted columns: what stands in the table, which questions they answer, and old rows."""

from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import User
from cards.models import Keeper
from core.crypto import decrypt
from core.encrypting import encrypt_rows
from core.sealed_text import open_text, sealed_text
from enterprises.models import Enterprise

pytestmark = pytest.mark.django_db


def stored(table: str, column: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table}")  # noqa: S608
        return [row[0] for row in cursor.fetchall()]


def write_plain(table: str, column: str, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = %s", [value])  # noqa: S608


def test_the_key_of_the_second_factor_stands_encrypted_and_fits_its_column(officer: User) -> None:
    device = TOTPDevice.objects.create(user=officer, name="手机", confirmed=True)
    [text] = stored("otp_totp_totpdevice", "key")
    assert text.startswith("k1:")
    assert device.key not in text
    assert len(text) <= 80
    read = TOTPDevice.objects.get()
    assert (read.key, read.bin_key) == (device.key, bytes.fromhex(device.key))


def test_what_a_session_holds_stands_encrypted() -> None:
    session = SessionStore()
    session["username"] = "zhang"
    session.save()
    [text] = stored("django_session", "session_data")
    assert decrypt(text) == Session.objects.get().session_data
    assert SessionStore(session.session_key)["username"] == "zhang"


def test_rows_from_before_are_encrypted_once_and_read_as_before(officer: User) -> None:
    device = TOTPDevice.objects.create(user=officer, name="手机", confirmed=True)
    session = SessionStore()
    session["a"] = "b"
    session.save()
    plain = Session.objects.get().session_data
    write_plain("otp_totp_totpdevice", "key", device.key)
    write_plain("django_session", "session_data", plain)
    for _ in range(2):
        with connection.schema_editor() as editor:
            encrypt_rows(editor, {"django_session": ("session_data",)}, pk="session_key")
            encrypt_rows(editor, {"otp_totp_totpdevice": ("key",)}, is_hex=True)
    assert SessionStore(session.session_key)["a"] == "b"
    assert TOTPDevice.objects.get().key == device.key
    assert stored("django_session", "session_data")[0].startswith("k1:")


def test_an_encrypted_column_says_only_whether_there_is_anything(enterprise: Enterprise) -> None:
    enterprise.suspension_reason = "查处中"
    enterprise.save(update_fields=["suspension_reason"])
    rows = Enterprise.objects.all()
    assert not rows.filter(suspension_reason="").exists()
    assert rows.exclude(suspension_reason="").get() == enterprise
    with pytest.raises(TypeError, match="never looked up by its content"):
        rows.filter(suspension_reason="查处中").exists()
    with pytest.raises(Exception, match="Unsupported lookup"):
        rows.filter(suspension_reason__contains="查").exists()


def test_a_line_of_text_keeps_a_field_of_one_line(enterprise: Enterprise) -> None:
    line: Any = Enterprise._meta.get_field("suspension_reason").formfield()
    assert type(line.widget).__name__ == "TextInput"
    assert line.max_length == 300


def test_a_name_has_its_canonical_form_before_it_is_encrypted(
    enterprise: Enterprise, officer: User
) -> None:
    keeper = Keeper.objects.create(
        enterprise=enterprise,
        name=" 阿\u00b7依 ",
        phone="1",
        since="2026-11-01",
        created_by=officer,
    )
    keeper.refresh_from_db()
    assert keeper.name == "阿·依"
    assert "阿" not in stored("cards_keeper", "name")[0]


def test_it_is_carried_through_a_larger_query_and_opened_behind_it(enterprise: Enterprise) -> None:
    enterprise.suspension_reason = "查处中"
    enterprise.save(update_fields=["suspension_reason"])
    rows = Enterprise.objects.annotate(carried=sealed_text("suspension_reason"))
    [carried] = rows.values_list("carried", flat=True)
    assert "查处中" not in carried
    assert open_text(f"前{carried}后") == "前查处中后"
    assert open_text("没有") == "没有"
