"""Directory of the departments, leave, and handing an opinion on."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.models import Role, User
from accounts.requests import SignedInRequest
from core.paging import page_of
from reviews.assignment_forms import LeaveForm, TransferForm
from reviews.models import Leave, Opinion
from reviews.services.leave import LeaveRefused, cancel_leave, enter_leave, transfer

STAFF = (Role.STATION_OFFICER, Role.LIAISON, Role.SUPERVISOR)
# They keep the accounts, and ring people up about them.
ADMINISTRATORS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR)


@roles(*STAFF, *ADMINISTRATORS)
def directory(request: SignedInRequest) -> HttpResponse:
    """Whom to ask for what, how to reach him, and who stands in for whom."""
    people = (
        User.objects.staff()
        .select_related("department")
        .in_order_of_duty()
        .order_by("department__position", "role", "-is_primary", "pk")
    )
    away = Leave.objects.in_force(timezone.localdate()).select_related("stand_in")
    leaves = {leave.user_id: leave for leave in away}
    station: list[tuple[User, Leave | None]] = []
    departments: dict[str, list[tuple[User, Leave | None]]] = {}
    for person in people:
        group = departments.setdefault(str(person.department), []) if person.department else station
        group.append((person, leaves.get(person.pk)))
        if person.is_also_officer:
            station.append((person, leaves.get(person.pk)))
    context = {"station_people": station, "departments": departments.items()}
    return render(request, "reviews/directory.html", context)


@roles(*STAFF)
def leave_list(request: SignedInRequest) -> HttpResponse:
    """Leave under way and to come, then what is over."""
    today = timezone.localdate()
    leaves = Leave.objects.visible_to(request.user).select_related(
        "user__department", "stand_in", "entered_by"
    )
    over = leaves.exclude(pk__in=leaves.not_over(today)).order_by("-last_day", "-pk")
    people = User.objects.liaisons().select_related("department").in_order_of_duty()
    return render(
        request,
        "reviews/leave_list.html",
        {
            "coming": leaves.not_over(today),
            "page": page_of(over, request, unit="次"),
            "today": today,
            "people": people if request.user.is_officer else [],
        },
    )


@roles(Role.LIAISON, Role.STATION_OFFICER)
def leave_new(request: SignedInRequest, pk: int) -> HttpResponse:
    """A liaison enters his own leave, the officer that of any liaison."""
    people = User.objects.liaisons().select_related("department")
    if request.user.is_liaison:
        people = people.filter(pk=request.user.pk)
    person = get_object_or_404(people, pk=pk)
    form = LeaveForm(request.POST or None, instance=Leave(user=person))
    if request.method == "POST" and form.is_valid():
        try:
            gaps = enter_leave(form.instance, by=request.user)
        except LeaveRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"已登记{person.name}的休假：{form.instance.days}。")
            for gap in gaps:
                messages.warning(request, gap)
            return redirect("reviews:leave_list")
    is_own = person.pk == request.user.pk
    return render(
        request, "reviews/leave_new.html", {"form": form, "person": person, "is_own": is_own}
    )


@roles(Role.LIAISON, Role.STATION_OFFICER)
@require_POST
def leave_cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take back, or end early, one's own leave; the officer anybody's."""
    leaves = Leave.objects.visible_to(request.user)
    if request.user.is_liaison:
        leaves = leaves.filter(user=request.user)
    leave = get_object_or_404(leaves, pk=pk)
    try:
        cancel_leave(leave, by=request.user)
    except LeaveRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "休假已取消，转出的意见已交还。")
    return redirect("reviews:leave_list")


@roles(Role.LIAISON)
def opinion_transfer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Hand an opinion to a colleague of the department, and see its way so far."""
    opinion = get_object_or_404(Opinion.objects.visible_to(request.user).with_case(), pk=pk)
    if opinion.is_signed or not opinion.table.is_open:
        return redirect(opinion.table)
    form = TransferForm(request.POST or None, opinion=opinion)
    if request.method == "POST" and form.is_valid():
        try:
            transfer(
                opinion,
                to=form.cleaned_data["to"],
                reason=form.cleaned_data["reason"],
                by=request.user,
            )
        except LeaveRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"已转给{form.cleaned_data['to'].name}办理。")
            return redirect("home")
    changes = opinion.assignments.select_related("from_user", "to_user", "by")
    context = {"opinion": opinion, "table": opinion.table, "form": form, "changes": changes}
    return render(request, "reviews/opinion_transfer.html", context)
