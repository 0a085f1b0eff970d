"""Which channels a notice takes: by its kind, and by what its recipient chose."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.utils import timezone

from accounts.models import User
from notices.channels.sms import is_available
from notices.models import Delivery, Notice, Preferences, WecomRobot

DIGEST_AT = time(9, 0)
Channel, Kind = Delivery.Channel, Notice.Kind


def next_digest(now: datetime) -> datetime:
    """The next nine o'clock by the station's clock."""
    local = timezone.localtime(now)
    today = timezone.make_aware(datetime.combine(local.date(), DIGEST_AT))
    return today if today > local else today + timedelta(days=1)


class Routes:
    """What these people chose and which robots there are; two queries for any number of them."""

    def __init__(self, recipients: Iterable[User]) -> None:
        self.chosen = {
            row.user_id: row for row in Preferences.objects.filter(user__in=list(recipients))
        }
        robots = WecomRobot.objects.filter(is_active=True)
        self.robots = {robot.department_id: robot for robot in robots}

    def personal(self, notice: Notice) -> list[tuple[str, datetime]]:
        """Channel and time of the first attempt, for this recipient alone."""
        now = timezone.now()
        chosen = self.chosen.get(notice.recipient_id) or Preferences()
        routes: list[tuple[str, datetime]] = []
        if notice.kind in (Kind.DEADLINE, Kind.ACCOUNT):
            # Nobody can switch these off, nor put them off till the next morning.
            routes.append((Channel.EMAIL, now))
        elif chosen.email and chosen.digest:
            routes.append((Channel.DIGEST, next_digest(now)))
        elif chosen.email:
            routes.append((Channel.EMAIL, now))
        if chosen.sms and is_available() and notice.kind in (Kind.DEADLINE, Kind.TASK):
            routes.append((Channel.SMS, now))
        return routes

    def robot_for(self, notice: Notice) -> WecomRobot | None:
        """Of the recipient's department, or of the station for its own people."""
        person = notice.recipient
        if notice.kind == Kind.ACCOUNT:
            return None
        if person.department_id is not None:
            return self.robots.get(person.department_id)
        return self.robots.get(None) if person.is_officer or person.is_supervisor else None
