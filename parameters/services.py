"""Setting a parameter: a new value from a day on, or another word on that day's."""

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from core.versions import claim
from parameters.models import Parameter, ParameterValue


class ValueHolds(Exception):
    """The value has begun, or is the only one: it is history, and cannot be taken back."""


@transaction.atomic
def withdraw_value(value: ParameterValue, *, by: User) -> None:
    """Take back a value that has not begun; twice does no harm. Raises ValueHolds."""
    parameter = Parameter.objects.select_for_update().get(pk=value.parameter_id)
    if not parameter.values.filter(pk=value.pk).exists():
        return
    if value.valid_from <= timezone.localdate() or parameter.values.count() == 1:
        raise ValueHolds("这个数值已经生效，不能撤回。要改的，请填写新的数值。")
    record(
        "parameter.withdraw",
        parameter,
        by=by,
        before={"value": value.words, "valid_from": value.valid_from.isoformat()},
    )
    value.delete()
    parameter.version += 1
    parameter.save(update_fields=["version"])


@transaction.atomic
def set_value(parameter: Parameter, value: ParameterValue, *, by: User) -> ParameterValue:
    """Keep `value` for its day. Raises Overtaken where somebody changed the parameter meanwhile."""
    claim(parameter)
    parameter.save(update_fields=["version"])
    before = parameter.values.filter(valid_from=value.valid_from).first()
    value.parameter, value.entered_by = parameter, by
    value.pk = before.pk if before else None
    value.save()
    record(
        "parameter.change",
        parameter,
        by=by,
        before={"value": before.words if before else ""},
        after={
            "code": parameter.code,
            "value": value.words,
            "valid_from": value.valid_from.isoformat(),
            "source": value.source,
        },
    )
    return value
