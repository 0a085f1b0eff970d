"""Typed facts of enterprise and applicant, as the officer holds them against a material."""

from dataclasses import dataclass

from django.conf import settings

from applications.models import Application
from core.dates import day_words
from core.identifiers import credit_code_hint
from core.masks import mask_id_number, mask_passport, mask_phone
from enterprises.models import Enterprise
from materials.catalogue import get
from materials.hints import hints_for
from materials.numbers import MaterialNumber


@dataclass(frozen=True)
class Fact:
    label: str
    value: str
    hint: str = ""


PERSONAL_NUMBERS = frozenset({"contact_phone", "id_number", "phone", "passport_number"})


def typed_facts(application: Application, number: int, *, revealed: bool) -> list[Fact]:
    """What was typed, as far as this material is held against it; for number 0 all of it."""
    facts = _all_facts(application, revealed=revealed)
    return [facts[key] for key in _compared(number) or facts]


def has_personal_numbers(number: int) -> bool:
    compared = _compared(number)
    return not compared or not PERSONAL_NUMBERS.isdisjoint(compared)


def _compared(number: int) -> tuple[str, ...]:
    """The facts that a material is held against; empty for number 0, where all are shown."""
    return () if number == MaterialNumber.FACTS else get(number).compared


def _all_facts(application: Application, *, revealed: bool) -> dict[str, Fact]:
    enterprise, applicant = application.enterprise, application.applicant
    code_hint = credit_code_hint(enterprise.credit_code, settings.DISTRICT_CODE) or ""
    verified_hint = "" if enterprise.is_verified else _not_verified(enterprise)
    id_number, passport = applicant.id_number, applicant.passport_number
    phone, contact_phone = applicant.phone, enterprise.contact_phone
    hints = hints_for(applicant)
    if not revealed:
        id_number, passport = mask_id_number(id_number), mask_passport(passport)
        phone, contact_phone = mask_phone(phone), mask_phone(contact_phone)
    return {
        "enterprise": Fact("单位名称", enterprise.name, verified_hint),
        "credit_code": Fact("统一社会信用代码", enterprise.credit_code, code_hint),
        "kind": Fact("企业类型", enterprise.get_kind_display()),
        "authority": Fact("登记机关", enterprise.registration_authority),
        "address": Fact("住所", enterprise.address, enterprise.district_hint),
        "contact": Fact("联系人", enterprise.contact_name),
        "contact_phone": Fact("联系人电话", contact_phone),
        "applicant": Fact("申请人姓名", applicant.name, hints.get("name", "")),
        "post": Fact("职务", applicant.post, hints.get("post", "")),
        "id_number": Fact("身份证号码", id_number, hints.get("id_number", "")),
        "phone": Fact("申请人电话", phone),
        "passport_number": Fact("护照号码", passport, hints.get("passport_number", "")),
        "passport_expires_on": Fact("护照有效期至", day_words(applicant.passport_expires_on)),
    }


def _not_verified(enterprise: Enterprise) -> str:
    label = enterprise.get_status_display()
    return f"这家企业现在是“{label}”。请先到“企业”中核验，再送部门审核。"
