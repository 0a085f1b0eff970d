"""Previews of seal pictures: looked at on the page, and registered with the password."""

import base64
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.core import signing

from accounts.models import Department, User

LIFE: Final = timedelta(minutes=15)
SALT: Final = "reviews.seals"


class SealStale(Exception):
    """The seal that was previewed is not at hand any more; the sentence says what to do."""


@dataclass(frozen=True)
class SealPreview:
    """A prepared picture (PNG, at most 20 KB) and what speaks against it, in sentences."""

    png: bytes
    doubts: list[str]

    def pack(self, department: Department, *, by: User) -> str:
        """A signed text that goes with the page and comes back with the password."""
        encoded = base64.b64encode(self.png).decode()
        return signing.dumps([department.code, by.pk, encoded, self.doubts], salt=SALT)


def unpack(text: str, department: Department, *, by: User) -> SealPreview:
    """The preview that `pack` made for this department and person. Raises SealStale."""
    try:
        code, by_pk, encoded, doubts = signing.loads(text, salt=SALT, max_age=LIFE)
    except (signing.BadSignature, ValueError, TypeError):
        raise SealStale("预览已过期，请重新选择印章图片。") from None
    if (code, by_pk) != (department.code, by.pk):
        raise SealStale("预览的不是这个部门的印章，请重新选择印章图片。")
    return SealPreview(base64.b64decode(encoded), doubts)
