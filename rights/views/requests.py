"""The station's list of requests, each with its clock; the counter; answers and deletion."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.audit import record
from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from applications.models import Applicant
from core.crypto import keyed_hash
from core.downloads import disposition
from core.paging import page_of
from core.versions import Overtaken
from rights.forms import CounterForm, RightsAnswerForm, RightsRequestForm
from rights.letter import letter_pdf
from rights.models import RightsRequest, RightsRequestQuerySet
from rights.person import found_of_account, found_of_applicant
from rights.planning import plan_for
from rights.register import columns_in_words
from rights.services import (
    RightsRefused,
    answer,
    ask,
    finalise_deletion,
    prepare_deletion,
    refuse,
    send_back,
    send_link,
)
from rights.views.zipping import copy_response

READERS = (Role.STATION_OFFICER, Role.SUPERVISOR)
NOT_FOUND = "门户里没有用这个身份证号码登记的申请人。"


@roles(*READERS)
def request_list(request: SignedInRequest) -> HttpResponse:
    """What is open by its day, and under ?closed=1 what is done."""
    is_closed = request.GET.get("closed") == "1"
    rows = _of_station(request)
    rows = rows.closed() if is_closed else rows.open()
    page = page_of(rows.select_related("applicant", "user"), request)
    context = {"page": page, "is_closed": is_closed}
    return render(request, "rights/request_list.html", context)


@roles(Role.STATION_OFFICER)
@never_cache
def request_new(request: SignedInRequest) -> HttpResponse:
    """At the counter: the officer has seen who it is, and writes down what he wants."""
    form = CounterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = form.cleaned_data
        hashed = keyed_hash(made["id_number"])
        applicant = Applicant.objects.filter(id_number_hash=hashed).order_by("-pk").first()
        if applicant is None:
            form.add_error("id_number", NOT_FOUND)
        else:
            row = ask(
                made["kind"],
                way=RightsRequest.Way.COUNTER,
                words=made["words"],
                nonce=made["nonce"],
                applicant=applicant,
                seen=made["seen"],
                by=request.user,
            )
            return redirect(row)
    status = 422 if form.errors else 200
    return render(request, "rights/request_new.html", {"form": form}, status=status)


@roles(*READERS)
@never_cache
def request_page(request: SignedInRequest, pk: int) -> HttpResponse:
    return _show(request, _row(request, pk), RightsAnswerForm(seen=_row(request, pk).version))


@roles(Role.STATION_OFFICER)
@require_POST
def request_answer(request: SignedInRequest, pk: int) -> HttpResponse:
    return _close(request, pk, lambda row, words: answer(row, words=words, by=request.user))


@roles(Role.STATION_OFFICER)
@require_POST
def request_refuse(request: SignedInRequest, pk: int) -> HttpResponse:
    return _close(request, pk, lambda row, words: refuse(row, reason=words, by=request.user))


@roles(Role.STATION_OFFICER)
@require_POST
def request_prepare(request: SignedInRequest, pk: int) -> HttpResponse:
    return _act(request, pk, lambda row: prepare_deletion(row, by=request.user), "方案已做好。")


@roles(*READERS)
@require_POST
def request_send_back(request: SignedInRequest, pk: int) -> HttpResponse:
    return _act(request, pk, lambda row: send_back(row, by=request.user), "方案已退回。")


@roles(*READERS)
@require_POST
def request_finalise(request: SignedInRequest, pk: int) -> HttpResponse:
    return _act(request, pk, lambda row: finalise_deletion(row, by=request.user), "已经删除。")


@roles(Role.STATION_OFFICER)
@require_POST
def request_copy(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The copy for the person, handed to him by the officer."""
    row = _row(request, pk)
    if row.applicant is not None:
        found = found_of_applicant(row.applicant)
        return copy_response(request, row.applicant, found, by=request.user)
    if row.user is None:
        messages.error(request, "本人的信息已经删除。")
        return redirect(row)
    return copy_response(request, row.user, found_of_account(row.user), by=request.user)


