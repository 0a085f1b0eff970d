"""A person's deadlines as iCalendar (RFC 5545), for the calendar on his phone.

It leaves the portal for a calendar program that may keep it anywhere, so it names the table and
the department, and neither applicant nor enterprise.
"""

from datetime import UTC, datetime, timedelta
from itertools import islice

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar as Feed
from icalendar import Event

from accounts.models import User
from applications.workflow import Status
from reviews.calendar_days import CalendarDay, declared_days
from reviews.models import Opinion, ReviewTable
from reviews.time_limits import deadline_words
from workdays.calendar import Calendar, load_calendar

# A calendar shows a span; the deadline is its end.
SPAN = timedelta(minutes=30)
MOST_EVENTS = 500
AN_HOUR = timedelta(hours=1)


def feed(user: User) -> bytes:
    """What this person has due: his department's opinions, or for the station every open table,
    and the days that other rooms know of.

    What has no deadline now, because its turn has not come or its clock stands still, is left out.
    """
    made = Feed()
    made.add("prodid", f"-//{settings.EMAIL_DOMAIN}//ABTC//ZH")
    made.add("version", "2.0")
    made.add("x-wr-calname", f"{settings.STATION_SHORT}ABTC审核时限")
    made.add("refresh-interval", AN_HOUR, parameters={"value": "DURATION"})
    made.add("x-published-ttl", "PT1H")
    calendar, now = load_calendar(), timezone.now()
    if user.department_id is not None:
        opinions = Opinion.objects.visible_to(user).ready().on_the_clock().order_by("due_at")
        opinions = opinions.select_related("department", "table__application")
        for opinion in opinions[:MOST_EVENTS]:
            made.add_component(_of_opinion(opinion, calendar, now))
    elif user.is_officer or user.is_supervisor:
        running = ReviewTable.objects.open().filter(application__status=Status.IN_REVIEW)
        tables = running.select_related("application").order_by("due_at")
        for table in tables[:MOST_EVENTS]:
            made.add_component(_of_table(table, calendar, now))
    for day in islice(declared_days(user), MOST_EVENTS):
        made.add_component(_of_day(day, now))
    return bytes(made.to_ical())


def _of_day(day: CalendarDay, now: datetime) -> Event:
    """A whole day, by its date alone."""
    event = Event()
    event.add("dtstart", day.day)
    event.add("summary", day.summary)
    event.add("description", "请登录门户办理。")
    event.add("url", f"{settings.SITE_URL}{day.path}")
    event.add("uid", f"{day.key}@{settings.EMAIL_DOMAIN}")
    event.add("dtstamp", now.astimezone(UTC))
    return event


def _of_opinion(opinion: Opinion, calendar: Calendar, now: datetime) -> Event:
    summary = f"{opinion.department}意见到期：{opinion.table}"
    event = _event(summary, opinion.get_absolute_url(), opinion.due_at, calendar)
    event.add("uid", f"opinion-{opinion.pk}@{settings.EMAIL_DOMAIN}")
    _add_revision(event, opinion.table.circulated_at, opinion.due_moved_at, now)
    return event


def _of_table(table: ReviewTable, calendar: Calendar, now: datetime) -> Event:
    event = _event(f"审核表到期：{table}", table.get_absolute_url(), table.due_at, calendar)
    event.add("uid", f"table-{table.pk}@{settings.EMAIL_DOMAIN}")
    _add_revision(event, table.circulated_at, table.due_moved_at, now)
    return event


def _add_revision(event: Event, made: datetime, moved: datetime | None, now: datetime) -> None:
    """By what a calendar program knows that an event which it has already was changed.

    RFC 5545 wants numbers that only grow: here the seconds from circulation to the last move.
    """
    changed = moved or made
    event.add("sequence", max(0, int((changed - made).total_seconds())))
    event.add("last-modified", changed.astimezone(UTC))
    event.add("dtstamp", now.astimezone(UTC))


def _event(summary: str, path: str, due_at: datetime, calendar: Calendar) -> Event:
    event = Event()
    event.add("dtstart", (due_at - SPAN).astimezone(UTC))
    event.add("dtend", due_at.astimezone(UTC))
    event.add("summary", summary)
    event.add("description", f"时限：{deadline_words(due_at, calendar)}。请登录门户办理。")
    event.add("url", f"{settings.SITE_URL}{path}")
    return event
