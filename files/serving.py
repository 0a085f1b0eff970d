"""The one function through which a stored file leaves the portal."""

from django.http import FileResponse

from files.models import StoredFile


def serve(stored: StoredFile, *, name: str, download: bool = False) -> FileResponse:
    """Send the file to who was allowed its owner; the caller fetched that with `visible_to`."""
    response = FileResponse(
        stored.content.open("rb"),
        as_attachment=download,
        filename=f"{name}.{stored.extension}",
        content_type=stored.media_type,
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
