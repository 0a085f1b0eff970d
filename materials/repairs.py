"""Mends a photo, a signature or a passport scan as Annex 3 asks: by cropping and shrinking alone.

What is on the picture is never painted over: a background that is not white stays so, and is
refused like any other. A proposal goes through the same checks as an upload.
"""

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from files.encoding import TooLarge, to_jpeg
from files.pictures import Picture, read_picture
from materials.catalogue import get
from materials.checks.measures import INK_CHROMA
from materials.checks.signature import MOST_COLOURED

PHOTO, SIGNATURE, PASSPORT = 8, 9, 10
MENDED = (PHOTO, SIGNATURE, PASSPORT)
# What a crop, a whitened ground or a lower quality can set right.
MENDABLE: dict[int, frozenset[str]] = {
    PHOTO: frozenset({"wrong_size", "not_jpeg"}),
    SIGNATURE: frozenset(
        {"wrong_size", "not_jpeg", "ground_not_white", "ground_ruled", "touches_edge", "ink_pale"}
    ),
    PASSPORT: frozenset({"over_1_mb", "not_jpeg"}),
}
LONGEST_READ = {PHOTO: 2400, SIGNATURE: 1800, PASSPORT: 3200}

# A crop of fewer pixels across would have to be blown up until it blurs.
LEAST_PHOTO_WIDTH = 400
# The detector's frame around a face takes up about half the width of a good portrait, and its
# middle lies somewhat above the portrait's.
FACE_SHARE, FACE_HEIGHT = 0.5, 0.45
LARGE_FACE = 0.38
# Without a face: what differs from the wall is the person, whose head has this room above it.
ROOM_ABOVE = 0.09

SIGNATURE_MARGIN = 28
# Shares of the paper's own brightness: above the first is paper, below the second ink.
PAPER, INK = 0.86, 0.74
LEAST_INK_PIXELS = 150

# Below this many pixels across the zone of a scan gets hard to read.
PASSPORT_WIDTHS = (3200, 2600, 2100, 1600)

Box = tuple[int, int, int, int]  # left, top, right, bottom, in pixels
Grey = npt.NDArray[np.float32]


class CannotMend(Exception):
    """Why no proposal can be made, in a sentence for the sender."""


def mend(number: int, data: bytes, *, face: Box | None = None) -> bytes:
    """A JPEG that keeps to the measures of material 8, 9 or 10.

    `face` is where a face was found, in pixels of `read_for_mending(number, data)`. Raises
    CannotMend, and files.pictures.PictureRefused for what cannot be decoded safely.
    """
    picture = read_for_mending(number, data)
    if number == PHOTO:
        return mend_photo(picture, face)
    if number == SIGNATURE:
        return mend_signature(picture)
    return mend_passport(picture)


def read_for_mending(number: int, data: bytes) -> Picture:
    return read_picture(data, max_bytes=len(data), longest=LONGEST_READ[number])


def mend_photo(picture: Picture, face: Box | None = None) -> bytes:
    """550×733, around the face where one was found; the day it was taken stays noted."""
    size = _measures(PHOTO)
    image = picture.image.convert("RGB")
    box = _around_face(image.size, face) if face else _around_person(image)
    # In pixels of the original: the picture may have been shrunk while it was read.
    across = (box[2] - box[0]) * picture.width / image.width
    if across < LEAST_PHOTO_WIDTH:
        raise CannotMend(
            f"原图太小，裁剪后只有约{across:.0f}像素宽，放大到{size[0]}像素会模糊。"
            "请上传更大的原图，例如相机或手机直接拍的照片。"
        )
    cropped = image.resize(size, Image.Resampling.LANCZOS, box=box)
    return to_jpeg(cropped, taken_on=picture.taken_on)


