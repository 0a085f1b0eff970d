"""时限明细: the arithmetic of a review table's deadlines, for all who see the table."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from reviews.models import ReviewForm
from reviews.time_detail import reckonings
from reviews.time_limits import is_paused, with_deadlines
from reviews.views.review_forms import READERS
from reviews.workdays import PROVISIONAL_NOTE, load_calendar


@roles(Role.ENTERPRISE_AGENT, *READERS)
def form_time(request: SignedInRequest, pk: int) -> HttpResponse:
    """Day by day: what counted, what did not and why, and until when the clock stood still."""
    forms = with_deadlines(ReviewForm.objects.visible_to(request.user))
    form = get_object_or_404(forms, pk=pk)
    found = reckonings(form, load_calendar(), timezone.now())
    return render(
        request,
        "reviews/time_detail.html",
        {
            "review": form,
            "application": form.application,
            "facts": form.facts,
            "reckonings": found,
            "pauses": form.pauses.select_related("by"),
            "is_paused": is_paused(form),
            "is_provisional": any(one.is_provisional for one in found),
            "provisional_note": PROVISIONAL_NOTE,
            "now": timezone.now(),
        },
    )
