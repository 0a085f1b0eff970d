"""Text messages through an adapter: the class that settings.SMS_ADAPTER names.

A station has its own provider, so the portal knows only this: a class without arguments, with

    send(phone: str, text: str, reference: str) -> None

that returns when the provider has taken the message and otherwise raises ChannelDown,
MessageRefused or TryLater (`notices.channels.base`). `reference` is the same for every attempt
at one message; a provider that knows it sends nothing twice. `FileSms` and `HttpSms` are two.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Final, Protocol

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from core.phones import is_mobile
from core.text import brief
from notices.channels.base import CannotBeSent, Channel, ChannelDown, MessageRefused
from notices.channels.http import post_json
from notices.gathering import notices_of, outward_of
from notices.models import Delivery

# One message; longer ones are billed and shown as several.
LONGEST: Final = 70


class SmsAdapter(Protocol):
    def send(self, phone: str, text: str, reference: str) -> None:
        """Hand one message over. Raises ChannelDown, MessageRefused or TryLater."""


class FileSms:
    """For trying out: writes what would be sent to PORTAL_DATA/sms.log, a JSON object a line."""

    def send(self, phone: str, text: str, reference: str) -> None:
        line = {"at": timezone.now().isoformat(), "to": phone, "text": text, "id": reference}
        try:
            with (settings.PORTAL_DATA / "sms.log").open("a", encoding="utf-8") as log:
                log.write(json.dumps(line, ensure_ascii=False) + "\n")
        except OSError as error:
            raise ChannelDown("短信记录文件写不进，请检查数据目录。") from error


class HttpSms:
    """Posts {"to", "text", "id"} to SMS_GATEWAY_URL with the bearer token SMS_GATEWAY_TOKEN.

    The gateway answers {"accepted": true}, or {"accepted": false, "reason": "…"} for a message
    that it will never take; 429 and 5xx are tried again.
    """

    def send(self, phone: str, text: str, reference: str) -> None:
        answer = post_json(
            settings.SMS_GATEWAY_URL,
            {"to": phone, "text": text, "id": reference},
            {
                "Authorization": f"Bearer {settings.SMS_GATEWAY_TOKEN}",
                "Idempotency-Key": reference,
            },
        )
        if answer.get("accepted") is not True:
            reason = str(answer.get("reason", "未说明原因"))[:120]
            raise MessageRefused(f"短信平台没有接受：{reason}")


def is_available() -> bool:
    return bool(settings.SMS_ADAPTER)


@cache
def adapter(name: str) -> SmsAdapter:
    made: SmsAdapter = import_string(name)()
    return made


def text_of(delivery: Delivery) -> str:
    """One message of 70 characters, without an applicant or an enterprise."""
    notices = notices_of(delivery)
    before, behind = f"【{settings.STATION_SHORT}ABTC】", "，请登录门户办理。"
    room = LONGEST - len(before) - len(behind)
    said = outward_of(notices)
    if len(said) > room and len(notices) > 1:
        # How many there are must not be cut away.
        count = f"等{len(notices)}件"
        said = brief(notices[0].short, room - len(count)) + count
    return f"{before}{brief(said, room)}{behind}"


class SmsSession:
    def send(self, delivery: Delivery) -> None:
        phone = delivery.notice.recipient.phone
        if not is_mobile(phone):
            raise CannotBeSent("收件人没有登记手机号码。")
        adapter(settings.SMS_ADAPTER).send(phone, text_of(delivery), delivery.reference)


class SmsChannel(Channel):
    def key(self, delivery: Delivery) -> str:
        return "sms"

    def label(self, delivery: Delivery) -> str:
        return "短信"

    @contextmanager
    def session(self, delivery: Delivery) -> Iterator[SmsSession]:
        if not is_available():
            raise CannotBeSent("本站没有开通短信。")
        yield SmsSession()
