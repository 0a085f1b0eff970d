"""What the papers have in common: materials 1 to 7, pages that people read."""

from datetime import date

from files.pictures import Picture
from materials import measures
from materials.findings import Findings, MaterialFacts
from materials.rules.examples import Example, bad

# Standard deviation of luminance; a scanned blank sheet stays under it.
LEAST_CONTRAST = 2.0
LEAST_LONG_SIDE = 800

PAGES = (
    Example("page-good", "文字端正清楚，四边完整"),
    bad("page-skewed", "歪斜、昏暗或太小，看不清", "page_small", "page_blank", "maybe_cut_off"),
    bad("page-turned", "方向不正，横着或倒着", "rotated_by_mark"),
)


def check_page(picture: Picture, findings: Findings, _facts: MaterialFacts, _today: date) -> None:
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
