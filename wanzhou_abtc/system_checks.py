"""System checks of a service: `check --deploy` names every setting that it lacks or that is weak.

None of them stops a start: a portal is also tried out, and set up step by step.
"""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.http.request import validate_host

from wanzhou_abtc.environment import SQLITE, is_loopback
from wanzhou_abtc.private_folders import is_shut

KEY_BYTES: Final = 32
# 32 bytes drawn at random hold about 30 different ones; fewer than 16 come one in 10^15 times.
DIFFERENT_BYTES: Final = 16
PASSPHRASE_LENGTH: Final = 12
DIFFERENT_LETTERS: Final = 6
# Six months, whichever they are.
LOG_DAYS: Final = 184
# Backends that hand a mail to nobody.
TO_NOBODY: Final = ("filebased", "console", "dummy", "locmem", "NoMailServer")
NEW_KEY: Final = "可用 python -m wanzhou_abtc.fresh_keys 生成。"
Found = Iterator[tuple[str, str]]


def service_is_whole(**_: Any) -> list[CheckMessage]:
    """Everything that a service needs and that is missing, weak or left as it was delivered."""
    found = [
        *_trial(),
        *_keys(),
        *_address(),
        *_mail(),
        *_services(),
        *_station(),
        *_backups(),
        *_folder(),
        *_logs(),
    ]
    return [Error(sentence, id=f"wanzhou_abtc.{name}") for name, sentence in found]


def _logs() -> Found:
    days = settings.SIGN_IN_LOG_DAYS
    if days < LOG_DAYS:
        yield (
            "SIGN_IN_LOG_DAYS",
            f"SIGN_IN_LOG_DAYS 是{days}天；网络安全法要求登录日志至少留六个月，"
            f"应不少于{LOG_DAYS}。",
        )


def _trial() -> Found:
    if settings.DEMO:
        yield "DEMO", "DEMO 已打开：这是试用，不是正式运行。请去掉 DEMO。"


def _keys() -> Found:
    for setting in ("FIELD_KEYS", "FILE_KEYS"):
        for part in filter(None, getattr(settings, setting).split(",")):
            name, _, key = part.strip().partition(":")
            if _is_weak(key):
                yield (
                    setting,
                    f"{setting} 中的“{name}”太弱，应为32个随机字节的Base64。{NEW_KEY}",
                )
    if _shared(settings.FIELD_KEYS, settings.FILE_KEYS):
        yield "FILE_KEYS", f"FILE_KEYS 与 FIELD_KEYS 有相同的密钥，应各用各的。{NEW_KEY}"
    if _is_weak(settings.HASH_KEY):
        yield "HASH_KEY", f"HASH_KEY 太弱，应为32个随机字节的Base64。{NEW_KEY}"
    elif settings.HASH_KEY in settings.FIELD_KEYS:
        yield "HASH_KEY", f"HASH_KEY 与 FIELD_KEYS 中的密钥相同，应各用各的。{NEW_KEY}"
    passphrase = settings.KEYSTORE_PASSPHRASE
    if len(passphrase) < PASSPHRASE_LENGTH or len(set(passphrase)) < DIFFERENT_LETTERS:
        yield (
            "KEYSTORE_PASSPHRASE",
            f"KEYSTORE_PASSPHRASE 太弱，应不少于{PASSPHRASE_LENGTH}个字符，"
            f"其中至少{DIFFERENT_LETTERS}个不同。",
        )


def _shared(first: str, second: str) -> bool:
    sides = [
        {part.partition(":")[2].strip() for part in side.split(",")} for side in (first, second)
    ]
    return bool(sides[0] & sides[1] - {""})


def _is_weak(key: str) -> bool:
    try:
        content = base64.b64decode(key, validate=True)
    except ValueError:
        return True
    return len(content) < KEY_BYTES or len(set(content)) < DIFFERENT_BYTES


