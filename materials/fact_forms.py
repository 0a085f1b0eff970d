"""Forms of the facts that are typed beside materials 5, 6, 7 and 8."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from core.dates import day_words, months_later
from core.forms import BaseForm, DateInput
from materials.checks.findings import Findings
from materials.checks.pages import check_insured
from materials.economies import ECONOMIES
from materials.facts import EVIDENCE, VISA_MONTHS

WRONG_DATE = "没有认出这个日期。请按年-月-日填写，例如2026-05-12。"


class FactsForm(BaseForm):
    """Base: knows whose application it is, and gives its facts as they are kept."""

    def __init__(
        self, *args: Any, enterprise_name: str, applicant_name: str, **kwargs: Any
    ) -> None:
        kwargs.setdefault("prefix", "facts")
        super().__init__(*args, **kwargs)
        self.applicant_name = applicant_name

    def facts(self) -> dict[str, Any]:
        """Plain JSON; dates as 2026-11-23."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in self.cleaned_data.items()
        }


class CompanyForm(FactsForm):
    """Base: a company stands on the paper, as a rule the enterprise that applies."""

    def __init__(self, *args: Any, enterprise_name: str, **kwargs: Any) -> None:
        kwargs["initial"] = {"company": enterprise_name, **(kwargs.get("initial") or {})}
        super().__init__(*args, enterprise_name=enterprise_name, **kwargs)

    def clean_company(self) -> str:
        return str(self.cleaned_data["company"]).strip()


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
    company = forms.CharField(
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
        return _not_future(self.cleaned_data["dated_on"], "证明的日期")

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


class RecordForm(FactsForm):
    name = forms.CharField(
        label="证明上的姓名", max_length=50, error_messages={"required": "请填写证明上的姓名。"}
    )
    issued_on = forms.DateField(
        label="出具日期",
        widget=DateInput,
        help_text="只登记姓名和出具日期，不登记其他内容。",
        error_messages={"required": "请填写证明的出具日期。", "invalid": WRONG_DATE},
    )

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        expected = self.applicant_name
        if name != expected:
            raise ValidationError(
                f"证明上的姓名是“{name}”，申请人是“{expected}”，不一致。"
                "请核对；传错了证明的，请删除后重新上传。"
            )
        return name

    def clean_issued_on(self) -> date:
        return _not_future(self.cleaned_data["issued_on"], "出具日期")


class InsuredForm(CompanyForm):
    company = forms.CharField(
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
        since = _not_future(self.cleaned_data["since"], "起始日期")
        findings = Findings()
        check_insured(since, findings, timezone.localdate())
        if findings.problems:
            raise ValidationError(findings.problems[0].message)
        return since


class TakenForm(FactsForm):
    taken_recently = forms.BooleanField(
        label="我确认这张照片是6个月内拍摄的",
        error_messages={"required": "请勾选确认；不是6个月内拍摄的，请换一张近照。"},
    )


FACT_FORMS: dict[int, type[FactsForm]] = {
    5: DealingsForm,
    6: RecordForm,
    7: InsuredForm,
    8: TakenForm,
}


def _not_future(day: date, label: str) -> date:
    if day > timezone.localdate():
        raise ValidationError(f"{label}是{day_words(day)}，晚于今天。请核对年份。")
    return day
