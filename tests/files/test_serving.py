"""What goes with a file when it leaves: no guessing of its type, nothing in it that runs."""

import io
from contextlib import closing

import pytest
from django.http import HttpResponseBase
from django.test import RequestFactory
from PIL import Image

from files.models import StoredFile
from files.serving import serve, serve_thumbnail
from tests.factories import picture, stored_picture

pytestmark = pytest.mark.django_db
PRIVATE = "private, no-store"


@pytest.fixture
def stored() -> StoredFile:
    return stored_picture(picture(5), name="合同.jpg")


def is_guarded(response: HttpResponseBase) -> bool:
    return (
        response["X-Content-Type-Options"] == "nosniff"
        and response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    )


@pytest.mark.parametrize("download", [False, True])
def test_a_file_is_guarded_named_and_kept_by_nobody(stored: StoredFile, download: bool) -> None:
    # A server closes what it has sent; here the test does.
    with closing(serve(stored, name="材料5", download=download)) as response:
        assert is_guarded(response)
        assert response["Cache-Control"] == PRIVATE
        assert response["Content-Type"] == "image/jpeg"
        assert response["Content-Disposition"].startswith("attachment" if download else "inline")
        assert "%E6%9D%90%E6%96%995.jpg" in response["Content-Disposition"]
        assert 'filename="abtc-5.jpg"' in response["Content-Disposition"]
        assert b"".join(response) == picture(5)


def test_a_thumbnail_is_guarded_and_leaves_no_copy_on_a_shared_computer(
    stored: StoredFile, rf: RequestFactory
) -> None:
    response = serve_thumbnail(rf.get("/"), stored)
    assert is_guarded(response)
    assert response["Cache-Control"] == PRIVATE
    assert "ETag" not in response
    assert response["Content-Type"] == "image/jpeg"
    assert max(Image.open(io.BytesIO(response.content)).size) == 320


def test_another_size_is_another_picture(stored: StoredFile, rf: RequestFactory) -> None:
    small = serve_thumbnail(rf.get("/"), stored, longest=64)
    assert max(Image.open(io.BytesIO(small.content)).size) == 64
