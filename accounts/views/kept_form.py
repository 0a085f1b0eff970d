"""Going on with what was sent after the session had ended."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from accounts.kept_forms import kept_form, settle
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
