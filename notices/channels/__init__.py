"""The ways out of the portal, one class each."""

from notices.channels.base import Channel
from notices.channels.email import DigestChannel, EmailChannel
from notices.channels.sms import SmsChannel
from notices.channels.wecom import WecomChannel
from notices.models import Delivery

CHANNELS: dict[str, Channel] = {
    Delivery.Channel.EMAIL: EmailChannel(),
    Delivery.Channel.DIGEST: DigestChannel(),
    Delivery.Channel.WECOM: WecomChannel(),
    Delivery.Channel.SMS: SmsChannel(),
}
