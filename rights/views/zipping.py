"""Answer that streams the copy of a person's data."""

from collections.abc import Iterable
from contextlib import ExitStack

from django.db.models import Model
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from accounts.audit import done_by, record
from accounts.heavy_work import busy, holder_of
from accounts.models import User
from core.downloads import disposition
from core.work_places import Busy, place
from reports.archive_stream import Archive
from rights.copying import entries_for
from rights.person import FoundData
from rights.services import HIMSELF


def copy_response(
    request: HttpRequest, person: Model, found: Iterable[FoundData], *, by: User | None
) -> HttpResponseBase:
    """The ZIP with one of the host's places for heavy work; that it was taken is in the trail."""
    with ExitStack() as stack:
        try:
            stack.enter_context(place(holder_of(request)))
        except Busy:
            return busy(request)
        entries = entries_for("本人的个人信息", found)
        with done_by(HIMSELF if by is None else ""):
            # Under the number alone: the trail outlives the person's row.
            label = f"{person._meta.verbose_name}第{person.pk}号"
            record("rights.copy", person, by=by, after={"entries": len(entries)}, label=label)
        stream = Archive(entries, stack.pop_all())
    response = StreamingHttpResponse(stream, content_type="application/zip")
    name = f"个人信息_{timezone.localdate():%Y%m%d}.zip"
    response.headers["Content-Disposition"] = disposition(name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
