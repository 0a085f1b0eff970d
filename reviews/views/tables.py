"""Pages of the review table: opening a round, its progress, supplements, recalling it."""

from collections.abc import Collection

from django.contrib import messages
from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.departments import in_words, parallel
from accounts.filters import narrowing
from accounts.models import Role, User
from accounts.requests import SignedInRequest
from applications.dossier.pre_review import load_pre_review
from applications.models import Application
from applications.services.perform import AlreadyDone, MoveRefused
from applications.time_limits import due_words
from applications.workflow import Status
from core.paging import page_of
from reviews.filters import TableFilter
from reviews.forms import ItemsForm, ToldReasonForm, UnreadForm
from reviews.models import Opinion, Reminder, ReviewTable, WetScan
from reviews.services import circulation
from reviews.services.chasing import candidates, with_chases
from reviews.services.supplements import cancellable
from reviews.time_limits import awaited, left_for, until_awaited, with_standing
from workdays.calendar import load_calendar

READERS = (Role.STATION_OFFICER, Role.LIAISON, Role.SUPERVISOR)


def visible_table(request: SignedInRequest, pk: int) -> ReviewTable:
    tables = ReviewTable.objects.visible_to(request.user).with_downloads(request.user)
    return get_object_or_404(tables.with_people(), pk=pk)


def downloadable_table(request: SignedInRequest, pk: int) -> ReviewTable:
    """One whose PDF and pictures this person may have."""
    return get_object_or_404(ReviewTable.objects.downloadable_by(request.user).with_people(), pk=pk)


@roles(Role.STATION_OFFICER)
@require_POST
def circulate(request: SignedInRequest, pk: int) -> HttpResponse:
    """Open the review table and send it; asks first where something was not gone through."""
    application = get_object_or_404(Application.objects.visible_to(request.user), pk=pk)
    try:
        return _sent(request, application)
    except circulation.NotGoneThrough:
        return redirect("reviews:circulate_confirm", pk)


@roles(Role.STATION_OFFICER)
def circulate_confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    """Name what was not gone through; what the officer confirms is what this page named."""
    application = get_object_or_404(Application.objects.visible_to(request.user), pk=pk)
    form = UnreadForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _sent(request, application, despite_unread=form.cleaned_data["unread"])
        except circulation.NotGoneThrough:
            form.add_error(None, "您打开这一页之后，材料或核对的情况有变化。请看下面现在的清单。")
    unread = load_pre_review(application).unread
    if application.state != Status.SUBMITTED or not unread:
        return redirect("applications:pre_review", pk)
    return render(
        request,
        "reviews/circulate_confirm.html",
        {"application": application, "form": form, "unread": unread},
        status=422 if form.errors else 200,
    )


def _sent(
    request: SignedInRequest, application: Application, *, despite_unread: Collection[int] = ()
) -> HttpResponse:
    """To the table once it is on its way, or back to the case with the reason why not."""
    try:
        table = circulation.circulate(application, by=request.user, despite_unread=despite_unread)
    except AlreadyDone:
        table = application.tables.order_by("-round")[0]
    except circulation.NotGoneThrough:
        raise
    except MoveRefused as error:
        messages.error(request, str(error))
        return redirect("applications:pre_review", application.pk)
    else:
        messages.success(request, f"{table.number}已送{in_words(parallel())}个部门，时限开始计算。")
    return redirect(table)


@roles(Role.ENTERPRISE_AGENT, *READERS)
def of_application(request: SignedInRequest, pk: int) -> HttpResponse:
    """Leads on to the newest round of an application's review table."""
    tables = ReviewTable.objects.visible_to(request.user).filter(application__pk=pk)
    newest = tables.order_by("-round").first()
    if newest is None:
        raise Http404
    return redirect(newest)


@roles(*READERS)
def table_list(request: SignedInRequest) -> HttpResponse:
    """Tables in progress by what is due, then those that are done."""
    tables = ReviewTable.objects.visible_to(request.user)
    chosen = TableFilter(request.GET, queryset=with_standing(tables))
    found = chosen.qs if chosen.is_valid() else tables.none()
    page = page_of(found.by_urgency(), request, whole=found, unit="份")
    calendar, now = load_calendar(), timezone.now()
    context = {
        "form": chosen.form,
        "query": narrowing(request),
        # Of a table that is over nobody asks how late it is, which counts the days of years.
        "rows": [
            (table, until_awaited(table, calendar, now), awaited(table))
            if table.is_open
            else (table, None, [])
            for table in page
        ],
        "page": page,
        "chasable": chosen.form.cleaned_data.get("awaited") if request.user.is_officer else None,
    }
    return render(request, "reviews/table_list.html", context)


