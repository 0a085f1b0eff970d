"""Forms of the accounts: sign-in, one's own page, and the administration of people."""

from copy import copy
from typing import Any, ClassVar

from django import forms
from django.contrib.auth import authenticate, password_validation
from django.core.validators import RegexValidator
from django.http import HttpRequest

from accounts.models import OFFICES, Department, Role, User
from accounts.open_work import Leaving, leaving_of
from accounts.passkeys import is_here
from accounts.password_history import was_used
from accounts.passwords import HINT
from accounts.reauthentication import (
    CodeField,
    PasskeyField,
    ReauthenticationForm,
    SecondCodeField,
    ask_recovery_code,
)
from accounts.second_factor import confirmed_device, has_passkey
from accounts.services import holder_of_office, is_leaving
from core.form_text import LoginField
from core.forms import BaseForm, BaseModelForm, VersionedModelForm
from core.masks import mask_phone
from core.phones import PhoneField

# At which the station works; its liaison may be officer as well.
STATION_DEPARTMENT = "commerce"
SIGN_IN_REFUSED = (
    "登录名或密码不正确，请检查大小写和输入法后重新输入。连续5次不正确，这个登录名将锁定30分钟。"
)
UNCHANGED = "新密码与现在的密码相同，请换一个。"
USED_BEFORE = "这个密码您以前用过，请换一个没有用过的。"


class SignInForm(BaseForm):
    """Login name and password. One sentence for whatever is wrong, so that it betrays nothing."""

    username = LoginField(
        label="登录名",
        max_length=150,
        help_text="企业经办人的登录名是注册时填写的电子邮箱。",
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
        error_messages={
            "required": "请输入登录名。",
            "max_length": "登录名不会超过150个字符，请检查后重新输入。",
        },
    )
    password = forms.CharField(
        label="密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "请输入密码。"},
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None
        # The name whose password was checked.
        self.tried = ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            self.tried = cleaned["username"]
            self.user = authenticate(
                self.request, username=cleaned["username"], password=cleaned["password"]
            )
            if self.user is None:
                raise forms.ValidationError(SIGN_IN_REFUSED)
        return cleaned


class CodeForm(BaseForm):
    """The six digits that the phone shows now."""

    code = CodeField()


class SecondStepForm(BaseForm):
    """Of signing in: the phone's digits, a recovery code, or a passkey."""

    code = SecondCodeField()
    passkey = PasskeyField()

    def __init__(self, *args: Any, user: User, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_phone = confirmed_device(user) is not None
        if not self.has_phone:
            ask_recovery_code(self.fields["code"])
        if not (has_passkey(user) and is_here(request)):
            del self.fields["passkey"]
        elif self.data.get("passkey"):
            self.fields["code"].required = False

    @property
    def offers_passkey(self) -> bool:
        return "passkey" in self.fields


class NewPasskeyForm(ReauthenticationForm):
    """What the device is to be called, and who adds it."""

    field_order = ("name", "password", "code")

    name = forms.CharField(
        label="给这台设备起个名字",
        max_length=40,
        help_text="如“我的手机”“办公室电脑”，以后认得出是哪一台。",
        error_messages={
            "required": "请给这台设备起个名字。",
            "max_length": "名字不要超过40个字。",
        },
    )


class NewPasswordFields(BaseForm):
    """A new password, twice; `user` is whose it will be."""

    user: User
    new_password = forms.CharField(
        label="新密码",
        strip=False,
        max_length=128,
        help_text=HINT,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "请输入新密码。"},
    )
    repeated = forms.CharField(
        label="再输入一次新密码",
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "请再输入一次新密码。"},
    )

    def clean_new_password(self) -> str:
        password: str = self.cleaned_data["new_password"]
        password_validation.validate_password(password, self.user)
        return password

    def clean_repeated(self) -> str:
        repeated: str = self.cleaned_data["repeated"]
        new = self.cleaned_data.get("new_password")
        if new is not None and new != repeated:
            raise forms.ValidationError("两次输入的新密码不一样，请重新输入。")
        return repeated


class OwnPasswordForm(NewPasswordFields, ReauthenticationForm):
    """A new password of one's own; the present one proves who asks."""

    asks_code: ClassVar[bool] = False
    field_order = ("password", "new_password", "repeated")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = "现在的密码"

    def clean_repeated(self) -> str:
        repeated = super().clean_repeated()
        # With what was typed, not with what is stored: this form must not tell by guesses.
        if repeated and repeated == self.cleaned_data.get("password"):
            raise forms.ValidationError(UNCHANGED)
        return repeated

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        # Told only to who has just proved that he is the owner.
        if not self.errors and was_used(self.user, cleaned["new_password"]):
            self.add_error("new_password", USED_BEFORE)
        return cleaned


