"""A call, from "not found" to a row with its next step; on a phone and without scripts."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from core.dates import day_words
from tests import journey
from tests.browser import PHONE, OpenPage, assert_accessible, assert_fits
from tests.factories import DemandFactory, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.live]


@pytest.fixture(autouse=True)
def station(transactional_db: None) -> None:
    UserFactory.create(officer=True, username="officer@station.example", name="专员甲")
    DemandFactory.create(name="重庆市万州区样例果业有限公司", trade="柑橘")


def test_a_call_becomes_a_row_with_its_next_step(open_page: OpenPage) -> None:
    page = open_page(PHONE)
    journey.sign_in(page, "officer@station.example")
    page.goto("/find/?q=样例丝绸")
    page.get_by_role("link", name="新建台账：样例丝绸").click()
    assert_accessible(page)
    assert_fits(page)
    expect(page.get_by_label("单位名称*", exact=True)).to_have_value("样例丝绸")
    page.get_by_label("联系电话").fill("13900002222")
    page.get_by_label("刚才说了什么").fill("问了怎么办卡。")
    page.get_by_label("已介绍政策").check()
    page.get_by_role("button", name="列入台账").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已宣传")
    expect(page.get_by_text("问了怎么办卡。")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)

    page.get_by_label("说了什么").fill("约了上门。")
    page.locator("#note_next_step").fill("上门走访")
    page.locator("#note_next_on").fill(str(timezone.localdate()))
    page.get_by_role("button", name="记下这次联系").click()
    page.goto("/")
    expect(page.get_by_role("heading", name="台账下一步")).to_be_visible()
    page.get_by_role("link", name="样例丝绸").click()
    expect(page.locator(".next-step")).to_contain_text(f"{day_words(timezone.localdate())}，今天")


def test_a_row_opens_in_the_list_without_scripts(open_page: OpenPage) -> None:
    page = open_page(scripts=False)
    journey.sign_in(page, "officer@station.example")
    page.goto("/ledger/")
    page.get_by_role("link", name=re.compile("^改")).click()
    page.get_by_label("阶段").last.select_option("有意向")
    page.get_by_label("下一步做什么").fill("指导注册")
    page.get_by_role("button", name="保存这一户").click()
    row = page.get_by_role("row", name="样例果业")
    expect(row).to_contain_text("有意向")
    expect(row).to_contain_text("指导注册")
    page.get_by_role("checkbox", name="勾选重庆市万州区样例果业有限公司").check()
    page.get_by_role("button", name="给勾选的企业安排").click()
    page.get_by_label("负责人").select_option("专员甲")
    page.get_by_role("button", name="改这1户").click()
    expect(page.get_by_role("row", name="样例果业")).to_contain_text("专员甲")
