"""Files and keys in a bucket that hosts share: as in a folder, in the same words when it fails."""

import os
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from applications.models import Application
from backups import folder_piece
from files.at_rest.rotating import rotate_files
from files.models import StoredFile
from files.ownerless import discard_unknown
from files.refusals import StoreRefused
from files.serving import serve, serve_thumbnail
from reports import readiness
from reports.health import shared_store
from reviews.signatures.certificates import authority, keystore
from reviews.signatures.identities import identity_for
from tests.conftest import ClientOf
from tests.factories import material_page, picture, stored_picture
from tests.files import object_store
from tests.temporary_services import free_port
from wanzhou_abtc.fresh_keys import key
from wanzhou_abtc.shared_store import bucket_of, store_of_files, store_of_keys

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    with object_store.bucket() as endpoint:
        yield endpoint


def keep_in(settings: Any, endpoint: str) -> None:
    bucket = object_store.options(endpoint)
    settings.FILES_S3 = bucket
    settings.STORAGES = settings.STORAGES | {"sealed_files": store_of_files(bucket)}
    settings.STORAGES |= store_of_keys(bucket)


@pytest.fixture
def endpoint(served: str, settings: Any) -> Iterator[str]:
    keep_in(settings, served)
    yield served
    client = object_store.client(served)
    for name in object_store.names(served):
        client.delete_object(Bucket=object_store.BUCKET, Key=name)


@pytest.fixture
def away(settings: Any) -> None:
    """The bucket is where nobody answers."""
    keep_in(settings, f"http://127.0.0.1:{free_port()}")


def test_what_is_stored_lies_there_alone_and_reads_as_it_was(endpoint: str, settings: Any) -> None:
    stored = stored_picture(picture(5))
    assert object_store.names(endpoint) == {f"files/{stored.content.name}"}
    assert not (settings.MEDIA_ROOT / str(stored.content.name)).exists()
    with stored.content.open("rb") as file:
        assert file.read() == picture(5)


def test_a_part_of_a_file_is_read_from_where_it_begins(endpoint: str) -> None:
    name = default_storage.save("2026/11/digits.pdf", ContentFile(b"0123456789"))
    with default_storage.open(name) as file:
        file.seek(3)
        assert (file.read(4), file.tell()) == (b"3456", 7)
        file.seek(-1, os.SEEK_END)
        assert (file.read(), file.size) == (b"9", 10)
    assert default_storage.size(name) == 10


def test_nothing_is_written_over(endpoint: str) -> None:
    first = default_storage.save("2026/11/same.pdf", ContentFile(b"first"))
    second = default_storage.save("2026/11/same.pdf", ContentFile(b"second"))
    assert first != second
    with default_storage.open(first) as file:
        assert file.read() == b"first"


def test_it_lies_there_encrypted_and_comes_under_the_next_key(endpoint: str, settings: Any) -> None:
    stored = stored_picture(picture(5))
    name = str(stored.content.name)
    client = object_store.client(endpoint)

    def body() -> bytes:
        found = client.get_object(Bucket=object_store.BUCKET, Key=f"files/{name}")
        return bytes(found["Body"].read())

    first = body()
    assert b"JFIF" not in first
    settings.FILE_KEYS = f"f2:{key()},{settings.FILE_KEYS}"
    assert rotate_files().changed == 1
    assert body() != first
    with stored.content.open("rb") as file:
        assert file.read() == picture(5)


def test_what_is_deleted_is_gone_and_says_so_as_of_a_disk(endpoint: str) -> None:
    stored = stored_picture(picture(5))
    default_storage.delete(str(stored.content.name))
    assert object_store.names(endpoint) == set()
    with pytest.raises(FileNotFoundError):
        stored.content.open("rb")


@pytest.mark.django_db(transaction=True)
def test_a_file_goes_again_with_the_transaction_that_wrote_it(endpoint: str) -> None:
    # Files of tests that were taken back lie there still.
    before = object_store.names(endpoint)
    with transaction.atomic():
        stored_picture(picture(5))
        assert len(object_store.names(endpoint) - before) == 1
        transaction.set_rollback(True)
    assert object_store.names(endpoint) == before


def test_a_file_and_its_thumbnail_are_sent(endpoint: str, rf: RequestFactory) -> None:
    stored = stored_picture(picture(5))
    for _ in range(2):
        # Opened again once it was closed.
        assert serve_thumbnail(rf.get("/"), stored).content.startswith(b"\xff\xd8")
    # The end of its answer is that of its request, and of the test's transaction.
    with closing(serve(stored, name="材料5")) as response:
        assert b"".join(response) == picture(5)
        assert response["Content-Length"] == str(stored.size)


