"""Work lists of the home pages: what each role has to do next. Writes nothing."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db.models import Case, Count, F, Prefetch, Q, QuerySet, When, Window
from django.urls import reverse
from django.utils import timezone

from accounts.filters import midnight
from accounts.models import User
from applications.models import Application
from applications.progress import ProgressStep, progress_of
from applications.time_limits import remaining_of
from applications.workflow import EDITABLE, Status
from cards.filing.next_steps import card_of, next_entry
from cards.filing.progress import progress_of_filing
from cards.models import Filing
from cards.workflow import Stage
from core.dates import day_words, moment_label
from enterprises.models import Demand, Enterprise, HandOver
from materials.economies import ECONOMIES
from parameters.values import Parameters, load_parameters
from reports.card_duties import Duty, of_agent, of_officer
from reviews.models import Opinion, ReviewTable
from reviews.models.review import CLOCK_RUNS
from reviews.time_limits import awaited, left_for, remaining_for, standing, with_standing
from workdays.calendar import Calendar, load_calendar
from workdays.clock import Remaining, remaining

SHOWN = 20
TO_DO = {
    Status.DRAFT: "继续准备",
    Status.RETURNED: "去补正",
    Status.SUPPLEMENTING: "去补充材料",
    # A service that the station has approved, and that has no filing of its own.
    Status.ENDORSED: "看下一步",
}
# Steps of a service without a table and without a card: 准备材料, 预审.
BEFORE_FILING = 2
# Each with three buttons; the rest stand first in the list of applications.
MOST_TO_FILE = 5
# What waits for nobody here; all of it stands in the list of applications.
MOST_AT_REST = 10
# Of what cards in use ask for; the rest is on the page of one's own duty.
MOST_DUTIES = 8
# Of the ledger's next steps; all of them stand in the list of the ledger.
MOST_NEXT_STEPS = 5
# What an agent does with an endorsed case, the picture for the national system first.
FILING = (
    ("reviews:jpg_of_application", "下载审核表JPG"),
    ("reviews:pdf_of_application", "下载PDF"),
    ("cards:national", "到国家系统填报"),
)
# While the enterprise supplements there is nothing to sign in a hurry.
BY_DEADLINE = F("due_at").asc(nulls_last=True)
PAUSED_LAST = (
    Case(
        When(clock_goes_on=False, table__application__status=Status.SUPPLEMENTING, then=1),
        default=0,
    ),
)


@dataclass(frozen=True)
class RowAction:
    """What can be done at once, beside where the row leads."""

    url: str
    label: str


@dataclass(frozen=True)
class WorklistRow:
    """One line of a list: where it leads, what it is, and how it stands."""

    url: str
    title: str
    detail: str
    label: str = ""
    badge: str = ""
    remaining: Remaining | None = None
    # What happens next and who does it, where the list is read by somebody outside.
    next_what: str = ""
    next_who: str = ""
    # Whom to call about it, and the opinion to be chased on the table with that address.
    call: User | None = None
    chase: int | None = None
    chase_url: str = ""
    actions: tuple[RowAction, ...] = ()
    progress: tuple[ProgressStep, ...] = ()


@dataclass(frozen=True)
class Worklist:
    title: str
    rows: tuple[WorklistRow, ...]
    total: int
    empty: str
    is_mine: bool = True
    # Of all `total`: past their deadline, and due later today.
    late: int = 0
    today: int = 0


ToRow = Callable[[Any], WorklistRow]


def worklist(
    title: str,
    found: QuerySet[Any],
    to_row: ToRow,
    *,
    empty: str,
    is_mine: bool = True,
    due: str = "",
    most: int = SHOWN,
) -> Worklist:
    """The first rows and how many there are in all, in one query.

    With the field `due` also how many are past it, and how many are due later today.
    """
    counts = {"total": Window(Count("pk"))}
    if due:
        counts |= _due_counts(due)
    shown = list(found.annotate(**counts)[:most])
    counted = {name: getattr(shown[0], name) if shown else 0 for name in counts}
    rows = tuple(to_row(one) for one in shown)
    return Worklist(title, rows, empty=empty, is_mine=is_mine, **counted)


def _due_counts(due: str) -> dict[str, Window]:
    now, tomorrow = timezone.now(), midnight(timezone.localdate() + timedelta(days=1))
    later_today = Q(**{f"{due}__gte": now, f"{due}__lt": tomorrow})
    return {
        "late": Window(Count("pk", filter=Q(**{f"{due}__lt": now}))),
        "today": Window(Count("pk", filter=later_today)),
    }


def for_officer(user: User) -> list[Worklist]:
    """Pre-review, verification, tables by deadline, and what waits for enterprises."""
    waiting = Application.objects.filter(status__in=[Status.RETURNED, Status.SUPPLEMENTING])
    calendar = load_calendar()
    pre_review = application_row("applications:pre_review", calendar)
    work = of_officer(user)
    duties = Worklist("卡与回访", tuple(map(_duty_row, work.duties)), work.total, "")
    return [
        *(_objected() if work.has_objections else []),
        *([duties] if duties.rows else []),
        *_next_steps(user),
        worklist(
            "待预审的申请",
            Application.objects.awaiting_pre_review().with_people(),
            pre_review,
            empty="没有待预审的申请。",
            due="due_at",
        ),
        worklist(
            "待核验的企业",
            Enterprise.objects.awaiting_verification().order_by(BY_DEADLINE, "pk"),
            _enterprise_row(calendar),
            empty="没有待核验的企业。",
            due="due_at",
        ),
        worklist(
            "部门审核中",
            open_tables(),
            form_row(calendar),
            empty="没有在审的审核表。",
            is_mine=False,
            due="first_due",
        ),
        worklist(
            "等企业补正或补充",
            waiting.with_people().order_by("status_since"),
            pre_review,
            empty="没有等企业办理的申请。",
            is_mine=False,
            due="due_at",
        ),
    ]


def _objected() -> list[Worklist]:
    """Hand-overs that an agent objects to, which stand still until the officer decides."""
    rows = tuple(
        WorklistRow(
            url=reverse("enterprises:station_detail", args=[hand_over.enterprise_id]),
            title=hand_over.enterprise.name,
            detail=f"移交给{hand_over.name}，{moment_label(hand_over.asked_at)}发起",
            label="有异议，请核实",
            badge="act",
        )
        for hand_over in HandOver.objects.objected_to().select_related("enterprise")[:SHOWN]
    )
    return [Worklist("经办移交有异议", rows, len(rows), "")] if rows else []


def _next_steps(user: User) -> list[Worklist]:
    """Rows of the ledger whose next step is due today or was before: one's own, and nobody's."""
    mine = Q(owner=user) | Q(owner__isnull=True)
    due = Demand.objects.filter(mine).due_by(timezone.localdate()).in_queue()
    found = worklist("台账下一步", due, _demand_row, empty="", most=MOST_NEXT_STEPS)
    if found.total > len(found.rows):
        address = f"{reverse('ledger:list')}?next=today"
        further = WorklistRow(address, f"看全部{found.total}户", "今天和已过期的下一步")
        found = replace(found, rows=(*found.rows, further))
    return [found] if found.rows else []


def _demand_row(demand: Demand) -> WorklistRow:
    return WorklistRow(
        url=demand.get_absolute_url(),
        title=demand.name,
        detail=f"{demand.next_step}　{day_words(demand.next_on)}",
        label="已过期" if demand.is_overdue else "今天",
        badge="late" if demand.is_overdue else "act",
    )


def for_liaison(user: User) -> list[Worklist]:
    """To sign, drafts, waiting for the others, done; and what colleagues have in hand."""
    department = Opinion.objects.visible_to(user).with_case().with_clock()
    ready = department.ready().order_by(*PAUSED_LAST, "due_at", "pk")
    mine = ready.in_hands_of(user)
    calendar = load_calendar()
    to_sign = opinion_row(user, calendar)
    # What is filled in but for the signature waits for it as what was never begun does.
    begun = Q(drafted_at__isnull=False, conclusion="")
    lists = [
        *batch_lists(ready),
        worklist("待签署", mine.exclude(begun), to_sign, empty="没有待签署的意见。"),
        worklist("草稿", mine.filter(begun), to_sign, empty="没有草稿。"),
        _waiting_list(department, user, calendar),
    ]
    others = worklist(
        "同事名下，您也可以签署",
        ready.exclude(pk__in=mine.values("pk")),
        to_sign,
        empty="",
        is_mine=False,
    )
    if others.rows:
        lists.append(others)
    done = department.signed().exclude(table__status=ReviewTable.Status.OPEN)
    lists.append(signed_list(done, "已办结", "还没有办结的审核表。"))
    return lists


def batch_lists(ready: QuerySet[Opinion]) -> list[Worklist]:
    """Enterprises on which the department has several finished drafts; no list without any."""
    several = (
        ready.exclude(conclusion="")
        .order_by("table__application__enterprise__name")
        .values_list("table__application__enterprise", "table__application__enterprise__name")
        .annotate(count=Count("pk"))
        .filter(count__gte=2)
    )
    rows = tuple(
        WorklistRow(
            url=reverse("reviews:opinion_batch", args=[enterprise]),
            title=name,
            detail=f"{count}份意见已填好，逐份看过预览后，可以一次签署",
            label=f"{count}份",
            badge="act",
        )
        for enterprise, name, count in several[:SHOWN]
    )
    return [Worklist("可以一起签署", rows, len(rows), "")] if rows else []


def _waiting_list(department: QuerySet[Opinion], user: User, calendar: Calendar) -> Worklist:
    """The last department waits for the others; each of these, having signed, for the last."""
    if user.department is not None and user.department.signs_last:
        waiting = department.awaiting_signature().exclude(pk__in=department.ready().values("pk"))  # type: ignore[attr-defined]
        return worklist(
            "等其他部门签齐",
            waiting.order_by("due_at"),
            opinion_row(user, calendar, is_ahead=True),
            empty="没有在等的审核表。",
            is_mine=False,
        )
    signed = department.filter(signed_at__isnull=False, table__status=ReviewTable.Status.OPEN)
    others = Opinion.objects.with_clock().select_related("department")
    others = others.order_by("department__position")
    return worklist(
        "已签署，等其他部门",
        signed.order_by(*PAUSED_LAST, "table__due_at", "pk").prefetch_related(
            Prefetch("table__opinions", others)
        ),
        _waiting_row(calendar),
        empty="没有在等其他部门的审核表。",
        is_mine=False,
    )


def for_supervisor(user: User) -> list[Worklist]:
    """What the department, or with none the whole station, has open: the late on top.

    Its counts are those of opinions whose clock runs; what is over is behind links.
    """
    opinions = Opinion.objects.visible_to(user).with_case().with_clock()
    running = Case(When(CLOCK_RUNS, then="due_at"))
    ready = opinions.ready().annotate(running_due=running).order_by(*PAUSED_LAST, "due_at", "pk")
    return [
        worklist(
            "尚未签署",
            ready,
            _chasing_row(user, load_calendar()),
            empty="没有待签署的意见。",
            due="running_due",
        )
    ]


def _chasing_row(user: User, calendar: Calendar) -> ToRow:
    """With whom to call and a button to chase him, where the department is late."""
    plain = opinion_row(user, calendar, to_table=True)

    def to_row(opinion: Opinion) -> WorklistRow:
        row = plain(opinion)
        if row.remaining is None or row.remaining.state != "late":
            return row
        chase_url = reverse("reviews:chase", args=[opinion.table_id])
        return replace(row, call=opinion.assignee, chase=opinion.pk, chase_url=chase_url)

    return to_row


def for_agent(user: User) -> list[Worklist]:
    """What is to be filed, what else waits for the enterprise, what is under way, what is done."""
    mine = Application.objects.visible_to(user).with_people()
    after_table = mine.select_related("filing", "card")
    drafts = after_table.filter(status__in=EDITABLE)
    awaiting = after_table.awaiting_filing()
    # With a card to collect or hand over there is nothing to do in the national system.
    at_the_end = awaiting.filter(filing__stage__in=[Stage.READY, Stage.COLLECTED])
    to_do = (drafts | after_table.services_of_agent() | at_the_end).order_by("status_since")
    submitted = mine.filter(status__in=[Status.SUBMITTED, Status.IN_REVIEW])
    under_way = (submitted | mine.services_of_others()).order_by(BY_DEADLINE, "status_since")
    done = after_table.nobodys()
    row = _own_row(load_calendar())
    parameters = load_parameters()
    to_file = awaiting.exclude(filing__stage__in=[Stage.READY, Stage.COLLECTED])
    to_file_row = _to_file_row(row, parameters)
    filing = worklist(
        "审核通过，请到国家系统填报", to_file, to_file_row, empty="", most=MOST_TO_FILE
    )
    filed = worklist(
        "国家系统办理中",
        after_table.filed().order_by("filing__last_entry_at", "pk"),
        _filed_row(row),
        empty="",
        is_mine=False,
        most=MOST_AT_REST,
    )
    return [
        *([filing] if filing.rows else []),
        worklist("等您办理", to_do, _to_do_row(row, to_file_row), empty="没有要您办理的申请。"),
        *_duties_of_agent(user, parameters),
        *([filed] if filed.rows else []),
        worklist("正在办理", under_way, row, empty="没有正在办理的申请。", is_mine=False),
        worklist("已结束", done, row, empty="还没有办结的申请。", is_mine=False, most=MOST_AT_REST),
    ]


def _duties_of_agent(user: User, parameters: Parameters) -> list[Worklist]:
    """What cards in use ask for; no list where that is nothing."""
    duties = of_agent(user, parameters)
    rows = [_duty_row(duty) for duty in duties[:MOST_DUTIES]]
    if len(duties) > MOST_DUTIES:
        more = f"还有{len(duties) - MOST_DUTIES}件"
        rows.append(WorklistRow(reverse("cards:duty"), more, "在“用卡管理”和“商务旅行卡”里"))
    return [Worklist("旅行卡和用卡", tuple(rows), len(duties), "")] if rows else []


def _duty_row(duty: Duty) -> WorklistRow:
    return WorklistRow(duty.url, duty.title, duty.detail, duty.label, duty.badge)


def _own_row(calendar: Calendar) -> ToRow:
    """As the enterprise reads its case: the applicant, what happens next, who, by when."""
    now = timezone.now()

    def to_row(application: Application) -> WorklistRow:
        return WorklistRow(
            url=reverse("applications:detail", args=[application.pk]),
            title=f"{application.applicant.name}（{_what(application)}）",
            detail=f"{application.reference}　{moment_label(application.status_since)}起",
            label=application.state.label,
            badge=application.badge,
            remaining=remaining_of(application, calendar, now),
            next_what=application.public_label,
            next_who="" if application.is_over_for_all else application.ball,
            progress=_progress(application),
        )

    return to_row


def _progress(application: Application) -> tuple[ProgressStep, ...]:
    """Up to the card; of a service that ends without one, up to the station's answer."""
    steps = progress_of(application.state, has_table=application.needs_table)
    return steps if application.is_for_a_card else steps[:BEFORE_FILING]


