"""The page of a search's results."""

from django.http import HttpResponse
from django.shortcuts import render

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from core.reading import line_of_text
from finding.search import LEAST, LONGEST
from reports.finding.new_row import new_row_words
from reports.finding.results import search

SEARCHERS = (Role.STATION_OFFICER, Role.SUPERVISOR, Role.LIAISON)


@roles(*SEARCHERS)
def find(request: SignedInRequest) -> HttpResponse:
    words = line_of_text(request.GET.get("q"))[:LONGEST]
    is_short = len(words) < LEAST
    groups = [] if is_short else search(words, by=request.user)
    may_add = request.user.is_officer and not is_short
    context = {
        "words": words,
        "groups": groups,
        "is_short": is_short,
        "least": LEAST,
        "new_row": new_row_words(words, groups) if may_add else "",
    }
    return render(request, "reports/find.html", context)
