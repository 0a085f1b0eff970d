"""Forms of the filing: one entry, taking it back, the board, a pasted message."""

import re
import secrets
import unicodedata
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from applications.models import ReturnReason
from cards.filing.messages.received import LIMIT, TOO_LONG
from cards.models import EconomyApproval, Source
from cards.workflow import STEPS, Need, StepCode, StepEntry
from core.forms import BaseForm, DateInput, RowsField
from core.uploads import PICTURES, FilesField
from files.refusals import readable_size
from materials.catalogue import item_name
from materials.economies import ECONOMIES
from materials.numbers import MaterialNumber

WRONG_DAY = "没有认出这个日期。请按年-月-日填写，例如2026-11-03。"
MOST_FILES = 3
NOTES: dict[str, str] = {
    StepCode.FILED: "在国家系统点提交的那一天。",
    StepCode.PAID: "在国家系统缴费的那一天。只向外交部缴费，不要转账给个人、中介或本站。",
    StepCode.RETURNED: "国家系统显示退回的那一天。",
}


class PlainFilesField(FilesField):
    """Files that need not be given."""

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[bytes]]":
        return super().clean(data, initial) if data else []


def nonce_field() -> forms.CharField:
    """Made with the page: the same page sent twice is entered once."""
    return forms.CharField(
        widget=forms.HiddenInput,
        required=False,
        max_length=40,
        initial=lambda: secrets.token_urlsafe(16),
    )


def seen_field() -> forms.IntegerField:
    """The last entry that the page showed."""
    return forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=0, max_value=2**63 - 1
    )


OTHERS = "其他"


class LongText(forms.Textarea):
    """Without maxlength: what is too long is refused in words, not cut off while it is pasted."""

    def build_attrs(
        self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        attrs = super().build_attrs(base_attrs, extra_attrs)
        attrs.pop("maxlength", None)
        return attrs


class EntryForm(BaseForm):
    """One step: its day, what it needs, and where it was seen."""

    on = forms.DateField(
        label="哪一天",
        widget=DateInput,
        initial=timezone.localdate,
        error_messages={"required": "请填写日期。", "invalid": WRONG_DAY},
    )

    def __init__(
        self,
        *args: Any,
        step: StepCode,
        seen: int,
        numbers: Collection[int] = (),
        **kwargs: Any,
    ) -> None:
        """`numbers` are the materials that this case has: reasons of others are not offered."""
        super().__init__(*args, **kwargs)
        self.step = step
        needs = STEPS[step].needs
        self.fields["on"].help_text = NOTES.get(step, "国家系统或通知里写的那一天。")
        if Need.NUMBER in needs:
            self.fields["number"] = forms.CharField(
                label="国家系统的申请编号",
                max_length=40,
                help_text="国家系统提交后显示的编号，照抄。以后的消息凭它对上这件申请。",
                error_messages={"required": "请填写国家系统的申请编号。"},
            )
        if Need.REASONS in needs:
            self.fields["reasons"] = _reasons_field(numbers)
        if Need.PLACE in needs:
            self.fields["place"] = forms.CharField(
                label="到哪里领",
                max_length=120,
                error_messages={"required": "请填写到哪里领卡。"},
            )
        if Need.PERSON in needs:
            self.fields["person"] = forms.CharField(
                label="由谁领的", max_length=50, error_messages={"required": "请填写由谁领的卡。"}
            )
        self.fields["source"] = forms.ChoiceField(
            label="从哪里知道的", choices=Source.choices, initial=Source.SYSTEM
        )
        self.fields["words"] = forms.CharField(
            label="原因" if Need.WORDS in needs else "说明（可以不填）",
            required=Need.WORDS in needs,
            max_length=500,
            widget=LongText(attrs={"rows": 2}),
            error_messages={"required": "请写明原因。"},
        )
        if Need.FILES in needs:
            self.fields["files"] = _files_field(step)
        self.fields["nonce"] = nonce_field()
        self.fields["seen"] = seen_field()
        self.fields["seen"].initial = seen

    def clean_number(self) -> str:
        """In half-width letters, without blanks."""
        typed = unicodedata.normalize("NFKC", self.cleaned_data["number"])
        return re.sub(r"\s+", "", typed)

    @property
    def entry(self) -> StepEntry:
        data = self.cleaned_data
        names = ("source", "number", "place", "person", "words")
        return StepEntry(on=data["on"], **{name: data.get(name) or "" for name in names})

    @property
    def reasons(self) -> list[ReturnReason]:
        return list(self.cleaned_data.get("reasons") or ())

    @property
    def uploads(self) -> "list[UploadedFile[bytes]]":
        return list(self.cleaned_data.get("files") or ())


def _reasons_field(numbers: Collection[int]) -> forms.Field:
    """The usual reasons by the material in which they occur, each once."""
    field = RowsField(
        queryset=ReturnReason.objects.filter(is_active=True),
        label="因为什么退回",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="照国家系统里写的勾选，可以多选；清单里没有的，写在说明里。",
        error_messages={
            "invalid_choice": "清单里没有这条原因，请重新选择。",
            "invalid_pk_value": "清单里没有这条原因，请重新选择。",
        },
    )
    asked = {MaterialNumber.FACTS, *numbers}
    groups: dict[str, list[tuple[int, str]]] = {}
    for reason in sorted(ReturnReason.objects.filter(is_active=True), key=_first_number):
        first = next((one for one in reason.numbers if one in asked), None)
        # Such as the receipt or the place of collection: of no material, and not before filing.
        if first is None and reason.numbers:
            continue
        group = OTHERS if first is None else item_name(first)
        groups.setdefault(group, []).append((reason.pk, reason.defect))
    field.choices = list(groups.items())
    return field


def _first_number(reason: ReturnReason) -> tuple[int, str]:
    """In the order of the materials, what belongs to none at the end."""
    return (min(reason.numbers, default=99), reason.code)


def _files_field(step: StepCode) -> forms.Field:
    size = readable_size(settings.MAX_UPLOAD_BYTES)
    is_receipt = step in {StepCode.PAID, StepCode.RECEIPT}
    field = PlainFilesField(
        most=MOST_FILES,
        label="缴费凭证" if is_receipt else "凭证（可以不传）",
        required=False,
        help_text=f"拍照、截图或PDF，最多{MOST_FILES}个文件，每个不超过{size}。"
        + ("现在没有的，以后补传。" if step == StepCode.PAID else ""),
    )
    field.widget.attrs["accept"] = f"{PICTURES},application/pdf"
    return field


class TakeBackForm(BaseForm):
    reason = forms.CharField(
        label="为什么撤销",
        max_length=500,
        widget=LongText(attrs={"rows": 2}),
        help_text="例如：看错了消息，日期填错了。",
        error_messages={"required": "请写明为什么撤销。"},
    )
    seen = seen_field()


class BoardForm(BaseForm):
    """The same report of one economy, of several, or of all at once."""

    economies = forms.MultipleChoiceField(
        label="哪些经济体",
        choices=[(economy.code, economy.name) for economy in ECONOMIES],
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "请至少选择一个经济体。",
            "invalid_choice": "经济体不在16个之内，请重新选择。",
        },
    )
    state = forms.ChoiceField(
        label="情况",
        choices=[
            (EconomyApproval.State.GRANTED, "已批准"),
            (EconomyApproval.State.REFUSED, "据告未批准（有人明确告知）"),
            (EconomyApproval.State.NOT_APPLICABLE, "不适用"),
            (EconomyApproval.State.UNKNOWN, "没有消息（改回）"),
        ],
        initial=EconomyApproval.State.GRANTED,
        widget=forms.RadioSelect,
    )
    on = forms.DateField(
        label="日期",
        required=False,
        widget=DateInput,
        help_text="批准的，必须填写批准的日期。",
        error_messages={"invalid": WRONG_DAY},
    )
    valid_until = forms.DateField(
        label="有效期至",
        required=False,
        widget=DateInput,
        help_text="通知里写明了才填；没有写的，以卡的有效期为准。",
        error_messages={"invalid": WRONG_DAY},
    )
    source = forms.ChoiceField(label="从哪里知道的", choices=Source.choices, initial=Source.SYSTEM)
    words = forms.CharField(label="说明（可以不填）", required=False, max_length=200)
    seen = seen_field()


