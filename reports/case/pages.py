"""Pages of a case (本案各页): from each of them to every other that its reader may open."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from accounts.models import User
from applications.models import Application, Correction
from applications.workflow import Status
from cards.models import Card
from reviews.models import ReviewTable

NEWEST: Final = "newest_"


@dataclass(frozen=True)
class CasePage:
    """`key` tells the page itself, on which the link is no link."""

    key: str
    label: str
    url: str


def pages_of(application: Application, user: User) -> list[CasePage]:
    """In the order in which a case goes through them. A single page leads nowhere.

    One query, or none of a case that was read `with_case_pages`.
    """
    found = list(_pages(application, user))
    return found if len(found) > 1 else []


def _pages(application: Application, user: User) -> Iterator[CasePage]:
    pk = application.pk
    there = _there(application, user)
    is_draft = application.state == Status.DRAFT
    if user.is_officer or user.is_supervisor:
        yield CasePage("case", "总览", reverse("case", args=[pk]))
    if user.is_agent:
        yield CasePage("application", "申请", reverse("applications:detail", args=[pk]))
    elif user.is_of_station and not is_draft:
        yield CasePage("pre_review", "预审", reverse("applications:pre_review", args=[pk]))
    if user.is_agent or (user.is_of_station and not is_draft):
        yield CasePage("letters", "函件", reverse("letters:of_application", args=[pk]))
    if there["letter"]:
        url = reverse("applications:letter", args=[pk, there["letter"]])
        yield CasePage("letter", "告知书", url)
    if there["table"]:
        yield CasePage("table", "审核表", reverse("reviews:table_detail", args=[there["table"]]))
    yield from _beyond(application, user, there["card"])


def _beyond(application: Application, user: User, card: int | None) -> Iterator[CasePage]:
    """What follows the table: of the station and of the enterprise."""
    if not (user.is_of_station or user.is_agent):
        return
    pk = application.pk
    if application.state == Status.ENDORSED and application.is_for_a_card:
        yield CasePage("filing", "国家系统", reverse("cards:filing", args=[pk]))
    if not application.is_first and application.state != Status.DRAFT:
        yield CasePage("service", application.service.label, reverse("cards:service", args=[pk]))
    if card:
        yield CasePage("card", "旅行卡", reverse("cards:card", args=[card]))
    if user.is_of_station:
        url = reverse("dossier", args=[application.enterprise_id])
        yield CasePage("dossier", "企业档案", url)


def _there(application: Application, user: User) -> Mapping[str, int | None]:
    """Keys of what there is, as far as this person may see it."""
    beside = beside_a_case(user)
    found = vars(application)
    if not beside.keys() <= found.keys():
        found = (
            Application.objects.filter(pk=application.pk).annotate(**beside).values(*beside).get()
        )
    return {name.removeprefix(NEWEST): found[name] for name in beside}


def beside_a_case(user: User) -> Mapping[str, Subquery]:
    """What the links need, to be read in the query that reads the case."""
    sees_case = user.is_agent or user.is_of_station
    told = Correction.objects.told() if sees_case else Correction.objects.none()
    return {
        f"{NEWEST}letter": _newest(told.filter(told_in__isnull=False), "told_in"),
        f"{NEWEST}table": _newest(ReviewTable.objects.visible_to(user), "pk"),
        f"{NEWEST}card": _newest(Card.objects.visible_to(user), "pk"),
    }


def _newest(found: "QuerySet[Any]", column: str) -> Subquery:
    own = found.filter(application=OuterRef("pk")).order_by(f"-{column}")
    return Subquery(own.values(column)[:1])
