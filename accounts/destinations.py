"""Destination of a sign-in: the page that was asked for, as long as it is one of ours."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def is_ours(request: HttpRequest, address: str) -> bool:
    # `redirect` takes a word without a slash for the name of a view.
    is_address = address.startswith(("/", "http:", "https:")) and address.isprintable()
    return is_address and url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


def destination(request: HttpRequest) -> str:
    """The `next` of the form or of the address; the home page when it is missing or foreign."""
    asked = request.POST.get("next", request.GET.get("next", ""))
    return asked if is_ours(request, asked) else reverse("home")
