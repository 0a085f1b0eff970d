"""The station's page of parameters, and the form of one of them."""

from itertools import groupby

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from core.versions import Overtaken
from parameters.forms import ParameterValueForm
from parameters.models import Parameter, ParameterValue
from parameters.services import ValueHolds, set_value, withdraw_value
from parameters.values import load_parameters


@roles(Role.STATION_OFFICER, Role.SUPERVISOR)
def parameter_list(request: SignedInRequest) -> HttpResponse:
    """All that holds today, by group; what is past its end says so."""
    parameters = load_parameters()
    rows = sorted(parameters.rows.values(), key=lambda row: (row.parameter.group, row.parameter_id))
    coming = {
        value.parameter_id: value
        for value in ParameterValue.objects.filter(valid_from__gt=parameters.day)
        .select_related("parameter")
        .order_by("-valid_from")
    }
    groups = [
        (
            group,
            [
                (row, row.has_lapsed(parameters.day), coming.get(row.parameter_id))
                for row in members
            ],
        )
        for group, members in groupby(rows, key=lambda row: row.parameter.group)
    ]
    return render(request, "parameters/parameter_list.html", {"groups": groups})


@roles(Role.STATION_OFFICER)
def parameter_change(request: SignedInRequest, pk: int) -> HttpResponse:
    """A new value from a day on; what held before stays and is shown below."""
    parameter = get_object_or_404(Parameter.objects.with_values(), pk=pk)
    today = timezone.localdate()
    values = list(parameter.values.all())
    form = ParameterValueForm(
        request.POST or None, parameter=parameter, instance=_starting_from(values, parameter)
    )
    if not request.POST:
        form.initial["valid_from"] = today
    if form.is_valid():
        parameter.version = form.cleaned_data["seen_version"] or parameter.version
        try:
            value = set_value(parameter, form.instance, by=request.user)
        except Overtaken as overtaken:
            form.data = form.data.copy()
            form.data["seen_version"] = str(overtaken.stored.version)  # type: ignore[attr-defined]
            form.add_error(
                None, "您打开这一页之后，别人改过这个参数，请核对下面的记录，再保存一次。"
            )
        else:
            messages.success(request, f"已保存：{parameter.name}，{value.words}。")
            return redirect("parameters:list")
    context = {"parameter": parameter, "form": form, "values": values, "today": today}
    status = 422 if form.errors else 200
    return render(request, "parameters/parameter_change.html", context, status=status)


@roles(Role.STATION_OFFICER)
@require_POST
def value_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """A value that has not begun is taken back."""
    value = ParameterValue.objects.select_related("parameter").filter(pk=pk).first()
    if value is None:
        return redirect("parameters:list")
    try:
        withdraw_value(value, by=request.user)
    except ValueHolds as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"已撤回：{value.parameter.name}，{value.words}。")
    return redirect(value.parameter)


def _starting_from(values: list[ParameterValue], parameter: Parameter) -> ParameterValue:
    """A new value that begins with what the newest says, but for its source and days."""
    newest = values[0] if values else ParameterValue()
    return ParameterValue(parameter=parameter, value=newest.value, text=newest.text)
