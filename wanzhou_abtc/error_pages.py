"""Error page of a request that failed: the portal's own fault, or that of what surrounds it."""

import sys
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error

from core.faults import fault_words

RETRY_SECONDS = 300


def failed(request: HttpRequest) -> HttpResponse:
    """Django's handler500, called while the error is being handled.

    A full disk, an unreadable file or a lost database is told as such, with 503, on a page that
    needs neither a template's context nor the database.
    """
    words = fault_words(sys.exc_info()[1])
    if not words:
        return server_error(request)
    page = render_to_string("503.html", {"words": words})
    response = HttpResponse(page, status=HTTPStatus.SERVICE_UNAVAILABLE)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response
