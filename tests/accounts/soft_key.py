"""A passkey in software: what a phone does when a page asks it to make or to use one."""

import hashlib
import json
import os
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from accounts.entry_models import Passkey
from accounts.models import User
from accounts.passkeys import mark_of

HOST = "localhost:8000"
ORIGIN = f"http://{HOST}"
OPTIONS = "/accounts/passkey/options/"
FLAG = AuthenticatorData.FLAG


class SoftKey:
    """Counts its signatures, as most do; changing `counter` makes it an older copy."""

    def __init__(self, *, name: str = "localhost") -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id = os.urandom(16)
        self.name = name
        self.counter = 1

    @property
    def credential(self) -> AttestedCredentialData:
        public = ES256.from_cryptography_key(self.private.public_key())
        return AttestedCredentialData.create(b"\0" * 16, self.id, public)

    def make(
        self, options: dict[str, Any], *, origin: str = ORIGIN, is_verified: bool = True
    ) -> str:
        client_data = self._client_data("webauthn.create", options, origin)
        flags = self._flags(is_verified) | FLAG.AT
        data = AuthenticatorData.create(self._name_hash(), flags, self.counter, self.credential)
        made = AttestationObject.create("none", data, {})
        return self._answer(clientDataJSON=client_data, attestationObject=made)

    def use(
        self, options: dict[str, Any], *, origin: str = ORIGIN, is_verified: bool = True
    ) -> str:
        self.counter += 1
        client_data = self._client_data("webauthn.get", options, origin)
        data = AuthenticatorData.create(self._name_hash(), self._flags(is_verified), self.counter)
        signed = self.private.sign(data + client_data.hash, ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=client_data, authenticatorData=data, signature=signed)

    def _client_data(self, kind: str, options: dict[str, Any], origin: str) -> CollectedClientData:
        return CollectedClientData.create(kind, websafe_decode(options["challenge"]), origin)

    def _name_hash(self) -> bytes:
        return hashlib.sha256(self.name.encode()).digest()

    def _flags(self, is_verified: bool) -> FLAG:
        return FLAG.UP | FLAG.UV if is_verified else FLAG.UP

    def _answer(self, **response: bytes) -> str:
        number = websafe_encode(self.id)
        parts = {name: websafe_encode(value) for name, value in response.items()}
        return json.dumps({"id": number, "rawId": number, "type": "public-key", "response": parts})

    def kept_for(self, user: User, name: str = "我的手机") -> Passkey:
        """As if this person had added it before."""
        passkey: Passkey = Passkey.objects.create(
            user=user,
            name=name,
            credential=websafe_encode(self.credential),
            credential_hash=mark_of(self.id),
            counter=self.counter,
        )
        return passkey


def at_home(client: Client) -> Client:
    """Through the name for which passkeys are made."""
    client.defaults["HTTP_HOST"] = HOST
    return client


def asked(client: Client, page: str, **fields: Any) -> dict[str, Any]:
    """What the server asks of a device whose owner confirms this form of this page."""
    response = client.post(OPTIONS, {"passkey_page": page, **fields})
    options: dict[str, Any] = response.json()
    assert response.status_code == 200, options
    return options
