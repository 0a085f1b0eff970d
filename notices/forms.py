"""Forms of the notices: a person's channels, a group's robot."""

from typing import Any

from django import forms

from accounts.models import Department, User
from core.forms import VersionedModelForm
from core.masks import mask_phone
from core.phones import is_mobile
from notices.channels.sms import is_available
from notices.models import Preferences, WecomRobot

WEBHOOK_START = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key="


class PreferencesForm(VersionedModelForm):
    class Meta:
        model = Preferences
        fields = ["email", "digest", "sms"]
        help_texts = {
            "email": "待办和告知，门户内总能看到；打勾的同时发到您的邮箱。",
            "digest": "待办和告知不再逐条发送，攒到每天早上9点发一封。",
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        sms = self.fields["sms"]
        if not is_available():
            sms.disabled = True
            sms.help_text = "本站没有开通短信。"
        elif not is_mobile(user.phone):
            sms.help_text = "您还没有登记手机号码，请先在“我的账户”中填写联系电话。"
        else:
            sms.help_text = f"待办和时限提醒发到{mask_phone(user.phone)}，短信里不写姓名和企业。"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("digest") and not cleaned.get("email"):
            self.add_error(
                "digest", "汇总也是邮件。要收汇总，请同时勾选上面的“一般通知同时发邮件”。"
            )
        if cleaned.get("sms") and not is_mobile(self.user.phone):
            self.add_error("sms", "您登记的联系电话不是手机号码，收不到短信。请先修改联系电话。")
        return cleaned


class RobotForm(VersionedModelForm):
    """The address is a key: entered, never shown again."""

    webhook = forms.CharField(
        label="Webhook 地址",
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="在企业微信群的“群机器人”中复制。它等于发言的钥匙，保存后不再显示。",
    )

    department = forms.ModelChoiceField(
        Department.objects.all(),
        label="部门",
        required=False,
        empty_label="服务站",
        help_text="不选部门的，是服务站自己的群。",
    )

    class Meta:
        model = WecomRobot
        fields = ["name", "department", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["webhook"].help_text = "不改地址的，这里留空。"

    def clean_webhook(self) -> str:
        webhook = str(self.cleaned_data["webhook"]).strip()
        if not webhook:
            if self.instance.pk:
                return str(self.instance.webhook)
            raise forms.ValidationError("请填写 Webhook 地址。")
        if not webhook.startswith(WEBHOOK_START) or len(webhook) <= len(WEBHOOK_START):
            raise forms.ValidationError(
                f"地址应以 {WEBHOOK_START} 开头，后面是一串编号。请在群机器人中重新复制。"
            )
        return webhook

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "webhook" in cleaned:
            self.instance.webhook = cleaned["webhook"]
        return cleaned
