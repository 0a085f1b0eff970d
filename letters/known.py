"""What the portal knows of an enterprise and its applicants, by the names of the fields."""

from django.conf import settings

from applications.models import Applicant, Application
from cards.filing.early_print import dealings_of
from cards.models import Card
from core.dates import day_words
from letters.kind import Facts


def of_station() -> dict[str, str]:
    return {
        "区县": settings.DISTRICT_NAME,
        "服务站": settings.STATION_NAME,
        "热线": settings.HOTLINE,
    }


def of_enterprise(facts: Facts) -> dict[str, str]:
    enterprise = facts.enterprise
    return {
        **of_station(),
        "单位名称": enterprise.name,
        "统一社会信用代码": enterprise.credit_code,
        "住所": enterprise.address,
        "联系人": enterprise.contact_name,
        "联系电话": enterprise.contact_phone,
    }


def of_person(person: Applicant) -> dict[str, str]:
    return {
        "姓名": person.name,
        "职务": person.post,
        "身份证号码": person.id_number,
        "护照号码": person.passport_number,
        "护照有效期": day_words(person.passport_expires_on),
    }


def economies_of(application: Application | None) -> str:
    """Names of those with which the enterprise has shown that it deals."""
    if application is None:
        return ""
    return "、".join(dealing.name for dealing in dealings_of(application))


def earlier_card(person: Applicant) -> Card | None:
    """His newest card, also a cancelled one."""
    return Card.objects.filter(applicant=person).order_by("-issued_on", "-pk").first()
