"""Channels of a notice: by its kind, and by what its recipient chose."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from functools import cached_property

from django.utils import timezone

from accounts.models import User
from notices.channels.sms import is_available
from notices.gathering import GATHERED
from notices.models import Delivery, Notice, Preferences, WecomRobot
from notices.quiet_hours import MAIL, next_open_moment, waits_for_office

DIGEST_AT = time(9, 0)
# How long a message waits for others of the same act, which then go in one.
TOGETHER = timedelta(minutes=1)
Channel, Kind = Delivery.Channel, Notice.Kind


def next_digest(now: datetime) -> datetime:
    """The next nine o'clock by the station's clock."""
    local = timezone.localtime(now)
    today = timezone.make_aware(datetime.combine(local.date(), DIGEST_AT))
    return today if today > local else today + timedelta(days=1)


class Routes:
    """What these people chose and which robots there are, in as many queries for one as for many.

    The time with each channel is that of the first attempt.
    """

    def __init__(self, recipients: Iterable[User]) -> None:
        self.now = timezone.now()
        self.chosen = {
            row.user_id: row for row in Preferences.objects.filter(user__in=list(recipients))
        }
        robots = WecomRobot.objects.filter(is_active=True)
        self.robots = {robot.department_id: robot for robot in robots}

    @cached_property
    def open_now(self) -> datetime:
        """Now, or when the office opens next."""
        return next_open_moment(self.now)

    @cached_property
    def open_digest(self) -> datetime:
        """The next nine o'clock of a day on which the office opens."""
        return next_open_moment(next_digest(self.now))

    def personal(self, notice: Notice, *, together: bool = False) -> list[tuple[str, datetime]]:
        """To this recipient alone; `together` with what else is told him of the same act."""
        chosen = self.chosen.get(notice.recipient_id) or Preferences()
        channels: list[str] = []
        if notice.kind in (Kind.DEADLINE, Kind.ACCOUNT):
            # Nobody can switch these off, nor put them off till the next morning.
            channels.append(Channel.DIGEST if together else Channel.EMAIL)
        elif chosen.email:
            channels.append(Channel.DIGEST if chosen.digest or together else Channel.EMAIL)
        if chosen.sms and is_available() and notice.kind in (Kind.DEADLINE, Kind.TASK):
            channels.append(Channel.SMS)
        soon = notice.kind == Kind.DEADLINE or (together and not chosen.digest)
        return [
            (channel, self._time_of(notice, channel, soon=soon if channel in MAIL else together))
            for channel in channels
        ]

    def group(
        self, notice: Notice, *, together: bool = False
    ) -> tuple[WecomRobot, datetime] | None:
        """To the group of the recipient's department, or of the station for its own people."""
        robot = self._robot_for(notice)
        return (robot, self._time_of(notice, Channel.WECOM, soon=together)) if robot else None

    def _time_of(self, notice: Notice, channel: str, *, soon: bool = False) -> datetime:
        """`soon`: with the others of the same minute, not at once nor the next morning."""
        waits = waits_for_office(notice, channel)
        if soon and channel in GATHERED:
            return max(self.open_now, self.now + TOGETHER)
        if channel == Channel.DIGEST:
            return self.open_digest if waits else next_digest(self.now)
        return self.open_now if waits else self.now

    def _robot_for(self, notice: Notice) -> WecomRobot | None:
        person = notice.recipient
        if notice.kind == Kind.ACCOUNT:
            return None
        if person.department_id is not None:
            return self.robots.get(person.department_id)
        return self.robots.get(None) if person.is_officer or person.is_supervisor else None
