"""Conditions of notices about tables and opinions; `still_needed.py` answers whether one stands."""

from notices.conditions import Condition
from reviews.models import Opinion, Reminder, ReviewTable


def while_in_hand(*opinions: Opinion) -> Condition:
    """While one of these waits, and the recipient is who acts for the department."""
    return Condition("reviews.in_hand", tuple(opinion.pk for opinion in opinions))


def while_unsigned(*opinions: Opinion) -> Condition:
    """While one of these waits, whoever acts."""
    return Condition("reviews.unsigned", tuple(opinion.pk for opinion in opinions))


def while_open(*tables: ReviewTable) -> Condition:
    """While one of these tables is not concluded."""
    return Condition("reviews.open", tuple(table.pk for table in tables))


def while_newest(*reminders: Reminder) -> Condition:
    """While one of the opinions waits, its clock runs, and nothing newer is to be said of it."""
    return Condition("reviews.reminder", tuple(reminder.pk for reminder in reminders))
