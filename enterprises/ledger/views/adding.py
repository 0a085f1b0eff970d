"""A new row: first a look whether it is there already, then the few things one knows."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from core.phones import PHONE, canonical_phone
from core.reading import line_of_text
from enterprises.ledger.forms import FindForm, NewDemandForm, seen_words
from enterprises.ledger.matching import near_rows
from enterprises.ledger.refusals import LedgerRefused
from enterprises.ledger.services import add_demand, note_contact
from enterprises.ledger.views.reading import suggestions
from enterprises.models import Demand
from finding.search import LEAST

NEAR_SHOWN = 8


@roles(Role.STATION_OFFICER)
def add(request: SignedInRequest) -> HttpResponse:
    """`?q=` is a name or a number: rows that may be it stand above the form.

    `&source=` says how the station came to know of it, where another page led here.
    """
    if request.method == "POST":
        return _add(request)
    words = line_of_text(request.GET.get("q"))[:120]
    asked = request.GET.get("source", "")
    source = asked if asked in Demand.Source.values else Demand.Source.CALL
    if len(words) < LEAST:
        sent = request.GET if "q" in request.GET else None
        find_form = FindForm(sent, initial={"source": source})
        return _render(request, find_form, None, [])
    near = _near(words)
    is_number = PHONE.fullmatch(canonical_phone(words)) is not None
    known = {"contact_phone" if is_number else "name": words, "seen": seen_words(near)}
    form = NewDemandForm(initial={"source": source, **known})
    return _render(request, FindForm({"q": words, "source": source}), form, near)


def _add(request: SignedInRequest) -> HttpResponse:
    form = NewDemandForm(request.POST)
    if not form.is_valid():
        return _render(request, None, form, [])
    made = form.cleaned_data
    is_made = Demand.objects.filter(nonce=made["nonce"]).exists()
    if not is_made and (near := form.unseen_near(made["name"], field="name")):
        return _render(request, None, form, near)
    try:
        demand = _save(request, form)
    except LedgerRefused as refused:
        form.add_error(None, str(refused))
        return _render(request, None, form, [])
    messages.success(request, f"{demand.name}已列入台账。")
    return redirect(demand)


def _save(request: SignedInRequest, form: NewDemandForm) -> Demand:
    """The row, and the contact it came from if something was said."""
    made = form.cleaned_data
    names = {name: made[name] for name in ("name", "source", "nonce")}
    stage = {"stage": made["stage"]} if made["stage"] else {}
    demand = add_demand(by=request.user, **names, **form.facts, **stage)
    if made["words"] or made["is_telling"]:
        note_contact(
            demand=demand,
            by=request.user,
            kind=form.contact_kind,
            at=timezone.now(),
            words=made["words"] or "介绍了旅行卡政策。",
            is_telling=made["is_telling"],
            nonce=f"{made['nonce']}-first",
        )
    return demand


def _near(words: str) -> list[Demand]:
    """Rows found by these words, and those whose names are near them; each once."""
    found = list(Demand.objects.matching(words).order_by("-pk")[:NEAR_SHOWN])
    return list(dict.fromkeys([*found, *near_rows(words)]))[:NEAR_SHOWN]


def _render(
    request: SignedInRequest,
    find_form: FindForm | None,
    form: NewDemandForm | None,
    near: Sequence[Demand],
) -> HttpResponse:
    context = {"find_form": find_form, "form": form, "near": near, **suggestions()}
    refused = [one for one in (find_form, form) if one is not None and one.errors]
    status = 422 if refused else 200
    return render(request, "enterprises/ledger/new.html", context, status=status)
