"""Corrections noted by the officer, before everything is told at once."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from applications.models import Application, Correction, ReturnReason
from applications.services.perform import MoveRefused, lock_for
from applications.workflow import Action
from materials.examples import names_for


@transaction.atomic
def note(
    application: Application,
    *,
    number: int,
    by: User,
    words: str = "",
    reason: ReturnReason | None = None,
) -> Correction:
    """Tick one item (0 stands for the typed facts) for a usual reason, or in own words."""
    lock_for(application, Action.RETURN, by=by)
    words = reason.defect if reason else words.strip()
    if not words:
        raise MoveRefused("请写明哪里不对、怎么改，企业会看到这段文字。")
    # The case is locked: nobody notes the same beside it.
    for there in Correction.objects.noted().filter(application=application, number=number):
        if there.words == words:
            return there
    correction = Correction.objects.create(
        application=application,
        number=number,
        words=words,
        created_by=by,
        reason=reason,
        mend=reason.mend if reason else "",
        example=reason.example if reason else "",
        pictures=names_for(number, reason.pictures if reason else ()),
    )
    after = {"material": number, "words": correction.full_words}
    if reason:
        after["reason"] = reason.code
    record("correction.note", application, by=by, after=after)
    return correction


@transaction.atomic
def note_each(
    application: Application,
    *,
    number: int,
    reasons: Iterable[ReturnReason],
    words: str = "",
    by: User,
) -> list[Correction]:
    """Tick one item for several reasons at once; either all are noted or none is."""
    noted = [note(application, number=number, reason=reason, by=by) for reason in reasons]
    if words or not noted:
        noted.append(note(application, number=number, words=words, by=by))
    return noted


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
            before={"material": correction.number, "words": correction.full_words},
        )


def tell_now(application: Application, items: dict[int, str], *, by: User) -> None:
    """Ask for items at once, in the move that the caller makes: a supplement, or a recall."""
    now = timezone.now()
    Correction.objects.bulk_create(
        Correction(
            application=application,
            number=number,
            words=words,
            pictures=names_for(number, ()),
            created_by=by,
            sent_at=now,
        )
        for number, words in sorted(items.items())
    )
