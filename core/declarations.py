"""What rooms declare in their AppConfig for a room further left, which may not import them.

The attribute holds a dotted name, or several; who asks gets what they name, in the rooms' order.
"""

from typing import Any

from django.apps import apps
from django.utils.module_loading import import_string


def declared(attribute: str) -> list[Any]:
    """The functions or classes that the rooms declare by this attribute, imported."""
    found: list[Any] = []
    for config in apps.get_app_configs():
        names = getattr(config, attribute, ())
        found += map(import_string, [names] if isinstance(names, str) else names)
    return found
