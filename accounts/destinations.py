"""Destination of a sign-in: the page that was asked for, as long as it is one of ours."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def is_ours(request: HttpRequest, address: str) -> bool:
    return url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


def destination(request: HttpRequest) -> str:
    """The `next` of the form or of the address; the home page when it is missing or foreign."""
    asked = request.POST.get("next", request.GET.get("next", ""))
    is_address = asked.startswith(("/", "http:", "https:")) and asked.isprintable()
    return asked if is_address and is_ours(request, asked) else reverse("home")
