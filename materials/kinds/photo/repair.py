"""The repair of a portrait: a crop of the prescribed ratio around the head."""

import numpy as np
from PIL import Image

from files.encoding import to_jpeg
from files.pictures import Picture
from materials.kinds.photo.check import PIXELS
from materials.rules.repair import Box, CannotRepair

# A crop of fewer pixels across would have to be blown up until it blurs.
LEAST_WIDTH = 400
# The detector's frame around a face takes up about half the width of a good portrait, and its
# middle lies somewhat above the portrait's.
FACE_SHARE, FACE_HEIGHT = 0.5, 0.45
LARGE_FACE = 0.38
# Without a face: what differs from the wall is the person, whose head has this room above it.
ROOM_ABOVE = 0.09


def crop_photo(picture: Picture, face: Box | None) -> bytes:
    """550×733, around the face where one was found; the day it was taken stays noted."""
    image = picture.image.convert("RGB")
    box = _around_face(image.size, face) if face else _around_person(image)
    # In pixels of the original: the picture may have been shrunk while it was read.
    across = (box[2] - box[0]) * picture.width / image.width
    if across < LEAST_WIDTH:
        raise CannotRepair(
            f"原图太小，裁剪后只有约{across:.0f}像素宽，放大到{PIXELS[0]}像素会模糊。"
            "请上传更大的原图，例如相机或手机直接拍的照片。"
        )
    cropped = image.resize(PIXELS, Image.Resampling.LANCZOS, box=box)
    return to_jpeg(cropped, taken_on=picture.taken_on)


def _around_face(size: tuple[int, int], face: Box) -> Box:
    """The crop that shows the face as a studio would; as wide as the picture where it is near."""
    left, top, right, bottom = face
    most = _largest(size)
    wide = (right - left) / FACE_SHARE
    across = most if (right - left) / size[0] > LARGE_FACE else min(most, round(wide))
    return _placed(size, across, middle=(left + right) / 2, face_at=(top + bottom) / 2)


def _around_person(image: Image.Image) -> Box:
    """The largest crop, over the middle of what is not wall, with a little room above it."""
    across = _largest(image.size)
    down = round(across * PIXELS[1] / PIXELS[0])
    person = _person(image)
    if person is None:
        return _placed(image.size, across, middle=image.width / 2, face_at=down * FACE_HEIGHT)
    top = max(0, round(person[1] - ROOM_ABOVE * down))
    middle = (person[0] + person[2]) / 2
    return _placed(image.size, across, middle=middle, face_at=top + down * FACE_HEIGHT)


def _largest(size: tuple[int, int]) -> int:
    """The width of the largest crop of the portrait's ratio."""
    wide, high = PIXELS
    return min(size[0], int(size[1] * wide / high))


def _placed(size: tuple[int, int], across: int, *, middle: float, face_at: float) -> Box:
    wide, high = PIXELS
    down = min(size[1], round(across * high / wide))
    left = round(min(max(0, middle - across / 2), size[0] - across))
    top = round(min(max(0, face_at - down * FACE_HEIGHT), size[1] - down))
    return left, top, left + across, top + down


def _person(image: Image.Image) -> Box | None:
    """What differs from the colour of the upper corners, by rows and columns in earnest."""
    small = image.resize((96, max(1, round(96 * image.height / image.width))), Image.Resampling.BOX)
    pixels = np.asarray(small, dtype=np.float32)
    corner = max(2, small.height // 12)
    wall = np.median(np.concatenate([pixels[:corner, :8], pixels[:corner, -8:]]), axis=(0, 1))
    differs = np.abs(pixels - wall).max(axis=2) > 45
    # The head alone says where the middle is: below it, arms and bags may reach aside.
    rows = np.nonzero(differs.mean(axis=1) > 0.08)[0]
    if not rows.size:
        return None
    top = int(rows[0])
    head = differs[top : top + max(4, small.height // 4)]
    columns = np.nonzero(head.mean(axis=0) > 0.3)[0]
    if not columns.size:
        return None
    scale = image.width / small.width
    left, right = float(columns[0]) * scale, float(columns[-1] + 1) * scale
    return round(left), round(top * scale), round(right), image.height
