"""The second factor: a TOTP application (RFC 6238) on the person's phone, or a passkey.

Whoever has either has recovery codes as well, for when it is not at hand.
"""

from base64 import b32encode
from datetime import timedelta
from typing import Any

import segno
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import recovery_codes
from accounts.entry_models import Passkey
from accounts.models import User

SET_UP_WITHIN = timedelta(minutes=15)
DEVICE_NAME = "手机验证器"
# One sentence for every cause, so that it tells a guesser nothing.
CODE_REFUSED = "动态验证码不正确、已经用过，或输入得太快。请等手机上换出新的6位数字，再输入一次。"


def confirmed_device(user: User) -> TOTPDevice | None:
    """The device that must give a code for this person, or None."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).order_by("pk").first()


def has_second_factor(user: User) -> bool:
    return confirmed_device(user) is not None or has_passkey(user)


def second_factors() -> dict[str, Exists]:
    """Expressions over an account: whether it has a phone's codes, and whether passkeys."""
    phones = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
    return {
        "has_phone": Exists(phones),
        "has_passkeys": Exists(Passkey.objects.filter(user=OuterRef("pk"))),
    }


def must_set_up(user: Any) -> bool:
    """Whether the station asks a second factor of him (SECOND_FACTOR_REQUIRED), and he has none.

    As the account was read with the request (accounts.backends), so that no page costs a query.
    """
    if not settings.SECOND_FACTOR_REQUIRED or not isinstance(user, User) or user.is_agent:
        return False
    return not (getattr(user, "has_phone", False) or getattr(user, "has_passkeys", False))


def has_passkey(user: User) -> bool:
    return Passkey.objects.filter(user=user).exists()


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


def second_code_fits(user: User, code: str) -> bool:
    """A code of the phone, or one of the recovery codes, which is twice as long; it is used up."""
    if len(code) == recovery_codes.DIGITS:
        return recovery_codes.use(user, code)
    device = confirmed_device(user)
    return device is not None and code_fits(device, code)


def qr_code(device: TOTPDevice) -> str:
    """The picture to be scanned, as a `data:` address of an SVG."""
    picture = segno.make(device.config_url, error="m", micro=False)
    return str(picture.svg_data_uri(scale=5, border=4, dark="#1c2733", light="#ffffff"))


def typed_key(device: TOTPDevice) -> str:
    """The key for typing where nothing can be scanned, in groups of four."""
    key = b32encode(device.bin_key).decode()
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))
