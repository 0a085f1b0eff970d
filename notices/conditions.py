"""What a message waits on: asked again when it is sent, so that nobody hears of what is done.

A notice may name a condition and the numbers of the rows that it is about. The room that writes
such notices answers for it, and declares in its AppConfig where: `notice_conditions`, by the
condition's name the dotted name of a function. An answer is given for any number of notices at
once: by the notice's number, why it is no longer needed, in a few words for the station. A notice
that still stands is not in it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.apps import apps
from django.utils.module_loading import import_string

from notices.models import Notice

Answers = Callable[[Sequence[Notice]], dict[int, str]]


@dataclass(frozen=True)
class Condition:
    """The name of what must still hold, and the rows of which it must hold for one at least."""

    name: str
    about: tuple[int, ...]


def why_not_needed(notices: Iterable[Notice]) -> dict[int, str]:
    """Which of these need not be sent any more, and why; as many queries for one as for many."""
    by_name: dict[str, list[Notice]] = defaultdict(list)
    for notice in notices:
        if notice.condition:
            by_name[notice.condition].append(notice)
    found: dict[int, str] = {}
    for name, some in by_name.items():
        found |= answers_for(name)(some)
    return found


def answers_for(name: str) -> Answers:
    """Raises LookupError for a condition that no room answers for."""
    declared: dict[str, str] = {}
    for config in apps.get_app_configs():
        declared |= getattr(config, "notice_conditions", {})
    if name not in declared:
        raise LookupError(f"通知条件“{name}”没有登记，请检查各应用的 notice_conditions。")
    answers: Answers = import_string(declared[name])
    return answers
