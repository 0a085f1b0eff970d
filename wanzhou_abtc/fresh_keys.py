"""Prints an env file with fresh keys for one machine: `python -m wanzhou_abtc.fresh_keys`.

With a file's name: only the lines that this file lacks, as after an upgrade.
"""

import base64
import secrets
import sys
from pathlib import Path


def key() -> str:
    """32 random bytes in Base64."""
    return base64.b64encode(secrets.token_bytes(32)).decode("ascii")


def env_file() -> str:
    """The text of PORTAL_DATA/env; settings.py says what each line is."""
    lines = [
        "# 由 script/setup 生成，仅供本机使用。丢失后，已加密的证件号码和签名证书将无法再用。",
        f"SECRET_KEY={secrets.token_urlsafe(48)}",
        f"FIELD_KEYS=k1:{key()}",
        f"FILE_KEYS=f1:{key()}",
        f"HASH_KEY={key()}",
        f"KEYSTORE_PASSPHRASE={secrets.token_urlsafe(24)}",
    ]
    return "\n".join(lines)


def lines_lacking(text: str) -> list[str]:
    """Of a fresh file those keys that this one does not set."""
    there = {line.partition("=")[0].strip() for line in text.splitlines()}
    fresh = [line for line in env_file().splitlines() if not line.startswith("#")]
    return [line for line in fresh if line.partition("=")[0] not in there]


def main(arguments: list[str]) -> None:
    if arguments:
        found = lines_lacking(Path(arguments[0]).read_text(encoding="utf-8"))
    else:
        found = [env_file()]
    for line in found:
        print(line)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
