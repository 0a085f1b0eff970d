"""Materials 1 to 7: pages that people read, and the typed facts that go with them."""

from datetime import date

from core.dates import day_words, months_later
from files.pictures import Picture
from materials.checks import measures
from materials.checks.findings import Findings

LEAST_CONTRAST = 2.0
LEAST_LONG_SIDE = 800
MONTHS_INSURED = 6


def check_page(picture: Picture, findings: Findings) -> None:
    """Only warnings: Annex 3 asks no more of these pages than that they are jpg, png or jpeg."""
    if measures.contrast(picture.image) < LEAST_CONTRAST:
        findings.warn(
            "page_blank",
            "这一页几乎是一种颜色，像是空白页。",
            "请确认选对了文件；如果是多扫的空白页，请删去。",
        )
    if max(picture.width, picture.height) < LEAST_LONG_SIDE:
        findings.warn(
            "page_small",
            f"图片宽{picture.width}像素、高{picture.height}像素，文字可能看不清。",
            "建议用200至300 dpi重新扫描，或在光线好的地方重新拍照。",
        )


def check_insured(insured_since: date, findings: Findings, today: date) -> None:
    """Material 7: at least six months, by the date typed."""
    if months_later(insured_since, MONTHS_INSURED) > today:
        findings.refuse(
            "insured_too_short",
            f"参保起始日期为{day_words(insured_since)}，到今天不满6个月。",
            "请核对起始日期；确实不满6个月的，请满6个月后再申请。",
        )
