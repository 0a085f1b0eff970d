"""Refusals of files, in words for the person who sent them."""


class FileRefused(Exception):
    """A file that is not stored.

    `code` is for programs, `found` says what arrived, `mend` what to do about it.
    """

    def __init__(self, code: str, found: str, mend: str) -> None:
        super().__init__(code, found, mend)
        self.code = code
        self.found = found
        self.mend = mend

    @property
    def message(self) -> str:
        return self.found + self.mend

    def __str__(self) -> str:
        return self.message


class PictureRefused(FileRefused):
    """Not a picture that can be decoded safely and handed over."""


class PagesRefused(FileRefused):
    """A PDF or HEIC file that cannot be turned into pictures."""


class ScanRefused(FileRefused):
    """Found by the virus scanner, or not scanned because the scanner did not answer."""


class StoreRefused(FileRefused):
    """Sound, and yet not stored: the disk is full or cannot be written."""


def readable_size(size: int) -> str:
    """A size in bytes as people say it: 812 KB, 1.3 MB (1 MB is 1,048,576 bytes)."""
    if size < 1024:
        return f"{size}字节"
    if size < 1024 * 1024:
        return f"{size // 1024} KB"
    return f"{size / 1024 / 1024:.1f} MB"
