"""The station's own texts: the template of rules, the letter, the check list."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from accounts.decorators import roles
from accounts.requests import SignedInRequest
from cards.duty.forms import TextForm
from cards.duty.texts import PLACES, TextOvertaken, save_text
from cards.duty.views.common import OFFICER, status_of
from cards.models import StationText
from cards.refusals import attempt


@roles(*OFFICER)
def text_list(request: SignedInRequest) -> HttpResponse:
    newest = [StationText.objects.newest(code) for code in StationText.Code.values]
    return render(request, "cards/duty/text_list.html", {"texts": newest})


@roles(*OFFICER)
def text_edit(request: SignedInRequest, code: str) -> HttpResponse:
    """Saved, it is the next version; what was written from an earlier one stays as it is."""
    if code not in StationText.Code.values:
        raise Http404
    newest = StationText.objects.newest(code)
    form = TextForm(request.POST or None, newest=newest)
    if request.method == "POST" and form.is_valid():
        saved = attempt(form, lambda: _save(form, code, request, newest))
        if saved is not None:
            messages.success(request, f"现在用的是第{saved.version}版。")
            return redirect("cards:text_list")
    context = {
        "form": form,
        "newest": newest,
        "places": [f"{{{place}}}" for place in PLACES[code]],
        "earlier": StationText.objects.filter(code=code).select_related("created_by")[:10],
    }
    return render(request, "cards/duty/text_edit.html", context, status=status_of(form))


def _save(form: TextForm, code: str, request: SignedInRequest, newest: StationText) -> StationText:
    seen = form.cleaned_data["seen_version"]
    try:
        return save_text(
            code,
            text=form.cleaned_data["text"],
            seen_version=newest.version if seen is None else seen,
            by=request.user,
        )
    except TextOvertaken:
        form.data = form.data.copy()
        form.data["seen_version"] = str(newest.version)
        raise
