"""An opinion that seems to contradict itself is asked about, and may be signed all the same."""

from datetime import date
from typing import Any

import pytest

from reviews.doubts import doubts_of
from reviews.drafts import Draft
from reviews.models import Opinion, ReviewTable
from reviews.services import opinions
from tests.conftest import ClientOf
from tests.factories import PASSWORD
from tests.reviews.conftest import Station

TODAY = date(2026, 11, 26)
CONTRADICTION = "结论选的是“同意”，办理意见里却写着“"


def asked(conclusion: str, words: str, **answers: Any) -> list[str]:
    opinion = Opinion(conclusion=conclusion, words=words, answers=answers)
    return doubts_of(opinion, today=TODAY)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("现有材料不足以证明与APEC经济体的业务往来，暂不同意。", "不足以"),
        ("该公司存在欠税，缴清前暂不同意。", "暂不同意"),
        ("经查询，申请人情况不符合申办条件，不同意。", "不符合"),
        ("经审核，不符合申办条件，不予推荐。", "不符合"),
        ("暂缓办理。", "暂缓"),
        ("经查，申请人有犯罪记录。", "有犯罪记录"),
    ],
)
def test_words_that_refuse_beside_agree_are_asked_about(words: str, found: str) -> None:
    assert asked("agree", words) == [f"{CONTRADICTION}{found}”。"]
    assert asked("disagree", words) == []


@pytest.mark.parametrize(
    "words",
    [
        "情况属实，同意申办。",
        "经查询，未发现申请人有犯罪记录，同意申办。",
        "未发现不符合申办条件的情形，同意。",
        "经核查，申请人无违法犯罪记录，没有犯罪前科，同意。",
        "各科室没有不同意见，同意。",
        "经审核，材料齐全，符合申办条件，同意推荐申办APEC商务旅行卡。",
    ],
)
def test_words_that_agree_are_asked_about_only_beside_disagree(words: str) -> None:
    assert asked("agree", words) == []
    assert asked("disagree", words) == ["结论选的是“不同意”，办理意见里却写着“同意”。"]


def test_arrears_beside_agree_are_asked_about() -> None:
    assert asked("agree", "同意。", tax_total="1.00", has_arrears=True) == [
        "核实结果是存在欠税，结论选的是“同意”。"
    ]
    assert asked("agree", "同意。", tax_total="1.00", has_arrears=False) == []
    assert asked("disagree", "存在欠税。", tax_total="1.00", has_arrears=True) == []


def test_less_than_six_months_of_insurance_beside_agree_are_asked_about() -> None:
    assert asked("agree", "同意。", insured_since="2026-05-27") == [
        "社保从2026年5月27日起缴纳，到今天不足6个月，结论选的是“同意”。"
    ]
    assert asked("agree", "同意。", insured_since="2026-05-26") == []
    assert asked("disagree", "不足6个月。", insured_since="2026-11-20") == []


@pytest.mark.django_db
def test_the_question_stands_on_form_and_preview_and_bars_nothing(
    station: Station, circulated: ReviewTable, client_of: ClientOf
) -> None:
    opinion = circulated.opinions.with_case().get(department__code="tax")
    liaison = station.liaisons["tax"]
    draft = Draft({"tax_total": "1.00", "has_arrears": True}, "缴清前暂不同意。", "agree")
    opinions.save_draft(opinion, draft, by=liaison, seen_version=None)
    client = client_of(liaison)
    for what in ("", "sign/"):
        page = client.get(f"{opinion.get_absolute_url()}{what}").text
        assert f"{CONTRADICTION}暂不同意”。" in page
        assert "核实结果是存在欠税" in page
        assert "核对无误的，可以照常签署" in page
    batch = f"/reviews/enterprises/{circulated.application.enterprise_id}/sign/"
    assert "核实结果是存在欠税" in client.get(batch).text
    preview = client.get(f"{opinion.get_absolute_url()}sign/").context["preview"]
    client.post(f"{opinion.get_absolute_url()}sign/", {"password": PASSWORD, "preview": preview})
    opinion.refresh_from_db()
    assert opinion.is_signed
