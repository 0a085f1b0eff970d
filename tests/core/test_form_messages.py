"""A form speaks in the portal's words, whatever is wrong with what was sent."""

from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from core.forms import BaseForm


def said(field: forms.Field, sent: object) -> list[str]:
    class Sample(BaseForm):
        one = field

    is_file = isinstance(field, forms.FileField)
    data: dict[str, Any] = {} if is_file else {"one": sent}
    form = Sample(data, {"one": sent} if is_file and sent else {})
    return [str(error) for error in form.errors["one"]]


@pytest.mark.parametrize(
    ("field", "sent", "message"),
    [
        (forms.CharField(), "", "请填写这一项。"),
        (forms.CharField(max_length=2), "三个字", "最多2个字，现在是3个字，请写得简短些。"),
        (forms.CharField(min_length=2), "一", "至少2个字，现在是1个字。"),
        (
            forms.CharField(widget=forms.PasswordInput()),
            "a\0b",
            "含有不能保存的字符，请删掉后重新填写。",
        ),
        (forms.IntegerField(), "一", "请填写整数，如 1。"),
        (forms.IntegerField(min_value=1), "0", "不能小于1，请核对。"),
        (forms.IntegerField(max_value=9), "10", "不能大于9，请核对。"),
        (forms.DecimalField(), "多", "请填写数字，如 123.45。"),
        (forms.DecimalField(max_digits=3), "1234", "总共最多3位数字，请核对。"),
        (forms.DecimalField(decimal_places=1), "1.23", "最多1位小数。"),
        (
            forms.DecimalField(max_digits=3, decimal_places=2),
            "12",
            "小数点前最多1位数字，请核对。",
        ),
        (forms.DateField(), "明天", "请按“年-月-日”填写，如 2026-11-23。"),
        (forms.EmailField(), "name", "请填写完整的邮箱地址，如 name@example.com。"),
        (forms.BooleanField(), "", "请勾选这一项。"),
        (forms.ChoiceField(choices=[("a", "甲")]), "", "请选择一项。"),
        (forms.ChoiceField(choices=[("a", "甲")]), "b", "没有“b”这个选项，请重新选择。"),
        (forms.MultipleChoiceField(choices=[("a", "甲")]), [], "请至少选择一项。"),
        (forms.FileField(), None, "请选择文件。"),
        (forms.FileField(), SimpleUploadedFile("a.txt", b""), "这个文件是空的，请重新选择。"),
        (
            forms.FileField(max_length=3),
            SimpleUploadedFile("long.txt", b"a"),
            "文件名有8个字，最多3个字，请改短后再选。",
        ),
    ],
)
def test_what_django_says_is_said_in_our_words(
    field: forms.Field, sent: object, message: str
) -> None:
    assert said(field, sent) == [message]


def test_what_the_form_itself_says_stays() -> None:
    field = forms.CharField(max_length=2, error_messages={"required": "请写明原因。"})
    assert said(field, "") == ["请写明原因。"]


def test_a_validator_of_ours_keeps_its_words() -> None:
    def refuse(value: str) -> None:
        raise forms.ValidationError("不能用这个名字。", code="invalid")

    assert said(forms.CharField(validators=[refuse]), "名字") == ["不能用这个名字。"]