class NewPasswordForm(NewPasswordFields):
    """A new password of somebody who came by a mailed link."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_new_password(self) -> str:
        password = super().clean_new_password()
        if self.user.check_password(password):
            raise forms.ValidationError(UNCHANGED)
        if was_used(self.user, password):
            raise forms.ValidationError(USED_BEFORE)
        return password


class ForgottenForm(BaseForm):
    """Who forgot the password. Whether such an account exists is not said."""

    username = LoginField(
        label="登录名或邮箱",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
        error_messages={
            "required": "请填写登录名或邮箱。",
            "max_length": "登录名和邮箱不会超过150个字符，请检查后重新填写。",
        },
    )


class OwnDetailsForm(VersionedModelForm):
    """What a person may change about himself. Staff sign with their name, so it is not among it."""

    class Meta:
        model = User
        fields = ["name", "phone"]

    phone = PhoneField(label="联系电话", error_messages={"required": "请填写联系电话。"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_what_is_missing(self)
        if not self.instance.is_agent:
            del self.fields["name"]


class MailboxForm(ReauthenticationForm):
    """The mailbox that an agent wants. Whether somebody has it is not said."""

    asks_code: ClassVar[bool] = False
    field_order = ("email", "password")

    email = forms.EmailField(
        label="新的电子邮箱",
        max_length=150,
        help_text="确认邮件会发到这里。确认之后，它就是您的登录名。",
        error_messages={
            "required": "请填写新的电子邮箱。",
            "invalid": "邮箱地址不完整，应类似 name@example.com。",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class CloseAccountForm(ReauthenticationForm):
    """An agent's last word; where he has work of his own, who goes on with it."""

    asks_code: ClassVar[bool] = False
    field_order = ("heir", "password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        add_heir(self, leaving_of(self.user))


def add_heir(form: forms.BaseForm, leaving: Leaving) -> None:
    """Ask by name who takes over the open work, where there is some and somebody who could."""
    if leaving.asks_for_heir:
        form.fields["heir"] = forms.ModelChoiceField(
            label="接办人",
            queryset=User.objects.filter(pk__in=[heir.pk for heir in leaving.heirs]),
            empty_label="请选择",
            help_text=f"名下还有{leaving.work_words}，由谁接办。",
            error_messages={"required": "请选择由谁接办。"},
        )
        form.order_fields(["heir"])


ALSO_OFFICER_HELP = "一个账户、两个身份，登录后在页面顶部选用哪一个；其他人不要勾选。"
DUTIES_HELP = "写在通讯录里，让同事知道什么事找谁，如“负责业务往来材料核实”。"


class PersonForm(BaseModelForm):
    """A new member of staff. Agents sign themselves up with their enterprise."""

    class Meta:
        model = User
        fields = [
            "name", "username", "role", "department", "is_also_officer", "duties", "email", "phone",
        ]  # fmt: skip
        help_texts = {
            "duties": DUTIES_HELP,
            "is_also_officer": ALSO_OFFICER_HELP,
            "username": "3至50个英文字母、数字或 . _ @ -，不区分大小写，之后不能修改。",
            "role": "确定之后不能修改；需要换角色的，停用这个账户，另建一个。",
            "department": "部门联络员必须选择；分管领导不选部门的，是服务站站长；其他角色不选。",
            "email": "通知发到这个邮箱。",
        }

    username = LoginField(
        label="登录名",
        validators=[
            RegexValidator(
                r"^[A-Za-z0-9._@\-]{3,50}$",
                "登录名只能是3至50个英文字母、数字或 . _ @ -，请修改。",
            )
        ],
        error_messages={"required": "请填写登录名。"},
    )
    phone = PhoneField(label="联系电话", error_messages={"required": "请填写联系电话。"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(self.Meta.fields)
        self.fields["username"].help_text = self.Meta.help_texts["username"]
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            ("", "请选择"),
            *(choice for choice in Role.choices if choice[0] != Role.ENTERPRISE_AGENT),
        ]
        name_what_is_missing(self)

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"].lower()
        if User.objects.filter(username__iexact=username).exists():
            raise forms.ValidationError("这个登录名已有人使用，请换一个。")
        return username

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        check_department(self, cleaned.get("role"), cleaned.get("department"))
        check_also_officer(self, cleaned.get("role"), cleaned.get("department"))
        if not self.errors and cleaned["role"] in OFFICES:
            check_office(self, "role")
        return cleaned


class PersonChangeForm(VersionedModelForm):
    """What the system administrator may change; the role and the login name stay."""

    never_shown = frozenset({"phone"})

    class Meta:
        model = User
        fields = [
            "name", "department", "is_also_officer", "duties", "email", "phone", "is_active",
        ]  # fmt: skip
        help_texts = {
            "is_also_officer": ALSO_OFFICER_HELP,
            "duties": DUTIES_HELP,
            "is_active": "停用后立即不能登录；办过的事项和审计记录都保留。",
        }

    phone = PhoneField(label="联系电话", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        masked = mask_phone(self.instance.phone)
        self.initial["phone"] = ""
        self.fields["phone"].help_text = f"现在是 {masked or '空的'}；不改请留空。"
        if self.instance.role == Role.ENTERPRISE_AGENT:
            # It is his login name, which he alone changes, by mail (accounts/mailboxes.py).
            del self.fields["email"]
        if self.instance.role not in (Role.LIAISON, Role.SUPERVISOR):
            del self.fields["department"]
        if self.instance.role != Role.LIAISON:
            del self.fields["is_also_officer"]
        self.stored = copy(self.instance)
        self.leaving = leaving_of(self.stored)
        self._ask_where_work_goes()
        name_what_is_missing(self)

    def _ask_where_work_goes(self) -> None:
        """Fields that matter once he is closed or moved, and only where there is something."""
        leaving = self.leaving
        if leaving.asks_for_heir:
            self.fields["heir"] = forms.ModelChoiceField(
                label="接办人",
                queryset=User.objects.filter(pk__in=[heir.pk for heir in leaving.heirs]),
                required=False,
                help_text=f"名下还有{leaving.work_words}。停用或换部门的，请选择由谁接办。",
            )
        if leaving.gaps:
            self.fields["accepts_gap"] = forms.BooleanField(
                label="没有人接替，仍要停用或换部门",
                required=False,
                help_text=f"{leaving.gap_words}服务站会收到通知。",
            )

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        return phone or self.instance.phone

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "department" in self.fields:
            check_department(self, self.instance.role, cleaned.get("department"))
            check_also_officer(self, self.instance.role, cleaned.get("department"))
        if not self.errors and self.instance.role in OFFICES and cleaned.get("is_active"):
            check_office(self, "email", besides=self.stored)
        self._require_heir(cleaned)
        return cleaned

    def _require_heir(self, cleaned: dict[str, Any]) -> None:
        changed = copy(self.stored)
        changed.is_active = cleaned.get("is_active", True)
        if "department" in self.fields:
            changed.department = cleaned.get("department")
        if self.errors or not is_leaving(self.stored, changed):
            return
        if "heir" in self.fields and not cleaned.get("heir"):
            self.add_error(
                "heir", f"{self.stored.name}还有{self.leaving.work_words}，请选择由谁接办。"
            )
        if "accepts_gap" in self.fields and not cleaned.get("accepts_gap"):
            self.add_error(
                "accepts_gap",
                f"{self.leaving.gap_words}请先安排接替的人；仍要这样办的，请勾选确认。",
            )


class AuditedReasonForm(BaseForm):
    """Why an administrator does this; it stands in the audit trail."""

    reason = forms.CharField(
        label="原因",
        max_length=200,
        help_text="如“手机遗失，已当面核对身份”。会写入审计记录。",
        error_messages={"required": "请写明原因。"},
    )


def check_department(form: forms.BaseForm, role: str | None, department: object) -> None:
    """The rule of the model's constraint, said beside the field."""
    if role == Role.LIAISON and not department:
        form.add_error("department", "部门联络员必须选择所属部门。")
    elif department and role and role not in (Role.LIAISON, Role.SUPERVISOR):
        form.add_error("department", "这个角色不属于任何部门，请不要选择部门。")


def check_also_officer(form: forms.BaseForm, role: str | None, department: object) -> None:
    """The station is at one department; whoever works for both has one account."""
    is_at_station = isinstance(department, Department) and department.code == STATION_DEPARTMENT
    if form.cleaned_data.get("is_also_officer") and not (role == Role.LIAISON and is_at_station):
        name = Department.objects.filter(code=STATION_DEPARTMENT).first()
        form.add_error("is_also_officer", f"只有{name}的联络员可以兼任服务站专员，请不要勾选。")


def check_office(form: forms.BaseForm, field: str, *, besides: User | None = None) -> None:
    """No person holds two of the three, as far as mailbox and phone tell."""
    typed = form.cleaned_data
    holder = holder_of_office(email=typed["email"], phone=typed["phone"], besides=besides)
    if holder:
        form.add_error(
            field,
            f"{holder.title}的邮箱或电话与此相同。系统、安全、审计三种管理员必须由不同的人担任。",
        )


def name_what_is_missing(form: forms.BaseForm) -> None:
    """Say of each empty field which one it is, and of a mailbox how one looks."""
    for field in form.fields.values():
        if isinstance(field, forms.ModelChoiceField):
            field.empty_label = "（不选）"
        verb = "选择" if isinstance(field, forms.ChoiceField) else "填写"
        field.error_messages["required"] = f"请{verb}{field.label}。"
        if isinstance(field, forms.EmailField):
            field.error_messages["invalid"] = "邮箱地址不完整，请写成 name@example.com 的样子。"
