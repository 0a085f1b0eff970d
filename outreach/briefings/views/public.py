"""Public pages of a briefing: what is coming, signing up, and the page of one's own sign-up."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.rate_limits import limited
from cards.refusals import attempt
from core.paging import page_of
from enterprises.models import EnterpriseAgent
from outreach.briefings.asking import ask
from outreach.briefings.forms import GuestQuestionForm, PublicSignUpForm
from outreach.briefings.keys import fits, invitation_key, invitation_path, place_key
from outreach.briefings.sign_ups import free_places, leave, sign_up
from outreach.event_pages import status_of
from outreach.models import Briefing, BriefingSignUp

TEN_MINUTES: Final = timedelta(minutes=10)


@login_not_required
def briefings(request: HttpRequest) -> HttpResponse:
    """What is coming, the next first."""
    rows = Briefing.objects.public().coming(timezone.now()).with_counts()
    page = page_of(rows, request, unit="场")
    return render(request, "outreach/briefings/public_list.html", {"page": page})


@login_not_required
@never_cache
@limited("briefing sign-up", most=8, span=TEN_MINUTES)
def briefing_public(request: HttpRequest, pk: int) -> HttpResponse:
    """What, when and where; and the form to sign up while it may be.

    Of one that is not public for the station and for agents who were invited.
    """
    briefing = get_object_or_404(Briefing.objects.all(), pk=pk)
    if not (briefing.is_public or briefing.opens_by_number or _is_asked(request, briefing)):
        raise Http404
    return _sign_up(request, briefing)


@login_not_required
@never_cache
@limited("briefing sign-up", most=8, span=TEN_MINUTES)
def briefing_invited(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """The same, for who has the key that stands in every invitation."""
    briefing = Briefing.objects.filter(pk=pk).first()
    if briefing is None or not fits(key, invitation_key(briefing)):
        raise Http404
    return _sign_up(request, briefing)


def _is_asked(request: HttpRequest, briefing: Briefing) -> bool:
    """Whether this person was invited, or invites."""
    user = request.user
    if not isinstance(user, User):
        return False
    own = EnterpriseAgent.objects.filter(user=user).values("enterprise")
    return user.is_of_station or briefing.invitations.filter(demand__enterprise__in=own).exists()


def _sign_up(request: HttpRequest, briefing: Briefing) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    form = PublicSignUpForm(sent, initial=_known(request))
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("question", "nonce")}
        row = attempt(form, lambda: sign_up(briefing, form.guest, **given))
        if row is not None:
            return redirect("outreach:briefing_place", row.pk, place_key(row))
    context = {"briefing": briefing, "form": form, "free": free_places(briefing)}
    return render(request, "outreach/briefings/public.html", context, status=status_of(form))


def _known(request: HttpRequest) -> dict[str, str]:
    """An agent who is signed in need not type who he is."""
    user = request.user
    if not isinstance(user, User) or not user.is_agent:
        return {}
    agency = EnterpriseAgent.objects.filter(user=user).select_related("enterprise").first()
    name = agency.enterprise.name if agency else ""
    return {"enterprise_name": name, "name": user.name, "phone": user.phone}


@login_not_required
@never_cache
def briefing_place(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """One's own sign-up: a place or waiting, the answers to one's questions, and leaving again."""
    return _show(request, _place(pk, key), GuestQuestionForm())


def _show(request: HttpRequest, row: BriefingSignUp, form: GuestQuestionForm) -> HttpResponse:
    ahead = 0
    if row.is_waiting:
        ahead = row.briefing.sign_ups.waiting().filter(pk__lt=row.pk).count()
    context = {
        "row": row,
        "briefing": row.briefing,
        "key": place_key(row),
        "again": invitation_path(row.briefing),
        "ahead": ahead,
        "questions": row.questions.all(),
        "form": form,
        "address": f"{settings.SITE_URL}{_address(row)}",
    }
    template = "outreach/briefings/place.html"
    return render(request, template, context, status=status_of(form))


@login_not_required
@never_cache
@require_POST
@limited("briefing leave", most=10, span=TEN_MINUTES)
def briefing_leave(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Not to come after all; whoever waits moves up."""
    row = _place(pk, key)
    leave(row)
    messages.success(request, "已取消报名，谢谢您告诉我们。")
    return redirect("outreach:briefing_place", pk, key)


@login_not_required
@never_cache
@require_POST
@limited("briefing ask", most=10, span=TEN_MINUTES)
def briefing_ask(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """One more question before the briefing."""
    row = _place(pk, key)
    form = GuestQuestionForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        asked = attempt(
            form,
            lambda: ask(row.briefing, **given, asked_by=row.enterprise_name, sign_up=row),
        )
        if asked is not None:
            messages.success(request, "问题已收下，答复会写在这一页。")
            return redirect("outreach:briefing_place", pk, key)
    return _show(request, row, form)


def _address(row: BriefingSignUp) -> str:
    return reverse("outreach:briefing_place", args=[row.pk, place_key(row)])


def _place(pk: int, key: str) -> BriefingSignUp:
    """The sign-up with this number, for who has its key."""
    row = BriefingSignUp.objects.filter(pk=pk).select_related("briefing").first()
    if row is None or not fits(key, place_key(row)):
        raise Http404
    return row
