"""The page of a search's results."""

from django.http import HttpResponse
from django.shortcuts import render

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from core.reading import line_of_text
from finding.search import LEAST, LONGEST
from reports.finding.results import search

SEARCHERS = (Role.STATION_OFFICER, Role.SUPERVISOR, Role.LIAISON)


@roles(*SEARCHERS)
def find(request: SignedInRequest) -> HttpResponse:
    words = line_of_text(request.GET.get("q"))[:LONGEST]
    groups = search(words, by=request.user) if len(words) >= LEAST else []
    return render(
        request,
        "reports/find.html",
        {"words": words, "groups": groups, "is_short": len(words) < LEAST, "least": LEAST},
    )
