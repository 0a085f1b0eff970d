"""From the public page on a phone to a call back, and the officer who calls at his desk."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from enterprises.models import Demand
from outreach.models import Consultation
from tests.browser import DESKTOP, OpenPage, assert_accessible, assert_fits
from tests.factories import UserFactory
from tests.journey import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.live]


@pytest.fixture
def officer(portal: str) -> User:
    person: User = UserFactory.create(officer=True, username="officer", name="专员甲")
    return person


def answer(page: Page, text: str) -> None:
    page.get_by_label(text, exact=True).check()
    page.get_by_role("button", name="下一题").click()


def test_a_self_test_on_the_phone_becomes_a_call_that_the_officer_notes(
    open_page: OpenPage, phone: Page, officer: User
) -> None:
    phone.goto("/")
    phone.get_by_role("main").get_by_role("link", name="我能不能办").click()
    phone.get_by_role("button", name="下一题").click()
    expect(phone.get_by_role("alert")).to_contain_text("请选一项")
    answer(phone, "是，住所和登记机关都在万州区")
    answer(phone, "个体工商户、社会组织或其他")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("业务往来")
    # What was answered wrongly is changed, and the way goes on where it was.
    phone.get_by_role("link", name="更改：企业是哪一种？").click()
    answer(phone, "内资公司（有限责任公司、股份有限公司等）")
    answer(phone, "有，近一年有进出口、投资或服务的记录")
    answer(phone, "是")
    answer(phone, "中国普通护照（因私）")
    answer(phone, "66个月以上")
    answer(phone, "法定代表人、高层管理人员")
    answer(phone, "由人事代理公司、总公司或在外地代缴")
    answer(phone, "没有犯罪记录，也没有被哪个国家拒签过")
    answer(phone, "没有办过，或者旧卡已经注销")
    expect(phone.get_by_role("heading", name="请先打个电话")).to_be_visible()
    assert_fits(phone)
    assert_accessible(phone)
    phone.get_by_role("link", name="请专员回电").click()
    phone.get_by_label("怎么称呼您").fill("王经理")
    phone.get_by_label("联系电话").fill("13800001234")
    phone.get_by_role("button", name="请专员给我打电话").click()
    expect(phone.get_by_role("heading", name="已记下，专员会给您打电话")).to_be_visible()
    assert_fits(phone)

    desk = open_page(DESKTOP)
    sign_in(desk, "officer")
    desk.get_by_role("link", name="请回电").click()
    desk.get_by_role("link", name="王经理").click()
    expect(desk.get_by_text("138****1234")).to_be_visible()
    desk.get_by_role("button", name="显示号码").click()
    expect(desk.get_by_role("link", name="13800001234")).to_be_visible()
    expect(desk.get_by_text("参保单位和申请企业不一致")).to_be_visible()
    assert_accessible(desk)
    desk.get_by_label("通话记录").fill("请带代缴协议来核对")
    desk.get_by_role("button", name="记下通话，办结").click()
    expect(desk.get_by_text("通话已记下")).to_be_visible()


def test_large_type_is_switched_on_for_all_pages(phone: Page) -> None:
    phone.goto("/guide/steps/")
    phone.get_by_role("button", name="大字版").click()
    assert_fits(phone)
    size = phone.evaluate("parseFloat(getComputedStyle(document.querySelector('main p')).fontSize)")
    assert size >= 20
    phone.goto("/")
    expect(phone.get_by_role("button", name="普通字号")).to_be_visible()
    assert_fits(phone)


def test_a_caller_is_found_while_one_types_and_answered_from_the_common_questions(
    open_page: OpenPage, officer: User
) -> None:
    Demand.objects.create(
        name="重庆市万州区青禾贸易有限公司", source="list", contact_phone="13800005678"
    )
    desk = open_page(DESKTOP)
    sign_in(desk, "officer")
    desk.goto(reverse("outreach:desk_new"))
    desk.get_by_label("电话、单位或姓名").press_sequentially("138 0000 5678")
    desk.get_by_label("重庆市万州区青禾贸易有限公司").check()
    desk.get_by_role("textbox", name="问什么").fill("换了护照，旧卡还能用吗？")
    desk.get_by_label("在常见问题里找答案").press_sequentially("换了护照")
    desk.get_by_label("用这一条答复").first.check()
    expect(desk.get_by_label("答复", exact=True)).not_to_have_value("")
    assert_accessible(desk)
    desk.get_by_label("主题").select_option(label="换卡、补卡、续办")
    desk.get_by_role("button", name="已当场答复，办结").click()
    expect(desk.get_by_text("已答复，记下了")).to_be_visible()
    kept = Consultation.objects.get()
    assert (kept.demand and kept.demand.stage, kept.phone) == ("told", "13800005678")
    assert kept.question_version == 1
    desk.goto(reverse("outreach:plan"))
    expect(desk.get_by_text("现在是常态化服务阶段")).to_be_visible()
    assert_accessible(desk)
