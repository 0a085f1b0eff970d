"""Readiness of this process: what it needs before a load balancer may send it people."""

import os

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from kombu import Connection
from kombu.exceptions import OperationalError

from files.disk import is_low

TIMEOUT_SECONDS = 2


def problems() -> str:
    """What stands in the way now, in words; empty when nothing does."""
    lacking = out_of_reach()
    found = [f"连接不上：{'、'.join(lacking)}"] if lacking else []
    if is_low():
        found.append("磁盘空间不足，暂时不收文件")
    return "；".join(found)


def out_of_reach() -> list[str]:
    """What does not answer now."""
    found = []
    if not database_answers():
        found.append("数据库")
    if not broker_answers():
        found.append("任务队列")
    if not store_answers():
        found.append("文件存储")
    return found


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def broker_answers() -> bool:
    """Redis by its own ping; the folder of the embedded queue by whether we may write there."""
    if not settings.CELERY_BROKER_URL.startswith("redis"):
        return os.access(settings.QUEUE_DIR / "messages", os.W_OK)
    within = {"socket_connect_timeout": TIMEOUT_SECONDS, "socket_timeout": TIMEOUT_SECONDS}
    broker = Connection(settings.CELERY_BROKER_URL, transport_options=within)
    try:
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=TIMEOUT_SECONDS)
    except (OperationalError, OSError):
        return False
    finally:
        broker.release()
    return True


def store_answers() -> bool:
    """The bucket, by a question for a file that is not there; a folder is looked at as a disk."""
    if not settings.FILES_S3:
        return True
    try:
        default_storage.exists("ready")
    except OSError:
        return False
    return True