def _what(application: Application) -> str:
    """His post; of a later service which it is."""
    if application.is_first:
        return application.applicant.post
    return f"{application.applicant.post}，{application.service.label}"


def _to_do_row(own_row: ToRow, filed_row: ToRow) -> ToRow:
    """With a button that says what to do now."""

    def to_row(application: Application) -> WorklistRow:
        if application.state == Status.ENDORSED and application.service.makes_card:
            return filed_row(application)
        row = own_row(application)
        return replace(row, actions=(RowAction(row.url, TO_DO[application.state]),))

    return to_row


def _to_file_row(own_row: ToRow, parameters: Parameters) -> ToRow:
    """The one next step beyond the portal; before it is filed the files for it, its picture first.

    With the entry's button of everything later.
    """

    def to_row(application: Application) -> WorklistRow:
        if not application.service.makes_card:
            return replace(own_row(application), next_what=application.service.after)
        filing = Filing.of(application)
        entry = next_entry(filing, parameters, is_agent=True)
        address = filing.get_absolute_url()
        if filing.filed_on is None:
            files = [
                (reverse(view, args=[application.pk]), label)
                for view, label in FILING
                if application.needs_table or not view.startswith("reviews:")
            ]
            actions = [*files, (address, "登记进度")]
        else:
            card = reverse("cards:card_of_application", args=[application.pk])
            asks_card = filing.at == Stage.COLLECTED and card_of(filing) is None
            actions = [(card, "登记卡")] if asks_card else []
            actions.append((address, entry.buttons[0][1] if entry.buttons else "看进度"))
        return replace(
            own_row(application),
            url=address,
            next_what=entry.what if filing.pk else application.public_label,
            progress=progress_of_filing(filing),
            actions=tuple(RowAction(*action) for action in actions),
        )

    return to_row


