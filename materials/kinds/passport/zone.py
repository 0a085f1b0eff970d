"""The passport's machine-readable zone, held against what was typed."""

import re
from datetime import date

from django.core.exceptions import ValidationError

from core.dates import day_words
from core.identifiers import is_official_passport, validate_passport_number
from materials.findings import Findings, MaterialFacts
from materials.kinds.passport import mrz
from materials.kinds.passport.term import check_term, warn_of_official

SEXES = {"M": "男", "F": "女"}
NAMES = ("surname", "given_names")
FIELD_LABELS = {
    "number": "护照号码",
    "birth_date": "出生日期",
    "expires_on": "有效期",
    "personal": "个人号码",
    "composite": "总校验",
}


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
        check_term(zone.expires_on, findings, today)
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
                warn_of_official(findings)


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
        if field in NAMES and zone.names_cut:
            _compare_cut(field, label, str(read), str(typed), findings)
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


def _compare_cut(field: str, label: str, read: str, typed: str, findings: Findings) -> None:
    if not begins(typed, read):
        findings.warn(
            f"{field}_unsure",
            f"机读码放不下全名，只读到{label}的开头“{read}”，填写的是“{typed}”。",
            "请对照护照上印的姓名核对；专员会人工核对。",
        )


def begins(typed: str, read: str) -> bool:
    """Whether a name that the zone cut off is the beginning of the one that was typed."""
    return typed.replace(" ", "").startswith(read.replace(" ", ""))


def is_printed(name: str, text: str) -> bool:
    """Whether the page shows this name above the zone, whose names have no check digit."""
    if not name:
        return False
    above = [line for line in text.upper().splitlines() if not mrz.zone_line(line)]
    return any(name.replace(" ", "") in re.split(r"[^A-Z]+", line) for line in above)


def _shown(value: str | date) -> str:
    return day_words(value) if isinstance(value, date) else value
