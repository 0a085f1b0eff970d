"""Typed facts of enterprise and applicant, as the officer holds them against a material."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode

from applications.models import Applicant, Application
from core.dates import day_words, moment_label
from core.identifiers import credit_code_hint
from core.masks import mask_id_number, mask_passport, mask_phone
from enterprises.models import Enterprise
from materials.catalogue import get
from materials.hints import hints_for
from materials.numbers import MaterialNumber


@dataclass(frozen=True)
class Fact:
    """`field` is the one of the form in which it is typed."""

    label: str
    value: str
    hint: str = ""
    field: str = ""

    @property
    def is_phone(self) -> bool:
        return self.field in {"phone", "contact_phone"}


PERSONAL_NUMBERS = frozenset({"contact_phone", "id_number", "phone", "passport_number"})


def typed_facts(application: Application, number: int, *, revealed: bool) -> list[Fact]:
    """What was typed, as far as this material is held against it; for number 0 all of it."""
    facts = _all_facts(application, revealed=revealed)
    compared = _compared(number)
    return [facts[key] for key in compared] or [*facts.values(), _consent_to_it(application)]


def _consent_to_it(application: Application) -> Fact:
    consent = application.consent
    if consent is None:
        return Fact("申请人的同意", "提交时由经办人确认")
    return Fact("申请人的同意", f"{moment_label(consent.given_at)}，{consent.get_way_display()}")


@dataclass(frozen=True)
class FactGroup:
    """What is typed in one form, at this address, as it is checked before it is submitted."""

    title: str
    change_url: str
    facts: Sequence[Fact]


def fact_groups(application: Application, *, revealed: bool) -> tuple[FactGroup, FactGroup]:
    """All that was typed of the enterprise and of the applicant."""
    enterprise, applicant = application.enterprise, application.applicant
    way_back = urlencode({"next": application.get_absolute_url()})
    return (
        FactGroup(
            "申请单位",
            f"{reverse('enterprises:edit', args=[enterprise.pk])}?{way_back}",
            list(_enterprise_facts(enterprise, revealed=revealed).values()),
        ),
        FactGroup(
            "申请人",
            reverse("applications:applicant_edit", args=[applicant.pk]),
            list(_applicant_facts(applicant, revealed=revealed).values()),
        ),
    )


def has_personal_numbers(number: int) -> bool:
    compared = _compared(number)
    return not compared or not PERSONAL_NUMBERS.isdisjoint(compared)


def _compared(number: int) -> tuple[str, ...]:
    """The facts that a material is held against; empty for number 0, where all are shown."""
    return () if number == MaterialNumber.FACTS else get(number).compared


def _all_facts(application: Application, *, revealed: bool) -> dict[str, Fact]:
    """With what the station is to look at."""
    enterprise = application.enterprise
    facts = _enterprise_facts(enterprise, revealed=revealed)
    code_hint = credit_code_hint(enterprise.credit_code, settings.DISTRICT_CODE) or ""
    verified_hint = "" if enterprise.is_verified else _not_verified(enterprise)
    return {
        **facts,
        "enterprise": replace(facts["enterprise"], hint=verified_hint),
        "credit_code": replace(facts["credit_code"], hint=code_hint),
        **_applicant_facts(application.applicant, revealed=revealed),
    }


def _enterprise_facts(enterprise: Enterprise, *, revealed: bool) -> dict[str, Fact]:
    phone = enterprise.contact_phone if revealed else mask_phone(enterprise.contact_phone)
    return {
        "enterprise": Fact("单位名称", enterprise.name, field="name"),
        "credit_code": Fact("统一社会信用代码", enterprise.credit_code, field="credit_code"),
        "kind": Fact("企业类型", enterprise.get_kind_display(), field="kind"),
        "authority": Fact(
            "登记机关", enterprise.registration_authority, field="registration_authority"
        ),
        "address": Fact("住所", enterprise.address, enterprise.district_hint, "address"),
        "contact": Fact("联系人", enterprise.contact_name, field="contact_name"),
        "contact_phone": Fact("联系人电话", phone, field="contact_phone"),
    }


def _applicant_facts(applicant: Applicant, *, revealed: bool) -> dict[str, Fact]:
    hints = hints_for(applicant)
    id_number, passport = applicant.id_number, applicant.passport_number
    phone = applicant.phone if revealed else mask_phone(applicant.phone)
    if not revealed:
        id_number, passport = mask_id_number(id_number), mask_passport(passport)
    expires_on = day_words(applicant.passport_expires_on)
    return {
        "applicant": Fact("申请人姓名", applicant.name, hints.get("name", ""), "name"),
        "surname": Fact("姓（拼音）", applicant.surname, field="surname"),
        "given_names": Fact("名（拼音）", applicant.given_names, field="given_names"),
        "post": Fact("职务", applicant.post, hints.get("post", ""), "post"),
        "id_number": Fact("身份证号码", id_number, hints.get("id_number", ""), "id_number"),
        "phone": Fact("申请人电话", phone, field="phone"),
        "passport_number": Fact(
            "护照号码", passport, hints.get("passport_number", ""), "passport_number"
        ),
        "passport_expires_on": Fact("护照有效期至", expires_on, field="passport_expires_on"),
    }


def _not_verified(enterprise: Enterprise) -> str:
    label = enterprise.get_status_display()
    return f"这家企业现在是“{label}”。请先到“企业”中核验，再送部门审核。"
