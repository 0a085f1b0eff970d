"""What is typed beside a material, judged without any row: the rules of the forms themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Form
from django.utils import timezone

from core.identifiers import (
    birth_date_of,
    normalise_credit_code,
    sex_of,
    validate_credit_code,
    validate_id_number,
    validate_passport_number,
)
from enterprises.forms import ValidityForm
from materials.checks import Finding, MaterialFacts, Report
from materials.fact_forms import FACT_FORMS
from materials.facts import fact_warnings
from materials.hints import name_hint, post_hint
from materials.validity import last_day, standing


class FactRefused(ValueError):
    """Something was stated that cannot be such a fact; the text says why."""


@dataclass(frozen=True)
class Option:
    name: str
    words: str
    is_switch: bool = False


OPTIONS = (
    Option("name", "申请人姓名"),
    Option("post", "申请人职务"),
    Option("id-number", "申请人身份证号码，由它得出出生日期和性别"),
    Option("surname", "护照上的姓，大写拼音"),
    Option("given-names", "护照上的名，大写拼音"),
    Option("passport-number", "护照号码"),
    Option("passport-expires-on", "护照有效期至，如2033-05-12"),
    Option("mrz", "护照底部两行机读码，中间用/分开；不给出的自动识别"),
    Option("enterprise", "申请企业名称"),
    Option("credit-code", "申请企业统一社会信用代码"),
    Option("dated-on", "材料1、4、5的日期，材料6的出具日期"),
    Option("tax-year", "材料3的纳税年度"),
    Option("ends-on", "材料2的营业期限止"),
    Option("endless", "材料2的营业期限为长期", is_switch=True),
    Option("economy", "材料5往来的经济体，三字码，如VNM"),
    Option("evidence", "材料5的种类：customs、investment、contract、plan、visa"),
    Option("company", "材料5、7上的单位名称；不给出的视为申请企业"),
    Option("record-name", "材料6上的姓名"),
    Option("insured-since", "材料7的连续参保起始日期"),
    Option("taken-recently", "材料8确认是6个月内拍摄的", is_switch=True),
)
# Of which options the facts beside a material are made, by the fields of its form.
FIELDS: dict[int, dict[str, str]] = {
    1: {"dated_on": "dated-on"},
    2: {"ends_on": "ends-on", "is_endless": "endless"},
    3: {"tax_year": "tax-year"},
    4: {"dated_on": "dated-on"},
    5: {
        "economy": "economy",
        "evidence": "evidence",
        "company": "company",
        "dated_on": "dated-on",
    },
    6: {"name": "record-name", "issued_on": "dated-on"},
    7: {"company": "company", "since": "insured-since"},
}


def read_facts(stated: Mapping[str, str]) -> MaterialFacts:
    """What a picture is compared with; raises FactRefused."""
    try:
        id_number = validate_id_number(stated["id-number"]) if "id-number" in stated else ""
        number = stated.get("passport-number", "")
        return MaterialFacts(
            surname=stated.get("surname", "").upper(),
            given_names=stated.get("given-names", "").upper(),
            birth_date=birth_date_of(id_number) if id_number else None,
            sex=sex_of(id_number) if id_number else "",
            passport_number=validate_passport_number(number) if number else "",
            passport_expires_on=_day(stated.get("passport-expires-on")),
            mrz_text=stated.get("mrz", "").replace("/", "\n"),
            enterprise=stated.get("enterprise", ""),
            credit_code=normalise_credit_code(stated.get("credit-code", "")),
            insured_since=_day(stated.get("insured-since")),
            taken_recently=bool(stated.get("taken-recently")),
        )
    except ValidationError as error:
        raise FactRefused(error.messages[0]) from None


def judge_stated(number: int, stated: Mapping[str, str]) -> Report:
    """What the forms would say of the facts beside material `number`; of what was not stated
    nothing."""
    problems, warnings = [], list(_hints(stated))
    if number == 2 and "credit-code" in stated:
        problems += _credit_code(stated["credit-code"])
    fields = FIELDS.get(number, {})
    given = {field: stated[name] for field, name in fields.items() if name in stated}
    if given:
        form = _form(number, stated, given)
        problems += [
            Finding(f"{field}_refused", str(error))
            for field, errors in form.errors.items()
            for error in errors
            if field in given
        ]
        if form.is_valid():
            found, noted = _consequences(number, form, stated)
            problems += found
            warnings += noted
    return Report(tuple(problems), tuple(warnings))


def _form(number: int, stated: Mapping[str, str], given: dict[str, str]) -> Form:
    if number in FACT_FORMS:
        enterprise = stated.get("enterprise", "")
        company = {"company": enterprise} if enterprise else {}
        return FACT_FORMS[number](
            company | given,
            enterprise_name=enterprise,
            applicant_name=stated.get("name") or given.get("name", ""),
            prefix=None,
        )
    return ValidityForm(given, kind=number)


def _consequences(
    number: int, form: Any, stated: Mapping[str, str]
) -> tuple[list[Finding], list[Finding]]:
    today = timezone.localdate()
    if number in FACT_FORMS:
        enterprise = stated.get("enterprise") or form.cleaned_data.get("company", "")
        return [], list(fact_warnings(number, form.facts(), enterprise=enterprise, today=today))
    until = last_day(number, form.stated, uploaded_on=today)
    state = standing(number, form.stated, until)
    if state.is_lapsed:
        return [Finding("lapsed", state.words)], []
    soon = until is not None and state.badge == "act"
    return [], [Finding("lapses_soon", state.words)] if soon else []


def _credit_code(code: str) -> list[Finding]:
    try:
        validate_credit_code(code)
    except ValidationError as error:
        return [Finding("credit_code_refused", error.messages[0])]
    return []


def _hints(stated: Mapping[str, str]) -> list[Finding]:
    post = post_hint(stated["post"], stated.get("enterprise") or "公司") if "post" in stated else ""
    name = name_hint(stated["name"]) if "name" in stated else ""
    hints = (("post_unusual", post), ("name_unusual", name))
    return [Finding(code, hint) for code, hint in hints if hint]


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise FactRefused(f"没有认出日期“{text[:20]}”，应类似2033-05-12。") from None
