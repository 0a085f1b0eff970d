"""Which snapshots stay: the newest of each of the last days, weeks and months; the last always."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Final

from django.conf import settings
from django.utils import timezone

from backups.manifests import read_manifest, read_objects
from backups.places import BackupPlace
from backups.refusals import BackupRefused

SPANS: Final[tuple[tuple[str, Callable[[datetime], str]], ...]] = (
    ("BACKUP_KEEP_DAYS", lambda at: at.date().isoformat()),
    ("BACKUP_KEEP_WEEKS", lambda at: "{}-{}".format(*at.isocalendar())),
    ("BACKUP_KEEP_MONTHS", lambda at: f"{at.year}-{at.month}"),
)


def to_keep(made: Mapping[str, datetime]) -> set[str]:
    """Names of those to keep, from when each was made."""
    newest = sorted(made, key=lambda name: made[name], reverse=True)
    kept = set(newest[:1])
    for setting, span_of in SPANS:
        latest: dict[str, str] = {}
        for name in newest:
            latest.setdefault(span_of(timezone.localtime(made[name])), name)
        kept |= set(list(latest.values())[: getattr(settings, setting)])
    return kept


def good(place: BackupPlace) -> tuple[dict[str, datetime], list[str]]:
    """When each snapshot was made that can be read, and the names of the others."""
    made, unread = {}, []
    for name in place.names():
        try:
            made[name] = read_manifest(place.snapshots / name).made_at
        except BackupRefused:
            unread.append(name)
    return made, unread


def prune(place: BackupPlace) -> tuple[list[str], int]:
    """Take away what the rule does not keep: which snapshots, and how many files of the pool.

    A snapshot that cannot be read is neither counted nor removed, and while there is one, no file
    is: it may need it.
    """
    made, unread = good(place)
    leaving = sorted(made.keys() - to_keep(made))
    for name in leaving:
        place.discard(name)
    if unread:
        return leaving, 0
    return leaving, _sweep(place, made.keys() - set(leaving))


def _sweep(place: BackupPlace, names: Collection[str]) -> int:
    try:
        needed = set().union(*(read_objects(place.snapshots / name) for name in names))
    except BackupRefused:
        return 0
    unneeded = [name for name in place.objects() if name not in needed]
    for name in unneeded:
        place.discard_object(name)
    return len(unneeded)
