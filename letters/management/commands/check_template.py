"""`manage.py check_template FILE.docx [--kind CODE]`: may it serve as a template, as JSON."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from core.json_commands import UNREADABLE, JSONCommand
from core.text import printable
from letters.catalogue import KINDS
from letters.templates import judge
from letters.word.package import MOST_BYTES
from letters.word.problems import TemplateProblem, TemplateReport

REFUSED = 1


class NoSuchFile(Exception):
    """The file cannot be read at all, or the command is called wrongly."""


class Command(JSONCommand):
    help = "检查一个Word文件（docx）能不能作函件模板，输出一个JSON对象。"
    usage = f"check_template FILE.docx [--kind {'|'.join(KINDS)}]"
    # It reads one file and no table, so it works before the database is made.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", metavar="FILE", help="Word文件（.docx）")
        parser.add_argument("--kind", metavar="CODE", help="哪一类函件；不给出的，按任何一类检查")

    def handle(self, *args: Any, **options: Any) -> None:
        code = options["kind"]
        if code is not None and code not in KINDS:
            self.refuse(f"没有“{code[:20]}”这类函件。可以是：{'、'.join(KINDS)}。")
        try:
            data = _bytes(Path(options["file"]))
        except NoSuchFile as unreadable:
            self.refuse(str(unreadable))
        report = judge(data, KINDS[code] if code else None).report
        refused = UNREADABLE if report.is_unreadable else REFUSED
        self.answer(report.as_json(), 0 if report.accepted else refused)

    def refuse(self, sentence: str, **beside: Any) -> NoReturn:
        """In the form of every other answer."""
        problem = TemplateProblem("unreadable", printable(sentence))
        self.leave(TemplateReport([problem]).as_json(), UNREADABLE)


def _bytes(path: Path) -> bytes:
    """Of a regular file: a pipe or a device has no end. Raises NoSuchFile."""
    try:
        if not path.is_file():
            raise NoSuchFile("没有这个文件，或者它不是普通文件，请核对路径。")
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except (OSError, ValueError):
        raise NoSuchFile("文件打不开，请核对路径和权限。") from None
