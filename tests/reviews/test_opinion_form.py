"""An opinion has to fit its cell: 300 characters, however they are typed."""

import pytest

from reviews.annex4 import SECTIONS
from reviews.forms import OpinionForm
from reviews.models import ReviewTable

pytestmark = pytest.mark.django_db


def form_with(circulated: ReviewTable, words: str) -> OpinionForm:
    opinion = circulated.opinions.with_case().get(department__code="police")
    sent = {"words": words, "conclusion": "agree"}
    return OpinionForm(sent, section=SECTIONS["police"], opinion=opinion)


def test_300_characters_are_taken_and_301_are_told_to_the_character(
    circulated: ReviewTable,
) -> None:
    assert form_with(circulated, "字" * 300).is_valid()
    too_long = form_with(circulated, "字" * 301)
    assert too_long.errors["words"] == [
        "办理意见有301个字，超出1个字。表格里最多印300个字，请缩短。"
    ]


def test_a_rare_character_and_a_line_break_count_as_one(circulated: ReviewTable) -> None:
    assert form_with(circulated, "𬱖" * 300).is_valid()
    assert form_with(circulated, "字\r\n" * 149 + "字字").is_valid()


def test_the_browser_counts_and_cuts_nothing(circulated: ReviewTable) -> None:
    field = str(form_with(circulated, "字")["words"])
    assert 'data-counter="300"' in field
    assert "maxlength" not in field


def test_a_total_that_is_too_large_asks_for_its_unit(circulated: ReviewTable) -> None:
    opinion = circulated.opinions.with_case().get(department__code="tax")
    for total in ("123456789012345", "1234567890123"):
        sent = {"tax_total": total, "has_arrears": "no", "words": "同意。", "conclusion": "agree"}
        form = OpinionForm(sent, section=SECTIONS["tax"], opinion=opinion)
        assert form.errors["tax_total"] == ["数额太大，请核对单位是不是万元。"]
