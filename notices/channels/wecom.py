"""A robot in a WeCom group, through its webhook.

The protocol is the vendor's (developer.work.weixin.qq.com, path 91770): JSON with `msgtype`
`text` and a content of up to 2,048 bytes; the answer's `errcode` is 0 when it was taken, 45009
beyond 20 messages a minute, 93000 for an address that is not or no longer a robot's. There is
no key by which a repetition could be told, so the text carries the notice's number.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings

from notices.channels.base import CannotBeSent, Channel, ChannelDown, MessageRefused, TryLater
from notices.channels.http import post_json
from notices.models import Delivery, WecomRobot

TOO_OFTEN = 45009
BUSY = -1
BAD_CONTENT = frozenset({40058, 44004, 45002})
MOST_BYTES = 2048
A_MINUTE = timedelta(minutes=1)


def text_of(delivery: Delivery) -> str:
    """What the group reads: no applicant and no enterprise, which stand behind the sign-in."""
    notice = delivery.notice
    lines = [f"【{settings.STATION_NAME}】{notice.outward}"]
    if notice.link:
        lines.append(f"{notice.action_label}（需登录）：{notice.link}")
    lines.append(f"通知编号 {notice.pk}")
    return "\n".join(lines).encode()[:MOST_BYTES].decode(errors="ignore")


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
