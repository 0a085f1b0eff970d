"""Questions about a picture that hardly shows an official seal; whoever registers it decides.

Official seals are round or oval with a closed rim, and stamped in red.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from reviews.signatures.certificates.seals import PAPER

# Pixels across; a seal is printed 34 mm wide, which 300 dpi make 402.
LEAST_ACROSS: Final = 240
LONGEST_TO_SHORTEST: Final = 1.7
# Of the ink.
LEAST_RED: Final = 0.6
# Of what the rim goes through, in sectors of five degrees.
LEAST_RIM: Final = 0.7
SECTORS: Final = 72
# Of the ink, outside of the ellipse.
MOST_IN_CORNERS: Final = 0.04
# Of the picture: a seal alone is lines and characters.
MOST_INK: Final = 0.45
WORKED_AT: Final = 400

Shares = npt.NDArray[np.float64]


def doubts_of_seal(image: Image.Image) -> list[str]:
    """What speaks against a seal in `image` (on white, files.pictures), one question each."""
    small = image.convert("RGB")
    small.thumbnail((WORKED_AT, WORKED_AT))
    shades = np.asarray(small) / 255
    is_ink = 1 - shades.min(axis=2) > PAPER
    if not is_ink.any():
        return []
    rows, columns = (np.flatnonzero(is_ink.any(axis=axis)) for axis in (1, 0))
    part = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    found = [
        *_size_doubt(is_ink[part].shape, max(image.size) / max(small.size)),
        *_shape_doubt(is_ink[part]),
    ]
    red = shades[..., 0] - shades[..., 1:].max(axis=2) > PAPER
    if red[is_ink].mean() < LEAST_RED:
        found.append("颜色大多不是红色。公章是红色的，请核对是不是印章的彩色图片。")
    if is_ink.mean() > MOST_INK:
        found.append("图片里不只有印章，像一张照片或整页纸。请裁剪到只留印章，底色去成白色或透明。")
    return found


def _size_doubt(shape: tuple[int, ...], scale: float) -> list[str]:
    across = round(min(shape) * scale)
    if across >= LEAST_ACROSS:
        return []
    return [f"印章只有{across}像素宽，印到表上会模糊。最好不少于{LEAST_ACROSS}像素。"]


def _shape_doubt(is_ink: npt.NDArray[np.bool_]) -> list[str]:
    is_long = max(is_ink.shape) > LONGEST_TO_SHORTEST * min(is_ink.shape)
    if not is_long and _has_rim(is_ink):
        return []
    return ["看不出圆形或椭圆形的边框。公章一般是圆的，请核对是不是完整的印章。"]


def _has_rim(is_ink: npt.NDArray[np.bool_]) -> bool:
    """Whether the ink goes round the ellipse that the picture encloses, and leaves its corners."""
    down, across = (side / 2 for side in is_ink.shape)
    rows, columns = np.nonzero(is_ink)
    right, below = (columns + 0.5 - across) / across, (rows + 0.5 - down) / down
    distance = np.hypot(right, below)
    near = (distance > 0.86) & (distance < 1.04)
    sectors = ((np.arctan2(below, right) + np.pi) / (2 * np.pi) * SECTORS).astype(int) % SECTORS
    is_round = len(np.unique(sectors[near])) >= LEAST_RIM * SECTORS
    return bool(is_round and (distance > 1.06).mean() <= MOST_IN_CORNERS)
