"""Rules for passwords beyond Django's own (GB/T 22239-2019, identity authentication)."""

import re
from typing import Final

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from pypinyin import lazy_pinyin
from zxcvbn import zxcvbn

from accounts.models import User

CLASSES = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^A-Za-z0-9]")
NEEDED = 3
LEAST_GUESSES: Final = 10**6
# Longer ones are no easier; counting takes more than linearly long.
MOST_LOOKED_AT: Final = 64
LEAST_WORD: Final = 3
COMMON = "这个密码去掉前后的符号，就是很多人都在用的密码，请换一个。"
GUESSABLE = (
    "这个密码太容易猜到（由姓名、地名、常用词、年份或键盘上相连的键组成），请换一个，或者加长。"
)
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


class CommonCoreValidator(CommonPasswordValidator):
    """Django's list of twenty thousand, in which woaini1314 and its kin stand as well.

    Our three kinds of characters make people write Woaini1314!, which no list holds.
    """

    def validate(self, password: str, user: User | None = None) -> None:
        core = re.sub(r"^[\W_]+|[\W_]+$", "", password.lower())
        if core in self.passwords:
            raise ValidationError(COMMON, code="password_too_common")

    def get_help_text(self) -> str:
        return "不要用常见密码，加了符号的也不行。"


class GuessableValidator:
    """What a guesser tries first: words, names, dates and rows of keys, put together.

    zxcvbn counts the guesses; it knows the person's own words and the station's, in pinyin. Since
    sign-ins are locked after five failures, a million guesses are far out of reach.
    """

    def validate(self, password: str, user: User | None = None) -> None:
        told = zxcvbn(password[:MOST_LOOKED_AT], user_inputs=_near_words(user))
        if told["guesses"] < LEAST_GUESSES:
            raise ValidationError(GUESSABLE, code="password_guessable")

    def get_help_text(self) -> str:
        return GUESSABLE


def _near_words(user: User | None) -> list[str]:
    """What somebody who knows this person and the station would try."""
    texts = [settings.STATION_SHORT, settings.DISTRICT_NAME]
    words = ["abtc", "apec"]
    if user is not None:
        texts.append(user.name)
        words += [user.username, *re.split(r"\W+", user.email)]
    for text in texts:
        syllables = lazy_pinyin(text)
        words += ["".join(syllables), "".join(one[:1] for one in syllables), *syllables]
    return [word for word in words if len(word) >= LEAST_WORD]
