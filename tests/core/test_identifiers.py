from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from core.identifiers import (
    birth_date_of,
    credit_code_hint,
    normalise_credit_code,
    sex_of,
    validate_credit_code,
    validate_id_number,
    validate_passport_number,
)
from tests.factories import organisation_code


def message_of(validate, text):
    with pytest.raises(ValidationError) as caught:
        validate(text)
    return caught.value.messages[0]


@pytest.mark.parametrize("code", ["91500101YYYY00012R", "91500101YYYY00020L"])
def test_a_valid_credit_code_comes_back_as_it_is(code):
    assert validate_credit_code(code) == code


def test_the_standards_example_with_its_right_check_digit_passes():
    assert validate_credit_code("91350100M000100Y43") == "91350100M000100Y43"


def test_the_standards_well_known_misprint_is_refused_with_what_was_expected():
    message = message_of(validate_credit_code, "91350100M000100Y4Y")
    assert "第18位应为“3”，收到的是“Y”" in message
    assert "第1至8位或第18位" in message


@pytest.mark.parametrize(
    "typed",
    [
        "９１５００１０１ＹＹＹＹ０００１２Ｒ",
        "91500101yyyy00012r",
        " 91500101 YYYY00012R\n",
        "91500101-YYYY0001-2R",
        "\u200b91500101YYYY00012R",
    ],
)
def test_a_credit_code_is_tidied_before_it_is_checked(typed):
    assert normalise_credit_code(typed) == "91500101YYYY00012R"
    assert validate_credit_code(typed) == "91500101YYYY00012R"


def test_a_letter_o_is_named_with_its_place_and_never_replaced_silently():
    message = message_of(validate_credit_code, "915OO101YYYY00012R")
    assert "第4位是“O”" in message
    assert "是否应为数字0" in message


def test_a_letter_among_the_division_digits_is_refused():
    assert "第5位是“A”，第3至8位" in message_of(validate_credit_code, "9150A101YYYY00012R")


def test_a_typing_error_in_the_organisation_code_is_traced_to_it():
    assert "第9至17位" in message_of(validate_credit_code, "91500101YYYY00013R")


def test_an_organisation_code_that_fails_its_own_check_is_refused_though_the_last_digit_holds():
    # YYYY0001 needs 2 at position 17. With 3 there, W makes the sum over 17 characters right.
    message = message_of(validate_credit_code, "91500101YYYY00013W")
    assert "第9至17位）校验不符：第17位应为“2”，收到的是“3”" in message


@pytest.mark.parametrize(
    ("typed", "difference"),
    [("", "收到的是0位"), ("91500101YYYY00012", "少1位"), ("91500101YYYY00012RR", "多1位")],
)
def test_a_credit_code_of_the_wrong_length_says_by_how_much(typed, difference):
    assert difference in message_of(validate_credit_code, typed)


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("500101000012345", "15位数字，是旧营业执照上的注册号"),
        ("91500101YYYY00013R", "请拨打咨询热线023-0000 0000"),
        ("91500101YYYY00013W", "请拨打咨询热线023-0000 0000"),
        ("91500101YYYY0001", "请拨打咨询热线023-0000 0000"),
        ("94500101YYYY00012R", "以“94”开头，没有这样的登记管理部门和机构类别"),
        ("50500101YYYY00012R", "以“50”开头"),
        ("Y2500101YYYY00012R", "以“Y2”开头"),
        ("500101000012345", "请拨打咨询热线023-0000 0000"),
    ],
)
def test_a_code_that_cannot_be_right_names_a_human_way_out(typed, part, settings):
    settings.HOTLINE = "023-0000 0000"
    assert part in message_of(validate_credit_code, typed)


def test_an_identity_number_is_no_credit_code_even_where_both_checks_hold():
    # The second one's places also hold as a 社会团体's code, by GB 11714 and by GB 32100.
    for number in ("11010519491231002X", "510101195005121683"):
        assert "居民身份证号码" in message_of(validate_credit_code, number)


@pytest.mark.parametrize(
    "kinds", ["11", "12", "31", "51", "52", "53", "81", "91", "92", "93", "Y1", "N2"]
)
def test_every_kind_of_body_in_the_standard_has_a_code(kinds):
    code = f"{kinds}500101{organisation_code('YYYY0001')}"
    code += uscc.calc_check_digit(code)
    assert validate_credit_code(code) == code


def test_another_districts_code_is_a_hint_and_not_an_error():
    hint = credit_code_hint("91500000YYYY00012R", "500101")
    assert hint is not None
    assert "500000" in hint
    assert "住所" in hint
    assert credit_code_hint("91500101YYYY00012R", "500101") is None


