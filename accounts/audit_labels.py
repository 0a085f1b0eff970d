"""Labels of the audit trail: each room names its own actions in its AppConfig."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.models import AuditEvent
from core.dates import moment_label


@dataclass(frozen=True)
class AuditedChange:
    """One line of before and after, as a person reads it."""

    label: str
    before: str
    after: str


def action_labels() -> dict[str, str]:
    """Every room's `audit_labels`, by action."""
    labels: dict[str, str] = {}
    for config in apps.get_app_configs():
        labels |= getattr(config, "audit_labels", {})
    return labels


def action_choices() -> list[tuple[str, str]]:
    return sorted(action_labels().items(), key=lambda choice: choice[0])


def object_choices() -> list[tuple[str, str]]:
    """The models of the rooms that write to the trail, by their Chinese names.

    Without the rooms' own machinery, which no record ever speaks of (`unrecorded`).
    """
    rooms = [config for config in apps.get_app_configs() if hasattr(config, "audit_labels")]
    models = [
        model
        for config in rooms
        for model in config.get_models()
        if model.__name__ not in getattr(config, "unrecorded", ())
    ]
    return [(model._meta.label_lower, str(model._meta.verbose_name)) for model in models]


def object_type_label(object_type: str) -> str:
    try:
        return str(apps.get_model(object_type)._meta.verbose_name)
    except (LookupError, ValueError):
        return object_type


def changes(event: AuditEvent) -> list[AuditedChange]:
    """The event's before and after, line by line, under the names of the object's fields."""
    keys = [*event.before, *(key for key in event.after if key not in event.before)]
    return [
        AuditedChange(
            label=_key_label(event.object_type, key),
            before=_words(event.object_type, key, event.before.get(key)),
            after=_words(event.object_type, key, event.after.get(key)),
        )
        for key in keys
    ]


def _field(object_type: str, key: str) -> Any:
    try:
        return apps.get_model(object_type)._meta.get_field(key)
    except (LookupError, ValueError, FieldDoesNotExist):
        return None


def _key_label(object_type: str, key: str) -> str:
    for config in apps.get_app_configs():
        label = getattr(config, "audit_keys", {}).get(key)
        if label:
            return str(label)
    return str(getattr(_field(object_type, key), "verbose_name", key))


def _words(object_type: str, key: str, value: Any) -> str:
    """A value in words: a choice by its label, yes and no, a list with commas."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(_words(object_type, key, part) for part in value)
    if isinstance(value, dict):
        return "；".join(f"{name}：{_words('', name, part)}" for name, part in value.items())
    moment = _moment(value)
    if moment is not None:
        return moment_label(moment)
    choices = dict(getattr(_field(object_type, key), "flatchoices", None) or [])
    return str(choices.get(value, value))


def _moment(value: Any) -> datetime | None:
    """The moment that was recorded, in whatever zone: people read the station's time."""
    if not isinstance(value, str):
        return None
    try:
        moment = parse_datetime(value)
    except ValueError:
        return None
    return moment if moment is not None and timezone.is_aware(moment) else None
