"""Who keeps the cards, and who collects them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.audit import record
from accounts.decorators import roles
from accounts.heavy_work import heavy
from accounts.requests import SignedInRequest
from cards.duty.forms import CollectionLetterForm, KeeperForm
from cards.duty.print import render_letter
from cards.duty.rules import add_keeper, end_keeper, write_letter
from cards.duty.views.common import AGENT, READERS, enterprise_of, printed, status_of
from cards.models import CollectionLetter, Keeper
from cards.refusals import attempt


@roles(*AGENT)
def keeper_new(request: SignedInRequest, pk: int) -> HttpResponse:
    enterprise = enterprise_of(request, pk)
    form = KeeperForm(request.POST or None, initial={"since": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        keeper = attempt(form, lambda: add_keeper(enterprise, **typed, by=request.user))
        if keeper is not None:
            messages.success(request, f"已登记保管人{keeper.name}。")
            return redirect("cards:enterprise_duty", pk)
    context = {"enterprise": enterprise, "form": form}
    return render(request, "cards/duty/keeper_new.html", context, status=status_of(form))


@roles(*AGENT)
@require_POST
def keeper_end(request: SignedInRequest, pk: int) -> HttpResponse:
    keeper = get_object_or_404(Keeper.objects.visible_to(request.user), pk=pk)
    end_keeper(keeper, by=request.user)
    messages.success(request, f"{keeper.name}不再保管卡，请把卡和登记簿交接给新的保管人。")
    return redirect("cards:enterprise_duty", keeper.enterprise_id)


@roles(*AGENT)
def letter_new(request: SignedInRequest, pk: int) -> HttpResponse:
    """The commitment of who collects cards, filled in for printing."""
    enterprise = enterprise_of(request, pk)
    form = CollectionLetterForm(
        request.POST or None,
        initial={"collector": request.user.name, "collects_on": timezone.localdate()},
    )
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        letter = attempt(form, lambda: write_letter(enterprise, **typed, by=request.user))
        if letter is not None:
            return redirect("cards:collection_letter", letter.pk)
    context = {"enterprise": enterprise, "form": form}
    return render(request, "cards/duty/letter_new.html", context, status=status_of(form))


@roles(*READERS)
def letter(request: SignedInRequest, pk: int) -> HttpResponse:
    return render(request, "cards/duty/letter.html", {"letter": _letter(request, pk)})


@roles(*READERS)
@heavy("GET")
def letter_pdf(request: SignedInRequest, pk: int) -> HttpResponse:
    """With the numbers in full, which the trail says."""
    found = _letter(request, pk)
    record("duty.print", found, by=request.user)
    back = redirect("cards:collection_letter", pk).url
    return printed(request, lambda: render_letter(found), name=str(found), back=back)


def _letter(request: SignedInRequest, pk: int) -> CollectionLetter:
    seen = CollectionLetter.objects.visible_to(request.user).select_related("enterprise")
    return get_object_or_404(seen, pk=pk)
