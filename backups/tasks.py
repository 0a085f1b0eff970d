"""What beat starts: the weekly drill, and notes of drills on other hosts."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from backups import drills
from backups.places import BackupPlace
from backups.refusals import BackupRefused


@shared_task(name="backups.drill")
def drill_weekly() -> None:
    """Safe to start twice: rows say when one is due, and a lock lets one work at a time."""
    if not settings.BACKUP_TO:
        return
    try:
        drills.read_notes(BackupPlace.at(settings.BACKUP_TO))
    except BackupRefused:
        return
    if settings.DRILL_IDENTITY and drills.is_due(timezone.now()):
        drills.begin_apart()
