"""An officer's case: finding it, acting on it, and going back to the picture that was looked at."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts.requests import SignedInRequest
from applications.models import Application
from applications.services.perform import AlreadyDone, MoveRefused
from applications.workflow import Status
from core.reading import whole_number


def visible_case(request: SignedInRequest, pk: int) -> Application:
    """With what the links to its other pages need."""
    visible = Application.objects.visible_to(request.user).with_people()
    return get_object_or_404(visible.with_case_pages(request.user), pk=pk)


def attempt(
    request: SignedInRequest,
    application: Application,
    act: Callable[[], object],
    *,
    done: str,
    typed: str = "",
    asks: type[MoveRefused] | tuple[()] = (),
) -> None:
    """Do it and say so; when it is refused say why and give back what was typed.

    A refusal of the kind `asks` is the caller's: he asks the officer once more.
    """
    try:
        _require_fresh(request, application)
        act()
    except AlreadyDone:
        pass
    except asks:
        raise
    except MoveRefused as refusal:
        kept = f"您写的内容没有保存：“{typed}”" if typed else ""
        messages.error(request, f"{refusal}{kept}")
        return
    if done:
        messages.success(request, done)


def _require_fresh(request: SignedInRequest, application: Application) -> None:
    """What the officer read is still what is there: it was not returned and submitted anew."""
    stale = request.POST.get("seen") != application.status_since.isoformat()
    if application.state == Status.SUBMITTED and stale:
        raise MoveRefused(
            "您打开这一页之后，这件申请已退回并重新提交过，没有办理。请按现在的内容重新核对。"
        )


def go_back(
    request: SignedInRequest,
    application: Application,
    number: int | None = None,
    *,
    fragment: str = "",
) -> HttpResponse:
    """To the same picture; only the two numbers of the address are taken over.

    Without a fragment the page opens at its top, where the message stands.
    """
    material = whole_number(request.GET.get("material")) if number is None else number
    place = {"material": material, "page": whole_number(request.GET.get("page"))}
    address = reverse("applications:pre_review", args=[application.pk])
    return redirect(f"{address}?{urlencode(place)}{fragment}")
