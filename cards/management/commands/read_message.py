"""Prints what a message of the national system says happened, as one JSON object."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from cards.filing.messages.reader import MessageReading, read_data
from cards.filing.messages.received import LIMIT, MessageUnreadable
from core.json_commands import UNREADABLE, JSONCommand

RECOGNISED, NOTHING = 0, 1


class Command(JSONCommand):
    help = (
        "读一条国家系统的消息，输出一个JSON对象。"
        "退出码：0 认出了内容，1 一项也没有认出，2 读不出来。"
    )
    usage = "read_message FILE，或 read_message - 从标准输入读。"
    # It reads one text and no table, so it works before the database is made.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        # Zero or several names are answered as JSON as well, and not by the parser.
        parser.add_argument("file", metavar="FILE", nargs="*", help="文件路径；- 表示标准输入")

    def handle(self, *args: Any, **options: Any) -> None:
        self.answer(*_examine(options["file"]))

    def refuse(self, sentence: str, **beside: Any) -> NoReturn:
        """Of wrong arguments, in the form of every other answer."""
        super().refuse(sentence, recognised=False, items=[], unread=[], **beside)


def _examine(names: list[str]) -> tuple[dict[str, Any], int]:
    if len(names) != 1:
        return _cannot("请给出一个文件，或用 - 从标准输入读。")
    try:
        reading = read_data(_bytes_of(names[0]))
    except MessageUnreadable as refusal:
        return _cannot(str(refusal))
    except (OSError, ValueError):
        return _cannot("文件打不开。请核对路径和权限。")
    return _answer(reading), RECOGNISED if reading.items else NOTHING


def _bytes_of(name: str) -> bytes:
    """At most a little over the limit, which says that there is more."""
    if name == "-":
        if sys.stdin is None:
            raise MessageUnreadable("标准输入是关着的，没有内容可读。")
        return sys.stdin.buffer.read(LIMIT + 1)
    path = Path(name)
    # A pipe or a device would be waited for; only a regular file has an end.
    if not path.is_file():
        raise MessageUnreadable("没有这个文件，或者它不是普通文件。请核对路径。")
    with path.open("rb") as file:
        return file.read(LIMIT + 1)


def _answer(reading: MessageReading) -> dict[str, Any]:
    return {
        "recognised": bool(reading.items),
        "items": [item.as_json() for item in reading.items],
        "unread": list(reading.unread),
    }


def _cannot(why: str) -> tuple[dict[str, Any], int]:
    return {"recognised": False, "items": [], "unread": [], "error": why}, UNREADABLE
