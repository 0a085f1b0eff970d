"""What a passport has to be to carry a card: its term, and its kind."""

from datetime import date

from core.dates import day_words, months_later
from materials.findings import Findings

LEAST_MONTHS_LEFT = 12
# A card is valid for five years and never outlives the passport; it takes months to be issued.
MONTHS_FOR_A_WHOLE_CARD = 66


def check_term(expires_on: date, findings: Findings, today: date) -> None:
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


def warn_of_official(findings: Findings) -> None:
    findings.warn(
        "passport_official",
        "护照号码以P或S开头，是因公护照。",
        "因私护照请改填以E开头的普通护照；确用因公护照的，国家系统中的“护照种类”要选对。",
    )
