"""The checks of a passport scan: colour, sharpness and term, with their thresholds."""

from datetime import date

from core.identifiers import is_official_passport
from files.pictures import Picture
from materials import measures
from materials.findings import Findings, MaterialFacts
from materials.kinds.passport.term import check_term, warn_of_official
from materials.kinds.passport.zone import check_zone

MEBIBYTE = 1_048_576
BELOW_BYTES = MEBIBYTE
LOWEST_COLOUR_SPREAD = 0.65
LEAST_CONTRAST = 4.0
LEAST_LONG_SIDE = 1000
SHARPNESS_LONGEST, LOWEST_SHARPNESS = 800, 50.0


def check_passport(picture: Picture, findings: Findings, facts: MaterialFacts, today: date) -> None:
    image = picture.image
    if measures.contrast(image) < LEAST_CONTRAST:
        findings.refuse(
            "passport_blank",
            "整张图片几乎是一种颜色，看不到护照内容。",
            "请确认选对了文件，再上传护照首页的彩色扫描件。",
        )
    elif measures.colour_spread(image) < LOWEST_COLOUR_SPREAD:
        findings.refuse(
            "not_colour", "扫描件是黑白的，应为彩色。", "请选择彩色方式重新扫描，不要用复印件。"
        )
    elif measures.sharpness(image, SHARPNESS_LONGEST) < LOWEST_SHARPNESS:
        findings.warn(
            "passport_blurred",
            "扫描件可能不够清晰。",
            "请放大看一看底部两行机读码是否清楚；如模糊，请重新扫描。",
        )
    if max(picture.width, picture.height) < LEAST_LONG_SIDE:
        findings.warn(
            "passport_small",
            f"扫描件宽{picture.width}像素、高{picture.height}像素，小字可能看不清。",
            "建议用300 dpi重新扫描，长边不少于1000像素，文件小于1 MB。",
        )
    if facts.passport_expires_on is not None:
        check_term(facts.passport_expires_on, findings, today)
    if is_official_passport(facts.passport_number):
        warn_of_official(findings)
    if facts.mrz_text:
        check_zone(findings, facts, today)
