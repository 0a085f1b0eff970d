"""Forms of the calendar: a year's notice, and the station's own closing days."""

from dataclasses import replace
from typing import Any

from django import forms

from core.forms import BaseForm, DateInput
from workdays.holiday_notices import (
    FIRST_YEAR,
    LAST_YEAR,
    MAX_BYTES,
    MAX_SOURCE,
    MAX_TITLE,
    NoticeError,
    ParsedNotice,
    parse_notice,
)


class NoticeForm(BaseForm):
    """A notice as a file or as pasted text; `notice` is what was read from it."""

    notice: ParsedNotice

    year = forms.IntegerField(
        label="年份",
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        error_messages={
            "required": "请填写这份安排是哪一年的。",
            "invalid": "请填写四位数的年份，如 2027。",
            "min_value": f"只能录入{FIRST_YEAR}年及以后的安排。",
            "max_value": f"只能录入{LAST_YEAR}年及以前的安排。",
        },
    )
    source = forms.CharField(
        label="来源",
        max_length=MAX_SOURCE,
        required=False,
        help_text="如文号或网址：国办发明电〔2026〕7号",
        error_messages={"max_length": f"来源不超过{MAX_SOURCE}字。"},
    )
    title = forms.CharField(
        label="通知标题（可以不填）",
        max_length=MAX_TITLE,
        required=False,
        error_messages={"max_length": f"标题不超过{MAX_TITLE}字。"},
    )
    file = forms.FileField(
        label="文件（CSV）",
        required=False,
        error_messages={"empty": "这个文件是空的，请重新选择。"},
    )
    content = forms.CharField(
        label="或者把内容粘贴在这里",
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="可以直接粘贴国务院办公厅通知的原文（“一、元旦：1月1日（周四）至3日（周六）放假…”）。"
        "也可以是表格：首行 日期,类型,名称，以后每行一天，如 2027-02-05,休,春节；"
        "调休上班写“班”，放假的周末也要写。",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file, content = cleaned.get("file"), cleaned.get("content", "")
        if bool(file) == bool(content.strip()):
            both = "文件和粘贴的内容只能要一样，请去掉其中一样。"
            self.add_error("content", both if file else "请选择文件，或者粘贴内容。")
        elif (file.size if file else len(content.encode())) > MAX_BYTES:
            self.add_error("file" if file else "content", "内容超过1 MB，不会是一份节假日安排。")
        elif "year" in cleaned:
            self._read(file.read() if file else content.encode(), cleaned)
        return cleaned

    def _read(self, content: bytes, cleaned: dict[str, Any]) -> None:
        try:
            notice = parse_notice(content, cleaned["year"])
        except NoticeError as error:
            for problem in error.problems:
                self.add_error("file" if cleaned.get("file") else "content", problem)
            return
        if not (cleaned.get("source") or notice.source):
            self.add_error("source", "请填写来源，以后查得到依据。")
        self.notice = replace(
            notice,
            source=cleaned.get("source") or notice.source,
            title=cleaned.get("title") or notice.title,
        )


class ClosureForm(BaseForm):
    """A working day on which the station is closed."""

    date = forms.DateField(
        label="日期",
        widget=DateInput(),
        error_messages={
            "required": "请填写哪一天休息。",
            "invalid": "请按“年-月-日”填写，如 2026-12-24。",
        },
    )
    reason = forms.CharField(
        label="原因",
        max_length=60,
        help_text="企业和各部门会看到，如“机房停电检修”。",
        error_messages={"required": "请写明原因。", "max_length": "原因不超过60字。"},
    )
