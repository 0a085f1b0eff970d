"""What the officer notes while reading, before everything is told at once."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from applications.models import Application, Correction
from applications.services.perform import MoveRefused, lock_for
from applications.workflow import Action


@transaction.atomic
def note(application: Application, *, number: int, words: str, by: User) -> Correction:
    """Tick one item (0 stands for the typed facts) and say what is wrong with it."""
    lock_for(application, Action.RETURN, by=by)
    words = words.strip()
    if not words:
        raise MoveRefused("请写明哪里不对、怎么改，企业会看到这段文字。")
    correction, created = Correction.objects.get_or_create(
        application=application,
        number=number,
        words=words,
        sent_at=None,
        defaults={"created_by": by},
    )
    if created:
        record("correction.note", application, by=by, after={"material": number, "words": words})
    return correction


@transaction.atomic
def note_each(
    application: Application, *, number: int, words: Iterable[str], by: User
) -> list[Correction]:
    """Tick one item for several reasons at once; either all are noted or none is."""
    return [note(application, number=number, words=reason, by=by) for reason in words]


@transaction.atomic
def drop(correction: Correction, *, by: User) -> None:
    """Take a tick away that was not told to the enterprise yet."""
    lock_for(correction.application, Action.RETURN, by=by)
    deleted, _ = Correction.objects.noted().filter(pk=correction.pk).delete()
    if deleted:
        record(
            "correction.drop",
            correction.application,
            by=by,
            before={"material": correction.number, "words": correction.words},
        )


def tell_now(application: Application, items: dict[int, str], *, by: User) -> None:
    """Ask for items at once, in the move that the caller makes: a supplement, or a recall."""
    now = timezone.now()
    Correction.objects.bulk_create(
        Correction(application=application, number=number, words=words, created_by=by, sent_at=now)
        for number, words in sorted(items.items())
    )
