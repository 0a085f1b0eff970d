"""Material 6: the certificate of no criminal record."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core import text
from core.dates import day_words, months_later
from core.form_text import NameFormField
from core.forms import DateInput
from materials.findings import Finding
from materials.kind import MaterialKind
from materials.kinds.papers import PAGES, check_page
from materials.numbers import MaterialNumber
from materials.rules.facts import WRONG_DATE, FactRule, FactsForm, ShownFact, day_of, refuse_future

# Practice elsewhere asks for a record no older than this; the plan itself names no limit.
RECORD_MONTHS = 6


class RecordForm(FactsForm):
    name = NameFormField(
        label="证明上的姓名", max_length=50, error_messages={"required": "请填写证明上的姓名。"}
    )
    issued_on = forms.DateField(
        label="出具日期",
        widget=DateInput,
        help_text="只登记姓名和出具日期，不登记其他内容。",
        error_messages={"required": "请填写证明的出具日期。", "invalid": WRONG_DATE},
    )

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        expected = self.applicant_name
        if name != text.name(expected):
            raise ValidationError(
                f"证明上的姓名是“{name}”，申请人是“{expected}”，不一致。"
                "请核对；传错了证明的，请删除后重新上传。"
            )
        return name

    def clean_issued_on(self) -> date:
        return refuse_future(self.cleaned_data["issued_on"], "出具日期")


def _shown(facts: Mapping[str, Any]) -> Iterator[ShownFact]:
    yield ShownFact("证明上的姓名", facts["name"])
    yield ShownFact("出具日期", day_words(day_of(facts["issued_on"])))


def _warnings(facts: Mapping[str, Any], _enterprise: str, today: date) -> Iterator[Finding]:
    issued_on = day_of(facts["issued_on"])
    if issued_on < months_later(today, -RECORD_MONTHS):
        yield Finding(
            "record_old",
            f"无犯罪记录证明是{day_words(issued_on)}出具的，已超过6个月。",
            "如能重新开具，请换新的；也可以由审核表替代。",
        )


CRIMINAL_RECORD = MaterialKind(
    number=MaterialNumber.CRIMINAL_RECORD,
    name="无犯罪记录证明",
    owner="applicant",
    rule="申请人的无犯罪记录证明，姓名和身份证号与填写的一致。",
    hint="可以由审核表替代，由公安机关填写。",
    check=check_page,
    check_list=(
        "姓名、身份证号码与填写的一致",
        "出具日期较近，有出具机关印章",
    ),
    examples=PAGES,
    compared=("applicant", "id_number"),
    filled_in_by="police",
    facts=FactRule(RecordForm, shown=_shown, warnings=_warnings),
    options={"name": "record-name", "issued_on": "dated-on"},
)
