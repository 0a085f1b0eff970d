"""Home of an agent: the one next step, and every case with how far it has come."""

from dataclasses import replace

from django.urls import reverse
from django.utils import timezone

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
from materials.economies import ECONOMIES
from parameters.values import Parameters, load_parameters
from reports.card_duties import of_agent
from reports.home.rows import (
    BY_DEADLINE,
    RowAction,
    ToRow,
    Worklist,
    WorklistRow,
    duty_row,
    newest,
    worklist,
)
from workdays.calendar import Calendar, load_calendar

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
# What an agent does with an endorsed case, the picture for the national system first.
FILING = (
    ("reviews:jpg_of_application", "下载审核表JPG"),
    ("reviews:pdf_of_application", "下载PDF"),
    ("cards:national", "到国家系统填报"),
)


# Encrypted, and shown on no row.
UNSHOWN = (
    "enterprise__contact_phone",
    "applicant__enterprise__contact_phone",
    "applicant__id_number",
    "applicant__phone",
    "applicant__passport_number",
)


def for_agent(user: User) -> list[Worklist]:
    """What is to be filed, what else waits for the enterprise, what is under way, what is done."""
    mine = Application.objects.visible_to(user).with_people().defer(*UNSHOWN)
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
        newest("已结束", done, row, empty="还没有办结的申请。", most=MOST_AT_REST),
    ]


def _duties_of_agent(user: User, parameters: Parameters) -> list[Worklist]:
    """What cards in use ask for; no list where that is nothing."""
    duties = of_agent(user, parameters)
    rows = [duty_row(duty) for duty in duties[:MOST_DUTIES]]
    if len(duties) > MOST_DUTIES:
        more = f"还有{len(duties) - MOST_DUTIES}件"
        rows.append(WorklistRow(reverse("cards:duty"), more, "在“用卡管理”和“商务旅行卡”里"))
    return [Worklist("旅行卡和用卡", tuple(rows), len(duties), "")] if rows else []


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
