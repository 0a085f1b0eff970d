"""Two roles of one person: a liaison of the station's own department who is officer as well.

Which of the two he acts in is chosen at the head of the page and kept in the session. The stored
account stays a liaison's; what a request sees of it is changed in memory alone.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from accounts.models import Role, User

ACTING = "acts_as_officer"
GetResponse = Callable[[HttpRequest], HttpResponse]


class ActingRoleMiddleware:
    """Lets who chose to be officer be one for this request."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.session.get(ACTING) and isinstance(request.user, User):
            request.user.act_as_officer()
        return self.get_response(request)


def choose(request: HttpRequest, role: str) -> None:
    """From the next request on."""
    if role == Role.STATION_OFFICER:
        request.session[ACTING] = True
    else:
        request.session.pop(ACTING, None)
