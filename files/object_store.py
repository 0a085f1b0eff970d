"""Object storage that speaks S3: one place of files for several hosts (ADR 82).

What goes wrong there is an OSError here, as it is of a disk, so that whoever stores or reads a file
finds the same faults wherever it lies. A file is small (10 MB at most) and read whole, in one
request; who wants a part of it seeks in that.
"""

import errno
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from django.utils.functional import cached_property
from storages.backends.s3 import S3Storage
from storages.utils import clean_name

# Longer than any file: each is one request, and there whole or not at all.
ONE_REQUEST: Final = 64 * 1024 * 1024
BY_STATUS: Final = {
    HTTPStatus.NOT_FOUND: errno.ENOENT,
    HTTPStatus.FORBIDDEN: errno.EACCES,
    HTTPStatus.UNAUTHORIZED: errno.EACCES,
    HTTPStatus.INSUFFICIENT_STORAGE: errno.ENOSPC,
    HTTPStatus.SERVICE_UNAVAILABLE: errno.EAGAIN,
}


@contextmanager
def faults_as_of_a_disk() -> Iterator[None]:
    """Raises FileNotFoundError, PermissionError or another OSError for what the store refused."""
    try:
        yield
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        number = BY_STATUS.get(status, errno.EIO)
        raise OSError(number, error.response.get("Error", {}).get("Code", "")) from error
    except BotoCoreError as error:
        raise OSError(errno.EIO, type(error).__name__) from error


if TYPE_CHECKING:
    Bytes = File[bytes]
else:
    Bytes = File


class FetchedFile(Bytes):
    """A file's bytes; opened again after it was closed, they are fetched again."""

    def __init__(self, fetch: Callable[[], bytes], name: str) -> None:
        super().__init__(io.BytesIO(fetch()), name)
        self.fetch = fetch

    def open(self, mode: str | None = None, *_: Any, **__: Any) -> "FetchedFile":
        if self.closed:
            self.file = io.BytesIO(self.fetch())
        self.seek(0)
        return self


class ObjectStore(S3Storage):  # type: ignore[misc]
    """django-storages' own, with the faults of a disk. Nothing is public: only we read it."""

    default_acl = None
    # As long as a connection may take, and as often as it is tried: a page waits for it.
    client_config = Config(
        connect_timeout=3,
        read_timeout=20,
        retries={"mode": "standard", "max_attempts": 3},
        # Asked of every request, they are more than most stores outside Amazon understand.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    # In the thread that asks; the library would start ten for each file.
    transfer_config = TransferConfig(multipart_threshold=ONE_REQUEST, use_threads=False)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        by_host_or_path = Config(
            s3={"addressing_style": self.addressing_style or "path"}, signature_version="s3v4"
        )
        self.client_config = self.client_config.merge(by_host_or_path)

    @cached_property
    def _client(self) -> Any:
        # A client serves many threads; a resource, which the library keeps, serves one.
        return self.connection.meta.client

    def _open(self, name: str, mode: str = "rb") -> FetchedFile:
        if mode != "rb":
            raise ValueError("what is stored is read, or saved as a whole")
        key = self._normalize_name(clean_name(name))

        def fetch() -> bytes:
            with faults_as_of_a_disk():
                answer = self._client.get_object(Bucket=self.bucket_name, Key=key)
                body: bytes = answer["Body"].read()
                return body

        return FetchedFile(fetch, name)

    def _save(self, name: str, content: Any) -> str:
        with faults_as_of_a_disk():
            saved: str = super()._save(name, content)
        return saved

    def replace(self, name: str, content: bytes) -> None:
        """Exchange a file for another in one step: whoever reads meets the old or the new."""
        key = self._normalize_name(clean_name(name))
        with faults_as_of_a_disk():
            self._client.put_object(Bucket=self.bucket_name, Key=key, Body=content)

    def delete(self, name: str) -> None:
        with faults_as_of_a_disk():
            super().delete(name)

    def exists(self, name: str) -> bool:
        with faults_as_of_a_disk():
            return bool(super().exists(name))

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        with faults_as_of_a_disk():
            folders, files = super().listdir(path)
        return folders, files

    def size(self, name: str) -> int:
        with faults_as_of_a_disk():
            return int(super().size(name))

    def get_modified_time(self, name: str) -> Any:
        with faults_as_of_a_disk():
            return super().get_modified_time(name)
