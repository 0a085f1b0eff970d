"""The functions through which a stored file leaves the portal.

The caller has fetched the file's owner with `visible_to`.
"""

from contextlib import nullcontext

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase

from accounts.heavy_work import busy, holder_of
from core.downloads import disposition
from core.work_places import Busy, place
from files.models import StoredFile
from files.thumbnails import LONGEST, is_costly, thumbnail


def serve(stored: StoredFile, *, name: str, download: bool = False) -> FileResponse:
    """Send the file itself."""
    response = FileResponse(
        stored.content.open("rb"),
        content_type=stored.media_type,
    )
    named = disposition(f"{name}.{stored.extension}", as_attachment=download)
    response.headers["Content-Disposition"] = named
    response.headers["Cache-Control"] = "private, no-store"
    _guard(response)
    return response


def serve_thumbnail(
    request: HttpRequest, stored: StoredFile, longest: int = LONGEST
) -> HttpResponse:
    """Send a small picture of it; as of the file itself, the browser keeps no copy on its disk."""
    try:
        with place(holder_of(request)) if is_costly(stored) else nullcontext():
            drawn = thumbnail(stored, longest)
    except Busy:
        return busy(request)
    response = HttpResponse(drawn, content_type="image/jpeg")
    response.headers["Cache-Control"] = "private, no-store"
    _guard(response)
    return response


def _guard(response: HttpResponseBase) -> None:
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
