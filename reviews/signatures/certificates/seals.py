"""Pictures of official seals, prepared for printing over an opinion.

It is cut to its ink, brought to the size at which it is printed, and made transparent where its
paper was white: a seal is stamped over words and must not hide them. Few shades keep the table
with five seals small; what a scanner adds of noise is not part of a seal.
"""

import io
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

# As cell.css prints it at most: 34 × 31 mm, at 300 dpi.
LARGEST: Final = (402, 366)
# Below this share of ink it is paper: what a scanner takes for white.
PAPER: Final = 0.15
# A seal is lines and characters; a photograph or a coloured ground covers more of its rectangle.
MOST_COVERED: Final = 0.7
# Shades and colours to print it with, the most first, until it takes no more than so many bytes.
STEPS: Final = ((7, 4), (5, 2), (3, 1), (1, 1))
MOST_BYTES: Final = 20_000

Pixels = npt.NDArray[np.float64]


class SealUnfit(Exception):
    """The picture cannot be a seal over an opinion; the sentence says why and what to do."""


def prepared(image: Image.Image) -> bytes:
    """`image` on white (files.pictures) as a small PNG with transparency. Raises SealUnfit."""
    ink = _ink_of(np.asarray(image.convert("RGB")) / 255)
    rows, columns = (np.flatnonzero(ink.any(axis=axis)) for axis in (1, 0))
    if not rows.size:
        raise SealUnfit("图片是空白的，看不到印章。请换一张。")
    if (ink > PAPER).mean() > MOST_COVERED:
        raise SealUnfit("图片的底色不是白色或透明，会盖住意见的文字。请去掉底色，只留印章。")
    edges = (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    seal = image.convert("RGB").crop(edges)
    seal.thumbnail(LARGEST, Image.Resampling.LANCZOS)
    shades = np.asarray(seal) / 255
    for steps, colours in STEPS:
        png = _as_png(shades, steps, colours)
        if len(png) <= MOST_BYTES:
            return png
    raise SealUnfit("图片太杂，印到表上会使文件过大。请换一张清楚的，只留印章。")


def _ink_of(shades: Pixels) -> Pixels:
    """How much ink is at each pixel, from 0 to 1; paper has none."""
    ink: Pixels = 1 - shades.min(axis=2)
    return np.where(ink < PAPER, 0, ink)


def _as_png(shades: Pixels, steps: int, colours: int) -> bytes:
    """PNG that looks the same on white paper and is transparent elsewhere."""
    ink = np.round(_ink_of(shades) * steps) / steps
    is_inked = ink > 0
    colour = np.ones_like(shades)
    colour[is_inked] = (1 - (1 - shades[is_inked]) / ink[is_inked, np.newaxis]).clip(0, 1)
    # Where nothing shows, the commonest colour costs least.
    colour[~is_inked] = np.median(colour[is_inked], axis=0)
    seal = Image.fromarray((colour * 255).astype(np.uint8)).quantize(colours).convert("RGB")
    seal.putalpha(Image.fromarray((ink * 255).astype(np.uint8)))
    target = io.BytesIO()
    seal.save(target, "PNG", optimize=True)
    return target.getvalue()
