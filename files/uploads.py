"""Receiving uploads: whole or not at all, and never more on disk than a file may have."""

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http.multipartparser import MultiPartParser


class ReceivedFile(TemporaryUploadedFile):
    """`sent_name` is the name as it was sent; `name` lacks what Django takes out of it."""

    sent_name: str | None = None


class BoundedUploadHandler(FileUploadHandler):
    """Reads an over-long file to its end and keeps none of it, only how long it was.

    Breaking off would cut the connection, and the sender would see no sentence at all.
    """

    sent_name: str | None = None
    is_parsing = False

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],  # noqa: N803 - Django's name
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> tuple[Any, Any] | None:
        """Parse as Django does, and keep the names; the parser asks here again, and goes on."""
        if self.is_parsing or self.request is None:
            return None
        self.is_parsing = True
        handlers = self.request.upload_handlers
        parser = CandidParser(META, input_data, handlers, encoding)
        parser.listener = self
        return parser.parse()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.file = ReceivedFile(
            self.file_name or "", self.content_type, 0, self.charset, self.content_type_extra
        )
        self.file.sent_name = self.sent_name
        self.received = 0
        self.most = max(settings.MAX_UPLOAD_BYTES, settings.MAX_VERIFY_BYTES)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.received <= self.most:
            self.file.write(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[bytes]":
        if file_size > self.most:
            self.file.truncate(0)
        self.file.seek(0)
        self.file.size = file_size
        return self.file

    def upload_interrupted(self) -> None:
        if hasattr(self, "file"):
            self.file.close()


class CandidParser(MultiPartParser):
    """Tells our handler of each name before it is tidied up."""

    listener: BoundedUploadHandler

    def sanitize_file_name(self, file_name: str) -> str | None:
        self.listener.sent_name = file_name
        return super().sanitize_file_name(file_name)