def mend_signature(picture: Picture) -> bytes:
    """550×280: the ground made white, the ink kept dark, the strokes in the middle."""
    shares = _shares_of_paper(picture.image.convert("L"))
    ink = shares < INK
    box = _box_of(ink)
    if box is None or int(ink.sum()) < LEAST_INK_PIXELS:
        raise CannotMend(
            "没有在图片里找到签名的笔迹。请确认选对了文件，用黑色中粗笔签名后再拍照或扫描。"
        )
    if _is_coloured(picture.image.convert("RGB"), ink):
        raise CannotMend(
            "图片里有红色或其他颜色的笔迹、印章，变成黑色就看不出来了，没有裁剪。"
            "请用黑色笔在白纸上签名，不要盖章。"
        )
    darkest = float(np.percentile(shares[ink], 40))
    levels = np.clip((shares - darkest) / (PAPER - darkest), 0, 1) * 255
    strokes = Image.fromarray(levels.astype(np.uint8)).crop(box)
    width, height = _measures(SIGNATURE)
    room = (width - 2 * SIGNATURE_MARGIN, height - 2 * SIGNATURE_MARGIN)
    ratio = min(room[0] / strokes.width, room[1] / strokes.height)
    fitted = (max(1, round(strokes.width * ratio)), max(1, round(strokes.height * ratio)))
    strokes = strokes.resize(fitted, Image.Resampling.LANCZOS)
    sheet = Image.new("L", (width, height), 255)
    sheet.paste(strokes, ((width - fitted[0]) // 2, (height - fitted[1]) // 2))
    return to_jpeg(sheet)


def mend_passport(picture: Picture) -> bytes:
    """Under 1 MB, at the most pixels and the best quality that allow it, in colour."""
    limit = get(PASSPORT).below_bytes
    for width in PASSPORT_WIDTHS:
        image = picture.image
        if image.width > width:
            height = max(1, round(image.height * width / image.width))
            image = image.resize((width, height), Image.Resampling.LANCZOS)
        try:
            return to_jpeg(image, below=limit, taken_on=picture.taken_on)
        except TooLarge:
            continue
    raise CannotMend("这张图片缩小后仍超过1 MB。请用300 dpi重新扫描护照首页。")


def _measures(number: int) -> tuple[int, int]:
    pixels = get(number).pixels
    assert pixels is not None  # noqa: S101 - Annex 3 prescribes them for photo and signature
    return pixels


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
    down = round(across * 733 / 550)
    person = _person(image)
    if person is None:
        return _placed(image.size, across, middle=image.width / 2, face_at=down * FACE_HEIGHT)
    top = max(0, round(person[1] - ROOM_ABOVE * down))
    middle = (person[0] + person[2]) / 2
    return _placed(image.size, across, middle=middle, face_at=top + down * FACE_HEIGHT)


def _largest(size: tuple[int, int]) -> int:
    """The width of the largest crop of the portrait's ratio."""
    wide, high = _measures(PHOTO)
    return min(size[0], int(size[1] * wide / high))


def _placed(size: tuple[int, int], across: int, *, middle: float, face_at: float) -> Box:
    wide, high = _measures(PHOTO)
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


def _shares_of_paper(grey: Image.Image) -> Grey:
    """Each pixel's brightness as a share of the paper around it, so that shadows fall away."""
    small = grey.resize((max(1, grey.width // 8), max(1, grey.height // 8)), Image.Resampling.BOX)
    reach = max(3, min(small.size) // 8 | 1)
    paper = small.filter(ImageFilter.MaxFilter(reach)).filter(ImageFilter.GaussianBlur(reach / 2))
    ground = np.asarray(paper.resize(grey.size, Image.Resampling.BILINEAR), dtype=np.float32)
    calm = np.asarray(grey.filter(ImageFilter.GaussianBlur(0.7)), dtype=np.float32)
    return (calm / np.maximum(ground, 1)).astype(np.float32)


def _is_coloured(image: Image.Image, ink: npt.NDArray[np.bool_]) -> bool:
    """What the check would refuse of the original: made black, a seal would pass for strokes."""
    strokes = np.asarray(image, dtype=np.float32)[ink]
    coloured = strokes[strokes.max(axis=1) - strokes.min(axis=1) > INK_CHROMA]
    if len(coloured) <= MOST_COLOURED * len(strokes):
        return False
    red, _, blue = coloured.mean(axis=0)
    return bool(red >= blue)


def _box_of(ink: npt.NDArray[np.bool_]) -> Box | None:
    """Where the strokes are; single specks of dust do not count."""
    marks = Image.fromarray(ink.astype(np.uint8) * 255).filter(ImageFilter.MedianFilter(5))
    return marks.getbbox()
