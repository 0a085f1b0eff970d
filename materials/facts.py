"""The few facts that are typed beside a material, and what follows from them.

No more than is needed to judge: of a criminal record only whose and of which day.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.dates import day_words, months_later
from materials.checks.findings import Finding
from materials.economies import NAMES

# Practice elsewhere asks for a record no older than this; the plan itself names no limit.
RECORD_MONTHS = 6
# Annex 3 wants a visa of the past year; of other proofs officers ask the same.
VISA_MONTHS = DEALINGS_MONTHS = 12
EVIDENCE = {
    "customs": "报关单",
    "investment": "境外投资证书",
    "contract": "合同",
    "plan": "项目计划书",
    "visa": "过去1年的商务签证",
}
DATE_UNKNOWN = "photo_date_unknown"


@dataclass(frozen=True)
class Shown:
    label: str
    value: str


def wants_facts(number: int, warned: frozenset[str]) -> bool:
    """Does an uploaded material need facts; `warned` are the codes of its pages' warnings."""
    return number in (5, 6, 7) or (number == 8 and DATE_UNKNOWN in warned)


def shown_facts(number: int, facts: Mapping[str, Any]) -> list[Shown]:
    """What was typed, for people."""
    if not facts:
        return []
    match number:
        case 5:
            return [
                Shown("往来经济体", NAMES[facts["economy"]]),
                Shown("证明的种类", EVIDENCE[facts["evidence"]]),
                *_of_later_years(facts),
            ]
        case 6:
            return [
                Shown("证明上的姓名", facts["name"]),
                Shown("出具日期", day_words(_day(facts["issued_on"]))),
            ]
        case 7:
            return [
                Shown("参保单位", facts["company"]),
                Shown("连续参保起始", day_words(_day(facts["since"]))),
            ]
        case 8:
            return [Shown("拍摄时间", "经办人确认是6个月内拍摄的")]
        case _:
            return []


def _of_later_years(facts: Mapping[str, Any]) -> Iterator[Shown]:
    """Asked for since; what was typed before lacks them."""
    if "company" in facts:
        yield Shown("证明上的中方单位", facts["company"])
    if "dated_on" in facts:
        yield Shown("证明的日期", day_words(_day(facts["dated_on"])))


def fact_warnings(
    number: int, facts: Mapping[str, Any], *, enterprise: str, today: date
) -> tuple[Finding, ...]:
    """What the officer and the department should look at in what was typed."""
    return tuple(_warnings(number, facts, enterprise, today)) if facts else ()


def _warnings(
    number: int, facts: Mapping[str, Any], enterprise: str, today: date
) -> Iterator[Finding]:
    company = facts.get("company", enterprise)
    if number == 5 and company != enterprise:
        yield Finding(
            "dealings_elsewhere",
            f"证明上的中方单位是“{company}”，不是申请企业“{enterprise}”。",
            "代理出口的，请一并上传代理协议。",
        )
    dated_on = _day(facts["dated_on"]) if "dated_on" in facts else today
    if number == 5 and dated_on < months_later(today, -DEALINGS_MONTHS):
        yield Finding(
            "dealings_old",
            f"业务往来证明的日期是{day_words(dated_on)}，已超过1年。",
            "请换近一年的证明；长期合同仍在履行的，请在公函中说明。",
        )
    if number == 6 and _day(facts["issued_on"]) < months_later(today, -RECORD_MONTHS):
        yield Finding(
            "record_old",
            f"无犯罪记录证明是{day_words(_day(facts['issued_on']))}出具的，已超过6个月。",
            "如能重新开具，请换新的；也可以由审核表替代。",
        )
    if number == 7 and company != enterprise:
        yield Finding(
            "insured_elsewhere",
            f"参保单位是“{company}”，不是申请企业“{enterprise}”。",
            "由分公司或代缴机构参保的，请在公函中说明。",
        )


def _day(text: str) -> date:
    return date.fromisoformat(text)
