"""All checks of a picture of 5 MB, beside Pillow's own decoding of it."""

import io
import random

from PIL import Image

from applications.checks import check
from tests.benchmarks.table import Measure, ratio, seconds

ROUNDS = 15
SIZE = (4000, 3000)
WANTED_BYTES = 5_000_000


def measure() -> list[Measure]:
    data = photograph()
    ours, theirs = [], []
    for _ in range(ROUNDS):
        theirs.append(seconds(lambda: Image.open(io.BytesIO(data)).load()))
        ours.append(seconds(lambda: check(5, data)))
    note = f"{len(data) / 1e6:.1f} MB，{SIZE[0]}×{SIZE[1]} 像素，解码 {min(theirs) * 1000:.0f} ms"
    return [Measure("上传检查 ÷ Pillow 解码", ratio(ours, theirs), 2.5, "倍", note)]


def photograph() -> bytes:
    """A JPEG of noise over a gradient, at the quality that comes to about 5 MB."""
    noise = Image.effect_noise((SIZE[0] // 2, SIZE[1] // 2), 60).resize(SIZE)
    gradient = Image.linear_gradient("L").resize(SIZE)
    picture = Image.merge("RGB", (noise, gradient, Image.blend(noise, gradient, 0.5)))
    picture.putpixel((0, 0), (random.Random(1).randrange(256), 0, 0))
    data = b""
    for quality in range(30, 96, 5):
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=quality)
        data = buffer.getvalue()
        if len(data) >= WANTED_BYTES:
            break
    return data
