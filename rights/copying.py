"""The copy that a person gets of his data: a PDF to read, the same as JSON, and the files."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db.models import Model
from django.utils import timezone

from accounts.departments import known, names
from core.dates import day_words, moment_label
from files.models import StoredFile
from letters.printing import set_lines
from letters.word.reading import PrintedLine
from reports.archive_stream import ArchivedFile
from rights.person import NEVER_SHOWN, FoundData
from rights.register import words_of

MOST_ROWS: Final = 1000
README: Final = (
    "这里是门户里关于您的个人信息：资料.pdf 供阅读，资料.json 内容相同，供其他系统读取，"
    "文件夹里是您的材料。为什么保存、保存多久，见门户的“个人信息处理说明”。"
)


def entries_for(title: str, found: Iterable[FoundData]) -> list[ArchivedFile]:
    """Files of the ZIP. Raises core.typesetting.RenderingFailed."""
    tables: list[dict[str, Any]] = []
    files: list[ArchivedFile] = []
    for one in found:
        rows = list(one.rows[:MOST_ROWS])
        if rows:
            label = str(rows[0]._meta.verbose_name)
            tables.append({"table": label, "rows": [_row(one, row) for row in rows]})
            for row in rows:
                files += _files(one, row, label)
    content = {
        "title": title,
        "made_at": timezone.localtime().isoformat(timespec="seconds"),
        "departments": names(known()),
        "tables": tables,
    }
    text = json.dumps(content, ensure_ascii=False, indent=2, default=str)
    return [
        ArchivedFile("资料.pdf", "供阅读", set_lines(title, _lines(title, tables))),
        ArchivedFile("资料.json", "内容相同，供系统读取", text.encode()),
        *files,
    ]


def _row(found: FoundData, row: Model) -> dict[str, str]:
    """Its personal columns in words; a file is named, and lies beside."""
    shown = {}
    for column in found.held.personal_names:
        if column in NEVER_SHOWN or column.endswith("_hash"):
            continue
        value = getattr(row, column)
        if isinstance(value, StoredFile):
            value = _path(str(row._meta.verbose_name), value)
        words = _words(row, column, value)
        if words:
            shown[words_of(found.held, type(row), column)] = words
    return shown


def _words(row: Model, column: str, value: Any) -> str:
    if value in (None, "", [], {}):
        return ""
    display = getattr(row, f"get_{column}_display", None)
    if display is not None:
        return str(display())
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    if hasattr(value, "hour"):
        return moment_label(value)
    return day_words(value) if hasattr(value, "year") else str(value)


def _files(found: FoundData, row: Model, label: str) -> list[ArchivedFile]:
    values = [getattr(row, column) for column in found.held.personal_names]
    stored = [value for value in values if isinstance(value, StoredFile)]
    return [ArchivedFile(_path(label, one), label, stored=one) for one in stored]


def _path(label: str, stored: StoredFile) -> str:
    return f"文件/{label}-{stored.pk}.{stored.extension}"


def _lines(title: str, tables: Sequence[dict[str, Any]]) -> list[PrintedLine]:
    lines = [PrintedLine(title, "title"), PrintedLine(README)]
    for table in tables:
        lines.append(PrintedLine(table["table"], "centred"))
        lines += [PrintedLine(rows=tuple(row.items())) for row in table["rows"] if row]
    return lines