def _address() -> Found:
    site = urlsplit(settings.SITE_URL)
    host = site.hostname or ""
    is_public = site.scheme == "https" and bool(host) and not is_loopback(host)
    if not is_public:
        yield (
            "SITE_URL",
            "SITE_URL 应为别人打开门户的 https 地址，如 https://abtc.example；"
            "邮件里的链接和审核表上的二维码都用它。",
        )
    if "*" in settings.ALLOWED_HOSTS:
        yield "ALLOWED_HOSTS", "ALLOWED_HOSTS 不能是 *，请写明门户的域名。"
    elif not settings.ALLOWED_HOSTS:
        yield "ALLOWED_HOSTS", "ALLOWED_HOSTS 没有设置，请写明门户的域名。"
    elif is_public and not validate_host(host, settings.ALLOWED_HOSTS):
        yield "ALLOWED_HOSTS", "ALLOWED_HOSTS 里没有 SITE_URL 的域名，请补上。"
    if settings.PROXIES < 1:
        yield (
            "PROXIES",
            "PROXIES 没有设置，请写明前面有几层代理（只有 nginx 时是1）；"
            "否则所有人共用一个来源地址，一人出错，大家受限。",
        )


def _mail() -> Found:
    if any(name in settings.EMAIL_BACKEND for name in TO_NOBODY):
        yield (
            "EMAIL_URL",
            "EMAIL_URL 没有设为邮件服务器：邮件谁也收不到。",
        )
    if settings.EMAIL_DOMAIN.endswith(".example"):
        yield "EMAIL_FROM", "EMAIL_FROM 没有设置，请写明发件邮箱。"


def _services() -> Found:
    if settings.DATABASES["default"]["ENGINE"] == SQLITE:
        yield "DATABASE_URL", "DATABASE_URL 没有设置，请设为 PostgreSQL 的地址。"
    if not settings.REDIS_URL:
        yield "REDIS_URL", "REDIS_URL 没有设置，请设为 Redis 的地址。"
    if urlsplit(settings.FILES_S3.get("endpoint_url", "https://")).scheme != "https":
        yield "FILES_S3_ENDPOINT", "FILES_S3_ENDPOINT 应为 https 的地址：文件不能明文经过网络。"


def _station() -> Found:
    if "演示" in settings.HOTLINE:
        yield "HOTLINE", "HOTLINE 没有设置，页面上显示的是演示号码。"


def _backups() -> Found:
    if not settings.BACKUP_RECIPIENTS:
        yield (
            "BACKUP_RECIPIENTS",
            "BACKUP_RECIPIENTS 没有设置，做不了备份。请写明备份的公钥（age1…），私钥离线保存。",
        )
    if not settings.BACKUP_TO:
        yield "BACKUP_TO", "BACKUP_TO 没有设置，不会演练恢复。请写明备份放在哪里。"
    identity, data = settings.DRILL_IDENTITY, Path(settings.PORTAL_DATA)
    if identity and Path(identity).resolve().is_relative_to(data):
        yield (
            "DRILL_IDENTITY",
            "DRILL_IDENTITY 在 PORTAL_DATA 文件夹里，应放在外面：拿到数据的人不该同时拿到私钥。",
        )


def _folder() -> Found:
    if _holds_keys(Path(settings.PORTAL_DATA) / "env"):
        yield (
            "KEYS_FILE",
            "密钥放在 PORTAL_DATA 文件夹里，拿走数据的人也就拿走了密钥。"
            "请移到文件夹外面，用环境变量或 KEYS_FILE 指明。",
        )
    if not is_shut(Path(settings.PORTAL_DATA)):
        yield (
            "PORTAL_DATA",
            "PORTAL_DATA 文件夹对其他账户开放，请改为只有运行门户的账户可以进入（chmod 700）。",
        )


def _holds_keys(file: Path) -> bool:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return False
    return any(f"{name}=" in text for name in ("FIELD_KEYS", "FILE_KEYS", "KEYSTORE_PASSPHRASE"))
