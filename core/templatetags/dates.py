"""Template filters that write dates: `{{ table.due_at|moment_label }}`; nothing for no date.

Every template has them without loading (`builtins` in the settings).
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import template

from core import dates

register = template.Library()


def _or_nothing(words: Callable[..., str]) -> Callable[[Any], str]:
    def filtered(value: Any) -> str:
        return words(value) if isinstance(value, date) else ""

    return filtered


for words in (
    dates.day_words,
    dates.weekday_words,
    dates.moment_label,
    dates.near_moment_label,
    dates.second_label,
):
    register.filter(words.__name__, _or_nothing(words))