def test_a_page_of_a_material_is_seen_by_who_may_see_it(
    endpoint: str, draft: Application, agent: User, other_agent: User, client_of: ClientOf
) -> None:
    page = material_page(draft, 9)
    address = reverse("applications:page_file", args=[draft.pk, 9, page.pk])
    response = client_of(agent).get(address)
    with page.file.content.open("rb") as file:
        assert b"".join(response) == file.read()
    assert client_of(other_agent).get(address).status_code == 404


def test_a_file_without_a_row_goes_a_day_later(endpoint: str) -> None:
    known = stored_picture(picture(5))
    unknown = default_storage.save(f"2026/11/{'a' * 32}.jpg", ContentFile(b"left by a kill"))
    foreign = default_storage.save("2026/11/README.jpg", ContentFile(b"not ours"))

    discard_unknown(timezone.now() + timedelta(hours=23))
    assert default_storage.exists(unknown)
    discard_unknown(timezone.now() + timedelta(hours=25))

    assert not default_storage.exists(unknown)
    assert default_storage.exists(str(known.content.name))
    assert default_storage.exists(foreign)


def test_keys_lie_there_too_so_that_every_host_signs(endpoint: str, settings: Any) -> None:
    made = authority.ensure()
    names = {name for name in object_store.names(endpoint) if name.startswith("keys/")}
    assert {f"keys/{one.keystore}" for one in made} <= names
    assert not any((settings.KEYSTORE / one.keystore).exists() for one in made)
    # Raises where there is no key.
    identity_for(None).signer()


def test_a_backup_takes_them_from_there_and_brings_them_back(endpoint: str) -> None:
    authority.ensure()
    before = {name for name in object_store.names(endpoint) if name.startswith("keys/")}
    [packed] = folder_piece.packed()
    for name in before:
        object_store.client(endpoint).delete_object(Bucket=object_store.BUCKET, Key=name)
    assert folder_piece.put_back(packed) == len(before)
    assert before <= object_store.names(endpoint)
    identity_for(None).signer()


def test_a_list_in_the_keystore_is_written_over(endpoint: str) -> None:
    keystore.keep("root.crl", b"first")
    keystore.keep("root.crl", b"second")
    assert keystore.kept("root.crl") == b"second"
    assert keystore.kept("other.crl") is None


# Faults -----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("away")
def test_while_it_does_not_answer_nothing_is_taken_and_the_sender_is_told() -> None:
    with pytest.raises(StoreRefused, match="系统暂时读写不了需要的文件，文件没有保存"):
        stored_picture(picture(5))
    assert not StoredFile.objects.exists()
    with pytest.raises(keystore.AuthorityError, match="签名密钥库写不进去"):
        keystore.keep("root.crl", b"first")


@pytest.mark.usefixtures("away")
def test_while_it_does_not_answer_watchdogs_and_the_page_of_health_say_so() -> None:
    assert not readiness.store_answers()
    [sign] = shared_store()
    assert (sign.state, sign.words) == ("bad", "连接不上。")


def test_while_it_answers_they_say_that(endpoint: str) -> None:
    assert readiness.store_answers()
    assert [sign.state for sign in shared_store()] == ["ok"]


def test_an_account_without_the_right_is_a_fault_of_access(
    endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = {"ResponseMetadata": {"HTTPStatusCode": 403}, "Error": {"Code": "AccessDenied"}}

    def refuse(*_: Any, **__: Any) -> None:
        raise ClientError(refused, "GetObject")

    monkeypatch.setattr("storages.backends.s3.S3Storage.exists", refuse)
    with pytest.raises(PermissionError):
        default_storage.exists("2026/11/a.pdf")


@pytest.mark.parametrize("lacking", ["ENDPOINT", "KEY_ID", "SECRET"])
def test_half_a_bucket_stops_the_start(lacking: str) -> None:
    given = {**object_store.GIVEN, "ENDPOINT": "https://s3.example", lacking: ""}
    with pytest.raises(ImproperlyConfigured, match=f"却没有设 FILES_S3_{lacking}"):
        bucket_of(given)


def test_without_a_bucket_files_lie_in_the_folder() -> None:
    assert bucket_of({**object_store.GIVEN, "BUCKET": ""}) == {}
    assert store_of_files({})["BACKEND"].endswith("FolderStorage")
    assert store_of_keys({}) == {}
