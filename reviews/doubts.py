"""Contradictions within an opinion, shown as questions; its department decides."""

import re
from datetime import date
from typing import Final

from django.utils import timezone

from core.dates import day_words, months_later
from materials.kinds.insurance import MONTHS_INSURED
from reviews.models import Opinion

REFUSAL: Final = re.compile(
    r"暂?不同意(?!见)|不予|(?<!发现)(?<!没有)(?<!存在)不符合|不(?:推荐|宜|建议|支持)|暂(?:不|缓)"
    r"|不足以|不能证明"
)
AGREEMENT: Final = re.compile(r"同意(?!见)")


def doubts_of(opinion: Opinion, *, today: date | None = None) -> list[str]:
    """What somebody should look at again before signing, one sentence each."""
    today = today or timezone.localdate()
    refusal = REFUSAL.search(opinion.words)
    if opinion.conclusion == Opinion.Conclusion.DISAGREE:
        agreement = AGREEMENT.search(REFUSAL.sub("", opinion.words))
        if agreement and not refusal:
            return ["结论选的是“不同意”，办理意见里却写着“同意”。"]
    if not opinion.agrees:
        return []
    found = []
    if refusal:
        found.append(f"结论选的是“同意”，办理意见里却写着“{refusal[0]}”。")
    if opinion.answers.get("has_arrears") is True:
        found.append("核实结果是存在欠税，结论选的是“同意”。")
    insured_since = opinion.answers.get("insured_since")
    if insured_since:
        day = date.fromisoformat(insured_since)
        if months_later(day, MONTHS_INSURED) > today:
            found.append(
                f"社保从{day_words(day)}起缴纳，到今天不足{MONTHS_INSURED}个月，结论选的是“同意”。"
            )
    return found
