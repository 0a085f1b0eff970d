"""Forms of the wet-seal way."""

from typing import Any

from django import forms

from core.forms import BaseForm
from core.uploads import PICTURES, FilesField
from reviews.models import ReviewTable
from reviews.services.wet_scans import MOST_PAGES


class ScanForm(BaseForm):
    """The pages of a scan."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = FilesField(
            most=MOST_PAGES,
            label="盖章件的扫描图片",
            help_text="JPG或PNG，150 dpi以上，每张不超过10 MB；几页就选几张，按页序命名。",
        )
        field.widget.attrs["accept"] = PICTURES
        self.fields["files"] = field


class ConfirmScanForm(BaseForm):
    """The officer has read number and round off the scan itself."""

    is_number = forms.BooleanField(
        error_messages={"required": "请核对扫描件上的编号；不一致的请重新上传。"}
    )
    is_round = forms.BooleanField(
        error_messages={"required": "请核对扫描件上的轮次；不一致的请重新上传。"}
    )
    is_whole = forms.BooleanField(
        label="各页齐全，印章和签字清楚",
        error_messages={"required": "请核对各页和印章；看不清的请重新扫描上传。"},
    )

    def __init__(self, *args: Any, table: ReviewTable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["is_number"].label = f"扫描件上的编号是“{table.number}”"
        self.fields["is_round"].label = f"扫描件上的轮次是“第 {table.round} 轮”"
