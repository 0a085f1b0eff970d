"""Material 7: the social insurance, which ties the applicant to the enterprise."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from core import text
from core.dates import day_words, months_later
from core.form_text import NameFormField
from core.forms import DateInput
from files.pictures import Picture
from materials.findings import Finding, Findings, MaterialFacts
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

MONTHS_INSURED = 6


def check_insurance(
    picture: Picture, findings: Findings, facts: MaterialFacts, today: date
) -> None:
    check_page(picture, findings, facts, today)
    if facts.insured_since is not None:
        check_insured(facts.insured_since, findings, today)


def check_insured(insured_since: date, findings: Findings, today: date) -> None:
    """At least six months without a gap, by the date typed."""
    if months_later(insured_since, MONTHS_INSURED) > today:
        findings.refuse(
            "insured_too_short",
            f"参保起始日期为{day_words(insured_since)}，到今天不满6个月。",
            "请核对起始日期；确实不满6个月的，请满6个月后再申请。",
        )


class InsuredForm(CompanyForm):
    company = NameFormField(
        label="参保单位",
        max_length=120,
        help_text="与参保证明上的单位名称一致。",
        error_messages={"required": "请填写参保单位。"},
    )
    since = forms.DateField(
        label="连续参保起始日期",
        widget=DateInput,
        help_text="到今天应不少于6个月，中间没有断缴。",
        error_messages={"required": "请填写连续参保的起始日期。", "invalid": WRONG_DATE},
    )

    def clean_since(self) -> date:
        since = refuse_future(self.cleaned_data["since"], "起始日期")
        findings = Findings()
        check_insured(since, findings, timezone.localdate())
        if findings.problems:
            raise ValidationError(findings.problems[0].message)
        return since


def _shown(facts: Mapping[str, Any]) -> Iterator[ShownFact]:
    yield ShownFact("参保单位", facts["company"])
    yield ShownFact("连续参保起始", day_words(day_of(facts["since"])))


def _warnings(facts: Mapping[str, Any], enterprise: str, _today: date) -> Iterator[Finding]:
    company = facts.get("company", enterprise)
    if text.name(company) != text.name(enterprise):
        yield Finding(
            "insured_elsewhere",
            f"参保单位是“{company}”，不是申请企业“{enterprise}”。",
            "由分公司或代缴机构参保的，请在公函中说明。",
        )


INSURANCE = MaterialKind(
    number=MaterialNumber.INSURANCE,
    name="与企业关系证明（社保）",
    owner="applicant",
    rule="申请人在本企业连续参加社会保险不少于6个月的记录。",
    hint="参保单位应与申请企业一致；可以由审核表替代，由人力社保部门填写。",
    check=check_insurance,
    check_list=(
        "参保单位与申请企业一致；分公司、异地代缴的附说明",
        "连续参保不少于6个月，没有断缴",
        "姓名、身份证号码与填写的一致",
    ),
    examples=PAGES,
    compared=("enterprise", "applicant", "id_number"),
    filled_in_by="social",
    facts=FactRule(InsuredForm, shown=_shown, warnings=_warnings),
    options={"company": "company", "since": "insured-since"},
)
