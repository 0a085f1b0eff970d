"""Rules for passwords beyond Django's own (GB/T 22239-2019, identity authentication)."""

import re

from django.core.exceptions import ValidationError

from accounts.models import User

CLASSES = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^A-Za-z0-9]")
NEEDED = 3
HINT = "至少10个字符，大写字母、小写字母、数字、符号中至少三类；不要用姓名、邮箱或常见密码。"
RULE = "密码须含大写字母、小写字母、数字、符号中的至少三类。"


class LengthValidator:
    """Django's own has no Chinese sentence."""

    def __init__(self, min_length: int) -> None:
        self.min_length = min_length

    def validate(self, password: str, user: User | None = None) -> None:
        if len(password) < self.min_length:
            raise ValidationError(
                f"密码只有{len(password)}个字符，至少要{self.min_length}个，请加长。",
                code="password_too_short",
            )

    def get_help_text(self) -> str:
        return f"密码至少要{self.min_length}个字符。"


class CharacterClassesValidator:
    def validate(self, password: str, user: User | None = None) -> None:
        if sum(bool(re.search(pattern, password)) for pattern in CLASSES) < NEEDED:
            raise ValidationError(RULE, code="password_classes")

    def get_help_text(self) -> str:
        return RULE