def _filed_row(own_row: ToRow) -> ToRow:
    """Who has it beyond the portal, since when, and how many economies have approved."""

    def to_row(application: Application) -> WorklistRow:
        filing = Filing.of(application)
        granted = f"　{filing.granted_count}/{len(ECONOMIES)}个经济体已批准"
        return replace(
            own_row(application),
            url=filing.get_absolute_url(),
            next_who=filing.ball,
            label=filing.at.label,
            badge=filing.badge,
            detail=f"{application.reference}　{day_words(filing.stage_on)}起"
            f"{granted if filing.passed_on else ''}",
            progress=progress_of_filing(filing),
        )

    return to_row


def open_tables() -> QuerySet[ReviewTable]:
    return with_standing(ReviewTable.objects.open().in_order_of_urgency())


def form_row(calendar: Calendar) -> ToRow:
    now = timezone.now()

    def to_row(table: ReviewTable) -> WorklistRow:
        return WorklistRow(
            url=table.get_absolute_url(),
            title=_case(table.application),
            detail=f"{table}　{_waiting_words(table)}",
            remaining=standing(table, calendar, now),
        )

    return to_row


def opinion_row(
    user: User, calendar: Calendar, *, to_table: bool = False, is_ahead: bool = False
) -> ToRow:
    """Leads to the opinion, or for who only reads to the table; `is_ahead`: of its turn."""
    now = timezone.now()

    def to_row(opinion: Opinion) -> WorklistRow:
        return WorklistRow(
            url=(opinion.table if to_table else opinion).get_absolute_url(),
            title=_case(opinion.table.application),
            detail=f"{opinion.table}　{opinion.department}意见"
            f"{_filled(opinion)}{_hands(opinion, user)}",
            remaining=left_for(opinion, calendar, now, is_ahead=is_ahead),
        )

    return to_row


