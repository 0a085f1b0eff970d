"""Forms of the agent: applicants, consents, answers, and the reason of a withdrawal."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.departments import counted
from applications.consent_words import consent_words
from applications.models import Applicant
from core import text as canonical
from core.dates import day_words, months_later
from core.forms import BaseForm, DateInput, VersionedModelForm
from core.identifiers import validate_id_number, validate_passport_number
from core.phones import PhoneField
from core.reading import whole_numbers
from core.uploads import PICTURES, FilesField
from core.versions import fingerprint
from files.refusals import readable_size
from materials.kinds.passport.term import LEAST_MONTHS_LEFT

LONGEST_PASSPORT_MONTHS = 10 * 12


class ApplicantForm(VersionedModelForm):
    # As long as somebody may type them; spaces and full-width forms go before they are measured.
    id_number = forms.CharField(
        label="身份证号码",
        max_length=60,
        help_text="18位，最后一位可能是X。",
        error_messages={"required": "请填写身份证号码。"},
    )
    phone = PhoneField(
        label="联系电话",
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel"}),
        error_messages={"required": "请填写申请人的联系电话。"},
    )
    passport_number = forms.CharField(
        label="护照号码",
        max_length=60,
        help_text="护照首页右上角的号码，例如E加8位数字。",
        error_messages={"required": "请填写护照号码。"},
    )

    class Meta:
        model = Applicant
        fields = (
            "name",
            "post",
            "id_number",
            "phone",
            "passport_number",
            "passport_expires_on",
            "surname",
            "given_names",
        )
        widgets = {"passport_expires_on": DateInput}
        help_texts = {
            "name": "与身份证一致。",
            "post": "在本单位的职务，与公函一致，例如总经理。",
            "passport_expires_on": "见护照首页，例如2033-05-12。有效期应不少于1年。",
            "surname": "护照上的大写字母，例如ZHANG。可以不填，上传护照后能自动读出。",
            "given_names": "名字连写，例如XIAOMING。可以不填，上传护照后能自动读出。",
        }
        error_messages = {
            "name": {"required": "请填写申请人姓名。"},
            "post": {"required": "请填写职务。"},
            "passport_expires_on": {
                "required": "请填写护照有效期。",
                "invalid": "没有认出这个日期。请按年-月-日填写，例如2033-05-12。",
            },
        }

    def __init__(self, *args: Any, changeable: frozenset[str] | None = None, **kwargs: Any) -> None:
        """`changeable` are the fields that may change now; None: all."""
        super().__init__(*args, **kwargs)
        for name in self.Meta.fields:
            self.fields[name].disabled = changeable is not None and name not in changeable

    def clean_id_number(self) -> str:
        return validate_id_number(self.cleaned_data["id_number"])

    def clean_passport_number(self) -> str:
        number = validate_passport_number(self.cleaned_data["passport_number"])
        if "passport_number" not in self.changed_data:
            return number
        # A passport has one holder. The numbers are encrypted, and an enterprise's people are few.
        others = Applicant.objects.filter(enterprise=self.instance.enterprise_id)
        for other in others.exclude(pk=self.instance.pk):
            if other.passport_number == number:
                raise ValidationError(
                    f"这个护照号码已登记给{other.name}（{other.post}）。请对照护照核对；"
                    "是那一位填错了的，请先到“申请人”改正那一位的。"
                )
        return number

    def clean_surname(self) -> str:
        return _latin(self.cleaned_data["surname"], "姓")

    def clean_given_names(self) -> str:
        return _latin(self.cleaned_data["given_names"], "名")

    def clean_passport_expires_on(self) -> date:
        expires: date = self.cleaned_data["passport_expires_on"]
        today = timezone.localdate()
        if expires < today:
            raise ValidationError(
                f"护照已于{day_words(expires)}过期。请先换发护照，再填写新护照的有效期。"
            )
        if expires < months_later(today, LEAST_MONTHS_LEFT):
            raise ValidationError(
                f"护照有效期到{day_words(expires)}，不足1年，国家系统不会受理。请先换发护照再申请。"
            )
        if expires > months_later(today, LONGEST_PASSPORT_MONTHS):
            raise ValidationError(
                f"护照有效期到{day_words(expires)}，距今超过10年，不合常理。请对照护照首页核对年份。"
            )
        return expires


class PeopleForm(BaseForm):
    """Applicants of one enterprise, to be picked from."""

    applicants = forms.TypedMultipleChoiceField(
        label="公函写明哪几位申请人",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "公函至少写明一位申请人，请勾选。"},
    )

    def __init__(
        self,
        *args: Any,
        applicants: Sequence[Applicant],
        picked: Sequence[Applicant],
        **kwargs: Any,
    ) -> None:
        initial = {"applicants": [person.pk for person in picked], **kwargs.pop("initial", {})}
        super().__init__(*args, initial=initial, **kwargs)
        field = self.fields["applicants"]
        if isinstance(field, forms.TypedMultipleChoiceField):
            field.choices = [(one.pk, f"{one.name}（{one.post}）") for one in applicants]


class NamingForm(PeopleForm):
    """Whom a letter of application names, among the enterprise's applicants."""

    # Whom it named when the page was opened: of two who change it at once, the second is told.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, picked: Sequence[Applicant], **kwargs: Any) -> None:
        seen = ",".join(str(number) for number in sorted(person.pk for person in picked))
        kwargs |= {"initial": {"seen": seen}, "prefix": "naming"}
        super().__init__(*args, picked=picked, **kwargs)
        self.fields["applicants"].label = "公函正文写明的申请人"
        self.fields["applicants"].help_text = "照公函正文逐一勾选。没有勾选的人，不能用这份公函。"

    def clean_seen(self) -> set[int]:
        return whole_numbers(self.cleaned_data["seen"].split(","))


