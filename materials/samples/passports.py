"""A passport's data page as a drawing: invented holder, right check digits, 样例 across it."""

import math
from datetime import date

from PIL import Image, ImageDraw

from materials.kinds.passport.mrz import compose
from materials.samples.fonts import BOLD, MONO, SANS, SERIF, font
from materials.samples.portraits import draw_portrait

SIZE = (1250, 880)
INK = (38, 40, 54)
LABEL = (128, 96, 110)


def draw_passport(
    *,
    name: str,
    surname: str,
    given_names: str,
    number: str,
    birth_date: date,
    sex: str,
    expires_on: date,
    seed: int,
) -> Image.Image:
    """1250×880 RGB. `sex` is M or F; `seed` is that of the holder's portrait."""
    page = _paper()
    portrait = draw_portrait(seed).resize((330, 440), Image.Resampling.LANCZOS)
    page.paste(portrait, (70, 190))
    draw = ImageDraw.Draw(page)
    draw.text((440, 52), "护照  PASSPORT", font=font(SERIF, 46), fill=(130, 36, 48))
    draw.text((70, 58), "样例", font=font(BOLD, 46), fill=(176, 40, 48))
    draw.text((70, 122), "非真实证件", font=font(SANS, 28), fill=(176, 40, 48))
    issued_on = _ten_years_before(expires_on)
    fields = (
        (440, 130, "类型 / Type", "P"),
        (600, 130, "国家码 / Country Code", "CHN"),
        (900, 130, "护照号 / Passport No.", number),
        (440, 230, "姓名 / Name", f"{name}  {surname}, {given_names}"),
        (440, 330, "性别 / Sex", "男 / M" if sex == "M" else "女 / F"),
        (660, 330, "国籍 / Nationality", "中国 / CHINESE"),
        (960, 330, "出生日期 / Date of birth", _printed(birth_date)),
        (440, 430, "出生地点 / Place of birth", "重庆 / CHONGQING"),
        (840, 430, "签发日期 / Date of issue", _printed(issued_on)),
        (440, 530, "签发机关 / Authority", "样例机关 / SPECIMEN"),
        (840, 530, "有效期至 / Date of expiry", _printed(expires_on)),
    )
    for x, y, label, value in fields:
        draw.text((x, y), label, font=font(SANS, 20), fill=LABEL)
        draw.text((x, y + 28), value, font=font(SANS, 34), fill=INK)
    _watermark(page)
    lines = compose(
        surname=surname,
        given_names=given_names,
        number=number,
        birth_date=birth_date,
        sex=sex,
        expires_on=expires_on,
    )
    draw = ImageDraw.Draw(page)
    # Each character in its own column, as the zone's typeface is spaced.
    step = (SIZE[0] - 2 * 60) / 44
    for row, line in enumerate(lines):
        for column, character in enumerate(line):
            place = (60 + column * step, 716 + row * 66)
            draw.text(place, character, font=font(MONO, 40), fill=(18, 18, 22))
    return page


def _paper() -> Image.Image:
    page = Image.new("RGB", SIZE, (246, 240, 240))
    draw = ImageDraw.Draw(page)
    for row in range(60):
        hue = (232 - row // 4, 214 + row // 4, 220 + row // 3)
        points = [
            (x, row * 15 - 40 + 26 * math.sin(x / 90 + row / 5) + 12 * math.sin(x / 31 - row / 3))
            for x in range(0, SIZE[0] + 10, 10)
        ]
        draw.line(points, fill=hue, width=2)
    draw.rectangle((0, 690, SIZE[0], SIZE[1]), fill=(250, 247, 246))
    return page


def _watermark(page: Image.Image) -> None:
    layer = Image.new("L", (900, 340), 0)
    ImageDraw.Draw(layer).text((60, 20), "样  例", font=font(BOLD, 240), fill=64)
    layer = layer.rotate(18, Image.Resampling.BICUBIC, expand=True)
    page.paste((176, 40, 48), (220, 120), layer)


def _printed(day: date) -> str:
    months = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
    return f"{day.day:02d} {months[day.month - 1]} {day.year}"


def _ten_years_before(day: date) -> date:
    return date(day.year - 10, day.month, min(day.day, 28))
