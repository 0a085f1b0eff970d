"""Holds: a table that says why no process of the portal may start on this database.

It stands while data comes in (beside the mark of the folder, `half_done.py`), while it is moved
away, and for good in a database from which it was moved.
"""

from typing import Final

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection

from backups.half_done import RETURNING

TABLE: Final = "backups_hold"
MOVING: Final = (
    "数据库正在搬移，或者上次搬移没有完成，不能启动。请等它结束；已经中断的，"
    "请清空新的数据库后再运行一次 script/manage move，或用 script/manage move --give-up 放弃。"
)
MOVED: Final = "数据已经搬到另一个数据库，这里的是搬移以前的，不能启动。请检查 DATABASE_URL。"


def hold_database(words: str) -> None:
    """Put the hold there, or exchange its words."""
    with connection.cursor() as cursor:
        if is_held():
            cursor.execute(f"DELETE FROM {TABLE}")  # noqa: S608 # our own name
        else:
            cursor.execute(f"CREATE TABLE {TABLE} (words text NOT NULL)")
        cursor.execute(f"INSERT INTO {TABLE} (words) VALUES (%s)", [words])  # noqa: S608


def release_database() -> None:
    """Within the transaction that makes the data whole, so that both come at once."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")


def is_held() -> bool:
    return TABLE in connection.introspection.table_names()


def words_of_hold() -> str:
    """Why this database must not be used; "" where nothing stands in the way."""
    if not is_held():
        return ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT words FROM {TABLE}")  # noqa: S608 # our own name
        row = cursor.fetchone()
    return row[0] if row else RETURNING


def refuse_held_database() -> None:
    """Raise ImproperlyConfigured where a hold stands.

    Without a database nothing can be served anyway; whoever starts then learns it elsewhere.
    """
    try:
        words = words_of_hold()
    except DatabaseError:
        return
    finally:
        connection.close()
    if words:
        raise ImproperlyConfigured(words)
