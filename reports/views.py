"""Home pages by role, and the few pages that belong to no room."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "reports/home_public.html", {})


@login_not_required
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "reports/privacy.html", {})


@login_not_required
def alive(request: HttpRequest) -> HttpResponse:
    """For a watchdog: this process answers."""
    return HttpResponse("ok", content_type="text/plain")
