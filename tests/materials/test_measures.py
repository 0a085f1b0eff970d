"""Measures of a picture, held to pictures that are drawn for them."""

from PIL import Image, ImageDraw

from materials.measures import has_grey_foot

GREY = (128, 128, 128)


def drawn(foot: tuple[int, int, int]) -> Image.Image:
    image = Image.new("RGB", (60, 80), "white")
    ImageDraw.Draw(image).rectangle((10, 10, 40, 50), fill="black")
    ImageDraw.Draw(image).line((0, 79, 59, 79), fill=foot)
    return image


def test_a_last_row_of_middle_grey_is_where_a_jpegs_data_ran_out() -> None:
    assert has_grey_foot(drawn(GREY))
    assert has_grey_foot(drawn((129, 127, 128)))
    assert not has_grey_foot(drawn((131, 128, 128)))
    assert not has_grey_foot(drawn((255, 255, 255)))


def test_a_picture_that_is_grey_all_over_is_not_torn() -> None:
    assert not has_grey_foot(Image.new("RGB", (60, 80), GREY))