@roles(Role.STATION_OFFICER)
@require_POST
def request_link(request: SignedInRequest, pk: int) -> HttpResponse:
    """Send the person his link, to the telephone on file."""
    row = _row(request, pk)
    if row.applicant is not None and send_link(row.applicant, by=request.user):
        messages.success(request, "链接已发到登记的手机。")
    else:
        messages.error(request, "本站不能给这个号码发短信，请在窗口办理。")
    return redirect(row)


@roles(*READERS)
def request_letter(request: SignedInRequest, pk: int) -> HttpResponse:
    """The letter of result as PDF."""
    row = _row(request, pk)
    if row.is_open:
        messages.error(request, "还没有答复，没有答复书。")
        return redirect(row)
    record("rights.letter", row, by=request.user)
    response = HttpResponse(letter_pdf(row), content_type="application/pdf")
    response.headers["Content-Disposition"] = disposition(f"个人信息请求答复书-{row.pk}.pdf")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@roles(*Role)
@never_cache
def mine(request: SignedInRequest) -> HttpResponse:
    """One's own account: what is held, what one asked, and a new request."""
    form = RightsRequestForm(request.POST or None, of_account=True)
    if request.method == "POST" and form.is_valid():
        made = form.cleaned_data
        ask(
            made["kind"],
            way=RightsRequest.Way.ACCOUNT,
            words=made["words"],
            nonce=made["nonce"],
            user=request.user,
            by=request.user,
        )
        messages.success(request, "已经收到，答复在这一页看。")
        return redirect("rights:mine")
    rows = RightsRequest.objects.filter(user=request.user)
    status = 422 if form.errors else 200
    return render(request, "rights/mine.html", {"form": form, "rows": rows}, status=status)


@roles(*Role)
@require_POST
def mine_copy(request: SignedInRequest) -> HttpResponseBase:
    return copy_response(request, request.user, found_of_account(request.user), by=request.user)


def _of_station(request: SignedInRequest) -> RightsRequestQuerySet:
    if not request.user.is_of_station:
        return RightsRequest.objects.none()
    return RightsRequest.objects.visible_to(request.user)


def _row(request: SignedInRequest, pk: int) -> RightsRequest:
    rows = _of_station(request).select_related("applicant__enterprise", "user", "prepared_by")
    row: RightsRequest = get_object_or_404(rows, pk=pk)
    return row


def _show(
    request: SignedInRequest, row: RightsRequest, form: RightsAnswerForm, status: int = 200
) -> HttpResponse:
    is_deletion = row.kind == RightsRequest.Kind.DELETE and row.is_open
    plan = plan_for(row.applicant) if is_deletion and row.applicant is not None else ()
    context = {
        "row": row,
        "events": row.events.select_related("by"),
        "form": form,
        "plan": plan,
        "is_deletion": is_deletion,
        "can_finalise": row.state == RightsRequest.State.PREPARED
        and row.prepared_by_id != request.user.pk,
        "tombstones": [
            (stone, columns_in_words(stone.table, stone.columns)) for stone in row.tombstones.all()
        ],
    }
    return render(request, "rights/request.html", context, status=status)


def _close(
    request: SignedInRequest, pk: int, close: Callable[[RightsRequest, str], None]
) -> HttpResponse:
    row = _row(request, pk)
    form = RightsAnswerForm(request.POST, seen=row.version)
    if not form.is_valid():
        return _show(request, row, form, status=422)
    row.version = form.seen_or(row.version)
    return _act(request, pk, lambda _: close(row, form.cleaned_data["words"]), "已办结。")


def _act(
    request: SignedInRequest, pk: int, act: Callable[[RightsRequest], object], done: str
) -> HttpResponse:
    row = _row(request, pk)
    try:
        act(row)
    except (RightsRefused, Overtaken) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect("rights:request", pk)
