"""Recognition of one picture: taken under a lease, carried out, and written down."""

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from files.models import Recognition
from files.recognition import Reading, find_faces, read_text
from files.refusals import FileRefused

LEASE = timedelta(minutes=5)
WAIT = timedelta(minutes=2)
MOST_ATTEMPTS = 3
# Another worker may have taken the first of these in the meantime.
CANDIDATES = 10

# A runtime's own errors derive from these; anything else is a fault that must be seen.
UNREADABLE = (FileRefused, ImportError, OSError, RuntimeError, ValueError)
READERS: dict[str, Callable[[bytes], Reading]] = {
    Recognition.Kind.TEXT: read_text,
    Recognition.Kind.FACE: find_faces,
}


def recognise_next() -> bool:
    """Read one picture, of whoever's turn it is; True when one was read now."""
    in_turn = Recognition.objects.due().in_turn()
    for pk in in_turn.values_list("pk", flat=True)[:CANDIDATES]:
        recognition = _take(pk)
        if recognition is not None:
            return _read(recognition)
    return False


def recognise(recognition_id: int) -> bool:
    """Read one picture if that is due. Safe to call any number of times; True when read now."""
    recognition = _take(recognition_id)
    return recognition is not None and _read(recognition)


def _read(recognition: Recognition) -> bool:
    try:
        with recognition.file.content.open("rb") as file:
            reading = READERS[recognition.kind](file.read())
    except UNREADABLE as error:
        # After any other error the lease gives the row back.
        _put_back(recognition, f"{type(error).__name__}：{error}")
        return False
    recognition.data = reading.as_json()
    recognition.state = Recognition.State.DONE
    recognition.done_at = timezone.now()
    recognition.last_error = ""
    recognition.save(update_fields=["data", "state", "done_at", "last_error"])
    return True


def _take(recognition_id: int) -> Recognition | None:
    now = timezone.now()
    with transaction.atomic():
        recognition = (
            Recognition.objects.due(now)
            .select_for_update(of=("self",), skip_locked=True)
            .select_related("file")
            .filter(pk=recognition_id)
            .first()
        )
        if recognition is None:
            return None
        if recognition.attempts >= MOST_ATTEMPTS:
            # Those attempts ended with the worker, perhaps by this very picture.
            recognition.state = Recognition.State.FAILED
            recognition.save(update_fields=["state"])
            return None
        recognition.attempts += 1
        recognition.taken_at, recognition.next_attempt_at = now, now + LEASE
        recognition.save(update_fields=["attempts", "taken_at", "next_attempt_at"])
    return recognition


def _put_back(recognition: Recognition, error: str) -> None:
    recognition.next_attempt_at = timezone.now() + WAIT
    recognition.last_error = error[:300]
    if recognition.attempts >= MOST_ATTEMPTS:
        recognition.state = Recognition.State.FAILED
    recognition.save(update_fields=["next_attempt_at", "last_error", "state"])
