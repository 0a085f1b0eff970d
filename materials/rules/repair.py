"""The repair of a refused picture: by cropping and shrinking alone.

What is on the picture is never painted over: a background that is not white stays so, and is
refused like any other. A proposal goes through the same checks as an upload.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from files.pictures import Picture, read_picture

Box = tuple[int, int, int, int]  # left, top, right, bottom, in pixels


class CannotRepair(Exception):
    """Why no proposal can be made, in a sentence for the sender."""


@dataclass(frozen=True)
class RepairRule:
    """`codes` are the problems that it can set right, `script` the name of the same repair in the
    browser, `longest` the longer side in pixels to which a picture is shrunk while it is read.
    """

    script: Literal["photo", "signature", "passport"]
    codes: frozenset[str]
    longest: int
    make: Callable[[Picture, Box | None], bytes]
    wants_face: bool = False

    def read(self, data: bytes) -> Picture:
        """Raises files.pictures.PictureRefused for what cannot be decoded safely."""
        return read_picture(data, max_bytes=len(data), longest=self.longest)

    def apply(self, data: bytes, *, face: Box | None = None) -> bytes:
        """A JPEG that keeps to the measures of the material.

        `face` is where a face was found, in pixels of `read(data)`. Raises CannotRepair, and
        files.pictures.PictureRefused.
        """
        return self.make(self.read(data), face)