@pytest.mark.parametrize("typed", ["", "91", "9150000"])
def test_a_code_too_short_to_name_a_district_is_no_hint(typed):
    assert credit_code_hint(typed, "500101") is None


def test_the_standards_id_number_passes_in_either_case():
    assert validate_id_number("11010519491231002X") == "11010519491231002X"
    assert validate_id_number("11010519491231002x ") == "11010519491231002X"
    assert birth_date_of("11010519491231002X") == date(1949, 12, 31)
    assert sex_of("11010519491231002X") == "F"


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("110105194912310021", "第18位应为“X”，收到的是“1”"),
        ("11010519491331002X", "1949年13月31日，没有这一天"),
        ("11010519490230002X", "1949年02月30日，没有这一天"),
        ("11010521491231002X", "不合常理"),
        ("1101051949123100", "少2位"),
        ("110105491231002", "15位旧身份证号"),
        ("1101O519491231002X", "第5位是“O”，这一位应为数字，是否应为数字0"),
        ("١١٠١٠٥١٩٤٩١٢٣١٠٠٢X", "应为数字"),
        ("810000199408230021", "港澳台居民居住证"),
        ("911124198108030024", "不是居民身份证号"),
    ],
)
def test_a_wrong_id_number_says_what_is_wrong(typed, part):
    assert part in message_of(validate_id_number, typed)


def test_a_birth_date_is_measured_against_the_day_that_is_given():
    with pytest.raises(ValidationError, match="不合常理"):
        validate_id_number("11010519491231002X", today=date(1949, 12, 30))


@pytest.mark.parametrize(
    "number", ["E12345678", "EA1234567", "EZ1234567", "G12345678", "PE1234567", "SE1234567"]
)
def test_a_mainland_passport_number_passes(number):
    assert validate_passport_number(number.lower()) == number


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("EO1234567", "是否应为“E01234567”"),
        ("E1234567I", "是否应为“E12345671”"),
        ("E1234567", "共8位"),
        ("K12345678", "香港或澳门"),
        ("MA1234567", "香港或澳门"),
        ("DE1234567", "外交护照"),
        ("", "共0位"),
        ("汉字汉字汉字汉字汉", "共9位"),
        ("9" * 300, "…"),
    ],
)
def test_a_wrong_passport_number_says_what_is_wrong(typed, part):
    assert part in message_of(validate_passport_number, typed)


@pytest.mark.parametrize(
    "validate", [validate_credit_code, validate_id_number, validate_passport_number]
)
@given(text=st.text(max_size=40))
def test_any_text_is_either_returned_tidy_or_refused_in_words(validate, text):
    try:
        answer = validate(text)
    except ValidationError as error:
        answer = error.messages[0]
    assert answer.isascii() or answer.endswith(("。", "？请对照护照改正。"))


@given(position=st.integers(0, 17), character=st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_one_wrong_character_in_a_credit_code_never_passes(position, character):
    right = "91500101YYYY00012R"
    wrong = right[:position] + character + right[position + 1 :]
    if wrong != right:
        message_of(validate_credit_code, wrong)


# Reckoned by others -------------------------------------------------------------------------------

CREDIT_CODE_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@given(
    start=st.sampled_from(["91", "92", "93", "11", "39", "53", "81", "A1", "N3", "Y1"]),
    division=st.integers(0, 999999),
    body=st.text(CREDIT_CODE_LETTERS, min_size=8, max_size=8),
)
def test_a_credit_code_passes_with_the_one_last_character_that_stdnum_reckons(
    start, division, body
):
    code = f"{start}{division:06d}{organisation_code(body)}"
    assume(not code.isdecimal())  # it might be somebody's identity number
    last = uscc.calc_check_digit(code)
    assert validate_credit_code(code + last) == code + last
    for other in set(CREDIT_CODE_LETTERS) - {last}:
        assert f"第18位应为“{last}”" in message_of(validate_credit_code, code + other)


@given(
    division=st.integers(110000, 659999),
    born=st.dates(date(1900, 1, 1), date(2026, 11, 23)),
    order=st.integers(0, 999),
)
def test_an_id_number_passes_with_the_one_last_character_that_stdnum_reckons(division, born, order):
    start = f"{division}{born:%Y%m%d}{order:03d}"
    last = ric.calc_check_digit(f"{start}0")
    day = date(2026, 11, 23)
    assert validate_id_number(start + last, today=day) == start + last
    for other in set("0123456789X") - {last}:
        with pytest.raises(ValidationError, match=f"第18位应为“{last}”"):
            validate_id_number(start + other, today=day)
