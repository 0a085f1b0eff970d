"""What is often sent back of what was typed is said before it is submitted."""

from datetime import date

import pytest

from cards.filing.national import passport_kind
from core.identifiers import validate_id_number
from materials.hints import hints_for, name_hint, post_hint

FIRM = "重庆市万州区样例贸易有限公司"
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    "post", ["总经理", "销售部经理", "技术部业务员", "董事长", "外贸业务主管", "副总经理"]
)
def test_a_usual_post_needs_no_hint(post):
    assert post_hint(post, FIRM) == ""


@pytest.mark.parametrize(
    ("post", "words"),
    [
        ("总经理兼财务总监", "只写一个"),
        ("董事长、总经理", "只写一个"),
        (f"{FIRM}总经理", "不带公司名称"),
        ("样例公司销售部经理", "不带公司名称"),
        ("党委书记", "“书记”不能作为职务"),
        ("法人代表", "“法人”不能作为职务"),
        ("经理", "请写明部门"),
        ("业务员", "请写明部门"),
        ("行政部主管", "行政岗位一般不直接开展对外商务"),
        ("英语翻译", "翻译岗位"),
    ],
)
def test_a_post_that_is_often_sent_back_is_told_why(post, words):
    assert words in post_hint(post, FIRM)


@pytest.mark.parametrize("name", ["张 伟", "ZHANG WEI", "张伟1"])
def test_a_name_with_letters_or_blanks_is_to_be_compared(name):
    assert "请与身份证核对" in name_hint(name)


def test_a_name_of_the_card_needs_no_hint():
    assert name_hint("买买提·艾力") == ""
    assert name_hint("欧阳明远") == ""


@pytest.mark.django_db
def test_an_applicant_of_seventeen_is_a_hint_and_no_refusal(applicant):
    applicant.id_number = validate_id_number("500101200811240013", today=TODAY)
    assert "不满18周岁" in hints_for(applicant, today=TODAY)["id_number"]
    assert hints_for(applicant, today=date(2026, 11, 24)) == {}


@pytest.mark.django_db
def test_an_official_passport_is_a_hint(applicant):
    applicant.passport_number = "PE1234567"
    assert "因公护照" in hints_for(applicant)["passport_number"]


@pytest.mark.parametrize(
    ("number", "kind"),
    [("EA0000001", "普通护照"), ("PE1234567", "公务普通护照"), ("SE1234567", "公务护照")],
)
def test_the_kind_of_passport_for_the_national_system_follows_from_its_number(number, kind):
    assert passport_kind(number) == kind


@pytest.mark.django_db
def test_hints_stand_where_the_agent_checks_and_where_the_officer_reads(
    ready_draft, agent, officer, client_of
):
    ready_draft.applicant.post = "总经理兼法人"
    ready_draft.applicant.save()
    page = client_of(agent).get(f"/applications/{ready_draft.pk}/check/").content.decode()
    assert "职务只写一个" in page
    assert "“法人”不能作为职务" in page
    ready_draft.status = "submitted"
    ready_draft.save()
    page = client_of(officer).get(f"/applications/{ready_draft.pk}/pre-review/?material=0")
    assert "职务只写一个" in page.content.decode()


@pytest.mark.django_db
def test_an_enterprise_of_another_district_is_told_before_anybody_refuses(
    ready_draft, agent, client_of
):
    firm = ready_draft.enterprise
    page = client_of(agent).get(firm.get_absolute_url()).content.decode()
    assert "服务站只办理注册地在" not in page
    firm.address, firm.registration_authority = "重庆市渝中区样例路1号", "渝中区市场监督管理局"
    firm.save()
    page = client_of(agent).get(firm.get_absolute_url()).content.decode()
    assert "住所和登记机关里都没有“万州”" in page
