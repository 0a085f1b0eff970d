"""Forms of agents: inviting one, and taking one out."""

from typing import Any

from django import forms

from accounts.forms import add_heir
from accounts.models import User
from accounts.open_work import leaving_of
from core.form_text import NameFormField
from core.forms import BaseForm
from core.phones import PhoneField


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
