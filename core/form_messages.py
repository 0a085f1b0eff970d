"""Error messages of forms in the portal's words, where a field has none of its own.

Django's own sentences are short of what to do and end in a western full stop.
"""

from typing import Final

from django import forms

# By the kind of field, the more special kinds last.
OF_FIELDS: Final[tuple[tuple[type[forms.Field], dict[str, str]], ...]] = (
    (forms.Field, {"required": "请填写这一项。"}),
    (forms.IntegerField, {"invalid": "请填写整数，如 1。"}),
    (forms.DecimalField, {"invalid": "请填写数字，如 123.45。"}),
    (forms.DateField, {"invalid": "请按“年-月-日”填写，如 2026-11-23。"}),
    (forms.EmailField, {"invalid": "请填写完整的邮箱地址，如 name@example.com。"}),
    (forms.BooleanField, {"required": "请勾选这一项。"}),
    (
        forms.ChoiceField,
        {"required": "请选择一项。", "invalid_choice": "没有“%(value)s”这个选项，请重新选择。"},
    ),
    (
        forms.MultipleChoiceField,
        {"required": "请至少选择一项。", "invalid_list": "没有收到选择的内容，请重新选择。"},
    ),
    (
        forms.ModelChoiceField,
        {"required": "请选择一项。", "invalid_choice": "没有这个选项，请重新选择。"},
    ),
    (
        forms.FileField,
        {
            "required": "请选择文件。",
            "invalid": "没有收到文件，请重新选择。",
            "missing": "没有收到文件，请重新选择。",
            "empty": "这个文件是空的，请重新选择。",
            "max_length": "文件名有%(length)d个字，最多%(max)d个字，请改短后再选。",
        },
    ),
    (forms.ImageField, {"invalid_image": "这个文件不是能打开的图片，请换一个。"}),
)
# Validators speak for themselves unless the field has a message under their code.
OF_VALIDATORS: Final = {
    "max_length": "最多%(limit_value)d个字，现在是%(show_value)d个字，请写得简短些。",
    "min_length": "至少%(limit_value)d个字，现在是%(show_value)d个字。",
    "max_value": "不能大于%(limit_value)s，请核对。",
    "min_value": "不能小于%(limit_value)s，请核对。",
    "max_digits": "总共最多%(max)s位数字，请核对。",
    "max_decimal_places": "最多%(max)s位小数。",
    "max_whole_digits": "小数点前最多%(max)s位数字，请核对。",
    "null_characters_not_allowed": "含有不能保存的字符，请删掉后重新填写。",
}


def speak_plainly(field: forms.Field) -> None:
    """Put our sentences in the place of Django's; what the form itself says stays."""
    theirs: dict[str, object] = {}
    for kind in reversed(type(field).__mro__):
        if kind.__module__.startswith("django."):
            theirs |= vars(kind).get("default_error_messages", {})
    ours = dict(OF_VALIDATORS)
    for kind, messages in OF_FIELDS:
        if isinstance(field, kind):
            ours |= messages
    for code, message in ours.items():
        standing = field.error_messages.get(code)
        # An address is judged by a validator, too.
        by_validator = code in OF_VALIDATORS or isinstance(field, forms.EmailField)
        is_missing = standing is None and by_validator
        if is_missing or (standing is not None and standing is theirs.get(code)):
            field.error_messages[code] = message
