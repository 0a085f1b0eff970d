"""Pictures that people give beside a form: looked at before anything is written, then kept."""

from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from accounts.models import User
from core.uploads import FilesField
from enterprises.models import Enterprise
from enterprises.quota import require_room
from files.judging import judge_each
from files.models import Page
from files.services import Cleared, clear_picture, write

MOST_FILES = 6
MOST_PAGES = 12
# For the browser's file picker; what arrives is judged by its content all the same.
PICKED = "image/*,.heic,.heif,application/pdf"


class PicturesRefused(Exception):
    """Nothing was kept; the sentences say which file, why and what to do."""


class PicturesField(FilesField):
    """Some pictures or a PDF beside a form's other fields, which may be left out."""

    def __init__(self, *, label: str, help_text: str = "", required: bool = False) -> None:
        words = help_text or "JPG、PNG、HEIC或PDF，可以不传，手机上可以直接拍照。"
        super().__init__(most=MOST_FILES, label=label, help_text=words, required=required)
        self.widget.attrs["accept"] = PICKED

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[bytes]]":
        if not data and not self.required:
            return []
        return super().clean(data, initial)


def read_pictures(uploads: "Sequence[UploadedFile[bytes]]") -> list[Cleared]:
    """Each page of each file, looked at and not yet written. Raises PicturesRefused."""
    cleared: list[Cleared] = []

    def take(data: bytes, name: str) -> list[str]:
        cleared.append(clear_picture(data, name=name))
        return []

    problems = [
        f"“{one.name}”：{problem}" for one in judge_each(uploads, take) for problem in one.problems
    ]
    if problems:
        raise PicturesRefused("".join(problems))
    if len(cleared) > MOST_PAGES:
        raise PicturesRefused(f"一共{len(cleared)}页，一次最多{MOST_PAGES}页，请分次上传。")
    return cleared


def keep_pictures(
    pictures: Sequence[Cleared],
    model: type[Page],
    *,
    enterprise: Enterprise,
    by: User,
    **owner: object,
) -> int:
    """Write them as pages of their owner. What agents give counts against their room.

    Raises materials.stack.PageRefused, and a files.refusals.FileRefused.
    """
    if by.is_agent:
        require_room(enterprise, sum(len(picture.data) for picture in pictures))
    there = model._default_manager.filter(**owner).count()
    for position, picture in enumerate(pictures, start=there + 1):
        model._default_manager.create(file=write(picture, by=by), position=position, **owner)
    return len(pictures)
