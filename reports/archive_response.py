"""Answer that streams an archive, with one of the host's places for heavy work (ADR 35)."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from accounts.audit import record
from accounts.heavy_work import busy, holder_of
from accounts.requests import SignedInRequest
from cards.filing.package import windows_name
from core.downloads import disposition
from core.work_places import Busy, place
from enterprises.models import Enterprise
from reports.archive_stream import Archive, ArchivedFile


def archive_response(
    request: SignedInRequest,
    enterprise: Enterprise,
    entries_of: Callable[..., Sequence[ArchivedFile]],
    *,
    action: str,
    name: str,
) -> HttpResponseBase:
    """These entries of the enterprise as a ZIP; that it was taken is in the trail."""
    with ExitStack() as stack:
        try:
            stack.enter_context(place(holder_of(request)))
        except Busy:
            return busy(request)
        entries = entries_of(enterprise, reader=request.user)
        record(action, enterprise, by=request.user, after={"entries": len(entries)})
        stream = Archive(entries, stack.pop_all())
    file_name = windows_name(f"{enterprise.name}_{name}_{timezone.localdate():%Y%m%d}")
    response = StreamingHttpResponse(stream, content_type="application/zip")
    response.headers["Content-Disposition"] = disposition(f"{file_name}.zip")
    response.headers["Cache-Control"] = "private, no-store"
    return response
