"""A data folder that is being filled from a backup: nothing starts in it before it is whole.

The settings look here, before there is a database; so this knows paths alone.
"""

from pathlib import Path
from typing import Final

from django.core.exceptions import ImproperlyConfigured

MARK: Final = "RESTORING"
RETURNING: Final = (
    "这里正在从备份恢复，或者上次恢复没有完成，里面的数据不完整，不能启动。"
    "请等它结束；已经中断的，请另用一个空文件夹和空数据库重新恢复。"
)


def refuse_half_restored(folder: Path) -> None:
    """Raise ImproperlyConfigured while a return into this folder is not over."""
    if (folder / MARK).exists():
        raise ImproperlyConfigured(RETURNING)
