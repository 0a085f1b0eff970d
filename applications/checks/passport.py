"""Material 10: the passport's data page."""

from datetime import date

from applications.checks import measures, mrz
from applications.checks.dates import in_chinese, months_later
from applications.checks.findings import Findings, MaterialFacts
from files.pictures import Picture

LEAST_MONTHS_LEFT = 12
# A card is valid for five years and never outlives the passport; it takes months to be issued.
MONTHS_FOR_A_WHOLE_CARD = 66
LOWEST_COLOURFULNESS = 4.0
LEAST_CONTRAST = 4.0
LEAST_LONG_SIDE = 1000
LOWEST_SHARPNESS = 40.0

SEXES = {"M": "男", "F": "女"}
FIELD_LABELS = {
    "number": "护照号码",
    "birth_date": "出生日期",
    "expires_on": "有效期",
    "personal": "个人号码",
    "composite": "总校验",
}


def check_passport(
    picture: Picture, findings: Findings, *, facts: MaterialFacts, today: date
) -> None:
    image = picture.image
    if measures.contrast(image) < LEAST_CONTRAST:
        findings.refuse(
            "passport_blank",
            "整张图片几乎是一种颜色，看不到护照内容。",
            "请确认选对了文件，再上传护照首页的彩色扫描件。",
        )
    elif measures.colourfulness(image) < LOWEST_COLOURFULNESS:
        findings.refuse(
            "not_colour", "扫描件是黑白的，应为彩色。", "请选择彩色方式重新扫描，不要用复印件。"
        )
    elif measures.sharpness(image, longest=1600) < LOWEST_SHARPNESS:
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
        _check_term(facts.passport_expires_on, findings, today)
    if facts.mrz_text:
        check_zone(findings, facts, today)


def _check_term(expires_on: date, findings: Findings, today: date) -> None:
    shown = in_chinese(expires_on)
    if expires_on < today:
        findings.refuse(
            "passport_expired",
            f"护照有效期至{shown}，已经过期。",
            "请先换发护照，再上传新护照首页并改填新的号码和有效期。",
        )
    elif expires_on < months_later(today, LEAST_MONTHS_LEFT):
        findings.refuse(
            "passport_expires_soon",
            f"护照有效期至{shown}，距今天不足1年。",
            "请先换发护照，再上传新护照首页并改填新的号码和有效期。",
        )
    elif expires_on < months_later(today, MONTHS_FOR_A_WHOLE_CARD):
        findings.warn(
            "passport_term_short",
            f"护照有效期至{shown}。商务旅行卡最长5年，且不超过护照有效期，换护照后旧卡不能再用。",
            "如想用满5年，可以先换发护照再申请。",
        )


def check_zone(findings: Findings, facts: MaterialFacts, today: date) -> None:
    """Hold the machine-readable zone in `facts.mrz_text` against what was typed."""
    try:
        zone = mrz.parse(facts.mrz_text, today=today)
    except mrz.MrzUnreadable as error:
        findings.warn(
            "zone_unreadable", str(error), "请确认扫描件底部两行完整清晰；专员会人工核对。"
        )
        return
    if zone.failed:
        names = "、".join(FIELD_LABELS[name] for name in zone.failed)
        findings.warn(
            "zone_unsure",
            f"机读码的校验不符（{names}），可能没有读准。",
            "请核对扫描件底部是否清晰、有无反光；专员会人工核对。",
        )
    if facts.passport_expires_on is None and zone.expires_on and "expires_on" not in zone.failed:
        _check_term(zone.expires_on, findings, today)
    _compare(zone, findings, facts)


def _compare(zone: mrz.Mrz, findings: Findings, facts: MaterialFacts) -> None:
    """Each field that was read for certain beside what was typed."""
    pairs = (
        ("number", "护照号码", zone.number, facts.passport_number),
        ("surname", "姓（拼音）", zone.surname, facts.surname),
        ("given_names", "名（拼音）", zone.given_names, facts.given_names),
        ("birth_date", "出生日期", zone.birth_date, facts.birth_date),
        ("sex", "性别", SEXES.get(zone.sex, ""), SEXES.get(facts.sex, "")),
        ("expires_on", "有效期", zone.expires_on, facts.passport_expires_on),
    )
    for field, label, read, typed in pairs:
        if not read or not typed or field in zone.failed or read == typed:
            continue
        findings.refuse(
            f"{field}_differs",
            f"{label}不一致：护照机读码是“{_shown(read)}”，填写的是“{_shown(typed)}”。",
            "请对照护照改正填写的内容；如扫描错了护照，请重新上传。",
        )


def _shown(value: str | date) -> str:
    return in_chinese(value) if isinstance(value, date) else value
