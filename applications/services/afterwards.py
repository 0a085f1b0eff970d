"""What follows the table, entered on the application by the room that follows it."""

from datetime import datetime

from applications.models import Application
from applications.workflow import Turn


def note_afterwards(application: Application, *, turn: Turn, words: str) -> None:
    """Whose move it is now beyond the portal, and how it stands, for lists that sort by it.

    Joins the caller's transaction, which holds what this is read from.
    """
    application.afterwards, application.afterwards_words = turn, words
    application.save(update_fields=["afterwards", "afterwards_words"])


def note_deadline(application: Application, due_at: datetime) -> None:
    """Until when a draft is to be submitted, where the room that began it says so."""
    application.due_at = due_at
    application.save(update_fields=["due_at"])
