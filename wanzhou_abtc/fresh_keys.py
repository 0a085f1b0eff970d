"""Prints an env file with fresh keys for one machine: `python -m wanzhou_abtc.fresh_keys`."""

import base64
import secrets


def key() -> str:
    """32 random bytes in Base64."""
    return base64.b64encode(secrets.token_bytes(32)).decode("ascii")


def env_file() -> str:
    """The text of PORTAL_DATA/env; settings.py says what each line is."""
    lines = [
        "# 由 script/setup 生成，仅供本机使用。丢失后，已加密的证件号码和签名证书将无法再用。",
        f"SECRET_KEY={secrets.token_urlsafe(48)}",
        f"FIELD_KEYS=k1:{key()}",
        f"HASH_KEY={key()}",
        f"KEYSTORE_PASSPHRASE={secrets.token_urlsafe(24)}",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    print(env_file())  # noqa: T201
