"""All checks of a picture of 12 megapixels, beside Pillow's own decoding, and their memory."""

import io
import random

from PIL import Image

from materials.checks import check
from tests.benchmarks.hostile import MOST_MB, probe
from tests.benchmarks.table import Measure, ratio, seconds
from tests.files.hostile import NAME

ROUNDS = 15
SIZE = (4000, 3000)
WANTED_BYTES = 5_000_000
MOST = 2.5


def measure() -> list[Measure]:
    noise = photograph()
    measures = []
    for number, form, data in (
        (5, "JPG", encoded(noise)),
        (5, "渐进式JPG", encoded(noise, progressive=True)),
        (5, "PNG", as_png(noise)),
        (8, "JPG", encoded(noise)),
        (10, "JPG", encoded(noise)),
    ):
        what = f"材料{number}检查{form}"
        ours, theirs = [], []
        for _ in range(ROUNDS):
            theirs.append(seconds(lambda: Image.open(io.BytesIO(data)).load()))  # noqa: B023
            ours.append(seconds(lambda: check(number, data)))  # noqa: B023
        note = (
            f"{len(data) / 1e6:.1f} MB，{SIZE[0]}×{SIZE[1]} 像素，解码 {min(theirs) * 1000:.0f} ms"
        )
        measures.append(Measure(f"{what} ÷ Pillow 解码", ratio(ours, theirs), MOST, "倍", note))
        cost = probe(NAME, data, number)
        measures.append(Measure(f"{what}：内存最高", cost["megabytes"], MOST_MB, "MB"))
    return measures


def photograph() -> Image.Image:
    """Noise over a gradient."""
    noise = Image.effect_noise((SIZE[0] // 2, SIZE[1] // 2), 60).resize(SIZE)
    gradient = Image.linear_gradient("L").resize(SIZE)
    picture = Image.merge("RGB", (noise, gradient, Image.blend(noise, gradient, 0.5)))
    picture.putpixel((0, 0), (random.Random(1).randrange(256), 0, 0))
    return picture


def encoded(picture: Image.Image, **options: bool) -> bytes:
    """A JPEG at the quality that comes to about 5 MB."""
    data = b""
    for quality in range(30, 96, 5):
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=quality, **options)
        data = buffer.getvalue()
        if len(data) >= WANTED_BYTES:
            break
    return data


def as_png(picture: Image.Image) -> bytes:
    """Of fewer shades, so that it stays below the limit of an upload."""
    buffer = io.BytesIO()
    picture.point(lambda value: value & 0xE0).save(buffer, "PNG")
    return buffer.getvalue()
