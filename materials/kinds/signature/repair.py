"""The repair of a signature: white ground, dark ink, the strokes in the middle."""

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from files.encoding import to_jpeg
from files.pictures import Picture
from materials.kinds.signature.check import MOST_COLOURED, PIXELS
from materials.measures import INK_CHROMA
from materials.rules.repair import Box, CannotRepair

MARGIN = 28
# Shares of the paper's own brightness: above the first is paper, below the second ink.
PAPER, INK = 0.86, 0.74
LEAST_INK_PIXELS = 150

Grey = npt.NDArray[np.float32]


def redraw_signature(picture: Picture, _face: Box | None) -> bytes:
    """550×280: the ground made white, the ink kept dark, the strokes in the middle."""
    shares = _shares_of_paper(picture.image.convert("L"))
    ink = shares < INK
    box = _box_of(ink)
    if box is None or int(ink.sum()) < LEAST_INK_PIXELS:
        raise CannotRepair(
            "没有在图片里找到签名的笔迹。请确认选对了文件，用黑色中粗笔签名后再拍照或扫描。"
        )
    if _is_coloured(picture.image.convert("RGB"), ink):
        raise CannotRepair(
            "图片里有红色或其他颜色的笔迹、印章，变成黑色就看不出来了，没有裁剪。"
            "请用黑色笔在白纸上签名，不要盖章。"
        )
    darkest = float(np.percentile(shares[ink], 40))
    levels = np.clip((shares - darkest) / (PAPER - darkest), 0, 1) * 255
    strokes = Image.fromarray(levels.astype(np.uint8)).crop(box)
    width, height = PIXELS
    room = (width - 2 * MARGIN, height - 2 * MARGIN)
    ratio = min(room[0] / strokes.width, room[1] / strokes.height)
    fitted = (max(1, round(strokes.width * ratio)), max(1, round(strokes.height * ratio)))
    strokes = strokes.resize(fitted, Image.Resampling.LANCZOS)
    sheet = Image.new("L", (width, height), 255)
    sheet.paste(strokes, ((width - fitted[0]) // 2, (height - fitted[1]) // 2))
    return to_jpeg(sheet)


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
