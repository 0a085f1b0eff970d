"""Messages that go together: what waits for one person, or one group, is one mail, text or post.

The first of them leads; the others hang on it (`Delivery.leader`) and share its outcome.
"""

from collections.abc import Sequence
from typing import Final

from accounts.models import User
from notices.models import Delivery, Notice, WecomRobot

Channel, State = Delivery.Channel, Delivery.State
# An ordinary mail is one notice, with its own subject, link and number.
GATHERED: Final = frozenset({Channel.DIGEST, Channel.SMS, Channel.WECOM})


def lock_receiver(delivery_id: int) -> None:
    """Before any row of a gathering: two workers must not make two of what goes together."""
    led = {"deliveries__pk": delivery_id, "deliveries__channel__in": GATHERED}
    people = User.objects.filter(**{f"notices__{name}": value for name, value in led.items()})
    list(people.select_for_update(of=("self",), no_key=True))
    own = Delivery.objects.filter(pk=delivery_id).values("robot")
    robots = WecomRobot.objects.filter(pk__in=own)
    list(robots.select_for_update(of=("self",), no_key=True))


def waiting_with(delivery: Delivery) -> list[Delivery]:
    """All that is due to the same receiver the same way and that was never tried, the first first.

    What its recipient has read in the portal meanwhile is not mailed any more.
    """
    due = Delivery.objects.due().filter(channel=delivery.channel, attempts=0)
    if delivery.channel == Channel.WECOM:
        due = due.filter(robot=delivery.robot)
    else:
        due = due.filter(notice__recipient=delivery.notice.recipient)
    waiting = list(due.select_related("notice__recipient", "robot").order_by("pk"))
    if delivery.channel != Channel.DIGEST:
        return waiting
    read = [one.pk for one in waiting if one.notice.read_at is not None]
    Delivery.objects.filter(pk__in=read).update(state=State.NOT_NEEDED)
    return [one for one in waiting if one.notice.read_at is None]


def notices_of(delivery: Delivery) -> list[Notice]:
    """The notices that this delivery carries, its own first."""
    followers = delivery.followers.select_related("notice").order_by("pk")
    return [delivery.notice, *(one.notice for one in followers)]


def outward_of(notices: Sequence[Notice]) -> str:
    """What a text message or a group chat says of several in one breath."""
    if len(notices) == 1:
        return notices[0].outward
    if not notices[0].short:
        return f"您有{len(notices)}条新通知"
    return f"{notices[0].short}等{len(notices)}件"
