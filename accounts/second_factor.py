"""The second factor: a TOTP application (RFC 6238) on the person's phone."""

from base64 import b32encode
from datetime import timedelta

import segno
from django.db import transaction
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import User

SET_UP_WITHIN = timedelta(minutes=15)
DEVICE_NAME = "手机验证器"
# One sentence for every cause, so that it tells a guesser nothing.
CODE_REFUSED = "动态验证码不正确、已经用过，或输入得太快。请等手机上换出新的6位数字，再输入一次。"


def confirmed_device(user: User) -> TOTPDevice | None:
    """The device that must give a code for this person, or None."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).order_by("pk").first()


def device_being_set_up(user: User) -> TOTPDevice | None:
    """Begun within `SET_UP_WITHIN`: its key shows on the page, and must not stay there."""
    since = timezone.now() - SET_UP_WITHIN
    devices = TOTPDevice.objects.filter(user=user, confirmed=False, created_at__gt=since)
    return devices.order_by("pk").first()


@transaction.atomic
def code_fits(device: TOTPDevice, code: str) -> bool:
    """Check a code and use it up. The row is locked: one code serves one of two requests."""
    locked = TOTPDevice.objects.select_for_update().filter(pk=device.pk).first()
    return locked is not None and bool(locked.verify_token(code))


def qr_code(device: TOTPDevice) -> str:
    """The picture to be scanned, as a `data:` address of an SVG."""
    picture = segno.make(device.config_url, error="m", micro=False)
    return str(picture.svg_data_uri(scale=5, border=4, dark="#1c2733", light="#ffffff"))


def typed_key(device: TOTPDevice) -> str:
    """The key for typing where nothing can be scanned, in groups of four."""
    key = b32encode(device.bin_key).decode()
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))
