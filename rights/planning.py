"""Plan of a deletion: what goes, what stays and on which ground (ADR 81).

What was never submitted goes at once. What the station worked on stays as long as its class is
kept; a card in use and a case under way stay while they are.
"""

from dataclasses import asdict, dataclass
from typing import Any, Final

from dateutil.relativedelta import relativedelta
from django.db.models import Q
from django.utils import timezone

from applications.models import Applicant, Application
from applications.workflow import Status
from cards.models import Card
from core.dates import day_words
from core.personal_data import KEEP_CODE
from parameters.values import Parameters, load_parameters
from rights.person import rows_of_person

GROUND: Final = "个人信息保护法第47条：本人要求删除，没有继续保存的依据"
UNDER_WAY: Final = "正在办理，处理目的还没有实现；要删除的，请先撤回申请"
RECORD: Final = "办理记录和审核表要按档案、审计的要求留存（第47条第2款），只存储、不再用于别的"
IN_USE: Final = "卡还没有注销，履行用卡管理的义务所必需"
# Of which class of keeping an application is, by how it ended.
CLASS_OF: Final = {
    Status.ENDORSED: "endorsed",
    Status.DECLINED: "declined",
    Status.WITHDRAWN: "withdrawn",
}


@dataclass(frozen=True)
class PlanLine:
    """One row of the plan; `object_id` and words, no value of the person."""

    table: str
    object_id: int
    what: str
    is_deleted: bool
    ground: str


def plan_for(applicant: Applicant) -> list[PlanLine]:
    """What a deletion of this person would do now, row by row."""
    parameters = load_parameters()
    lines: list[PlanLine] = []
    for person in rows_of_person(applicant).order_by("pk"):
        of_person = [
            *(_application(one, parameters) for one in person.applications.order_by("pk")),
            *(_card(one, parameters) for one in _cards_of(person)),
        ]
        stays = any(not line.is_deleted for line in of_person)
        lines += of_person
        lines.append(
            PlanLine(
                Applicant._meta.label,
                person.pk,
                "姓名、职务、号码、电话、护照信息",
                not stays,
                "上面留存的办理记录要写明是谁" if stays else GROUND,
            )
        )
    return lines


def as_data(lines: list[PlanLine]) -> list[dict[str, Any]]:
    return [asdict(line) for line in lines]


def _cards_of(person: Applicant) -> list[Card]:
    of_person = Q(applicant=person) | Q(application__applicant=person)
    return list(Card.objects.filter(of_person).distinct().order_by("pk"))


def _application(one: Application, parameters: Parameters) -> PlanLine:
    if one.can_be_deleted:
        return PlanLine(Application._meta.label, one.pk, f"草稿{one.reference}和材料", True, GROUND)
    code = CLASS_OF.get(Status(one.status))
    if code is None:
        ground = UNDER_WAY
    else:
        months = parameters.number(KEEP_CODE.format(code))
        until = timezone.localtime(one.status_since).date() + relativedelta(months=months)
        ground = f"{RECORD}；留存到{day_words(until)}"
    what = f"申请{one.reference}（{Status(one.status).label}）和材料、审核表"
    return PlanLine(Application._meta.label, one.pk, what, False, ground)


def _card(card: Card, parameters: Parameters) -> PlanLine:
    if card.status == Card.Status.CANCELLED:
        months = parameters.number(KEEP_CODE.format("card"))
        ground = f"{RECORD}；卡注销后留存{months}个月"
    else:
        ground = IN_USE
    what = f"第{card.pk}号卡（{card.get_status_display()}）"
    return PlanLine(Card._meta.label, card.pk, what, False, ground)
