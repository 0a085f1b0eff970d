"""Forms of the wet-seal way."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from core.dates import day_words
from core.forms import BaseForm, DateInput
from core.uploads import PICTURES, FilesField
from reviews.annex4 import section_of
from reviews.forms import OpinionForm, PastDateField
from reviews.models import Opinion, ReviewTable, WetScan
from reviews.services.paper_answers import PaperAnswer
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


class PaperAnswerForm(OpinionForm):
    """A department's section as it stands, stamped, on paper; nothing is filled in beforehand."""

    stamped_on = PastDateField(
        label="纸上的盖章日期",
        widget=DateInput(),
        error_messages={
            "required": "请填写纸上该部门一栏的日期。",
            "invalid": "请按“年-月-日”填写，如 2026-11-29。",
        },
    )
    is_stamped = forms.BooleanField(
        error_messages={"required": "请对照扫描件核对印章和各项内容；没有印章的不能录入。"}
    )
    seen_scan = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, opinion: Opinion, scan: WetScan, **kwargs: Any) -> None:
        section = section_of(opinion.department)
        super().__init__(*args, opinion=opinion, section=section, **kwargs)
        self.table = opinion.table
        # Neither the liaison's draft nor a guess: what is typed is read off the sheet.
        self.initial = {"seen_scan": scan.pk}
        self.scan = scan
        del self.fields["seen_version"]
        self.fields["words"].help_text = "照纸上的写，一字不改。"
        department = opinion.department
        self.fields[
            "is_stamped"
        ].label = f"扫描件上{department}一栏盖有{department}的印章，以上各项与纸上一致"

    def clean_stamped_on(self) -> date:
        stamped_on: date = self.cleaned_data["stamped_on"]
        circulated_on = timezone.localdate(self.table.circulated_at)
        if stamped_on < circulated_on:
            raise forms.ValidationError(
                f"这份审核表{day_words(circulated_on)}才送审，盖章日期不会更早，请对照扫描件核对。"
            )
        return stamped_on

    def answer(self) -> PaperAnswer:
        """What was read off the sheet, as the service takes it."""
        cleaned = self.cleaned_data
        return PaperAnswer(self.draft(), cleaned["stamped_on"], cleaned["seen_scan"])

    def look_again(self, why: str) -> None:
        """Say why nothing was recorded; what stands beside the form now is what is read off."""
        self.data = self.data.copy()
        self.data["seen_scan"] = str(self.scan.pk)
        self.add_error(None, why)