class LastDigitsForm(BaseForm):
    """Asks whoever opened the link what the applicant knows."""

    digits = forms.CharField(
        label="身份证号码的最后4位",
        max_length=8,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text", "size": 6}),
        help_text="用来确认是您本人；最后一位可能是X。",
        error_messages={"required": "请填写身份证号码的最后4位。"},
    )


class ConsentForm(BaseForm):
    """Two separate consents (个人信息保护法 Art. 23 and 29); neither is ticked beforehand.

    Where no department is asked (`shares` is false) the second is not asked for.
    """

    processing = forms.BooleanField(
        label="我同意服务站处理我的个人信息",
        help_text="用于协助办理APEC商务旅行卡，范围是本页列出的信息和材料。",
        error_messages={"required": "请勾选。不同意则服务站无法办理。"},
    )
    sharing = forms.BooleanField(
        label=counted("我单独同意把我的个人信息提供给{}个部门"),
        error_messages={"required": counted("请勾选。不同意则{}个部门无法审核。")},
    )

    def __init__(self, *args: Any, shares: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not shares:
            del self.fields["sharing"]
        for name, (label, help_text) in consent_words(shares=shares).items():
            self.fields[name].label, self.fields[name].help_text = label, help_text


class PaperForm(BaseForm):
    """Pictures of the paper that the applicant signed."""

    MOST = 3

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        size = readable_size(settings.MAX_UPLOAD_BYTES)
        field = FilesField(
            most=self.MOST,
            label="签字的授权书",
            help_text=f"拍照或扫描，JPG、PNG或PDF，最多{self.MOST}个文件，每个不超过{size}。",
        )
        field.widget.attrs |= {"accept": f"{PICTURES},application/pdf"}
        self.fields["files"] = field


class WithdrawalForm(BaseForm):
    reason = forms.CharField(
        label="撤回的原因",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明撤回的原因。"},
    )


class AnswerForm(BaseForm):
    """What the agent says to one correction instead of replacing the material."""

    answer = forms.CharField(
        label="说明",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="不能替换时，请说明情况；服务站会看到这段文字。",
        error_messages={"required": "说明是空的。请写明情况，或替换材料。"},
    )
    # The version of the answer that the page showed.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    @property
    def is_untouched(self) -> bool:
        """Whether what was sent is what the page showed, an answer or none."""
        typed = "" if self.has_error("answer", "required") else self.cleaned_data.get("answer")
        return typed is not None and fingerprint(typed) == (
            self.cleaned_data.get("seen") or fingerprint("")
        )


def _latin(text: str, label: str) -> str:
    """Capital letters with single blanks, as a passport's zone has them."""
    name = canonical.half_width(canonical.line(text)).upper()
    name = " ".join(canonical.dashes_as_hyphens(name).replace("-", " ").split())
    if not re.fullmatch(r"[A-Z ]*", name):
        raise ValidationError(f"{label}的拼音只用英文字母，收到的是“{text}”。请照护照填写。")
    return name
