"""One address for the list of applications; what it shows depends on who asks."""

from django.http import HttpResponseBase

from accounts.requests import SignedInRequest
from applications.views.agent import agent_list
from applications.views.officer import officer_list


def application_list(request: SignedInRequest) -> HttpResponseBase:
    """Each of the two lists lets in its own roles alone."""
    return agent_list(request) if request.user.is_agent else officer_list(request)
