"""Numbers taken from a picture's pixels, without a judgement on them.

How much of each is enough stands with the checks: `kinds/photo/check.py`,
`kinds/signature/check.py`.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

Pixels = npt.NDArray[np.float32]

# A white pixel, and one that is nearly white: its darkest channel is at least so bright, and its
# channels lie no further apart. Off-white walls of (245, 243, 240) are white by this.
WHITE_LEVEL, WHITE_SPREAD = 235, 14
NEAR_WHITE_LEVEL, NEAR_WHITE_SPREAD = 190, 26
# Luminance this far below the paper around it counts as ink.
INK_DEPTH = 60
SHADE_DEPTH = 25
# How far a colour's highest and lowest channel lie apart.
INK_CHROMA = 60
# A ruled line stands out of the rows above and below it by so much, in each of ten strips.
LINE_DEPTH = 8
LINE_STRIPS = 10
LINE_DRIFT = 4
FRAME = 6
# Ink that is followed inwards from the edge: a stroke fills more pixels than a speck of dust.
STROKE_DEPTH = 12
STROKE_PIXELS = 24


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
    """A signature's strokes and the paper under them.

    `ground` is the brightness of the outermost pixels, `darkest_ground` that of the paper where a
    shadow lies on it, `tint` how coloured it is; `is_ruled` where a line runs from edge to edge.
    `share` is what is darker than the paper around it, `dark_share` what is darker than the
    ground; `coloured` the share of the ink that is red or blue, `hue` the mean RGB of that.
    `touching` counts pixels of strokes that begin at the edge. `box` is (left, top, right, bottom)
    in pixels, None without ink.
    """

    ground: float
    darkest_ground: float
    tint: float
    is_ruled: bool
    share: float
    dark_share: float
    level: float
    dark_level: float
    shade_share: float
    coloured: float
    hue: tuple[int, int, int]
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
        white_share=float(((darkest >= WHITE_LEVEL) & (spread <= WHITE_SPREAD)).mean()),
        near_share=float(((darkest >= NEAR_WHITE_LEVEL) & (spread <= NEAR_WHITE_SPREAD)).mean()),
        level=float(np.median(darkest)),
        colour=(red, green, blue),
        roughness=float(steps.mean()),
    )


def colour_spread(image: Image.Image) -> float:
    """How much the hues differ, in percent: 0 for greys, in whatever light they were taken."""
    pixels = _rgb(_within(image, 256))
    total = pixels.sum(axis=2)
    lit = total > 90  # the hue of what is nearly black is noise
    if not lit.any():
        return 0.0
    shares = pixels[lit] / total[lit][:, None]
    return float(100 * np.hypot(shares[:, 0].std(), shares[:, 2].std()))


def sharpness(image: Image.Image, longest: int) -> float:
    """Variance of the Laplacian: some hundreds when sharp, near 1 when blurred.

    Measured on a picture of `longest` pixels after a median filter, since the noise of a dark
    picture would pass for detail.
    """
    grey = _grey(_within(image.convert("L"), longest).filter(ImageFilter.MedianFilter(3)))
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
    """Ink is what is much darker than the paper around it, so that a shadow is not taken for it."""
    pixels, grey, paper = _rgb(image), _grey(image), _paper(image)
    ring = np.ones(grey.shape, dtype=bool)
    # Wide enough that a scanned frame line is a small part of it.
    ring[12:-12, 12:-12] = False
    ground = float(np.median(grey[ring]))
    ground_colour = np.median(pixels[ring], axis=0)
    ink = grey < paper - INK_DEPTH
    dark = grey < ground - INK_DEPTH
    shade = (grey < ground - SHADE_DEPTH) & ~ink
    coloured = ink & (pixels.max(axis=2) - pixels.min(axis=2) > INK_CHROMA)
    red, green, blue = (
        (round(float(v)) for v in pixels[coloured].mean(axis=0)) if coloured.any() else (0, 0, 0)
    )
    has_ink = bool(ink.any())
    return Ink(
        ground=ground,
        darkest_ground=float(np.percentile(paper, 3)),
        tint=float(ground_colour.max() - ground_colour.min()),
        is_ruled=_is_ruled(grey),
        share=float(ink.mean()),
        dark_share=float(dark.mean()),
        level=float(np.median(grey[ink])) if has_ink else ground,
        dark_level=float(np.median(grey[dark])) if dark.any() else ground,
        shade_share=float(shade.mean()),
        coloured=float(coloured.sum() / max(1, ink.sum())),
        hue=(red, green, blue),
        touching=_touching(ink),
        box=_without_specks(ink).getbbox(),
    )


def _without_specks(ink: npt.NDArray[np.bool_]) -> Image.Image:
    inner = np.zeros(ink.shape, dtype=np.uint8)
    # At the very edge the filter repeats what is there; `_touching` has seen to that.
    inner[2:-2, 2:-2] = ink[2:-2, 2:-2] * 255
    return Image.fromarray(inner).filter(ImageFilter.MedianFilter(3))


def _paper(image: Image.Image) -> Pixels:
    """The paper's brightness at each pixel: the brightest nearby, where strokes are thin."""
    grey = image.convert("L")
    small = grey.resize((max(1, grey.width // 8), max(1, grey.height // 8)), Image.Resampling.BOX)
    reach = max(3, min(small.size) // 4 | 1)
    paper = small.filter(ImageFilter.MaxFilter(reach)).filter(ImageFilter.GaussianBlur(reach / 2))
    return _grey(paper.resize(grey.size, Image.Resampling.BILINEAR))


def _is_ruled(grey: Pixels) -> bool:
    """Whether a thin line runs from the left edge to the right, level within some two degrees.

    Strokes that came as far would touch both edges. The median of neighbouring rows tells a line
    from a shadow; in one strip of ten a stroke may lie over it.
    """
    found: list[set[int]] = []
    for strip in np.array_split(grey, LINE_STRIPS, axis=1):
        rows = np.percentile(strip, 70, axis=1)
        calm = np.asarray(
            [np.median(rows[max(0, row - 10) : row + 11]) for row in range(len(rows))]
        )
        lines = np.nonzero(rows < calm - LINE_DEPTH)[0]
        found.append({int(row) for row in lines if FRAME <= row < len(rows) - FRAME})
    reached = [(row, 0) for row in found[0]]
    for here in found[1:-1]:
        reached = [
            *((row, missed) for row in here for last, missed in reached if _is_near(row, last)),
            *((last, 1) for last, missed in reached if not missed),
        ]
        reached = list(set(reached))
    return any(_is_near(row, last) for row in found[-1] for last, _ in reached)


def _is_near(row: int, other: int) -> bool:
    return abs(row - other) <= LINE_DRIFT


def _touching(ink: npt.NDArray[np.bool_]) -> int:
    """Pixels of ink that hang together with the outermost two rows or columns; 0 for specks."""
    edge = np.ones(ink.shape, dtype=bool)
    edge[2:-2, 2:-2] = False
    reached = ink & edge
    for _ in range(STROKE_DEPTH):
        grown = np.pad(reached, 1)
        near = grown[1:-1, 1:-1] | grown[:-2, 1:-1] | grown[2:, 1:-1]
        grown = np.pad(near, 1)
        reached = (grown[1:-1, 1:-1] | grown[1:-1, :-2] | grown[1:-1, 2:]) & ink
    count = int(reached.sum())
    return count if count >= STROKE_PIXELS else 0


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
