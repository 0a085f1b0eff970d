"""Forms of briefings: the officer's, and those that anybody fills in on a phone."""

from datetime import datetime, timedelta
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from core.form_text import NameFormField
from core.forms import BaseForm, UsualMomentField, VersionedModelForm, VersionField
from core.phones import PhoneField
from core.uploads import FilesField
from outreach.briefings.sign_ups import GuestFacts
from outreach.event_forms import OnceForm
from outreach.models import Briefing, BriefingFeedback, Invitation
from outreach.nonces import new_nonce

DOORS_BEFORE: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(hours=12)
LONGEST_AHEAD: Final = timedelta(days=366)
MOST_PLACES, MOST_HEADS = 2000, 20


class BriefingForm(VersionedModelForm):
    starts_at = UsualMomentField(label="什么时候开始")
    ends_at = UsualMomentField(label="什么时候结束")
    doors_at = UsualMomentField(
        label="几点起签到", required=False, help_text="不填就是开始前30分钟。"
    )
    sign_up_until = UsualMomentField(
        label="报名截止", required=False, help_text="不填就是开始的时候。"
    )
    capacity = forms.IntegerField(label="名额（人）", min_value=1, max_value=MOST_PLACES)
    nonce = forms.CharField(max_length=36, min_length=20, widget=forms.HiddenInput, required=False)

    field_order = (
        "title", "starts_at", "ends_at", "place", "speaker", "for_whom", "about", "capacity",
        "sign_up_until", "doors_at", "is_public",
    )  # fmt: skip

    class Meta:
        model = Briefing
        fields = (
            "title", "starts_at", "ends_at", "place", "speaker", "for_whom", "about", "capacity",
            "sign_up_until", "doors_at", "is_public",
        )  # fmt: skip
        widgets = {"about": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "place": "写到哪栋楼哪间会议室，公开页面和海报上都会显示。",
            "for_whom": "例如：有进出口业务的企业，镇街商务干部。",
            "is_public": "不勾选的，只有收到邀请的人能从链接报名。",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nonce"].initial = new_nonce()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts is None or ends is None:
            return cleaned
        cleaned["doors_at"] = cleaned.get("doors_at") or starts - DOORS_BEFORE
        cleaned["sign_up_until"] = cleaned.get("sign_up_until") or starts
        if not starts < ends <= starts + LONGEST:
            self.add_error("ends_at", "结束要在开始之后，并且不超过12个小时，请核对。")
        if not starts - LONGEST <= cleaned["doors_at"] <= starts:
            self.add_error("doors_at", "签到要在开始之前，并且在同一天，请核对。")
        if cleaned["sign_up_until"] > ends:
            self.add_error("sign_up_until", "报名截止不能晚于结束，请核对。")
        self._require_ahead(starts)
        return cleaned

    def _require_ahead(self, starts: datetime) -> None:
        """One that is being planned lies ahead; one that is changed may have been."""
        now = timezone.now()
        if starts > now + LONGEST_AHEAD:
            self.add_error("starts_at", "这一天在一年以后，请核对年份。")
        if self.instance.pk is None and starts < now - LONGEST:
            self.add_error("starts_at", "这个时间已经过了，请核对。")

    def clean_capacity(self) -> int:
        capacity: int = self.cleaned_data["capacity"]
        taken = self.taken()
        if capacity < taken:
            raise forms.ValidationError(f"已经有{taken}人报上名，名额不能再少。")
        return capacity

    def taken(self) -> int:
        """Persons with a place already."""
        if self.instance.pk is None:
            return 0
        return sum(self.instance.sign_ups.with_place().values_list("heads", flat=True))


class OptionalFileField(FilesField):
    """A file that may be left out."""

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[bytes]]":
        return super().clean(data, initial) if data else []