@roles(Role.ENTERPRISE_AGENT, *READERS)
def table_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Who has signed, who holds the table, until when; and the files."""
    table = visible_table(request, pk)
    calendar, now = load_calendar(), timezone.now()
    status = table.application.status
    opinions = (
        with_chases(table.opinions.with_readability(request.user))
        .with_clock()
        .select_related("department", "signed_by", "assignee", "owner")
        .order_by("department__position")
    )
    prefetch_related_objects([table], Prefetch("opinions", opinions))
    opinions = table.opinions.all()
    unsigned = [opinion for opinion in opinions if not opinion.is_signed]
    waiting = [str(opinion.department) for opinion in unsigned if not opinion.is_last]
    rows = [
        (opinion, left_for(opinion, calendar, now, is_ahead=opinion.is_last and bool(waiting)))
        for opinion in opinions
    ]
    is_paused = table.is_open and status == Status.SUPPLEMENTING
    chasable = candidates(opinions, now) if request.user.is_officer else []
    mine = [row for row in rows if row[0].department_id == request.user.department_id]
    own, own_left = mine[0] if mine and request.user.is_liaison else (None, None)
    may_sign = own is not None and own in unsigned and not (own.is_last and waiting)
    return render(
        request,
        "reviews/table_detail.html",
        {
            "table": table,
            "is_withdrawn": status == Status.WITHDRAWN,
            "newer": _newer_than(table) if table.is_void else None,
            "application": table.application,
            "facts": table.facts,
            "rows": rows,
            "waiting": waiting or [str(opinion.department) for opinion in unsigned],
            "going_on": [str(opinion.department) for opinion in unsigned if opinion.goes_on],
            "supplement_until": due_words(table.application) if is_paused else "",
            "may_cancel_supplement": is_paused and cancellable(table, request.user) is not None,
            "is_paused": is_paused,
            "remaining": until_awaited(table, calendar, now),
            "mine": own,
            "next_one": _next_to_sign(request.user) if own and own.is_signed else None,
            "mine_left": own_left if own and may_sign and not own.is_held else None,
            "scan": scan_of(request, table),
            "chase_candidates": chasable,
            "chasable_count": sum(one.can_be_chased for one in chasable),
            "reminders": Reminder.objects.visible_to(request.user)
            .filter(opinion__table=table)
            .select_related("opinion__department", "asked_by"),
            "pages": [1],
        },
    )


def _next_to_sign(user: User) -> Opinion | None:
    """The most urgent of what waits for this liaison's signature and is not paused."""
    if not user.is_liaison:
        return None
    own = Opinion.objects.visible_to(user).in_hands_of(user).ready().on_the_clock()
    return own.with_case().order_by("due_at").first()


def _newer_than(table: ReviewTable) -> ReviewTable | None:
    """The round that took the place of a void one."""
    rounds = table.application.tables.filter(round__gt=table.round)
    return rounds.order_by("-round").first()


def scan_of(request: SignedInRequest, table: ReviewTable) -> WetScan | None:
    """The stamped scan that this person may see beside the table."""
    own = ReviewTable.objects.downloadable_by(request.user).filter(pk=table.pk)
    scans = WetScan.objects.visible_to(request.user).current().filter(table__in=own)
    return scans.select_related("uploaded_by", "confirmed_by").prefetch_related("pages").first()


@roles(Role.STATION_OFFICER)
def recall(request: SignedInRequest, pk: int) -> HttpResponse:
    """Void the round because facts on the form are wrong."""
    table = visible_table(request, pk)
    form = ToldReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            circulation.recall(table, reason=form.cleaned_data["reason"], by=request.user)
        except AlreadyDone:
            return redirect(table)
        except MoveRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "审核表已作废，已通知企业改正。")
            return redirect(table)
    return render(request, "reviews/table_recall.html", {"table": table, "form": form})


@roles(Role.STATION_OFFICER)
def supplement_ask(request: SignedInRequest, pk: int) -> HttpResponse:
    """The officer asks for a supplement, for instance after a call from a department."""
    table = visible_table(request, pk)
    form = ItemsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            circulation.ask_supplement(table, form.chosen(), by=request.user)
        except AlreadyDone:
            return redirect(table)
        except MoveRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "已通知企业补充材料，办理时限暂停计算。")
            return redirect(table)
    context = {"table": table, "form": form, "back": table.get_absolute_url()}
    return render(request, "reviews/supplement_ask.html", context)


@roles(Role.ENTERPRISE_AGENT)
@require_POST
def supplement(request: SignedInRequest, pk: int) -> HttpResponse:
    """The agent hands in what a department asked for."""
    application = get_object_or_404(Application.objects.visible_to(request.user), pk=pk)
    try:
        circulation.supplement(application, by=request.user)
    except AlreadyDone:
        pass
    except MoveRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "补充材料已提交，各部门继续审核。")
    return redirect(application)


@roles(Role.ENTERPRISE_AGENT)
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """The agent takes the application back, at whatever stage before its end."""
    application = get_object_or_404(Application.objects.visible_to(request.user), pk=pk)
    form = ToldReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            circulation.withdraw(application, reason=form.cleaned_data["reason"], by=request.user)
        except AlreadyDone:
            return redirect(application)
        except MoveRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "申请已撤回。")
            return redirect(application)
    context = {"application": application, "form": form, "voids_table": True}
    return render(request, "applications/withdraw.html", context)
