"""Drawn people on white: no photograph of anybody, and no likeness of anybody."""

import random
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFilter

SIZE = (550, 733)
# Drawn larger and shrunk, which smooths every edge.
SCALE = 3

# The part of the drawing that a portrait of this ratio shows: head and shoulders.
FRAME = (30, 80, 520, 733)

Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]

SKINS: tuple[Colour, ...] = ((244, 208, 178), (236, 194, 160), (226, 180, 145), (248, 216, 190))
HAIRS: tuple[Colour, ...] = ((28, 24, 24), (44, 34, 30), (58, 44, 36), (88, 86, 88))
JACKETS: tuple[Colour, ...] = (
    (38, 48, 74),
    (52, 54, 60),
    (30, 34, 40),
    (86, 40, 48),
    (44, 72, 70),
    (96, 84, 70),
)
TIES: tuple[Colour, ...] = ((136, 30, 40), (40, 70, 130), (96, 62, 120), (44, 100, 84))
HAIRCUTS = ("parted", "crew", "swept", "bob", "long", "bun")


@dataclass(frozen=True)
class Looks:
    """What makes one drawn person unlike another. Lengths are in pixels of the final picture."""

    skin: Colour
    hair: Colour
    jacket: Colour
    tie: Colour | None
    haircut: str
    face_width: float
    face_height: float
    brow: float
    eye_gap: float
    smile: float
    has_glasses: bool

    @classmethod
    def of(cls, seed: int) -> "Looks":
        chance = random.Random(seed * 7919 + 13)  # noqa: S311 - drawing, not secrecy
        # Neighbouring seeds take neighbouring haircuts and jackets, so that a list looks varied.
        haircut = HAIRCUTS[seed % len(HAIRCUTS)]
        wears_tie = haircut in ("parted", "crew", "swept") and seed % 4 != 2
        return cls(
            skin=chance.choice(SKINS),
            hair=HAIRS[-1] if seed % 11 == 7 else chance.choice(HAIRS[:3]),
            jacket=JACKETS[(seed + seed // 6) % len(JACKETS)],
            tie=chance.choice(TIES) if wears_tie else None,
            haircut=haircut,
            face_width=chance.uniform(196, 222),
            face_height=chance.uniform(268, 292),
            brow=chance.uniform(-3, 3),
            eye_gap=chance.uniform(45, 52),
            smile=chance.uniform(3, 10),
            has_glasses=seed % 5 == 1,
        )


def draw_portrait(seed: int) -> Image.Image:
    """An upright portrait, 550×733 RGB, the same for the same seed."""
    looks = Looks.of(seed)
    canvas = Image.new("RGB", (SIZE[0] * SCALE, SIZE[1] * SCALE), (253, 253, 253))
    pen = _Pen(canvas)
    _draw_hair_behind(pen, looks)
    _draw_body(pen, looks)
    _draw_head(pen, looks)
    _shade(canvas, looks)
    pen = _Pen(canvas)
    _draw_face(pen, looks)
    _draw_hair_in_front(pen, looks)
    if looks.has_glasses:
        _draw_glasses(pen, looks)
    left, top, right, bottom = (value * SCALE for value in FRAME)
    return canvas.crop((left, top, right, bottom)).resize(SIZE, Image.Resampling.LANCZOS)


CENTRE_X = 275.0
EYE_Y = 318.0


class _Pen:
    """ImageDraw in pixels of the final picture."""

    def __init__(self, canvas: Image.Image) -> None:
        self._draw = ImageDraw.Draw(canvas)

    def ellipse(self, box: Box, fill: Colour) -> None:
        self._draw.ellipse([value * SCALE for value in box], fill=fill)

    def polygon(self, points: list[tuple[float, float]], fill: Colour) -> None:
        self._draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=fill)

    def chord(self, box: Box, start: float, end: float, fill: Colour) -> None:
        self._draw.chord([value * SCALE for value in box], start, end, fill=fill)

    def arc(self, box: Box, start: float, end: float, fill: Colour, width: float) -> None:
        scaled = [value * SCALE for value in box]
        self._draw.arc(scaled, start, end, fill=fill, width=round(width * SCALE))

    def line(self, points: list[tuple[float, float]], fill: Colour, width: float) -> None:
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self._draw.line(scaled, fill=fill, width=round(width * SCALE), joint="curve")

    def block(self, box: Box, radius: float, fill: Colour) -> None:
        scaled = [value * SCALE for value in box]
        self._draw.rounded_rectangle(scaled, radius=radius * SCALE, fill=fill)

    def outline(self, box: Box, radius: float, colour: Colour, width: float) -> None:
        scaled = [value * SCALE for value in box]
        self._draw.rounded_rectangle(
            scaled, radius=radius * SCALE, outline=colour, width=round(width * SCALE)
        )


def _tone(colour: Colour, factor: float) -> Colour:
    red, green, blue = (max(0, min(255, round(value * factor))) for value in colour)
    return red, green, blue


def _head_box(looks: Looks, grow: float = 0) -> Box:
    half_width, half_height = looks.face_width / 2 + grow, looks.face_height / 2 + grow
    middle = EYE_Y + 8
    return (
        CENTRE_X - half_width,
        middle - half_height,
        CENTRE_X + half_width,
        middle + half_height,
    )


def _draw_hair_behind(pen: _Pen, looks: Looks) -> None:
    left, top, right, bottom = _head_box(looks, 16)
    if looks.haircut == "long":
        pen.ellipse((left - 4, top - 8, right + 4, bottom), looks.hair)
        pen.polygon(
            [(left - 4, 300), (right + 4, 300), (right + 12, 550), (left - 12, 550)], looks.hair
        )
        for x in (left + 18, right - 18):
            pen.ellipse((x - 30, 520, x + 30, 580), looks.hair)
    elif looks.haircut == "bob":
        pen.ellipse((left - 4, top - 6, right + 4, bottom - 40), looks.hair)
        pen.polygon([(left - 4, 300), (right + 4, 300), (right, 452), (left, 452)], looks.hair)
    elif looks.haircut == "bun":
        pen.ellipse((CENTRE_X - 44, top - 42, CENTRE_X + 44, top + 34), looks.hair)
    else:
        pen.chord(_head_box(looks, 12), 180, 360, looks.hair)


def _draw_body(pen: _Pen, looks: Looks) -> None:
    pen.block((CENTRE_X - 242, 566, CENTRE_X + 242, 980), 96, looks.jacket)
    slope = [(52.0, 506.0), (84.0, 532.0), (124.0, 552.0), (176.0, 570.0)]
    outline = [(CENTRE_X - x, y) for x, y in reversed(slope)]
    pen.polygon([*outline, *((CENTRE_X + x, y) for x, y in slope)], looks.jacket)
    shirt = (242, 244, 248)
    pen.polygon([(CENTRE_X - 56, 512), (CENTRE_X + 56, 512), (CENTRE_X, 733)], shirt)
    _draw_neck(pen, looks)
    for side in (-1, 1):
        pen.polygon(
            [
                (CENTRE_X + side * 58, 500),
                (CENTRE_X + side * 66, 540),
                (CENTRE_X + side * 30, 582),
                (CENTRE_X, 548),
            ],
            _tone(shirt, 0.96),
        )
    if looks.tie is not None:
        pen.polygon(
            [(CENTRE_X - 15, 548), (CENTRE_X + 15, 548), (CENTRE_X + 9, 574), (CENTRE_X - 9, 574)],
            _tone(looks.tie, 0.85),
        )
        pen.polygon(
            [(CENTRE_X - 9, 574), (CENTRE_X + 9, 574), (CENTRE_X + 20, 733), (CENTRE_X - 20, 733)],
            looks.tie,
        )
    for side in (-1, 1):
        lapel: list[tuple[float, float]] = [
            (CENTRE_X + side * 66, 516),
            (CENTRE_X + side * 112, 560),
            (CENTRE_X + side * 86, 600),
            (CENTRE_X + side * 22, 733),
            (CENTRE_X + side * 2, 733),
            (CENTRE_X + side * 40, 610),
        ]
        pen.polygon(lapel, _tone(looks.jacket, 1.22))
        pen.line([*lapel, lapel[0]], _tone(looks.jacket, 0.8), 1.5)


def _draw_neck(pen: _Pen, looks: Looks) -> None:
    shade = _tone(looks.skin, 0.86)
    pen.polygon(
        [
            (CENTRE_X - 50, 420),
            (CENTRE_X + 50, 420),
            (CENTRE_X + 54, 512),
            (CENTRE_X, 560),
            (CENTRE_X - 54, 512),
        ],
        shade,
    )


def _draw_head(pen: _Pen, looks: Looks) -> None:
    left, _, right, _ = _head_box(looks)
    for x in (left, right):
        pen.ellipse((x - 16, 304, x + 16, 368), _tone(looks.skin, 0.92))
    pen.ellipse(_head_box(looks), looks.skin)


def _shade(canvas: Image.Image, looks: Looks) -> None:
    """Soft cheeks and a soft side of the face, so that the head is round."""
    left, top, right, bottom = _head_box(looks)
    layer = Image.new("L", SIZE, 0)
    draw = ImageDraw.Draw(layer)
    draw.ellipse((left, top, right, bottom), fill=70)
    draw.ellipse((left - 26, top - 10, right - 30, bottom - 4), fill=0)
    layer = layer.filter(ImageFilter.GaussianBlur(12))
    inside = Image.new("L", SIZE, 0)
    ImageDraw.Draw(inside).ellipse((left, top, right, bottom), fill=255)
    layer.paste(0, mask=inside.point(lambda value: 255 - value))
    canvas.paste(_tone(looks.skin, 0.7), mask=layer.resize(canvas.size))
    blush = Image.new("L", SIZE, 0)
    draw = ImageDraw.Draw(blush)
    for side in (-1, 1):
        x = CENTRE_X + side * looks.face_width * 0.27
        draw.ellipse((x - 26, 352, x + 26, 392), fill=60)
    canvas.paste(
        (226, 130, 116), mask=blush.filter(ImageFilter.GaussianBlur(14)).resize(canvas.size)
    )


def _draw_face(pen: _Pen, looks: Looks) -> None:
    line = _tone(looks.skin, 0.62)
    for side in (-1, 1):
        x = CENTRE_X + side * looks.eye_gap
        pen.ellipse((x - 19, EYE_Y - 9, x + 19, EYE_Y + 9), (250, 248, 246))
        pen.ellipse((x - 9, EYE_Y - 9.5, x + 9, EYE_Y + 8.5), (52, 36, 30))
        pen.ellipse((x - 4, EYE_Y - 5, x + 4, EYE_Y + 3), (16, 12, 12))
        pen.ellipse((x + 1, EYE_Y - 6, x + 5, EYE_Y - 2), (255, 255, 255))
        pen.arc((x - 21, EYE_Y - 12, x + 21, EYE_Y + 16), 198, 342, (50, 36, 32), 3.2)
        brow = EYE_Y - 30 + looks.brow
        pen.line(
            [(x - side * 20, brow + 1), (x + side * 4, brow - 5), (x + side * 25, brow + 4)],
            _tone(looks.hair, 1.25),
            6.5,
        )
    pen.arc((CENTRE_X - 17, 356, CENTRE_X + 17, 386), 25, 155, line, 2.8)
    pen.line([(CENTRE_X - 7, 336), (CENTRE_X - 10, 362)], _tone(looks.skin, 0.84), 2.4)
    mouth = 416.0
    pen.chord((CENTRE_X - 33, mouth - 12, CENTRE_X + 33, mouth + 12), 0, 180, (196, 104, 100))
    pen.chord(
        (CENTRE_X - 33, mouth - looks.smile, CENTRE_X + 33, mouth + looks.smile),
        0,
        180,
        (158, 72, 72),
    )


def _draw_hair_in_front(pen: _Pen, looks: Looks) -> None:
    left, top, right, _ = _head_box(looks, 8)
    crown = (left, top - 16, right, top + 236)
    if looks.haircut == "crew":
        pen.chord(crown, 205, 335, looks.hair)
        for x in (left + 9, right - 9):
            pen.ellipse((x - 11, 222, x + 11, 318), looks.hair)
        return
    if looks.haircut in ("parted", "swept"):
        pen.chord((left - 2, top - 18, right + 2, top + 232), 196, 344, looks.hair)
        part = CENTRE_X - 42 if looks.haircut == "parted" else CENTRE_X + 50
        far = right - 6 if looks.haircut == "parted" else left + 6
        pen.polygon(
            [(part, top + 20), (far, top + 60), (far, top + 104), ((part + far) / 2, top + 78)],
            looks.hair,
        )
        for x in (left + 8, right - 8):
            pen.ellipse((x - 11, 236, x + 11, 322), looks.hair)
        return
    pen.chord((left - 4, top - 16, right + 4, top + 240), 190, 350, looks.hair)
    for side, edge in ((-1, left), (1, right)):
        pen.polygon(
            [
                (CENTRE_X - 20, top + 8),
                (edge - side * 4, top + 60),
                (edge - side * 2, 330),
                (edge - side * 18, 300),
                (edge - side * 40, top + 92),
            ],
            looks.hair,
        )
        if looks.haircut in ("bob", "long"):
            bottom = 452 if looks.haircut == "bob" else 548
            pen.polygon(
                [
                    (edge + side * 2, 270),
                    (edge - side * 14, 290),
                    (edge - side * 10, 400),
                    (edge - side * 16, bottom),
                    (edge + side * 10, bottom),
                    (edge + side * 8, 400),
                ],
                looks.hair,
            )
    shine = _tone(looks.hair, 1.7)
    pen.arc((left + 30, top + 2, right - 60, top + 180), 215, 270, shine, 4)


def _draw_glasses(pen: _Pen, looks: Looks) -> None:
    """Clear lenses: coloured ones are not allowed on the photo."""
    frame = (70, 60, 58)
    for side in (-1, 1):
        x = CENTRE_X + side * looks.eye_gap
        pen.outline((x - 35, EYE_Y - 22, x + 35, EYE_Y + 28), 16, frame, 3)
        edge = CENTRE_X + side * looks.face_width / 2
        pen.line([(x + side * 35, EYE_Y - 4), (edge, EYE_Y - 10)], frame, 3)
    gap = looks.eye_gap - 35
    pen.line([(CENTRE_X - gap, EYE_Y - 4), (CENTRE_X + gap, EYE_Y - 4)], frame, 3)
