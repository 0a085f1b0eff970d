"""Names written by hand, as far as a typeface and a little unrest can write."""

import random

from PIL import Image, ImageChops, ImageDraw

from materials.samples.fonts import HAND, font

SIZE = (550, 280)
SCALE = 3
MARGIN = 46


def draw_signature(name: str, seed: int) -> Image.Image:
    """Black on white, 550×280 RGB, with room on all sides."""
    chance = random.Random(f"{seed}{name}")  # noqa: S311 - drawing, not secrecy
    height = 190 * SCALE
    face = font(HAND, height)
    sheet = Image.new("L", (len(name) * height + height, height * 2), 0)
    x = height // 4
    for character in name:
        glyph = Image.new("L", (height * 2, height * 2), 0)
        ImageDraw.Draw(glyph).text((height // 2, height // 3), character, font=face, fill=255)
        glyph = glyph.rotate(chance.uniform(-7, 5), Image.Resampling.BICUBIC)
        place = (x - height // 2, round(chance.uniform(-0.06, 0.06) * height))
        moved = Image.new("L", sheet.size, 0)
        moved.paste(glyph, place)
        sheet = ImageChops.lighter(sheet, moved)
        x += round(height * chance.uniform(0.78, 0.86))
    slant = chance.uniform(0.10, 0.20)
    sheet = sheet.transform(
        sheet.size,
        Image.Transform.AFFINE,
        (1, slant, -slant * height, -chance.uniform(0.02, 0.05), 1, 0),
        Image.Resampling.BICUBIC,
    )
    strokes = sheet.crop(sheet.getbbox())
    room = (SIZE[0] - 2 * MARGIN, SIZE[1] - 2 * MARGIN)
    strokes.thumbnail(room, Image.Resampling.LANCZOS)
    paper = Image.new("RGB", SIZE, (254, 254, 254))
    corner = ((SIZE[0] - strokes.width) // 2, (SIZE[1] - strokes.height) // 2)
    paper.paste((22, 22, 26), corner, strokes)
    return paper
