"""Material 10: the passport's data page."""

import re
from datetime import date

from django.core.exceptions import ValidationError

from core.dates import day_words, months_later
from core.identifiers import is_official_passport, validate_passport_number
from files.pictures import Picture
from files.recognition import Reading
from materials.checks import measures, mrz
from materials.checks.findings import Findings, MaterialFacts

LEAST_MONTHS_LEFT = 12
# A card is valid for five years and never outlives the passport; it takes months to be issued.
MONTHS_FOR_A_WHOLE_CARD = 66
LOWEST_COLOUR_SPREAD = 0.65
LEAST_CONTRAST = 4.0
LEAST_LONG_SIDE = 1000
SHARPNESS_LONGEST, LOWEST_SHARPNESS = 800, 50.0

# Of the zone's width: on a whole page some 0.06 lie left and right of it, 0.58 above, 0.08 below.
LEAST_BESIDE, LEAST_ABOVE, LEAST_BELOW = 0.015, 0.54, 0.02

SEXES = {"M": "男", "F": "女"}
NAMES = ("surname", "given_names")
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
        _check_term(facts.passport_expires_on, findings, today)
    if is_official_passport(facts.passport_number):
        _warn_of_official(findings)
    if facts.mrz_text:
        check_zone(findings, facts, today)


def _check_term(expires_on: date, findings: Findings, today: date) -> None:
    shown = day_words(expires_on)
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
    unsure = uncertain(zone)
    if unsure:
        names = "、".join(FIELD_LABELS[name] for name in unsure)
        findings.warn(
            "zone_unsure",
            f"机读码的校验不符（{names}），可能没有读准。",
            "请核对扫描件底部是否清晰、有无反光；专员会人工核对。",
        )
    if facts.passport_expires_on is None and zone.expires_on and "expires_on" not in zone.failed:
        _check_term(zone.expires_on, findings, today)
    _check_issuer(zone, findings, facts)
    _compare(zone, findings, facts)


def uncertain(zone: mrz.Mrz) -> tuple[str, ...]:
    """The fields that may have been misread and matter: the personal number is not compared with
    anything, and where it alone fails the composite digit fails with it."""
    if set(zone.failed) == {"personal", "composite"}:
        return ()
    return zone.failed


def _check_issuer(zone: mrz.Mrz, findings: Findings, facts: MaterialFacts) -> None:
    """A Chinese passport of the mainland, and which kind."""
    # Neither has a check digit; that both are misread alike is out of the question.
    if zone.issuer != "CHN" and zone.nationality != "CHN":
        findings.refuse(
            "not_chinese",
            f"护照机读码上的国家代码是“{zone.issuer}”，不是中国护照（CHN）。",
            "本站只受理持中国内地护照的申请人；扫描错了护照的，请重新上传。",
        )
    elif "number" not in zone.failed and zone.number != facts.passport_number:
        try:
            validate_passport_number(zone.number)
        except ValidationError as error:
            findings.refuse("not_mainland", str(error.message), "")
        else:
            if is_official_passport(zone.number):
                _warn_of_official(findings)


def _warn_of_official(findings: Findings) -> None:
    findings.warn(
        "passport_official",
        "护照号码以P或S开头，是因公护照。",
        "因私护照请改填以E开头的普通护照；确用因公护照的，国家系统中的“护照种类”要选对。",
    )


def check_whole(reading: Reading, findings: Findings) -> None:
    """The whole page: how much of it lies around the zone, whose place on it is prescribed."""
    zone = [line.box for line in reading.lines if mrz.zone_line(line.text)]
    if not zone:
        return
    left, top = min(box[0] for box in zone), min(box[1] for box in zone)
    right, bottom = max(box[2] for box in zone), max(box[3] for box in zone)
    width = right - left
    room = (
        ("左边", left, LEAST_BESIDE),
        ("右边", reading.width - right, LEAST_BESIDE),
        ("上边", top, LEAST_ABOVE),
        ("下边", reading.height - bottom, LEAST_BELOW),
    )
    cut = [side for side, found, least in room if found < least * width]
    if cut:
        findings.warn(
            "passport_cut",
            f"护照首页的{'、'.join(cut)}好像没有拍全。",
            "请把整页放进画面，四个角都要看得到，再重新扫描或拍照。",
        )


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
        if field in NAMES and is_printed(str(typed), facts.mrz_text):
            findings.warn(
                f"{field}_unsure",
                f"{label}在护照上印的是“{typed}”，机读码读作“{read}”，可能没有读准。",
                "请核对扫描件底部是否清晰；专员会人工核对。",
            )
            continue
        findings.refuse(
            f"{field}_differs",
            f"{label}不一致：护照机读码是“{_shown(read)}”，填写的是“{_shown(typed)}”。",
            "请对照护照改正填写的内容；如扫描错了护照，请重新上传。",
        )


def is_printed(name: str, text: str) -> bool:
    """Whether the page shows this name above the zone, whose names have no check digit."""
    if not name:
        return False
    above = [line for line in text.upper().splitlines() if not mrz.zone_line(line)]
    return any(name.replace(" ", "") in re.split(r"[^A-Z]+", line) for line in above)


def _shown(value: str | date) -> str:
    return day_words(value) if isinstance(value, date) else value
