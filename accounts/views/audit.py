"""The auditor's pages: the trail, its chain of seals, and its export."""

from collections.abc import Iterator, Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.audit import chain_state, check_chain, record
from accounts.audit_labels import action_labels, changes, object_type_label
from accounts.decorators import roles
from accounts.filters import AuditFilter, narrowing
from accounts.models import AuditEvent, OnlyGrows, Role
from accounts.requests import SignedInRequest
from core.dates import sheet_moment
from core.paging import page_of
from core.spreadsheets import csv_stream

HEADINGS = ("编号", "时间", "操作人", "动作", "对象类型", "对象编号", "对象", "来源地址", "变化")


@roles(Role.AUDITOR)
def audit_list(request: SignedInRequest) -> HttpResponse:
    """Newest first; nobody needs to know how many there are."""
    found = AuditFilter(request.GET, queryset=AuditEvent.objects.visible_to(request.user))
    page = page_of(_events(found), request, unit="")
    labels = action_labels()
    return render(
        request,
        "accounts/audit_list.html",
        {
            "form": found.form,
            "rows": [
                {
                    "event": event,
                    "action": labels.get(event.action, event.action),
                    "type": object_type_label(event.object_type),
                    "changes": changes(event),
                }
                for event in page
            ],
            "page": page,
            "chain": chain_state(),
            "query": narrowing(request),
        },
    )


@roles(Role.AUDITOR)
@require_POST
def audit_check(request: SignedInRequest) -> HttpResponse:
    """Recompute every seal and say what came of it."""
    result = check_chain()
    if result.broken:
        outcome = (
            f"第{result.broken.pk}号封存与审计记录不符（记录{result.broken.first_event_id}至"
            f"{result.broken.last_event_id}）。请保护现场，立即报告网络安全负责人。"
        )
        messages.error(request, outcome)
    else:
        outcome = (
            f"封存{result.seals}批、{result.events}条，全部相符；另有{result.unsealed}条尚未封存。"
        )
        messages.success(request, outcome)
    record("audit.check", request.user, by=request.user, after={"outcome": outcome})
    return redirect("accounts:audit_list")


@roles(Role.AUDITOR)
def audit_export(request: SignedInRequest) -> HttpResponseBase:
    """The filtered rows as CSV, streamed; that it was taken is itself in the trail."""
    found = AuditFilter(request.GET, queryset=AuditEvent.objects.visible_to(request.user))
    if not found.is_valid():
        messages.error(request, "筛选条件有误，没有导出。请改正后再导出。")
        return redirect("accounts:audit_list")
    record("audit.export", request.user, by=request.user, after={"filters": found.in_words})
    return csv_stream(f"审计记录{timezone.localdate():%Y%m%d}.csv", _rows(_events(found)))


def _events(found: AuditFilter) -> OnlyGrows:
    events: OnlyGrows = found.qs if found.is_valid() else AuditEvent.objects.none()
    return events


def _rows(events: OnlyGrows) -> Iterator[Sequence[object]]:
    labels = action_labels()
    yield HEADINGS
    for event in events.iterator(chunk_size=2000):
        lines = (f"{line.label}：{line.before} → {line.after}" for line in changes(event))
        yield (
            event.pk,
            sheet_moment(event.at),
            event.actor_label,
            labels.get(event.action, event.action),
            object_type_label(event.object_type),
            event.object_id,
            event.object_label,
            event.origin,
            "；".join(lines),
        )
