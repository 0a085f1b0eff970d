"""What each role has to do next: the lists of its home page. Reads every room, writes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from applications.models import Application
from applications.workflow import EDITABLE, Status
from enterprises.models import Enterprise
from reviews.clock import Remaining
from reviews.models import Opinion, ReviewForm
from reviews.time_limits import remaining_for
from reviews.workdays import load_calendar

SHOWN = 20


@dataclass(frozen=True)
class Row:
    """One line of a list: where it leads, what it is, and how it stands."""

    url: str
    title: str
    detail: str
    label: str = ""
    badge: str = ""
    remaining: Remaining | None = None


@dataclass(frozen=True)
class Worklist:
    title: str
    rows: tuple[Row, ...]
    total: int
    empty: str
    is_mine: bool = True


def worklist(
    title: str, found: QuerySet[Any], rows: Iterable[Row], *, empty: str, is_mine: bool = True
) -> Worklist:
    shown = tuple(rows)
    total = len(shown) if len(shown) < SHOWN else found.count()
    return Worklist(title, shown, total, empty, is_mine)


def for_officer(user: User) -> list[Worklist]:
    """Verification, pre-review, tables by deadline, and what waits for enterprises."""
    enterprises = Enterprise.objects.awaiting_verification()
    submitted = Application.objects.awaiting_pre_review().with_people()
    forms = open_forms(ReviewForm.objects.open())
    waiting = Application.objects.filter(
        status__in=[Status.RETURNED, Status.SUPPLEMENTING]
    ).with_people()
    return [
        worklist(
            "待预审的申请",
            submitted,
            [_application_row(found, "applications:pre_review") for found in submitted[:SHOWN]],
            empty="没有待预审的申请。",
        ),
        worklist(
            "待核验的企业",
            enterprises,
            [_enterprise_row(found) for found in enterprises[:SHOWN]],
            empty="没有待核验的企业。",
        ),
        worklist("部门审核中", forms, form_rows(forms), empty="没有在审的审核表。", is_mine=False),
        worklist(
            "等企业补正或补充",
            waiting,
            [
                _application_row(found, "applications:pre_review")
                for found in waiting.order_by("status_since")[:SHOWN]
            ],
            empty="没有等企业办理的申请。",
            is_mine=False,
        ),
    ]


def for_liaison(user: User) -> list[Worklist]:
    """To sign, waiting for others, done."""
    mine = Opinion.objects.visible_to(user).with_case()
    ready = mine.ready().order_by("due_at")
    drafts = ready.filter(drafted_at__isnull=False)
    fresh = ready.filter(drafted_at__isnull=True)
    waiting = mine.awaiting_signature().exclude(pk__in=mine.ready()).order_by("due_at")
    done = mine.signed().select_related("signed_by").order_by("-signed_at")
    return [
        worklist("待签署", fresh, opinion_rows(fresh), empty="没有待签署的意见。"),
        worklist("草稿", drafts, opinion_rows(drafts), empty="没有草稿。"),
        worklist(
            "等其他部门签齐",
            waiting,
            opinion_rows(waiting),
            empty="没有在等的审核表。",
            is_mine=False,
        ),
        worklist("已签署", done, signed_rows(done), empty="还没有签署过意见。", is_mine=False),
    ]


def for_supervisor(user: User) -> list[Worklist]:
    """What the department, or with none the whole station, has open, by deadline."""
    opinions = Opinion.objects.visible_to(user).with_case().ready().order_by("due_at")
    done = Opinion.objects.visible_to(user).with_case().signed().order_by("-signed_at")
    done = done.select_related("signed_by")
    return [
        worklist("尚未签署", opinions, opinion_rows(opinions), empty="没有待签署的意见。"),
        worklist("已签署", done, signed_rows(done), empty="还没有签署过意见。", is_mine=False),
    ]


def for_agent(user: User) -> list[Worklist]:
    """What waits for the enterprise, what is under way, what is done."""
    mine = Application.objects.visible_to(user).with_people()
    to_do = mine.filter(status__in=EDITABLE).order_by("status_since")
    under_way = mine.filter(status__in=[Status.SUBMITTED, Status.IN_REVIEW])
    done = mine.filter(status__in=[Status.ENDORSED, Status.DECLINED, Status.WITHDRAWN])
    lists = [
        ("等您办理", to_do, "没有要您办理的申请。", True),
        ("正在办理", under_way, "没有正在办理的申请。", False),
        ("已结束", done, "还没有办结的申请。", False),
    ]
    return [
        worklist(
            title,
            found,
            [_application_row(one, "applications:detail") for one in found[:SHOWN]],
            empty=empty,
            is_mine=is_mine,
        )
        for title, found, empty, is_mine in lists
    ]


def open_forms(forms: QuerySet[ReviewForm]) -> QuerySet[ReviewForm]:
    return forms.select_related("application__enterprise", "application__applicant").order_by(
        "due_at"
    )


def form_rows(forms: QuerySet[ReviewForm]) -> list[Row]:
    calendar, now = load_calendar(), timezone.now()
    found = forms.prefetch_related("opinions__department")[:SHOWN]
    return [
        Row(
            url=form.get_absolute_url(),
            title=_case(form.application),
            detail=f"{form}　{_waiting_words(form)}",
            remaining=remaining_for(form.due_at, form.application.status, calendar, now),
        )
        for form in found
    ]


def opinion_rows(opinions: QuerySet[Opinion]) -> list[Row]:
    calendar, now = load_calendar(), timezone.now()
    return [
        Row(
            url=opinion.get_absolute_url(),
            title=_case(opinion.form.application),
            detail=f"{opinion.form}　{opinion.department}意见",
            remaining=remaining_for(opinion.due_at, opinion.form.application.status, calendar, now),
        )
        for opinion in opinions[:SHOWN]
    ]


def signed_rows(opinions: QuerySet[Opinion]) -> list[Row]:
    return [
        Row(
            url=opinion.form.get_absolute_url(),
            title=_case(opinion.form.application),
            detail=f"{opinion.form}　{opinion.department}意见　{_day(opinion.signed_at)}签署",
            label=opinion.get_conclusion_display(),
            badge="done" if opinion.conclusion == Opinion.Conclusion.AGREE else "void",
        )
        for opinion in opinions[:SHOWN]
    ]


def _application_row(application: Application, view: str) -> Row:
    return Row(
        url=reverse(view, args=[application.pk]),
        title=_case(application),
        detail=f"{application.reference}　{_day(application.status_since)}起",
        label=application.state.label,
        badge=application.badge,
    )


def _enterprise_row(enterprise: Enterprise) -> Row:
    return Row(
        url=enterprise.get_absolute_url(),
        title=enterprise.name,
        detail=f"{enterprise.credit_code}　{_day(enterprise.created_at)}登记",
        label=enterprise.get_status_display(),
        badge="act",
    )


def _case(application: Application) -> str:
    return f"{application.enterprise.name}　{application.applicant.name}"


def _waiting_words(form: ReviewForm) -> str:
    waiting = [opinion.department.name for opinion in form.opinions.all() if not opinion.is_signed]
    first = waiting[:-1] if len(waiting) > 1 else waiting
    return f"等{'、'.join(first)}" if first else "已签齐"


def _day(moment: datetime | None) -> str:
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
