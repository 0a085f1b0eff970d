"""The checks of a portrait: white ground, colour, sharpness and age, with their thresholds."""

from datetime import date

from core.dates import day_words, months_later
from files.pictures import Picture
from materials import measures
from materials.findings import Findings, MaterialFacts
from materials.kinds.photo.facts import DATE_IN_FUTURE, DATE_UNKNOWN

# Width and height in pixels, as Annex 3 prescribes them.
PIXELS = (550, 733)
# Shares of the ground's pixels that are nearly white and white, by `materials.measures`
# (WHITE_LEVEL, NEAR_WHITE_LEVEL).
ENOUGH_NEAR_WHITE = 0.90
ENOUGH_WHITE = 0.92
LOWEST_LEVEL = 222
HIGHEST_ROUGHNESS = 6.0
LOWEST_COLOUR_SPREAD = 2.0
# At half the pixels of the photo.
SHARPNESS_LONGEST, LOWEST_SHARPNESS = 366, 90.0
MONTHS_RECENT = 6


def check_photo(picture: Picture, findings: Findings, facts: MaterialFacts, today: date) -> None:
    image = picture.image
    if measures.centre_difference(image) < 0.10:
        findings.refuse(
            "photo_blank",
            "照片中间几乎全是白色，看不到人像。",
            "请确认选对了文件，再上传正面免冠照片。",
        )
        return
    if measures.colour_spread(image) < LOWEST_COLOUR_SPREAD:
        findings.refuse(
            "not_colour", "照片是黑白的，应为彩色登记照。", "请上传彩色照片，不要用灰度方式扫描。"
        )
    _check_background(measures.measure_background(image), findings)
    if measures.sharpness(image, SHARPNESS_LONGEST) < LOWEST_SHARPNESS:
        findings.warn(
            "photo_blurred",
            "照片可能不够清晰。",
            "请放大看一看五官是否清楚；如模糊，请换原图重新裁剪，不要把小图放大。",
        )
    _check_age(picture.taken_on, findings, taken_recently=facts.taken_recently, today=today)


def _check_background(background: measures.Background, findings: Findings) -> None:
    if background.near_share < ENOUGH_NEAR_WHITE or background.level < LOWEST_LEVEL:
        red, green, blue = background.colour
        findings.refuse(
            "background_not_white",
            f"照片背景不是白色，边缘偏{_colour_name(background.colour)}"
            f"（平均颜色为红{red}、绿{green}、蓝{blue}，白色应接近255）。",
            "请在白墙前、光线均匀处重新拍摄，或请照相馆提供白底照片。",
        )
    elif background.roughness > HIGHEST_ROUGHNESS:
        findings.refuse(
            "background_busy",
            "照片背景有花纹或杂物。",
            "请在没有图案的白墙前重新拍摄，或请照相馆提供白底照片。",
        )
    elif background.white_share < ENOUGH_WHITE:
        findings.warn(
            "background_uneven",
            "照片背景有些阴影或偏灰。",
            "如方便，请在光线均匀处重拍；专员会再看一遍。",
        )


def _check_age(
    taken_on: date | None, findings: Findings, *, taken_recently: bool, today: date
) -> None:
    if taken_on is not None and taken_on < months_later(today, -MONTHS_RECENT):
        findings.refuse(
            "photo_too_old",
            f"照片记录的拍摄日期是{day_words(taken_on)}，已超过6个月。",
            "请上传6个月内拍摄的照片；如果是相机日期不准，请校准后重新拍摄。",
        )
    elif taken_recently:
        return
    elif taken_on is not None and taken_on > today:
        findings.warn(
            DATE_IN_FUTURE,
            f"照片记录的拍摄日期是{day_words(taken_on)}，晚于今天，相机日期可能不准。",
            "请确认照片是6个月内拍摄的。",
        )
    elif taken_on is None:
        findings.warn(
            DATE_UNKNOWN,
            "照片里没有记录拍摄日期。",
            "请确认照片是6个月内拍摄的。",
        )


def _colour_name(colour: tuple[int, int, int]) -> str:
    red, green, blue = colour
    if max(colour) - min(colour) <= 20:
        return "灰" if min(colour) >= 90 else "黑"
    if blue == max(colour):
        return "蓝" if red < green + 40 else "紫"
    if green == max(colour):
        return "绿" if red < green - 15 else "黄"
    return "黄" if green > blue + 15 and green > red - 60 else "红"
