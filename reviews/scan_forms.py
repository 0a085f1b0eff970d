"""Forms of the wet-seal way."""

from typing import Any

from django import forms

from core.forms import BaseForm
from core.uploads import PICTURES, FilesField
from reviews.models import ReviewTable, WetScan
from reviews.services.wet_scans import MOST_PAGES


class ScanForm(BaseForm):
    """The pages of a scan."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = FilesField(
            most=MOST_PAGES,
            label="盖章件的扫描件",
            help_text=(
                "PDF、JPG或PNG，150 dpi以上，每个文件不超过10 MB；"
                "图片几页就选几张，按页序命名。PDF自动逐页转成图片。"
            ),
        )
        field.widget.attrs["accept"] = f"{PICTURES},application/pdf"
        self.fields["files"] = field


class ConfirmScanForm(BaseForm):
    """The officer has compared the scan with the table.

    Number and round are his to read where no QR code told them.
    """

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

    def __init__(
        self, *args: Any, table: ReviewTable, scan: WetScan | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if scan is not None and scan.is_code_read:
            del self.fields["is_number"], self.fields["is_round"]
            return
        self.fields["is_number"].label = f"扫描件上的编号是“{table.number}”"
        self.fields["is_round"].label = f"扫描件上的轮次是“第 {table.round} 轮”"
