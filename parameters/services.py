"""Setting a parameter: a new value from a day on, or another word on that day's."""

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from core.versions import claim
from parameters.models import Parameter, ParameterValue


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
