"""Forms of agents: inviting one, taking one out, and the hand-over by the station."""

from typing import Any

from django import forms

from accounts.forms import add_heir
from accounts.models import User
from accounts.open_work import leaving_of
from core.form_text import NameFormField
from core.forms import BaseForm
from core.phones import PhoneField
from core.uploads import FilesField
from enterprises.hand_overs import MOST_FILES
from enterprises.models import Enterprise

PROOF = "image/*,.heic,.heif,application/pdf"


class AgentForm(BaseForm):
    """Who is to act for the enterprise."""

    name = NameFormField(
        label="经办人姓名", max_length=50, error_messages={"required": "请填写经办人姓名。"}
    )
    email = forms.EmailField(
        label="电子邮箱",
        max_length=150,
        help_text="邀请发到这里；接受之后就是他的登录名。每人用自己的邮箱，不要共用。",
        error_messages={
            "required": "请填写电子邮箱。",
            "invalid": "邮箱地址不完整，应类似 name@example.com。",
        },
    )
    phone = PhoneField(label="联系电话", error_messages={"required": "请填写联系电话。"})


class RemovalForm(BaseForm):
    """Where the agent has open work, who goes on with it."""

    def __init__(self, *args: Any, agent: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        add_heir(self, leaving_of(agent))


class HandOverForm(AgentForm):
    """The new agent, and on what proof."""

    reason = forms.CharField(
        label="移交的原因",
        max_length=200,
        help_text="会写在发给原经办人的邮件里，如“原经办人已离职，企业来函更换”。",
        error_messages={"required": "请写明移交的原因。"},
    )

    def __init__(self, *args: Any, enterprise: Enterprise, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.enterprise = enterprise
        proof = FilesField(
            most=MOST_FILES,
            label="企业的授权文件",
            help_text=f"加盖公章的授权书或公函，JPG、PNG、HEIC或PDF，最多{MOST_FILES}个文件。",
        )
        proof.widget.attrs["accept"] = PROOF
        self.fields["proof"] = proof


class ObjectionForm(BaseForm):
    words = forms.CharField(
        label="不同意的理由",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="服务站会看到这段文字，并与您核实。",
        error_messages={"required": "请写明不同意的理由。"},
    )
