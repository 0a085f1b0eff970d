"""OpenID Connect: authorization code with PKCE, state and nonce; joserfc checks the ID token.

OpenID Connect Core 1.0, section 3.1; RFC 7636 (PKCE); RFC 9207 (the issuer beside the code).
"""

import base64
import hashlib
import secrets
from collections.abc import Mapping, MutableMapping
from typing import Any, Final
from urllib.parse import quote, urlencode

from django.conf import settings
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import KeySet

from accounts.sign_on.adapters import SignOnRefused, Voucher, remember, take
from accounts.sign_on.fetching import DOWN, fetch_json

# None that needs no key, and none whose key is the client's secret.
ALGORITHMS: Final = ("RS256", "PS256", "ES256", "ES384", "EdDSA")
# Of two clocks.
LEEWAY_SECONDS: Final = 60

UNFIT = "统一身份认证的答复不是给本站的，或者被改过，没有登录。请重新从登录页开始。"
LATE = "统一身份认证的答复已经过期，没有登录。请重新从登录页开始。"
DECLINED = "您没有在统一身份认证完成登录。请重新开始，或者用本站的登录名和密码登录。"


class OidcSignOn:
    """A platform that speaks OpenID Connect, by the settings SIGN_ON_ISSUER and SIGN_ON_CLIENT_…"""

    def begin(self, session: MutableMapping[str, Any], back: str) -> str:
        known = _discovered()
        asked = {name: secrets.token_urlsafe(32) for name in ("state", "nonce", "verifier")}
        remember(session, asked)
        challenge = hashlib.sha256(asked["verifier"].encode()).digest()
        query = {
            "response_type": "code",
            "client_id": settings.SIGN_ON_CLIENT_ID,
            "redirect_uri": back,
            "scope": "openid",
            "state": asked["state"],
            "nonce": asked["nonce"],
            "code_challenge": base64.urlsafe_b64encode(challenge).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        address = _address(known, "authorization_endpoint")
        return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"

    def complete(
        self, session: MutableMapping[str, Any], query: Mapping[str, str], back: str
    ) -> Voucher:
        asked = take(session, query.get("state", ""))
        if query.get("iss", settings.SIGN_ON_ISSUER) != settings.SIGN_ON_ISSUER:
            raise SignOnRefused(UNFIT)
        if "error" in query or not query.get("code"):
            raise SignOnRefused(DECLINED)
        known = _discovered()
        token = _token(known, query["code"], asked["verifier"], back)
        claims = _claims(known, token, asked["nonce"])
        return Voucher(settings.SIGN_ON_ISSUER, claims["sub"])


def _discovered() -> dict[str, Any]:
    """What the platform says of itself; under another's name it is not believed."""
    base = settings.SIGN_ON_ISSUER.rstrip("/")
    known = fetch_json(f"{base}/.well-known/openid-configuration")
    if known.get("issuer") != settings.SIGN_ON_ISSUER:
        raise SignOnRefused(UNFIT)
    return known


def _address(known: dict[str, Any], name: str) -> str:
    address = known.get(name)
    if not isinstance(address, str):
        raise SignOnRefused(DOWN)
    return address


def _token(known: dict[str, Any], code: str, verifier: str, back: str) -> str:
    secret = f"{quote(settings.SIGN_ON_CLIENT_ID)}:{quote(settings.SIGN_ON_CLIENT_SECRET)}"
    answer = fetch_json(
        _address(known, "token_endpoint"),
        form={
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "client_id": settings.SIGN_ON_CLIENT_ID,
            "code_verifier": verifier,
        },
        headers={"Authorization": f"Basic {base64.b64encode(secret.encode()).decode()}"},
    )
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise SignOnRefused(UNFIT)
    return token


def _claims(known: dict[str, Any], token: str, nonce: str) -> dict[str, Any]:
    expected = jwt.JWTClaimsRegistry(
        leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": settings.SIGN_ON_ISSUER},
        aud={"essential": True, "value": settings.SIGN_ON_CLIENT_ID},
        nonce={"essential": True, "value": nonce},
        exp={"essential": True},
        sub={"essential": True},
    )
    try:
        keys = KeySet.import_key_set(fetch_json(_address(known, "jwks_uri")))  # type: ignore[arg-type] # as it came
        claims: dict[str, Any] = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
        expected.validate(claims)
    except ExpiredTokenError as error:
        raise SignOnRefused(LATE) from error
    except (JoseError, ValueError, TypeError, LookupError) as error:
        raise SignOnRefused(UNFIT) from error
    # For several audiences it says for which one it was made.
    if claims.get("azp", settings.SIGN_ON_CLIENT_ID) != settings.SIGN_ON_CLIENT_ID:
        raise SignOnRefused(UNFIT)
    return claims
