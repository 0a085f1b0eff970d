"""Forms by which a text is found: plain letters, a company's core, initials, keys of numbers."""

import pytest

from finding.words import company_core, initials, number_keys, plain


@pytest.mark.parametrize(
    ("typed", "found_as"),
    [
        ("重庆市万州区（样例） 贸易有限公司", "重庆市万州区样例贸易有限公司"),
        ("ＡＢＣ-12 3", "abc123"),
        ("买买提·艾力", "买买提艾力"),
        ("%_'", ""),
    ],
)
def test_what_nobody_remembers_is_left_out(typed: str, found_as: str) -> None:
    assert plain(typed) == found_as


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("重庆市万州区样例贸易有限公司", "样例贸易"),
        ("重庆样例贸易股份有限公司", "样例贸易"),
        ("万州样例贸易（集团）有限公司", "样例贸易"),
        ("样例贸易", "样例贸易"),
        # Of nothing but district and form the whole is kept.
        ("重庆市万州区有限公司", "重庆市万州区有限公司"),
    ],
)
def test_a_companys_core_is_without_district_and_legal_form(name: str, core: str) -> None:
    assert company_core(name) == core


@pytest.mark.parametrize(
    ("words", "letters"),
    [
        ("样例贸易", "ylmy"),
        ("曾小例", "zxl"),
        ("仇样例", "qyl"),
        ("单样例", "syl"),
        ("查样例", "zyl"),
        ("解样例", "xyl"),
        ("区样例", "oyl"),
        ("长岭样例", "clyl"),
        ("弹子石样例", "dzsyl"),
        ("长滩样例", "ctyl"),
    ],
)
def test_every_reading_of_a_character_is_an_initial(words: str, letters: str) -> None:
    assert letters in initials(words)


def test_a_long_name_of_many_readings_has_a_bounded_number_of_initials() -> None:
    assert len(initials("长行重单曾解查区仇长行重单曾解查区仇")) <= 33


def test_a_number_is_found_as_a_whole_and_by_its_last_digits_and_cannot_be_read() -> None:
    keys = number_keys("138 0013 8000")
    assert keys == number_keys("13800138000")
    assert len(keys) == 4
    assert not any("8000" in key for key in keys)
    assert number_keys("12") == []