def _filled(opinion: Opinion) -> str:
    return "　已填好，可以预览签署" if opinion.conclusion else ""


def _hands(opinion: Opinion, user: User) -> str:
    """Who acts, where it is not simply the reader's own."""
    acting, owner = opinion.assignee, opinion.owner
    if acting is None:
        return ""
    by = "" if acting == user else f"　{acting.name}办理"
    return f"{by}　代{owner.name}" if owner and opinion.is_stood_in_for else by


def signed_list(signed: QuerySet[Opinion], title: str, empty: str) -> Worklist:
    return worklist(title, signed.order_by("-signed_at"), _signed_row, empty=empty, is_mine=False)


def _signed_row(opinion: Opinion) -> WorklistRow:
    """Green only where the department agreed and the whole did not come out otherwise."""
    counts = not (opinion.table.is_void or opinion.table.application.status == Status.DECLINED)
    return WorklistRow(
        url=opinion.table.get_absolute_url(),
        title=_case(opinion.table.application),
        detail=f"{opinion.table}　{opinion.department}意见　"
        f"{moment_label(opinion.signed_at)}{opinion.manner}",
        label=_conclusion_words(opinion),
        badge="done" if opinion.conclusion == Opinion.Conclusion.AGREE and counts else "void",
    )


def _conclusion_words(opinion: Opinion) -> str:
    """What this department said, and where the whole came out otherwise, that it did."""
    said = opinion.get_conclusion_display()
    if opinion.table.is_void:
        return f"{said}，本轮已作废"
    declined = opinion.table.application.status == Status.DECLINED
    return f"本部门{said}，审核未通过" if declined else said


