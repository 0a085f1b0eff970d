"""The page of coverage: how many of all that qualify were told, have applied, hold a card."""

from django.http import HttpResponse
from django.shortcuts import render

from accounts.decorators import roles
from accounts.requests import SignedInRequest
from enterprises.ledger.coverage import By, coverage, coverage_total
from enterprises.ledger.views.reading import READERS, require_station

LABELS: dict[By, str] = {"trade": "行业", "town": "镇街", "kind": "企业类型"}
# Further ones are in the list, by its filter.
MOST_LINES = 40


@roles(*READERS)
def coverage_page(request: SignedInRequest) -> HttpResponse:
    require_station(request)
    by: By = next((one for one in LABELS if one == request.GET.get("by")), "trade")
    lines = coverage(by=by)
    context = {
        "total": coverage_total(),
        "lines": lines[:MOST_LINES],
        "left_off": len(lines[MOST_LINES:]),
        "by": by,
        "by_label": LABELS[by],
        "choices": list(LABELS.items()),
    }
    return render(request, "enterprises/ledger/coverage.html", context)
