"""The station's ledger: whether each message arrived. It shows no message's text and no link."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.filters import narrowing
from accounts.models import Role
from accounts.requests import SignedInRequest
from core.paging import page_of
from notices.filters import NoticeFilter
from notices.models import ChannelHealth, Delivery, Notice
from notices.services import retry

RUNS_THE_STATION = (Role.STATION_OFFICER, Role.SYSTEM_ADMIN)


@roles(*RUNS_THE_STATION)
def delivery_list(request: SignedInRequest) -> HttpResponse:
    """Newest first; nobody needs to know how many there are."""
    found = NoticeFilter(request.GET, queryset=Notice.objects.of_the_station(request.user))
    notices = found.qs if found.is_valid() else Notice.objects.none()
    listed = notices.select_related("recipient__department").prefetch_related(
        "deliveries__robot", "deliveries__leader"
    )
    context = {
        "form": found.form,
        "page": page_of(listed, request, unit=""),
        "query": narrowing(request),
        "failing": ChannelHealth.objects.failing(),
    }
    return render(request, "notices/delivery_list.html", context)


@roles(*RUNS_THE_STATION)
@require_POST
def delivery_retry(request: SignedInRequest, pk: int) -> HttpResponse:
    visible = Notice.objects.of_the_station(request.user)
    delivery = get_object_or_404(Delivery.objects.filter(notice__in=visible), pk=pk)
    if retry(delivery, by=request.user):
        messages.success(request, "已重新排队，一分钟内再发送一次；下班时间的，上班时发送。")
    else:
        messages.info(request, "这条消息已经重新排队或已经发出，不用再点。")
    return redirect("notices:delivery_list")