class MessageForm(BaseForm):
    text = forms.CharField(
        label="消息全文",
        strip=False,
        widget=LongText(attrs={"rows": 8}),
        help_text="把国家系统的邮件、短信或消息中心的文字整段粘贴进来，不用删改。",
        error_messages={
            "required": "还没有粘贴消息。",
        },
    )

    def clean_text(self) -> str:
        """Measured in bytes, as a file of it is: a Chinese character takes three."""
        text: str = self.cleaned_data["text"]
        if len(text.encode()) >= LIMIT:
            raise forms.ValidationError(TOO_LONG)
        return text


class ProposalForm(BaseForm):
    """What was recognised, each with its day, to be entered once somebody has looked at it."""

    source = forms.ChoiceField(label="从哪里知道的", choices=Source.choices, initial=Source.MAIL)
    seen = seen_field()
    seen_board = seen_field()
    nonce = nonce_field()

    def __init__(self, *args: Any, items: Sequence[tuple[str, date | None]], **kwargs: Any) -> None:
        """`items`: what each is called, and its day where the message says one."""
        super().__init__(*args, **kwargs)
        self.count = len(items)
        for place, (label, day) in enumerate(items):
            self.fields[f"take_{place}"] = forms.BooleanField(
                label=label, required=False, initial=True
            )
            self.fields[f"on_{place}"] = forms.DateField(
                # The summary of what is wrong names the item by it.
                label=f"{label}，日期",
                required=False,
                initial=day,
                widget=DateInput,
                error_messages={"invalid": WRONG_DAY},
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        taken = [place for place in range(self.count) if cleaned.get(f"take_{place}")]
        if not taken and not self.errors:
            self.add_error(None, "一项也没有勾选，没有登记。")
        for place in taken:
            if cleaned.get(f"on_{place}") is None and f"on_{place}" not in self.errors:
                self.add_error(f"on_{place}", "消息里没有写日期，请填写。")
        return cleaned

    def taken(self) -> list[tuple[int, date]]:
        """Which of the items, and the day that stands beside each."""
        data = self.cleaned_data
        return [
            (place, data[f"on_{place}"]) for place in range(self.count) if data[f"take_{place}"]
        ]