class MaterialForm(BaseForm):
    """A text, or one file, for those who come."""

    title = forms.CharField(label="材料名称", max_length=80)
    text = forms.CharField(
        label="文字", max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = "PDF、JPG或PNG，10MB以内。PPT请先另存为PDF。"
        field = OptionalFileField(most=1, label="文件", help_text=words, required=False)
        field.widget.attrs["accept"] = ".pdf,image/jpeg,image/png"
        self.fields["files"] = field

    @property
    def file(self) -> "UploadedFile[bytes] | None":
        given: list[UploadedFile[bytes]] = self.cleaned_data.get("files") or []
        return given[0] if given else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("text") and not cleaned.get("files"):
            self.add_error("files", "请选一个文件，或者写上文字。")
        return cleaned


class CallForm(BaseForm):
    """What an invited enterprise said on the telephone."""

    answer = forms.ChoiceField(label="答复", choices=Invitation.Answer.choices)
    note = forms.CharField(label="备注", max_length=200, required=False)
    seen_version = VersionField(required=False)


class PublicSignUpForm(OnceForm):
    """Anybody signs up, without an account."""

    enterprise_name = NameFormField(label="单位名称", max_length=120)
    name = NameFormField(label="姓名", max_length=50)
    phone = PhoneField(label="手机号码", max_length=30, help_text="签到时用，也用来通知变动。")
    heads = forms.IntegerField(label="来几位", min_value=1, max_value=MOST_HEADS, initial=1)
    question = forms.CharField(
        label="想问的问题",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="可以不填。请不要写身份证号、护照号等个人号码。",
    )

    field_order = ("enterprise_name", "name", "phone", "heads", "question", "nonce")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].widget.attrs |= {"inputmode": "tel", "autocomplete": "tel"}
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["enterprise_name"].widget.attrs["autocomplete"] = "organization"

    @property
    def guest(self) -> GuestFacts:
        given = self.cleaned_data
        names = ("enterprise_name", "name", "phone", "heads")
        return GuestFacts(**{name: given[name] for name in names})


class DoorForm(OnceForm):
    """What a visitor types after he scanned the code on the wall."""

    who = forms.CharField(
        label="手机号码或单位名称",
        max_length=120,
        help_text="报名时填的手机号码，或单位名称。",
        error_messages={"required": "请填手机号码或单位名称。"},
    )
    heads = forms.IntegerField(label="来了几位", min_value=1, max_value=MOST_HEADS, initial=1)

    field_order = ("who", "heads", "nonce")


class WalkInForm(PublicSignUpForm):
    """Who did not sign up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["question"]
        self.fields["heads"].label = "来了几位"
        self.fields["phone"].help_text = "只用于签到和通知，加密保存。"


class EnterForm(WalkInForm):
    """An officer enters somebody by hand, with the time at which he came."""

    at = UsualMomentField(
        label="到场时间", required=False, help_text="不填就是现在；补登的填当时的时间。"
    )

    field_order = ("enterprise_name", "name", "phone", "heads", "at", "nonce")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].required = False
        self.fields["phone"].help_text = "可以不填。"

    @property
    def came_at(self) -> datetime:
        return self.cleaned_data.get("at") or timezone.now()


class PaperListForm(BaseForm):
    """When those came who signed on paper."""

    at = UsualMomentField(label="到场时间", help_text="名单上大多数人到场的时间。")


class GuestQuestionForm(OnceForm):
    text = forms.CharField(
        label="您的问题",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写下问题。"},
    )


class SpokenQuestionForm(GuestQuestionForm):
    """A question that was asked aloud."""

    asked_by = NameFormField(label="谁问的", max_length=120, required=False)
    field_order = ("asked_by", "text", "nonce")


class BriefingFeedbackForm(OnceForm):
    """The three things that are asked after a briefing."""

    clear = forms.ChoiceField(
        label="今天讲的，听明白了吗？",
        choices=BriefingFeedback.Clear.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选一项。", "invalid_choice": "请选一项。"},
    )
    plan = forms.ChoiceField(
        label="您单位接下来怎么打算？",
        choices=BriefingFeedback.Plan.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选一项。", "invalid_choice": "请选一项。"},
    )
    words = forms.CharField(
        label="还有什么意见和建议？",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="可以不填。不要写个人号码。",
    )

    field_order = ("clear", "plan", "words", "nonce")
