"""Numbers taken from a picture's pixels, without a judgement on them.

The thresholds live with the checks. All were tried on drawn pictures, so what they decide alone
is kept to what is beyond doubt.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

Pixels = npt.NDArray[np.float32]

# Luminance this far below the ground counts as ink.
INK_DEPTH = 60
SHADE_DEPTH = 25


@dataclass(frozen=True)
class Background:
    """The strips beside and above a portrait, where only the wall shows.

    Shares are 0–1; `level` is the median of each pixel's darkest channel, 0–255; `colour` the
    mean RGB; `roughness` the mean step between neighbours, in levels, at 256 pixels of height.
    """

    white_share: float
    near_share: float
    level: float
    colour: tuple[int, int, int]
    roughness: float


@dataclass(frozen=True)
class Ink:
    """A signature's strokes. `box` is (left, top, right, bottom) in pixels, None without ink."""

    ground: float
    tint: float
    share: float
    level: float
    shade_share: float
    touching: int
    box: tuple[int, int, int, int] | None


def measure_background(image: Image.Image) -> Background:
    """The top 5 % and the upper 55 % of both sides: lower down there are shoulders."""
    pixels = _rgb(_within(image, 256))
    height, width = pixels.shape[:2]
    margin_x, margin_y = max(2, round(width * 0.05)), max(2, round(height * 0.05))
    upper = round(height * 0.55)
    strips = (
        pixels[:margin_y],
        pixels[margin_y:upper, :margin_x],
        pixels[margin_y:upper, -margin_x:],
    )
    border = np.concatenate([strip.reshape(-1, 3) for strip in strips])
    darkest = border.min(axis=1)
    spread = border.max(axis=1) - darkest
    steps = np.concatenate(
        [
            np.abs(np.diff(strip.mean(axis=2), axis=axis)).ravel()
            for strip in strips
            for axis in (0, 1)
        ]
    )
    red, green, blue = (round(float(value)) for value in border.mean(axis=0))
    return Background(
        white_share=float(((darkest >= 235) & (spread <= 14)).mean()),
        near_share=float(((darkest >= 190) & (spread <= 26)).mean()),
        level=float(np.median(darkest)),
        colour=(red, green, blue),
        roughness=float(steps.mean()),
    )


def colourfulness(image: Image.Image) -> float:
    """Hasler and Süsstrunk's measure: 0 for greys, about 40 for a portrait in colour."""
    pixels = _rgb(_within(image, 256))
    red_green = pixels[..., 0] - pixels[..., 1]
    yellow_blue = (pixels[..., 0] + pixels[..., 1]) / 2 - pixels[..., 2]
    deviation = np.hypot(red_green.std(), yellow_blue.std())
    return float(deviation + 0.3 * np.hypot(red_green.mean(), yellow_blue.mean()))


def sharpness(image: Image.Image, longest: int = 800) -> float:
    """Variance of the Laplacian: some hundreds when sharp, near 1 when blurred."""
    grey = _grey(_within(image, longest))
    if min(grey.shape) < 3:
        return 0.0
    laplacian = (
        4 * grey[1:-1, 1:-1] - grey[:-2, 1:-1] - grey[2:, 1:-1] - grey[1:-1, :-2] - grey[1:-1, 2:]
    )
    return float(laplacian.var())


def contrast(image: Image.Image) -> float:
    """Standard deviation of luminance: 0 for one flat colour."""
    return float(_grey(_within(image, 256)).std())


def centre_difference(image: Image.Image) -> float:
    """Share of the middle (half of each side) that is not the colour of white paper."""
    pixels = _rgb(_within(image, 256))
    height, width = pixels.shape[:2]
    middle = pixels[height // 4 : height - height // 4, width // 4 : width - width // 4]
    return float((middle.min(axis=2) < 200).mean())


def has_grey_foot(image: Image.Image) -> bool:
    """The last row is all middle grey: what a decoder paints where a JPEG's data ran out."""
    foot = _rgb(image.crop((0, image.height - 1, image.width, image.height)))
    return bool((np.abs(foot - 128) <= 1).all()) and contrast(image) > 1


def measure_ink(image: Image.Image) -> Ink:
    """Ground from the median of the outermost pixels, ink from what is much darker."""
    pixels = _rgb(image)
    grey = _grey(image)
    ring = np.ones(grey.shape, dtype=bool)
    # Wide enough that a scanned frame line is a small part of it.
    ring[12:-12, 12:-12] = False
    ground = float(np.median(grey[ring]))
    ground_colour = np.median(pixels[ring], axis=0)
    ink = grey < ground - INK_DEPTH
    shade = (grey < ground - SHADE_DEPTH) & ~ink
    edge = np.ones(grey.shape, dtype=bool)
    edge[2:-2, 2:-2] = False
    rows, columns = np.nonzero(ink)
    return Ink(
        ground=ground,
        tint=float(ground_colour.max() - ground_colour.min()),
        share=float(ink.mean()),
        level=float(np.median(grey[ink])) if rows.size else ground,
        shade_share=float(shade.mean()),
        touching=int((ink & edge).sum()),
        box=(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)
        if rows.size
        else None,
    )


def _within(image: Image.Image, longest: int) -> Image.Image:
    ratio = longest / max(image.size)
    if ratio >= 1:
        return image
    size = (max(1, round(image.width * ratio)), max(1, round(image.height * ratio)))
    return image.resize(size, Image.Resampling.BOX)


def _rgb(image: Image.Image) -> Pixels:
    return np.asarray(image.convert("RGB"), dtype=np.float32)


def _grey(image: Image.Image) -> Pixels:
    return np.asarray(image.convert("L"), dtype=np.float32)
