"""Bringing the index in line with the rows: after an upgrade, and once a night."""

from collections.abc import Iterator

from django.apps import apps

from finding.models import Findable, IndexEntry, keep

BATCH = 500


def findable_models() -> Iterator[type[Findable]]:
    for model in apps.get_models():
        if issubclass(model, Findable) and not model._meta.abstract:
            yield model


def rebuild() -> int:
    """Write every entry anew and drop those whose row is gone; returns how many there are."""
    return sum(_rebuild(model) for model in findable_models())


def _rebuild(model: type[Findable]) -> int:
    kind, count = model._meta.label_lower, 0
    entries: list[IndexEntry] = []
    for row in model._default_manager.order_by("pk").iterator(BATCH):
        entries.append(row.entry())
        count += 1
        if len(entries) == BATCH:
            keep(entries)
            entries = []
    keep(entries)
    there = model._default_manager.values("pk")
    IndexEntry.objects.filter(kind=kind).exclude(object_id__in=there).delete()
    return count
