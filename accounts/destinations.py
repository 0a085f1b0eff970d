"""Destination of a sign-in: the page that was asked for, as long as it is one of ours."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def is_ours(request: HttpRequest, address: str) -> bool:
    # `redirect` takes a word without a slash for the name of a view.
    is_address = address.startswith(("/", "http:", "https:")) and address.isprintable()
    return is_address and url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


def is_from_us(request: HttpRequest) -> bool:
    """Was this sent from a page of ours, as the browser says? One that says nothing: no."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin", request.headers.get("Referer", ""))
    return is_ours(request, origin)


def page_before(request: HttpRequest) -> str:
    """The page of ours from which this was sent; the home page where nobody knows."""
    sent_from = request.headers.get("Referer", "")
    page = urlsplit(sent_from)._replace(scheme="", netloc="").geturl()
    # A path that begins with two slashes is somebody else's host.
    is_known = page[:2] != "//" and is_ours(request, sent_from) and is_ours(request, page)
    return page if is_known else reverse("home")


def destination(request: HttpRequest) -> str:
    """The `next` of the form or of the address; the home page when it is missing or foreign."""
    asked = request.POST.get("next", request.GET.get("next", ""))
    return asked if is_ours(request, asked) else reverse("home")
