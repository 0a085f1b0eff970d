"""A registered seal over an opinion: it hides no words, and five of them do not swell the table."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from files.pictures import read_picture
from reviews.pdf import render_cell
from reviews.signatures.certificates.seal_doubts import doubts_of_seal
from reviews.signatures.certificates.seals import SealUnfit, prepared
from tests.reviews import papers
from tests.reviews.test_pdf import box_of, longest_cell, page_text, picture

RED = (200, 30, 30)


def drawn(side: int, *, noise: int = 0, kind: str = "PNG", ground: str = "white") -> bytes:
    """A ring with a cross, which is no seal of anybody's, with a wide margin around it."""
    image = Image.new("RGB", (side * 2, side * 2), ground)
    draw = ImageDraw.Draw(image)
    first, last = side // 2, side * 3 // 2
    draw.ellipse((first, first, last, last), outline=RED, width=side // 20)
    draw.line((side * 3 // 4, side, side * 5 // 4, side), fill=RED, width=side // 20)
    draw.line((side, side * 3 // 4, side, side * 5 // 4), fill=RED, width=side // 20)
    if noise:
        speckles = np.random.default_rng(1).integers(-noise, noise, (side * 2, side * 2, 3))
        noisy = (np.asarray(image).astype(int) + speckles).clip(0, 255)
        image = Image.fromarray(noisy.astype(np.uint8))
    target = io.BytesIO()
    image.save(target, kind, quality=85)
    return target.getvalue()


def fit(data: bytes) -> bytes:
    return prepared(read_picture(data).image)


@pytest.mark.parametrize(("side", "noise"), [(150, 0), (400, 0), (1000, 12)])
def test_it_is_cut_to_its_ink_and_brought_to_the_size_at_which_it_is_printed(
    side: int, noise: int
) -> None:
    png = fit(drawn(side, noise=noise))
    made = Image.open(io.BytesIO(png))
    assert len(png) <= 20_000
    assert max(made.size) <= 402
    assert abs(made.width - made.height) <= 2
    assert abs(made.width - min(side, 366)) <= 3


def test_five_noisy_seals_over_the_longest_opinions_stay_within_300_kib() -> None:
    seal, office = fit(drawn(1000, noise=12)), papers.new_office()
    pdf, (_, boxes) = papers.certified(office), papers.base()
    for code in papers.ORDER:
        stamp = render_cell(longest_cell(code), boxes[code], seal)
        pdf = papers.sign(pdf, code, office, stamp=stamp)
    assert len(pdf) <= 300 * 1024


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_the_white_of_its_paper_hides_no_words(kind: str) -> None:
    box, cell = box_of("tax"), longest_cell("tax")
    bare = np.asarray(picture(render_cell(cell, box), 150))
    stamped = np.asarray(picture(render_cell(cell, box, fit(drawn(400, kind=kind))), 150))
    words = bare < 100
    assert (stamped[words] < 160).mean() > 0.99
    assert (stamped != bare).sum() > 1000
    assert cell.words in page_text(render_cell(cell, box, fit(drawn(400, kind=kind))))


def test_its_colour_stays() -> None:
    made = np.asarray(Image.open(io.BytesIO(fit(drawn(400)))).convert("RGBA"))
    inked = made[made[..., 3] > 200][:, :3]
    assert np.abs(np.median(inked, axis=0) - RED).max() < 40


def test_a_blank_picture_is_refused() -> None:
    blank = io.BytesIO()
    Image.new("RGB", (400, 400), "white").save(blank, "PNG")
    with pytest.raises(SealUnfit, match="图片是空白的"):
        fit(blank.getvalue())


def test_a_coloured_ground_is_refused() -> None:
    with pytest.raises(SealUnfit, match="底色不是白色或透明"):
        fit(drawn(400, ground="lightblue"))


# What is asked about a picture that is hardly a seal ----------------------------------------------


def doubts(image: Image.Image) -> list[str]:
    return [doubt.partition("。")[0] for doubt in doubts_of_seal(image)]


def drawn_image(side: int = 400) -> Image.Image:
    return Image.open(io.BytesIO(drawn(side)))


def test_nothing_is_asked_about_a_red_ring_on_white() -> None:
    assert doubts(drawn_image()) == []


def test_nothing_is_asked_about_an_oval_one() -> None:
    assert doubts(drawn_image().resize((800, 600))) == []


def test_a_scanned_seal_with_noise_is_none_to_ask_about() -> None:
    assert doubts(Image.open(io.BytesIO(drawn(400, noise=12)))) == []


def rectangle(colour: tuple[int, int, int], size: tuple[int, int] = (500, 500)) -> Image.Image:
    image = Image.new("RGB", (800, 800), "white")
    left, top = (800 - size[0]) // 2, (800 - size[1]) // 2
    draw = ImageDraw.Draw(image)
    draw.rectangle((left, top, left + size[0], top + size[1]), outline=colour, width=40)
    return image


SHAPE = "看不出圆形或椭圆形的边框"
COLOUR = "颜色大多不是红色"


@pytest.mark.parametrize(
    ("image", "asked"),
    [
        (rectangle(RED), [SHAPE]),
        (rectangle(RED, (700, 250)), [SHAPE]),
        (rectangle((30, 30, 200)), [SHAPE, COLOUR]),
        (drawn_image().convert("L").convert("RGB"), [COLOUR]),
        (drawn_image(120), ["印章只有121像素宽，印到表上会模糊"]),
    ],
    ids=["square", "long", "blue square", "grey", "small"],
)
def test_what_is_no_seal_is_asked_about(image: Image.Image, asked: list[str]) -> None:
    assert doubts(image) == asked


def test_a_photograph_is_asked_about() -> None:
    photograph = Image.radial_gradient("L").resize((900, 900)).convert("RGB")
    assert "图片里不只有印章，像一张照片或整页纸" in doubts(photograph)
