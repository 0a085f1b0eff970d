"""Passkeys (WebAuthn): asking a person's device to sign, and checking what it signed (ADR 74).

A device answers a challenge that is a row: of one person, one session and one content, for three
minutes, used up by the first answer. What it confirms is the digest of the page and of everything
that its form carries, so that an answer made for one opinion signs no other, nor another preview.
"""

import hashlib
import ipaddress
import json
import secrets
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    AuthenticatorData,
    CollectedClientData,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from accounts.audit import record
from accounts.entry_models import Passkey, PasskeyChallenge
from accounts.letters import letters
from accounts.models import User
from core.crypto import keyed_hash

LASTS: Final = timedelta(minutes=3)
# Of one person, and of what he is asked at the same time in several windows.
MOST_PASSKEYS: Final = 10
MOST_ASKED: Final = 10
# A passkey with the certificates of its maker takes some four thousand.
MOST_CHARACTERS: Final = 20_000
TRANSPORTS: Final = frozenset({"usb", "nfc", "ble", "hybrid", "internal"})
REGISTERS: Final = "register"
# What a form carries beside what is confirmed.
NOT_CONFIRMED: Final = frozenset(
    {"csrfmiddlewaretoken", "password", "code", "proven", "passkey", "passkey_page"}
)
# What fido2 raises of an answer that is none.
UNREADABLE: Final = (
    ArithmeticError, AssertionError, AttributeError, LookupError, NotImplementedError,
    RecursionError, TypeError, ValueError, struct.error,
)  # fmt: skip

AGAIN = "这次确认已经用过、超过了3分钟，或者页面内容有变化，没有办理。请再按一次“通行密钥”按钮。"
UNFIT = "通行密钥没有通过验证，没有办理。请再按一次；仍不行的，改用密码和验证码。"
STRANGE = "这把通行密钥不是您账户的，或者已经移除。请换一把，或者改用密码和验证码。"
COPIED = (
    "这把通行密钥的使用次数倒退了，可能被人复制，没有办理。请改用密码和验证码，"
    "在“我的账户”移除它，再重新添加。"
)
KNOWN = "这台设备已经添加过，不用再加。"
FULL = f"最多可以有{MOST_PASSKEYS}把通行密钥，请先移除不用的。"


class PasskeyRefused(Exception):
    """The answer is not taken; the text says why. `counts` as a failed attempt, as to guess."""

    def __init__(self, words: str, *, counts: bool = False) -> None:
        super().__init__(words)
        self.counts = counts


# Where passkeys serve ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Site:
    """The name for which devices make passkeys, and the address whose pages may ask for them."""

    name: str
    origin: str


def site() -> Site | None:
    """From SITE_URL; None where browsers would refuse: without https, or by an address of numbers.

    On one's own machine 127.0.0.1 has the name localhost.
    """
    parts = urlsplit(settings.SITE_URL)
    host = parts.hostname or ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        pass
    else:
        if not address.is_loopback:
            return None
        host = "localhost"
    if not host or (parts.scheme != "https" and host != "localhost"):
        return None
    port = f":{parts.port}" if parts.port else ""
    return Site(host, f"{parts.scheme}://{host}{port}")


def is_here(request: HttpRequest) -> bool:
    """Whether this page stands at the address for which passkeys are made."""
    where = site()
    return where is not None and f"{request.scheme}://{request.get_host()}" == where.origin


def _server() -> Fido2Server:
    where = site()
    if where is None:
        raise PasskeyRefused("本站的地址不能使用通行密钥，请用密码和验证码。")
    return Fido2Server(
        PublicKeyCredentialRpEntity(id=where.name, name=settings.STATION_NAME),
        verify_origin=lambda origin: origin == where.origin,
    )


# What is asked -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Occasion:
    """Who is asked, in which session (its keyed hash), and the digest of what he confirms."""

    user: User
    session: str
    about: str


def occasion_of(request: HttpRequest, user: User, *, page: str = "") -> Occasion:
    """What this request confirms; `page` is where its form stands, if not where it was sent."""
    return _occasion(request, user, _digest(page or request.path, request.POST.lists()))


def registration_of(request: HttpRequest, user: User) -> Occasion:
    return _occasion(request, user, REGISTERS)


def _occasion(request: HttpRequest, user: User, about: str) -> Occasion:
    return Occasion(user, keyed_hash(f"session {request.session.session_key}"), about)


def _digest(page: str, fields: Iterable[tuple[str, list[str]]]) -> str:
    """Of a page and what its form carries; a script's line breaks are as good as a form's."""
    carried = sorted(
        (name, [value.replace("\r\n", "\n") for value in values])
        for name, values in fields
        if name not in NOT_CONFIRMED
    )
    return hashlib.sha256(json.dumps([page, carried]).encode()).hexdigest()


def _ask(occasion: Occasion) -> bytes:
    """A fresh challenge; the eldest of those that this person never answered makes room."""
    challenge = secrets.token_bytes(32)
    asked = PasskeyChallenge.objects.filter(user=occasion.user)
    asked.filter(expires_at__lte=timezone.now()).delete()
    newest = asked.order_by("-pk").values_list("pk", flat=True)[: MOST_ASKED - 1]
    asked.exclude(pk__in=list(newest)).delete()
    PasskeyChallenge.objects.create(
        user=occasion.user,
        session=occasion.session,
        about=occasion.about,
        challenge=websafe_encode(challenge),
        expires_at=timezone.now() + LASTS,
    )
    return challenge


