"""Forms of enterprises: signing up, correcting facts, and the station's decision."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.passwords import HINT
from core.form_text import no_website
from core.forms import BaseForm, BaseModelForm, VersionedModelForm
from core.identifiers import validate_credit_code
from core.phones import PhoneField
from enterprises.models import FROM_LICENCE, Enterprise
from enterprises.released import require_free_code

CREDIT_CODE_HELP = "营业执照上的18位代码。全角、空格、小写会自动整理。"
REQUIRED = {
    "name": "请填写单位名称，与营业执照一致。",
    "kind": "请选择企业类型。",
    "registration_authority": "请填写登记机关，见营业执照右下角。",
    "address": "请填写住所，与营业执照一致。",
    "contact_name": "请填写联系人姓名。",
}


class EnterpriseFacts(BaseModelForm):
    """What every form of an enterprise asks: the facts on its licence, and whom to call."""

    # As long as somebody may type it; spaces and full-width forms go before it is measured.
    credit_code = forms.CharField(
        label="统一社会信用代码",
        max_length=60,
        help_text=CREDIT_CODE_HELP,
        error_messages={"required": "请填写统一社会信用代码。"},
    )
    contact_phone = PhoneField(
        label="联系电话",
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={"required": "请填写联系电话。"},
    )

    class Meta:
        model = Enterprise
        fields = (
            "name",
            "credit_code",
            "kind",
            "registration_authority",
            "address",
            "contact_name",
            "contact_phone",
        )
        widgets = {"kind": forms.RadioSelect}
        error_messages = {name: {"required": sentence} for name, sentence in REQUIRED.items()}
        help_texts = {
            "name": "与营业执照上的名称完全一致。",
            "registration_authority": "照营业执照右下角填写，例如：样例区市场监督管理局。",
            "address": "与营业执照上的住所一致。",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["address"].validators.append(no_website)
        kind = self.fields["kind"]
        if isinstance(kind, forms.ChoiceField):
            kind.choices = Enterprise.Kind.choices

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        half = len(name) // 2
        if name and name[:half] == name[half:]:
            raise ValidationError(f"单位名称写了两遍，请只留一遍“{name[:half]}”。")
        return name

    def clean_credit_code(self) -> str:
        code = validate_credit_code(self.cleaned_data["credit_code"])
        require_free_code(code, besides=self.instance)
        return code


class EnterpriseForm(EnterpriseFacts, VersionedModelForm):
    """Correcting the facts of an enterprise that has signed up."""


BY_LICENCE = "可以不填：上传营业执照后自动读出，看过再填入。"


class SignUpForm(EnterpriseFacts):
    """An enterprise and the account of its first agent, who is also its contact.

    What its licence says at length need not be typed: it is read there, and asked for then.
    """

    email = forms.EmailField(
        label="电子邮箱",
        max_length=150,
        help_text="用作登录名，办理通知都发到这里。",
        error_messages={
            "required": "请填写电子邮箱。",
            "invalid": "邮箱地址不完整，应类似 name@example.com。",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password = forms.CharField(
        label="密码",
        strip=False,
        help_text=HINT,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=False),
        error_messages={"required": "请设置密码。"},
    )
    password_again = forms.CharField(
        label="再输入一次密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=False),
        error_messages={"required": "请再输入一次密码。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in FROM_LICENCE:
            self.fields[name].required = False
            self.fields[name].help_text = BY_LICENCE
        self.fields["contact_name"].label = "经办人姓名"
        self.fields["contact_name"].help_text = "由您办理申请，同时是服务站的联系人。"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        password, again = cleaned.get("password"), cleaned.get("password_again")
        if password and again and password != again:
            self.add_error("password_again", "两次输入的密码不一样，请重新输入。")
        if password:
            self._check_password(password, cleaned)
        return cleaned

    def _check_password(self, password: str, cleaned: dict[str, Any]) -> None:
        email = cleaned.get("email", "")
        owner = User(username=email, email=email, name=cleaned.get("contact_name", ""))
        try:
            validate_password(password, owner)
        except ValidationError as error:
            self.add_error("password", error)

    def account(self) -> dict[str, str]:
        """What `services.sign_up` needs for the account."""
        return {
            "name": self.cleaned_data["contact_name"],
            "email": self.cleaned_data["email"],
            "phone": self.cleaned_data["contact_phone"],
            "password": self.cleaned_data["password"],
        }


class RefusalForm(BaseForm):
    reason = forms.CharField(
        label="不通过的原因",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="企业会收到这段文字。请写明哪里不对、怎么改。",
        error_messages={"required": "请写明不通过的原因，企业会收到这段文字。"},
    )


class EnterpriseFilterForm(BaseForm):
    """What the station's list is narrowed by; whatever is not understood narrows nothing."""

    status = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), *Enterprise.Status.choices]
    )
    q = forms.CharField(label="单位名称或信用代码", required=False, max_length=120)
