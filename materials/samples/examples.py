"""Draws the small pictures of `materials.examples` from the samples of invented people."""

import io
from collections.abc import Callable
from datetime import date

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from materials import samples
from materials.samples import Company, Person
from materials.samples.portraits import draw_portrait
from materials.samples.signatures import draw_signature

Draw = Callable[[], Image.Image]

PERSON = Person(
    "林小岚", "LIN", "XIAOLAN", "F", date(1988, 5, 6), "外贸部经理", "500101198805061025",
    "EZ9990001", date(2035, 3, 1), 3,
)  # fmt: skip
COMPANY = Company("重庆市万州区样例贸易有限公司", "91500101YYYY00012R")
# Large enough to be read when they are opened; pages and mails show them smaller.
PORTRAIT, SIGNATURE, PASSPORT = (330, 440), (440, 224), (472, 332)
LICENCE, PAGE = (600, 425), (468, 660)
COLOURS = 56
MOST_BYTES = 64 * 1024


def draw_example(name: str) -> bytes:
    """A PNG of at most 64 KB; raises KeyError for a name that is not in the list below."""
    image = DRAWINGS[name]().convert("RGB")
    buffer = io.BytesIO()
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _portrait(change: Callable[[Image.Image], Image.Image] = lambda image: image) -> Draw:
    return lambda: _fit(change(draw_portrait(PERSON.look)), PORTRAIT)


def _signature(change: Callable[[Image.Image], Image.Image] = lambda image: image) -> Draw:
    return lambda: _fit(change(draw_signature(PERSON.name, 3)), SIGNATURE)


def _scan(
    data: Callable[[], bytes],
    size: tuple[int, int],
    change: Callable[[Image.Image], Image.Image] = lambda image: image,
) -> Draw:
    return lambda: _fit(change(Image.open(io.BytesIO(data())).convert("RGB")), size)


