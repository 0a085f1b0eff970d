"""催办: the officer's button on a review table."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.models import Department, Role
from accounts.requests import SignedInRequest
from core.dates import moment_words
from core.reading import whole_number
from reviews.services import chasing
from reviews.services.chasing import Chased, ChaseRefused
from reviews.views.tables import visible_table

ALL = "all"


@roles(Role.STATION_OFFICER, Role.SUPERVISOR)
@require_POST
def chase(request: SignedInRequest, pk: int) -> HttpResponse:
    """Remind the chosen department, or all whose turn it is, once more; a supervisor his own."""
    table = visible_table(request, pk)
    back = "home" if "home" in request.POST else table
    chosen = request.POST.get("opinion", "")
    opinions = table.opinions.visible_to(request.user)
    if chosen != ALL:
        opinions = opinions.filter(pk=whole_number(chosen))
    try:
        done = chasing.chase(table, opinions.values_list("pk", flat=True), by=request.user)
    except ChaseRefused as error:
        messages.warning(request, str(error))
        return redirect(back)
    _tell(request, done, f"已催办{'、'.join(done.departments)}")
    return redirect(back)


@roles(Role.STATION_OFFICER)
@require_POST
def chase_department(request: SignedInRequest, code: str) -> HttpResponse:
    """Remind one department of all that waits for it; whoever acts has it in one message."""
    department = get_object_or_404(Department, code=code)
    try:
        done = chasing.chase_department(department, by=request.user)
    except ChaseRefused as error:
        messages.warning(request, str(error))
    else:
        count = len(done.departments)
        together = "，合成一条消息" if count > 1 else ""
        _tell(request, done, f"已催办{department}{count}份{together}")
    return redirect(f"{reverse('reviews:table_list')}?awaited={code}")


def _tell(request: SignedInRequest, done: Chased, words: str) -> None:
    if not done.is_sent:
        words = f"{words}，{moment_words(done.goes_out_at)}上班时发出"
    if done.too_soon:
        left_out = "、".join(dict.fromkeys(done.too_soon))
        words = f"{words}；{left_out}两小时内催办过的，这次没有再催"
    messages.success(request, f"{words}。")
    for sentence in done.missing:
        messages.warning(request, sentence)
