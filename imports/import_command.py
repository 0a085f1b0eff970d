"""What every import command does: `FILE [--dry-run]`, `--undo BATCH`, `--template FILE`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.db import DatabaseError

from core.json_commands import UNREADABLE, JSONCommand
from core.reading import whole_number
from imports.command import ImportAnswer, import_file, undo_batch
from imports.kinds import OTHER, SAME, ImportKind, kinds
from imports.reading import SheetRefused
from imports.sheets import template


class ImportCommand(JSONCommand):
    """A command of its own imports one kind, by its `code`."""

    code = ""
    requires_system_checks = []

    @property
    def kind(self) -> ImportKind:
        return kinds()[self.code]

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", nargs="?", metavar="FILE", help="表格文件")
        parser.add_argument("--dry-run", action="store_true", help="只检查，什么也不写入")
        parser.add_argument("--undo", metavar="BATCH", help="撤销这一批")
        parser.add_argument("--template", metavar="FILE", help="把空白模板存到这里")
        if self.kind.asks:
            same_or_other = parser.add_mutually_exclusive_group()
            same_or_other.add_argument(
                "--as-same", action="store_true", help="要答复的行，都算最像的那一家"
            )
            same_or_other.add_argument(
                "--as-new", action="store_true", help="要答复的行，都算另一家"
            )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            answer = self._do(options)
        except SheetRefused as refused:
            answer = ImportAnswer.unreadable(str(refused), asks=self.kind.asks)
        except DatabaseError:
            words = "数据库不可用，或者还没有建好，没有导入。"
            answer = ImportAnswer.unreadable(words, asks=self.kind.asks)
        self.answer(answer.content, answer.status)

    def refuse(self, sentence: str, **beside: Any) -> NoReturn:
        """Of wrong arguments, in the form of every other answer."""
        self.leave(ImportAnswer.unreadable(sentence, asks=self.kind.asks).content, UNREADABLE)

    def _do(self, options: dict[str, Any]) -> ImportAnswer:
        if options["template"]:
            return self._template(options["template"])
        if options["undo"] is not None:
            number = whole_number(options["undo"])
            return undo_batch(self.kind, number, dry_run=options["dry_run"])
        if not options["file"]:
            raise SheetRefused(f"没有给出文件。用法：{self.usage}")
        path = Path(options["file"])
        return import_file(
            self.kind,
            _bytes(path),
            name=path.name,
            dry_run=options["dry_run"],
            answer=_answer(options),
        )

    def _template(self, name: str) -> ImportAnswer:
        try:
            Path(name).write_bytes(template(self.kind))
        except (OSError, ValueError):
            raise SheetRefused("模板没有存成，请核对路径和权限。") from None
        return ImportAnswer.nothing(asks=self.kind.asks)


def _answer(options: dict[str, Any]) -> str:
    """To every row that is asked about; none leaves the file unwritten."""
    if options.get("as_same"):
        return SAME
    return OTHER if options.get("as_new") else ""


def _bytes(path: Path) -> bytes:
    """Of a regular file: a pipe or a device has no end. Raises SheetRefused."""
    try:
        if not path.is_file():
            raise SheetRefused("没有这个文件，或者它不是普通文件，请核对路径。")
        with path.open("rb") as file:
            return file.read(settings.MAX_UPLOAD_BYTES + 1)
    except (OSError, ValueError):
        raise SheetRefused("文件打不开，请核对路径和权限。") from None
