"""Material 5: the proof of business with an APEC economy."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from core import text
from core.dates import day_words, months_later
from core.form_text import NameFormField
from core.forms import DateInput
from materials.economies import ECONOMIES, NAMES
from materials.findings import Finding
from materials.kind import MaterialKind
from materials.kinds.papers import PAGES, check_page
from materials.numbers import MaterialNumber
from materials.rules.facts import (
    WRONG_DATE,
    CompanyForm,
    FactRule,
    ShownFact,
    day_of,
    refuse_future,
)

# Annex 3 wants a visa of the past year; of other proofs officers ask the same.
VISA_MONTHS = DEALINGS_MONTHS = 12
EVIDENCE = {
    "customs": "报关单",
    "investment": "境外投资证书",
    "contract": "合同",
    "plan": "项目计划书",
    "visa": "过去1年的商务签证",
}


def is_personal(facts: Mapping[str, Any]) -> bool:
    """Whether the proof names a person, and so serves him alone: a visa does."""
    return facts.get("evidence") == "visa"


class DealingsForm(CompanyForm):
    economy = forms.ChoiceField(
        label="与哪个经济体往来",
        choices=[("", "请选择"), *((economy.code, economy.name) for economy in ECONOMIES)],
        help_text="证明中的对方应在这16个经济体内；美国、加拿大、中国香港、中国台湾不在其内。",
        error_messages={
            "required": "请选择往来的经济体。",
            "invalid_choice": "对方不在可免签的16个经济体内。请选择其中一个，或换一份证明。",
        },
    )
    evidence = forms.ChoiceField(
        label="证明的种类",
        choices=[("", "请选择"), *EVIDENCE.items()],
        error_messages={"required": "请选择证明的种类。"},
    )
    company = NameFormField(
        label="证明上的中方单位",
        max_length=120,
        help_text="报关单、合同抬头上的单位；代理出口的填代理公司，并附代理协议。",
        error_messages={"required": "请填写证明上的中方单位。"},
    )
    dated_on = forms.DateField(
        label="证明的日期",
        widget=DateInput,
        help_text="报关、签订或签证签发的日期，有几份的填最近的。",
        error_messages={"required": "请填写证明的日期。", "invalid": WRONG_DATE},
    )

    def clean_dated_on(self) -> date:
        return refuse_future(self.cleaned_data["dated_on"], "证明的日期")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        day = cleaned.get("dated_on")
        too_old = day is not None and day < months_later(timezone.localdate(), -VISA_MONTHS)
        if cleaned.get("evidence") == "visa" and day is not None and too_old:
            self.add_error(
                "dated_on",
                f"签证是{day_words(day)}签发的，已超过1年；只能用过去1年获发的商务签证。"
                "请换一份证明，或改为由审核表替代。",
            )
        return cleaned


def _shown(facts: Mapping[str, Any]) -> Iterator[ShownFact]:
    """Company and date are asked for since; what was typed before lacks them."""
    yield ShownFact("往来经济体", NAMES[facts["economy"]])
    yield ShownFact("证明的种类", EVIDENCE[facts["evidence"]])
    if "company" in facts:
        yield ShownFact("证明上的中方单位", facts["company"])
    if "dated_on" in facts:
        yield ShownFact("证明的日期", day_words(day_of(facts["dated_on"])))


def _warnings(facts: Mapping[str, Any], enterprise: str, today: date) -> Iterator[Finding]:
    company = facts.get("company", enterprise)
    if text.name(company) != text.name(enterprise):
        yield Finding(
            "dealings_elsewhere",
            f"证明上的中方单位是“{company}”，不是申请企业“{enterprise}”。",
            "代理出口的，请一并上传代理协议。",
        )
    dated_on = day_of(facts["dated_on"]) if "dated_on" in facts else today
    if dated_on < months_later(today, -DEALINGS_MONTHS):
        yield Finding(
            "dealings_old",
            f"业务往来证明的日期是{day_words(dated_on)}，已超过1年。",
            "请换近一年的证明；长期合同仍在履行的，请在公函中说明。",
        )


DEALINGS = MaterialKind(
    number=MaterialNumber.DEALINGS,
    name="业务往来证明",
    owner="applicant",
    rule="企业与APEC经济体业务往来的证明，如报关单、境外投资证书、合同、项目计划书，"
    "或申请人过去1年获发的APEC经济体商务签证。",
    hint="对方应在可免签的16个APEC经济体内；可以由审核表替代，由商务部门填写。",
    check=check_page,
    check_list=(
        "对方在可免签的16个经济体之内",
        "是近一年的业务",
        "公司名称一致；代理出口的附代理协议",
    ),
    examples=PAGES,
    compared=("enterprise", "applicant"),
    filled_in_by="commerce",
    facts=FactRule(DealingsForm, shown=_shown, warnings=_warnings),
    options={
        "economy": "economy",
        "evidence": "evidence",
        "company": "company",
        "dated_on": "dated-on",
    },
)
