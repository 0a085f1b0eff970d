"""Taking back what was asked to be supplemented."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from applications.services.perform import AlreadyDone, MoveRefused
from reviews.forms import ToldReasonForm
from reviews.services.supplements import cancel_supplement, cancellable
from reviews.views.tables import visible_table


@roles(Role.STATION_OFFICER, Role.LIAISON)
def supplement_cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    """Whoever asked for a supplement says why it is needed no more."""
    table = visible_table(request, pk)
    form = ToldReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            cancel_supplement(table, reason=form.cleaned_data["reason"], by=request.user)
        except AlreadyDone:
            return redirect(table)
        except MoveRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "已取消补充要求，已通知企业，时限继续计算。")
            return redirect(table)
    elif cancellable(table, request.user) is None:
        messages.error(request, "现在没有由您这一方提出的补充要求，不需要取消。")
        return redirect(table)
    return render(request, "reviews/supplement_cancel.html", {"table": table, "form": form})
