"""Forms of the security administrator's certificate pages."""

from django import forms

from accounts.reauthentication import ReauthenticationForm
from core.forms import BaseForm


class RevokeForm(ReauthenticationForm):
    """Reason of a revocation, with the password of the person who revokes."""

    reason = forms.CharField(
        label="吊销原因",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请写明吊销原因，会留在记录里。"},
    )
    field_order = ("reason", "password", "code")


class SealForm(BaseForm):
    picture = forms.FileField(
        label="印章图片（PNG或JPG，背景最好透明）",
        error_messages={"required": "请选择印章图片。", "empty": "这个文件是空的，请重新选择。"},
    )
    is_official = forms.BooleanField(
        label="我确认这是该部门合法持有的电子印章的图片，部门同意在审核表上使用",
        error_messages={"required": "请确认印章的来源。没有电子印章的不用登记，签章处印文字框。"},
    )
