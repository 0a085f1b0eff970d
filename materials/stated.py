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
from materials.catalogue import get
from materials.findings import Finding, MaterialFacts, Report
from materials.hints import name_hint, post_hint
from materials.kind import MaterialKind
from materials.numbers import MaterialNumber
from materials.rules.validity_form import ValidityForm


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
    kind = get(number)
    problems, warnings = [], list(_hints(stated))
    if number == MaterialNumber.LICENCE and "credit-code" in stated:
        problems += _credit_code(stated["credit-code"])
    given = {field: stated[name] for field, name in kind.options.items() if name in stated}
    if given:
        form = _form(kind, stated, given)
        problems += [
            Finding(f"{field}_refused", str(error))
            for field, errors in form.errors.items()
            for error in errors
            if field in given
        ]
        if form.is_valid():
            found, noted = _consequences(kind, form, stated)
            problems += found
            warnings += noted
    return Report(tuple(problems), tuple(warnings))


def _form(kind: MaterialKind, stated: Mapping[str, str], given: dict[str, str]) -> Form:
    if kind.validity is not None:
        return ValidityForm(given, rule=kind.validity)
    assert kind.facts is not None  # noqa: S101 - what has options has one of the two
    enterprise = stated.get("enterprise", "")
    company = {"company": enterprise} if enterprise else {}
    return kind.facts.form(
        company | given,
        enterprise_name=enterprise,
        applicant_name=stated.get("name") or given.get("name", ""),
        prefix=None,
    )


def _consequences(
    kind: MaterialKind, form: Any, stated: Mapping[str, str]
) -> tuple[list[Finding], list[Finding]]:
    today = timezone.localdate()
    if kind.validity is None:
        enterprise = stated.get("enterprise") or form.cleaned_data.get("company", "")
        return [], list(kind.fact_warnings(form.facts(), enterprise=enterprise, today=today))
    until = kind.validity.last_day(form.stated, today)
    state = kind.validity.standing(form.stated, until)
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