def _take(occasion: Occasion, client_data: CollectedClientData) -> dict[str, Any]:
    """What the server asked, used up: of two answers to it the second finds nothing.

    Raises PasskeyRefused.
    """
    challenge = websafe_encode(client_data.challenge)
    taken, _ = PasskeyChallenge.objects.filter(
        user=occasion.user,
        session=occasion.session,
        about=occasion.about,
        challenge=challenge,
        expires_at__gt=timezone.now(),
    ).delete()
    if not taken:
        raise PasskeyRefused(AGAIN)
    return {"challenge": challenge, "user_verification": UserVerificationRequirement.REQUIRED}


# Making one --------------------------------------------------------------------------------------


def registration_options(occasion: Occasion) -> dict[str, Any]:
    """What `navigator.credentials.create` is given, as JSON. Raises PasskeyRefused."""
    user = occasion.user
    options, _ = _server().register_begin(
        PublicKeyCredentialUserEntity(
            id=bytes.fromhex(keyed_hash(f"passkeys of {user.pk}")),
            name=user.username,
            display_name=user.name,
        ),
        _descriptors(user),
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.REQUIRED,
        challenge=_ask(occasion),
    )
    return _as_json(options["publicKey"])


def register(occasion: Occasion, answer: str, *, name: str) -> Passkey:
    """Keep the passkey that the device made. Raises PasskeyRefused."""
    said = _said(answer)
    try:
        response = RegistrationResponse.from_dict(said)
    except UNREADABLE as error:
        raise PasskeyRefused(UNFIT) from error
    client_data = response.response.client_data
    state = _take(occasion, client_data)
    try:
        made = _server().register_complete(state, response).credential_data
    except UNREADABLE as error:
        raise PasskeyRefused(UNFIT) from error
    is_whole = made is not None and made.public_key.get(3) in CoseKey.supported_algorithms()
    if made is None or not is_whole or client_data.cross_origin:
        raise PasskeyRefused(UNFIT)
    if Passkey.objects.filter(user=occasion.user).count() >= MOST_PASSKEYS:
        raise PasskeyRefused(FULL)
    try:
        with transaction.atomic():
            return Passkey.objects.create(
                user=occasion.user,
                name=name,
                credential=websafe_encode(made),
                credential_hash=mark_of(made.credential_id),
                counter=response.response.attestation_object.auth_data.counter,
                transports=_transports(said),
            )
    except IntegrityError as error:
        raise PasskeyRefused(KNOWN) from error


def _transports(said: Mapping[str, Any]) -> list[str]:
    """How the browser says it reached the device; it helps the browser alone."""
    told = said.get("transports")
    if not isinstance(told, list):
        return []
    return sorted({one for one in told if isinstance(one, str) and one in TRANSPORTS})


# Using one ---------------------------------------------------------------------------------------


def confirmation_options(occasion: Occasion) -> dict[str, Any]:
    """What `navigator.credentials.get` is given, as JSON. Raises PasskeyRefused."""
    options, _ = _server().authenticate_begin(
        _descriptors(occasion.user),
        user_verification=UserVerificationRequirement.REQUIRED,
        challenge=_ask(occasion),
    )
    return _as_json(options["publicKey"])


def confirm(occasion: Occasion, answer: str) -> Passkey:
    """The passkey by which this person has confirmed just this. Raises PasskeyRefused."""
    try:
        response = AuthenticationResponse.from_dict(_said(answer))
    except UNREADABLE as error:
        raise PasskeyRefused(UNFIT) from error
    state = _take(occasion, response.response.client_data)
    with transaction.atomic():
        own = Passkey.objects.select_for_update().filter(user=occasion.user)
        passkey = own.filter(credential_hash=mark_of(response.raw_id)).first()
        if passkey is None:
            raise PasskeyRefused(STRANGE, counts=True)
        try:
            _server().authenticate_complete(state, [_credential(passkey)], response)
        except UNREADABLE as error:
            raise PasskeyRefused(UNFIT, counts=True) from error
        if response.response.client_data.cross_origin:
            raise PasskeyRefused(UNFIT, counts=True)
        goes_on = _counts_on(passkey, response.response.authenticator_data)
    if not goes_on:
        record("account.passkey_copied", passkey, by=occasion.user)
        letters().entry_changed(occasion.user, what=f"通行密钥“{passkey}”可能被人复制，没有被接受")
        raise PasskeyRefused(COPIED, counts=True)
    return passkey


def _counts_on(passkey: Passkey, said: AuthenticatorData) -> bool:
    """Whether the device's count goes on from where it was: two copies of a key count apart."""
    if said.counter <= passkey.counter and (said.counter or passkey.counter):
        return False
    passkey.counter, passkey.used_at = said.counter, timezone.now()
    passkey.save(update_fields=["counter", "used_at"])
    return True


# Parts -------------------------------------------------------------------------------------------


def _said(answer: str) -> dict[str, Any]:
    try:
        said = json.loads(answer) if len(answer) <= MOST_CHARACTERS else None
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise PasskeyRefused(UNFIT)
    return said


def _descriptors(user: User) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            type=PublicKeyCredentialType.PUBLIC_KEY,
            id=_credential(one).credential_id,
            transports=one.transports or None,
        )
        for one in Passkey.objects.filter(user=user)
    ]


def _credential(passkey: Passkey) -> AttestedCredentialData:
    return AttestedCredentialData(websafe_decode(passkey.credential))


def mark_of(credential_id: bytes) -> str:
    """By which a passkey is found; its own number stands encrypted."""
    return keyed_hash(f"passkey {credential_id.hex()}")


def _as_json(options: Any) -> dict[str, Any]:
    """Plain dictionaries, with bytes in the alphabet of addresses."""
    plain: dict[str, Any] = json.loads(json.dumps(options, default=dict))
    return plain | {"timeout": int(LASTS.total_seconds() * 1000)}
