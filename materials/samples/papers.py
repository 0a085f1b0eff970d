"""Pages of the enterprise: letters, certificates and a licence, with 样例 on each and no seal."""

import re
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

from materials.samples.fonts import BOLD, SANS, SERIF, font

# A4 at 150 dpi.
PAGE = (1240, 1754)
LICENCE = (1600, 1130)
RED = (176, 40, 48)
INK = (30, 30, 34)


def draw_paper(
    title: str, paragraphs: Sequence[str], *, head: str, foot: Sequence[str]
) -> Image.Image:
    """An A4 page, 1240×1754 RGB: letterhead, title, wrapped paragraphs, lines at the right."""
    page = Image.new("RGB", PAGE, (254, 254, 253))
    draw = ImageDraw.Draw(page)
    _centre(draw, 120, head, font(BOLD, 50), RED)
    draw.line((130, 210, PAGE[0] - 130, 210), fill=RED, width=5)
    _centre(draw, 280, title, font(BOLD, 42), INK)
    y = 400
    for paragraph in paragraphs:
        for line in _wrap("　　" + paragraph, font(SERIF, 32), PAGE[0] - 300):
            draw.text((150, y), line, font=font(SERIF, 32), fill=INK)
            y += 60
        y += 14
    y = max(y + 80, 1240)
    for line in foot:
        width = draw.textlength(line, font=font(SERIF, 32))
        draw.text((PAGE[0] - 170 - width, y), line, font=font(SERIF, 32), fill=INK)
        y += 60
    _stamp_as_sample(page)
    return page


def draw_licence(*, name: str, credit_code: str, address: str, authority: str) -> Image.Image:
    """A business licence in outline, 1600×1130 RGB."""
    page = Image.new("RGB", LICENCE, (252, 249, 238))
    draw = ImageDraw.Draw(page)
    for inset, width in ((30, 10), (52, 3)):
        box = (inset, inset, LICENCE[0] - inset, LICENCE[1] - inset)
        draw.rectangle(box, outline=(196, 160, 92), width=width)
    _centre(draw, 110, "营 业 执 照", font(BOLD, 92), INK)
    _centre(draw, 240, "（样例，非真实证照）", font(SANS, 34), RED)
    rows = (
        ("统一社会信用代码", credit_code),
        ("名称", name),
        ("类型", "有限责任公司"),
        ("住所", address),
        ("注册资本", "伍佰万元整"),
        ("成立日期", "2015年03月18日"),
        ("营业期限", "2015年03月18日至长期"),
        ("经营范围", "货物进出口；技术进出口；农副产品销售。"),
        ("登记机关", authority),
    )
    for row, (label, value) in enumerate(rows):
        y = 330 + row * 76
        draw.text((170, y), label, font=font(BOLD, 34), fill=(120, 92, 44))
        draw.text((500, y), value, font=font(SERIF, 36), fill=INK)
    _stamp_as_sample(page)
    return page


def _wrap(text: str, face: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Breaks between two Chinese characters, never inside a number nor before a closing mark."""
    lines = [""]
    for part in re.findall(r"[0-9A-Za-z]+|.", text):
        full = face.getlength(lines[-1] + part) > width
        if full and part not in "，。；：、）》”":
            lines.append("")
        lines[-1] += part
    return lines


def _centre(
    draw: ImageDraw.ImageDraw,
    y: int,
    text: str,
    face: ImageFont.FreeTypeFont,
    fill: tuple[int, int, int],
) -> None:
    x = (draw.im.size[0] - draw.textlength(text, font=face)) / 2
    draw.text((x, y), text, font=face, fill=fill)


def _stamp_as_sample(page: Image.Image) -> None:
    layer = Image.new("L", (760, 300), 0)
    ImageDraw.Draw(layer).text((60, 20), "样  例", font=font(BOLD, 200), fill=34)
    layer = layer.rotate(24, Image.Resampling.BICUBIC, expand=True)
    corner = ((page.width - layer.width) // 2, (page.height - layer.height) // 2)
    page.paste((120, 120, 130), corner, layer)
