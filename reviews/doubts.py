"""Contradictions within an opinion, shown as questions; its department decides."""

import re
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils import timezone

from core import text
from core.dates import day_words, months_later
from materials.kinds.insurance import MONTHS_INSURED
from reviews.models import Opinion

REFUSAL: Final = re.compile(
    r"暂?不同意(?!见)|不予|(?<!发现)(?<!没有)(?<!存在)不符合|不(?:推荐|宜|建议|支持)|暂(?:不|缓)"
    r"|不足以|不能证明"
)
# In 万元. Amounts in 元 are what gets written here by mistake; few firms of a district pay 10亿元.
UNUSUAL_TAX: Final = Decimal(100_000)
TEN_THOUSAND: Final = 10_000
# What is said of a record, once the clauses that deny one are left out.
NO_RECORD: Final = re.compile(r"(?:未|没|无)[^，。；]*?犯罪(?:记录|前科)")
CRIMINAL_RECORD: Final = re.compile(r"[有存在]过?(?:违法)?犯罪(?:记录|前科)")
AGREEMENT: Final = re.compile(r"同意(?!见)")


def doubts_of(opinion: Opinion, *, today: date | None = None) -> list[str]:
    """What somebody should look at again before signing, one sentence each."""
    today = today or timezone.localdate()
    return [*_doubtful_answers(opinion), *_doubtful_conclusion(opinion, today)]


def _doubtful_answers(opinion: Opinion) -> list[str]:
    """Answers that look like a slip, whatever is concluded from them."""
    found = []
    total = Decimal(opinion.answers.get("tax_total") or 0)
    if total >= UNUSUAL_TAX:
        found.append(
            f"纳税总额填的是{total}万元，合{total / TEN_THOUSAND:.2f}亿元，比一般企业高得多。"
            "单位是万元，请核对。"
        )
    company = str(opinion.answers.get("insured_company") or "")
    if company and _bare(company) != _bare(opinion.table.facts["enterprise_name"]):
        own = opinion.table.facts["enterprise_name"]
        found.append(f"参保公司填的是“{company}”，申请人的单位是“{own}”。")
    return found


def _bare(company: str) -> str:
    """A name without what people write in several ways."""
    return text.name(company).removesuffix("公司")


def _doubtful_conclusion(opinion: Opinion, today: date) -> list[str]:
    """What the words or the answers say against the conclusion."""
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
    record = CRIMINAL_RECORD.search(NO_RECORD.sub("", opinion.words))
    if record:
        found.append(f"结论选的是“同意”，办理意见里却写着“{record[0]}”。")
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
