"""Going on with what was sent in vain: after the session had ended, or from an expired page."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from accounts.destinations import is_from_us, page_before
from accounts.kept_forms import kept_form, refused_form, settle
from accounts.requests import SignedInRequest


@never_cache
def go_on(request: SignedInRequest) -> HttpResponse:
    """Nothing is sent by itself: the person sees that it waits, and sends or drops it."""
    kept = kept_form(request, request.user)
    if kept is None:
        return redirect("home")
    if request.method == "POST":
        settle(request)
        return redirect(kept.page)
    return render(request, "accounts/kept_form.html", {"kept": kept})


@never_cache
def page_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What Django shows for a request without a good token (CSRF_FAILURE_VIEW).

    The act is not done. What was typed on a page of ours comes back with a good token, to be sent
    once more by hand; what another site sent comes to nothing.
    """
    page = page_before(request)
    kept = refused_form(request, page=page) if is_from_us(request) else None
    context = {"kept": kept, "page": page}
    return render(request, "403_csrf.html", context, status=HTTPStatus.FORBIDDEN)