def _fit(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Shrunk into `size`; a turned picture keeps its own shape."""
    image = image.copy()
    image.thumbnail(size, Image.Resampling.LANCZOS)
    return image


def _on_blue(image: Image.Image) -> Image.Image:
    white = image.convert("L").point(lambda value: 255 if value > 246 else 0)
    painted = image.copy()
    painted.paste((70, 130, 200), mask=white)
    return painted


def _grey(image: Image.Image) -> Image.Image:
    return image.convert("L")


def _blurred(image: Image.Image) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(image.width / 80))


def _small(image: Image.Image) -> Image.Image:
    paper = Image.new("RGB", image.size, (253, 253, 253))
    part = image.resize((image.width * 2 // 5, image.height * 2 // 5))
    paper.paste(part, (image.width // 16, image.height - part.height))
    return paper


def _large(image: Image.Image) -> Image.Image:
    width, height = image.size
    return image.crop((width // 4, height // 5, width * 3 // 4, height * 7 // 10)).resize(
        image.size
    )


def _turned(image: Image.Image) -> Image.Image:
    return image.rotate(90, expand=True)


def _two(image: Image.Image) -> Image.Image:
    paper = Image.new("RGB", image.size, (253, 253, 253))
    for place, look in enumerate((PERSON.look, 1)):
        part = draw_portrait(look).resize((image.width // 2, image.height // 2))
        paper.paste(part, (place * image.width // 2, image.height // 3))
    return paper


def _over_the_edge(image: Image.Image) -> Image.Image:
    paper = Image.new("RGB", image.size, (254, 254, 254))
    paper.paste(image.crop((40, 30, 510, 250)).resize(image.size), (-30, 16))
    return paper


def _pale(image: Image.Image) -> Image.Image:
    return Image.blend(image, Image.new("RGB", image.size, (254, 254, 254)), 0.78)


def _on_grey(image: Image.Image) -> Image.Image:
    shade = Image.linear_gradient("L").rotate(90).resize(image.size).point(lambda v: 120 + v // 3)
    return Image.composite(
        Image.merge("RGB", (shade, shade, shade)), image, image.convert("L").point(_is_paper)
    )


def _is_paper(value: int) -> int:
    return 255 if value > 200 else 0


def _ruled(image: Image.Image) -> Image.Image:
    painted = image.copy()
    draw = ImageDraw.Draw(painted)
    for y in range(30, image.height, 44):
        draw.line((0, y, image.width, y), fill=(150, 170, 205), width=4)
    return ImageChops.darker(painted, image)


def _red(image: Image.Image) -> Image.Image:
    """In red ink, with a ring like a stamp's beside it; nothing stands in the ring."""
    painted = ImageOps.colorize(image.convert("L"), (196, 30, 42), (254, 254, 254))
    ring = (image.width * 0.62, image.height * 0.2, image.width * 0.9, image.height * 0.75)
    ImageDraw.Draw(painted).ellipse(ring, outline=(210, 60, 66), width=7)
    return painted


def _tiny(image: Image.Image) -> Image.Image:
    paper = Image.new("RGB", image.size, (254, 254, 254))
    paper.paste(image.resize((image.width // 4, image.height // 4)), (60, 120))
    return paper


def _solid(image: Image.Image) -> Image.Image:
    painted = image.copy()
    ImageDraw.Draw(painted).rounded_rectangle((70, 50, 480, 230), 20, fill=(24, 24, 28))
    return painted


def _glare(image: Image.Image) -> Image.Image:
    width, height = image.size
    light = Image.new("L", image.size, 0)
    box = (width * 0.3, height * 0.45, width * 1.05, height * 1.1)
    ImageDraw.Draw(light).ellipse(box, fill=255)
    painted = image.copy()
    painted.paste((255, 255, 252), mask=light.filter(ImageFilter.GaussianBlur(width / 14)))
    return painted


def _cut(image: Image.Image) -> Image.Image:
    """The lower part and the right edge are outside the picture."""
    return image.crop((0, 0, image.width * 9 // 10, image.height * 7 // 10))


def _skewed(image: Image.Image) -> Image.Image:
    turned = image.rotate(9, Image.Resampling.BICUBIC, fillcolor=(96, 84, 70))
    return _blurred(ImageEnhance.Brightness(turned).enhance(0.55))


def _marked(*boxes: tuple[float, float, float, float]) -> Callable[[Image.Image], Image.Image]:
    """Red frames around the places to look at; each in shares of width and height."""

    def mark(image: Image.Image) -> Image.Image:
        painted = image.copy()
        draw = ImageDraw.Draw(painted)
        for left, top, right, bottom in boxes:
            box = (
                left * image.width,
                top * image.height,
                right * image.width,
                bottom * image.height,
            )
            draw.rounded_rectangle(box, image.width // 80, outline=(206, 32, 40), width=9)
        return painted

    return mark


def _commitment() -> bytes:
    return samples.material(4, person=PERSON, company=COMPANY, day=date(2026, 11, 2))[0]


def _paper() -> bytes:
    return samples.material(1, person=PERSON, company=COMPANY, day=date(2026, 11, 2))[0]


def _passport() -> bytes:
    return samples.passport(PERSON)


def _licence() -> bytes:
    return samples.licence(COMPANY)


DRAWINGS: dict[str, Draw] = {
    "page-good": _scan(_paper, PAGE),
    "page-skewed": _scan(_paper, PAGE, _skewed),
    "page-turned": _scan(_paper, PAGE, _turned),
    "1-guide": _scan(
        _paper,
        PAGE,
        _marked((0.1, 0.05, 0.9, 0.125), (0.1, 0.22, 0.9, 0.46), (0.5, 0.69, 0.9, 0.82)),
    ),
    "4-guide": _scan(_commitment, PAGE, _marked((0.44, 0.69, 0.9, 0.82))),
    "2-good": _scan(_licence, LICENCE),
    "2-glare": _scan(_licence, LICENCE, _glare),
    "2-cut": _scan(_licence, LICENCE, _cut),
    "2-guide": _scan(
        _licence,
        LICENCE,
        _marked(
            (0.09, 0.28, 0.75, 0.41),
            (0.09, 0.48, 0.75, 0.55),
            (0.09, 0.68, 0.75, 0.75),
            (0.09, 0.82, 0.75, 0.89),
        ),
    ),
    "8-good": _portrait(),
    "8-background": _portrait(_on_blue),
    "8-grey": _portrait(_grey),
    "8-blurred": _portrait(_blurred),
    "8-small": _portrait(_small),
    "8-large": _portrait(_large),
    "8-turned": _portrait(_turned),
    "8-two": _portrait(_two),
    "9-good": _signature(),
    "9-edge": _signature(_over_the_edge),
    "9-pale": _signature(_pale),
    "9-ground": _signature(_on_grey),
    "9-ruled": _signature(_ruled),
    "9-red": _signature(_red),
    "9-small": _signature(_tiny),
    "9-solid": _signature(_solid),
    "10-good": _scan(_passport, PASSPORT),
    "10-cut": _scan(_passport, PASSPORT, _cut),
    "10-glare": _scan(_passport, PASSPORT, _glare),
    "10-grey": _scan(_passport, PASSPORT, _grey),
    "10-blurred": _scan(_passport, PASSPORT, _blurred),
    "10-turned": _scan(_passport, PASSPORT, _turned),
    "10-guide": _scan(
        _passport,
        PASSPORT,
        _marked(
            (0.70, 0.135, 0.96, 0.25),
            (0.34, 0.255, 0.75, 0.36),
            (0.755, 0.37, 0.99, 0.475),
            (0.66, 0.595, 0.93, 0.7),
            (0.03, 0.80, 0.97, 0.96),
        ),
    ),
}
