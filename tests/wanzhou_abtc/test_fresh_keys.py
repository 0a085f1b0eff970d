"""The keys that script/setup writes."""

import base64

from wanzhou_abtc.fresh_keys import env_file, lines_lacking


def values(text: str) -> dict[str, str]:
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def test_the_file_sets_every_key_that_settings_require() -> None:
    found = values(env_file())
    assert set(found) == {
        "SECRET_KEY", "FIELD_KEYS", "FILE_KEYS", "HASH_KEY", "KEYSTORE_PASSPHRASE",
    }  # fmt: skip
    assert len(found["SECRET_KEY"]) >= 50


def test_the_keys_are_32_bytes_and_new_each_time() -> None:
    first, second = values(env_file()), values(env_file())
    assert len(base64.b64decode(first["FIELD_KEYS"].removeprefix("k1:"))) == 32
    assert len(base64.b64decode(first["HASH_KEY"])) == 32
    assert not set(first.values()) & set(second.values())


def test_a_file_from_before_gets_what_it_lacks_and_keeps_what_it_has() -> None:
    before = "\n".join(line for line in env_file().splitlines() if "FILE_KEYS" not in line)
    [line] = lines_lacking(before)
    assert line.startswith("FILE_KEYS=f1:")
    assert lines_lacking(env_file()) == []