def _waiting_row(calendar: Calendar) -> ToRow:
    """What one has signed oneself, and until when the whole table is to be done."""
    now = timezone.now()

    def to_row(opinion: Opinion) -> WorklistRow:
        table = opinion.table
        row = _signed_row(opinion)
        left = remaining_for(table.due_at, table.application.status, calendar, now)
        waits = _waiting_words(table)
        return replace(row, detail=f"{row.detail}，{row.label}　{waits}", label="", remaining=left)

    return to_row


def application_row(view: str, calendar: Calendar) -> ToRow:
    now = timezone.now()

    def to_row(application: Application) -> WorklistRow:
        return WorklistRow(
            url=reverse(view, args=[application.pk]),
            title=_case(application),
            detail=f"{application.reference}　{moment_label(application.status_since)}起",
            label=application.state.label,
            badge=application.badge,
            remaining=remaining_of(application, calendar, now),
        )

    return to_row


def _enterprise_row(calendar: Calendar) -> ToRow:
    now = timezone.now()

    def to_row(enterprise: Enterprise) -> WorklistRow:
        due_at = enterprise.due_at
        return WorklistRow(
            url=enterprise.get_absolute_url(),
            title=enterprise.name,
            detail=f"{enterprise.credit_code}　{moment_label(enterprise.created_at)}登记",
            label=enterprise.get_status_display(),
            badge="act",
            remaining=remaining(due_at, now, calendar) if due_at else None,
        )

    return to_row


def _case(application: Application) -> str:
    return f"{application.enterprise.name}　{application.applicant.name}"


def _waiting_words(table: ReviewTable) -> str:
    names = awaited(table)
    return f"等{'、'.join(names)}" if names else "已签齐"
