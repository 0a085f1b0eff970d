"""The wording of Annex 4, character by character; the expected side is copied from the plan."""

import pytest

from reviews.annex4 import SECTIONS, AnswerWrong, title
from tests.factories import DEPARTMENTS


def test_the_sections_stand_in_the_annexs_order() -> None:
    assert [SECTIONS[code].title for code in DEPARTMENTS] == [
        "区商务委办理意见",
        "区税务局办理意见",
        "区公安局办理意见",
        "区人力社保局办理意见",
        "区政府外办办理意见",
    ]


def test_the_title_is_the_annexs() -> None:
    assert title("万州区") == "重庆市万州区APEC商务旅行卡审核表"


@pytest.mark.parametrize(
    ("code", "printed"),
    [
        ("commerce", "经核实，该公司为（进出口实绩/进出口计划）企业。"),
        ("tax", "经核实，该公司上一年度纳税总额为     万元，（是/否）存在欠税。"),
        ("police", ""),
        ("social", "经核实，        （申请人）自    年  月  日起在          公司连续缴纳社保。"),
        ("foreign_affairs", ""),
    ],
)
def test_without_answers_the_annexs_blanks_are_printed(code: str, printed: str) -> None:
    assert SECTIONS[code].sentence({}) == printed


@pytest.mark.parametrize(
    ("trade", "printed"),
    [
        ("performance", "经核实，该公司为（进出口实绩）企业。"),
        ("plan", "经核实，该公司为（进出口计划）企业。"),
    ],
)
def test_commerce_says_which_trade_the_company_has(trade: str, printed: str) -> None:
    assert SECTIONS["commerce"].sentence({"trade": trade}) == printed


@pytest.mark.parametrize(("arrears", "word"), [(True, "是"), (False, "否")])
def test_tax_keeps_the_brackets_around_its_choice(arrears: bool, word: str) -> None:
    sentence = SECTIONS["tax"].sentence({"tax_total": "123.45", "has_arrears": arrears})
    assert sentence == f"经核实，该公司上一年度纳税总额为123.45万元，（{word}）存在欠税。"


def test_a_tax_total_of_nothing_is_no_blank() -> None:
    assert "为0万元" in SECTIONS["tax"].sentence({"tax_total": "0"})


def test_social_insurance_names_the_applicant_the_day_and_the_company() -> None:
    sentence = SECTIONS["social"].sentence(
        {"insured_since": "2025-01-01", "insured_company": "重庆某某贸易"}, applicant_name="张三"
    )
    assert sentence == "经核实，张三（申请人）自2025年1月1日起在重庆某某贸易公司连续缴纳社保。"


def test_a_companys_name_that_ends_in_gongsi_does_not_say_it_twice() -> None:
    sentence = SECTIONS["social"].sentence(
        {"insured_since": "2024-12-31", "insured_company": "某某有限公司"}, applicant_name="张三"
    )
    assert sentence == "经核实，张三（申请人）自2024年12月31日起在某某有限公司连续缴纳社保。"


@pytest.mark.parametrize(
    ("code", "answers"),
    [
        ("commerce", {"trade": "neither"}),
        ("tax", {"has_arrears": "no"}),
        ("social", {"insured_since": "2025-02-30"}),
    ],
)
def test_an_answer_that_cannot_be_printed_is_refused(code: str, answers: dict[str, object]) -> None:
    with pytest.raises(AnswerWrong):
        SECTIONS[code].sentence(answers)


def test_braces_in_an_answer_stay_text() -> None:
    sentence = SECTIONS["social"].sentence({"insured_company": "{applicant}"})
    assert "在{applicant}公司" in sentence


def test_each_department_sees_the_materials_that_concern_it() -> None:
    assert {code: section.materials for code, section in SECTIONS.items()} == {
        "commerce": (1, 2, 5),
        "tax": (2, 3),
        "police": (6, 10),
        "social": (7,),
        "foreign_affairs": (1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
    }
