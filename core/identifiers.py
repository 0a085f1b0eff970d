"""Numbers that people copy from a document, and the check digits inside them.

Each validator tidies what was typed, returns the normalised number, and otherwise raises a
ValidationError that says which position is wrong, what was found and how to mend it.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError

from core.text import DASHES, compact

DIGITS = "0123456789"

# GB 32100-2015: 31 characters, without I, O, S, V and Z; weight i is 3^(i-1) mod 31.
CREDIT_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_CODE_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
# GB 32100-2015, table 1: by the authority that registers (digit 1) the kinds of bodies (digit 2):
# 9 market supervision, 5 civil affairs, 1 establishment, 3 justice, N agriculture, Y others.
CREDIT_CODE_KINDS: Final[Mapping[str, str]] = {
    "1": "1239", "2": "19", "3": "123459", "4": "19", "5": "1239", "6": "129",
    "7": "129", "8": "19", "9": "123", "A": "19", "N": "1239", "Y": "1",
}  # fmt: skip
# 工商注册号, on licences from before October 2015.
REGISTRATION_NUMBER_LENGTH: Final = 15
# GB 11714-1997, the organisation code that fills positions 9 to 17.
ORGANISATION_CODE_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
ORGANISATION_CODE_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# GB 11643-1999, which uses ISO 7064 MOD 11-2.
ID_NUMBER_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_NUMBER_CHECKS = "10X98765432"

LOOKALIKES = {"O": "0", "I": "1", "S": "5", "Z": "2", "V": "U"}
PASSPORT_NUMBER = re.compile(
    r"E[0-9]{8}|E[A-HJ-NP-Z][0-9]{7}|G[0-9]{8}|PE?[0-9]{7,8}|SE?[0-9]{7,8}"
)
HONG_KONG_OR_MACAU_PASSPORT = re.compile(r"[KH][A-Z]?[0-9]{8}|MA[0-9]{7}|MB[0-9]{7}")
DIPLOMATIC_PASSPORT = re.compile(r"DE?[0-9]{7,8}")


def normalise_credit_code(text: str) -> str:
    """Half width, upper case, without spaces and dashes; no letter is guessed."""
    return _tidy(text)


def validate_credit_code(code: str) -> str:
    """Check a 统一社会信用代码 by GB 32100-2015 and the organisation code inside it."""
    code = normalise_credit_code(code)
    if len(code) == REGISTRATION_NUMBER_LENGTH and _is_digits(code):
        raise ValidationError(
            "收到的是15位数字，是旧营业执照上的注册号。请填写18位的统一社会信用代码，"
            "在“国家企业信用信息公示系统”可以按单位名称查到；"
            f"执照还没有换过的，请先向登记机关换领。查不到的，{_ask_the_station()}",
            code="length",
        )
    _require_length(
        code, 18, "统一社会信用代码", f"请对照营业执照填写完整的18位代码。{_no_mistake()}"
    )
    if _is_id_number(code):
        raise ValidationError(
            "收到的是居民身份证号码，不是统一社会信用代码。请填写营业执照上以9开头的18位代码。",
            code="id_number",
        )
    for position, character in enumerate(code, start=1):
        if character not in CREDIT_CODE_ALPHABET:
            raise ValidationError(_wrong_credit_character(position, character), code="character")
        if 3 <= position <= 8 and character not in DIGITS:
            raise ValidationError(
                f"统一社会信用代码第{position}位是“{character}”，"
                "第3至8位是行政区划码，只能是数字。请对照营业执照改正。",
                code="character",
            )
    if code[1] not in CREDIT_CODE_KINDS.get(code[0], ""):
        raise ValidationError(
            f"统一社会信用代码以“{code[:2]}”开头，没有这样的登记管理部门和机构类别；"
            "企业的代码以91开头，个体工商户以92开头，农民专业合作社以93开头。"
            f"请对照营业执照改正。{_no_mistake()}",
            code="kind",
        )
    organisation_expected = _organisation_check(code[8:16])
    expected = _credit_code_check(code[:17])
    organisation_holds = code[16] == organisation_expected
    if code[17] != expected:
        where = "第1至8位或第18位" if organisation_holds else "第9至17位"
        raise ValidationError(
            f"统一社会信用代码校验不符：按前17位推算，第18位应为“{expected}”，"
            f"收到的是“{code[17]}”。多半是{where}中有一位抄错，请对照营业执照逐位核对。"
            f"{_no_mistake()}",
            code="check",
        )
    if not organisation_holds:
        raise ValidationError(
            "统一社会信用代码中的组织机构代码（第9至17位）校验不符："
            f"第17位应为“{organisation_expected}”，收到的是“{code[16]}”。"
            f"请对照营业执照逐位核对第9至17位。{_no_mistake()}",
            code="organisation_check",
        )
    return code


def credit_code_hint(code: str, district_code: str) -> str | None:
    """What an officer should look at when digits 3–8 are not the district's; never a refusal.

    Those digits name the authority that first gave the code; the code stays when a firm moves.
    """
    given_by = normalise_credit_code(code)[2:8]
    if len(given_by) < 6 or given_by == district_code:
        return None
    return (
        f"代码第3至8位是{given_by}，不是本区的{district_code}。"
        "这几位只说明最初由哪里赋码，企业迁址后不会改变，"
        "请核对营业执照上的住所和登记机关。"
    )


def validate_id_number(text: str, *, today: date | None = None) -> str:
    """Check an 18-digit 居民身份证号 by GB 11643: characters, birth date, check digit."""
    number = _tidy(text)
    if len(number) == 15 and _is_digits(number):
        raise ValidationError(
            "收到的是15位旧身份证号，已停止使用。请填写现行18位身份证号。", code="length"
        )
    _require_length(number, 18, "身份证号", "请对照身份证逐位填写。")
    for position, character in enumerate(number, start=1):
        allowed = DIGITS + "X" if position == 18 else DIGITS
        if character not in allowed:
            expected = "数字或X" if position == 18 else "数字"
            raise ValidationError(
                f"身份证号第{position}位是“{character}”，这一位应为{expected}"
                f"{_suggestion(character, DIGITS)}。请对照身份证改正。",
                code="character",
            )
    _require_mainland(number)
    _require_birth_date(number[6:14], today or _today())
    expected = ID_NUMBER_CHECKS[_weighted(number[:17], ID_NUMBER_WEIGHTS, DIGITS) % 11]
    if number[17] != expected:
        raise ValidationError(
            f"身份证号校验不符：按前17位推算，第18位应为“{expected}”，"
            f"收到的是“{number[17]}”。多半是其中有一位抄错，请对照身份证逐位核对。",
            code="check",
        )
    return number


def is_passport_number(text: str) -> bool:
    """Whether this is the form of any passport of China, of the mainland or not."""
    forms = (PASSPORT_NUMBER, HONG_KONG_OR_MACAU_PASSPORT, DIPLOMATIC_PASSPORT)
    return any(form.fullmatch(text) for form in forms)


def is_official_passport(number: str) -> bool:
    """公务普通 (P, PE) and 公务 (S, SE), of a number that `validate_passport_number` has passed."""
    return number[:1] in ("P", "S")


def validate_passport_number(text: str) -> str:
    """Check the shape of a mainland passport number: ordinary, for public affairs, service."""
    number = _tidy(text)
    if PASSPORT_NUMBER.fullmatch(number):
        return number
    if HONG_KONG_OR_MACAU_PASSPORT.fullmatch(number):
        raise ValidationError(
            f"“{number}”像是香港或澳门特区护照的号码。本站只受理持内地护照的申请人，"
            "请填写内地护照首页右上角的号码。",
            code="not_mainland",
        )
    if DIPLOMATIC_PASSPORT.fullmatch(number):
        raise ValidationError(
            f"“{number}”像是外交护照的号码。商务旅行卡请用普通护照或公务护照申请。",
            code="diplomatic",
        )
    guess = number[:1] + "".join({"O": "0", "I": "1"}.get(c, c) for c in number[1:])
    if guess != number and PASSPORT_NUMBER.fullmatch(guess):
        raise ValidationError(
            f"护照号码“{number}”中有字母O或I，护照号码不用这两个字母，"
            f"应为数字0或1。是否应为“{guess}”？请对照护照改正。",
            code="character",
        )
    raise ValidationError(
        f"护照号码“{_shown(number)}”共{len(number)}位，不符合内地护照号码的格式。"
        "普通护照号码共9位，例如字母E加8位数字，或E加一个字母再加7位数字。"
        "请对照护照首页右上角填写。",
        code="format",
    )


def birth_date_of(id_number: str) -> date:
    """The birth date inside a number that `validate_id_number` has passed."""
    return date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))


def sex_of(id_number: str) -> str:
    """ "M" or "F", by digit 17 of a number that `validate_id_number` has passed."""
    return "M" if int(id_number[16]) % 2 else "F"


def _tidy(text: str) -> str:
    """In canonical form, without the dashes that people add for legibility, in upper case."""
    return re.sub(f"[-{DASHES}]", "", compact(text)).upper()


def _is_id_number(code: str) -> bool:
    try:
        validate_id_number(code)
    except ValidationError:
        return False
    return True


def _no_mistake() -> str:
    """The way out for whoever copied rightly: no rule may shut out an enterprise for good."""
    return f"与营业执照完全一致仍不能通过的，{_ask_the_station()}"


def _ask_the_station() -> str:
    return f"请拨打咨询热线{settings.HOTLINE}，由专员人工核对。"


def _require_length(value: str, length: int, label: str, mend: str) -> None:
    if len(value) == length:
        return
    gap = length - len(value)
    difference = f"少{gap}位" if gap > 0 else f"多{-gap}位"
    raise ValidationError(
        f"{label}应为{length}位，收到的是{len(value)}位，{difference}。{mend}", code="length"
    )


def _wrong_credit_character(position: int, character: str) -> str:
    return (
        f"统一社会信用代码第{position}位是“{character}”，"
        "代码只用数字和除I、O、S、V、Z以外的大写字母"
        f"{_suggestion(character, CREDIT_CODE_ALPHABET)}。请对照营业执照改正。"
    )


def _suggestion(character: str, alphabet: str) -> str:
    lookalike = LOOKALIKES.get(character)
    if lookalike is None or lookalike not in alphabet:
        return ""
    return f"，是否应为{'数字' if lookalike in DIGITS else '字母'}{lookalike}"


def _weighted(text: str, weights: tuple[int, ...], alphabet: str) -> int:
    return sum(alphabet.index(c) * weight for c, weight in zip(text, weights, strict=True))


def _credit_code_check(body: str) -> str:
    remainder = _weighted(body, CREDIT_CODE_WEIGHTS, CREDIT_CODE_ALPHABET) % 31
    return CREDIT_CODE_ALPHABET[(31 - remainder) % 31]


def _organisation_check(body: str) -> str:
    remainder = _weighted(body, ORGANISATION_CODE_WEIGHTS, ORGANISATION_CODE_ALPHABET) % 11
    return "0X987654321"[remainder]


def _require_mainland(number: str) -> None:
    if number[:2] in ("81", "82", "83"):
        raise ValidationError(
            "收到的是港澳台居民居住证号码。本站只受理内地居民，请填写居民身份证号。",
            code="not_mainland",
        )
    if number[0] in "09":
        raise ValidationError(
            f"身份证号以“{number[0]}”开头，不是居民身份证号。"
            "本站只受理内地居民，请对照居民身份证填写。",
            code="not_mainland",
        )


def _require_birth_date(digits: str, today: date) -> None:
    shown = f"{digits[:4]}年{digits[4:6]}月{digits[6:]}日"
    try:
        birth = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise ValidationError(
            f"身份证号第7至14位表示出生日期{shown}，没有这一天。请对照身份证核对这8位。",
            code="birth_date",
        ) from None
    if birth > today or birth.year < 1900:
        raise ValidationError(
            f"身份证号第7至14位表示出生日期{shown}，不合常理。请对照身份证核对这8位。",
            code="birth_date",
        )


def _is_digits(text: str) -> bool:
    return all(c in DIGITS for c in text)


def _shown(text: str) -> str:
    return text if len(text) <= 20 else f"{text[:20]}…"


def _today() -> date:
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()
