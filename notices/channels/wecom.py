"""A robot in a WeCom group, through its webhook.

The protocol is the vendor's (developer.work.weixin.qq.com, path 91770): JSON with `msgtype`
`text` and a content of up to 2,048 bytes; the answer's `errcode` is 0 when it was taken, 45009
beyond 20 messages a minute, 93000 for an address that is not or no longer a robot's. There is
no key by which a repetition could be told, so the text carries the notice's number.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings

from notices.channels.base import CannotBeSent, Channel, ChannelDown, MessageRefused, TryLater
from notices.channels.http import post_json
from notices.gathering import notices_of
from notices.models import Delivery, Notice, WecomRobot

TOO_OFTEN = 45009
BUSY = -1
BAD_CONTENT = frozenset({40058, 44004, 45002})
MOST_BYTES = 2048
A_MINUTE = timedelta(minutes=1)


def text_of(delivery: Delivery) -> str:
    """What the group reads: no applicant and no enterprise, which stand behind the sign-in."""
    notices = notices_of(delivery)
    if len(notices) > 1:
        return _list_of(notices)
    [notice] = notices
    lines = [f"【{settings.STATION_NAME}】{notice.outward}", *_link_of(notice)]
    lines.append(f"通知编号 {notice.pk}")
    return _cut("\n".join(lines))


def _list_of(notices: Sequence[Notice]) -> str:
    """Each on a line with its link, as many as fit; the number of the first names them all."""
    head = f"【{settings.STATION_NAME}】{len(notices)}件事要办："
    foot = f"通知编号 {notices[0].pk}"
    entries = [
        "\n".join([f"{place}. {notice.outward}", *_link_of(notice)])
        for place, notice in enumerate(notices, start=1)
    ]
    for shown in range(len(entries), -1, -1):
        left = [f"还有{len(entries) - shown}件，请登录门户查看。"] if shown < len(entries) else []
        text = "\n".join([head, *entries[:shown], *left, foot])
        if len(text.encode()) <= MOST_BYTES:
            return text
    return _cut(head)


def _link_of(notice: Notice) -> list[str]:
    return [f"{notice.action_label}（需登录）：{notice.link}"] if notice.link else []


def _cut(text: str) -> str:
    return text.encode()[:MOST_BYTES].decode(errors="ignore")


class WecomSession:
    def __init__(self, robot: WecomRobot) -> None:
        self.robot = robot

    def send(self, delivery: Delivery) -> None:
        post_text(self.robot, text_of(delivery))


def post_text(robot: WecomRobot, content: str) -> None:
    """Raises ChannelDown, MessageRefused or TryLater."""
    answer = post_json(robot.webhook, {"msgtype": "text", "text": {"content": content}})
    code = answer.get("errcode")
    if code == 0:
        return
    words = f"企业微信返回 {code}：{str(answer.get('errmsg', ''))[:120]}"
    if code in (TOO_OFTEN, BUSY):
        raise TryLater(words, A_MINUTE)
    if code in BAD_CONTENT:
        raise MessageRefused(words)
    raise ChannelDown(words)


class WecomChannel(Channel):
    def key(self, delivery: Delivery) -> str:
        return f"wecom:{delivery.robot_id}"

    def label(self, delivery: Delivery) -> str:
        return f"企业微信群“{delivery.robot}”"

    @contextmanager
    def session(self, delivery: Delivery) -> Iterator[WecomSession]:
        robot = delivery.robot
        if robot is None or not robot.is_active:
            raise CannotBeSent("这个群机器人已停用。")
        yield WecomSession(robot)
