"""Pre-review as an officer does it: a whole case by keyboard, and once without scripts."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from applications.models import Application
from tests import journey
from tests.browser import PHONE, OpenPage, assert_accessible, assert_fits
from tests.factories import ApplicationFactory, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.live]


@pytest.fixture
def waiting(transactional_db: None) -> Application:
    """A case that waits, and an officer to go through it."""
    UserFactory.create(officer=True, username="officer@station.example")
    return ApplicationFactory.create(submitted=True)


def open_case(page: Page, application: Application) -> None:
    journey.sign_in(page, "officer@station.example")
    page.goto(f"/applications/{application.pk}/pre-review/")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_a_case_is_read_noted_and_returned_by_keyboard_alone(
    waiting: Application, open_page: OpenPage
) -> None:
    page = open_page()
    open_case(page, waiting)
    # The typed facts are in order; on to the first material.
    press(page, "k")
    expect(page.locator("#sheet-title")).to_have_text("材料1 企业申请公函及公司简介")
    press(page, "p")
    expect(page.locator("#sheet-title")).to_have_text("填写的信息")
    for name in ("材料1", "材料2", "材料3", "材料4", "材料5"):
        press(page, "n")
        expect(page.locator("#sheet-title")).to_contain_text(name)
    for name in ("材料6", "材料7", "材料8"):  # of 6 and 7 there is nothing to tick off
        press(page, "k")
        expect(page.locator("#sheet-title")).to_contain_text(name)
    picture = page.locator(".viewer__pane img").first
    before = picture.bounding_box()
    press(page, "+", "r")
    after: Any = picture.bounding_box()
    assert before is not None
    assert after["width"] > before["height"]  # turned by a quarter, and larger
    press(page, "+", "+", "ArrowDown")
    pane = page.locator(".viewer__pane").first
    expect(pane).to_be_focused()
    before_arrow = pane.evaluate("pane => pane.scrollTop")
    press(page, "ArrowDown", "ArrowDown")
    page.wait_for_function("top => document.activeElement.scrollTop > top", arg=before_arrow)
    press(page, "1")
    expect(page.get_by_label(re.compile("照片的尺寸或格式不符合要求"))).to_be_checked()
    press(page, "w")
    page.keyboard.type("领口不平，n和k不是命令。")
    press(page, "Escape", "m")
    expect(page.locator("#noted-title")).to_have_text("已记下的问题（2个）")
    assert_accessible(page)
    press(page, "d", "Enter")
    expect(page.get_by_role("heading", name="先看一遍告知书，再退回")).to_be_visible()
    page.get_by_label("这几项我也看过").check()
    page.get_by_role("button", name="退回并通知企业（2个问题）").press("Enter")
    expect(page.locator("main")).to_contain_text("已把2个问题一次性告知企业")
    words = [correction.words for correction in waiting.corrections.open()]
    assert words == ["照片的尺寸或格式不符合要求。", "领口不平，n和k不是命令。"]


def test_whoever_does_not_want_the_keys_turns_them_off(
    waiting: Application, open_page: OpenPage
) -> None:
    page = open_page()
    open_case(page, waiting)
    page.get_by_text("键盘操作").click()
    page.get_by_label("使用这些快捷键").uncheck()
    page.reload()
    press(page, "n")
    expect(page.locator("#sheet-title")).to_have_text("填写的信息")


def test_without_scripts_on_a_phone_everything_is_there(
    waiting: Application, open_page: OpenPage
) -> None:
    page = open_page(PHONE, scripts=False)
    open_case(page, waiting)
    assert_fits(page)
    for rule in page.get_by_role("group", name="逐条核对").get_by_role("checkbox").all():
        rule.check()
    page.get_by_role("button", name="记下核对结果，看下一页").click()
    expect(page.locator("#sheet-title")).to_have_text("材料1 企业申请公函及公司简介")
    expect(page.locator("main img").first).to_be_visible()
    expect(page.get_by_text("键盘操作")).to_be_hidden()
    assert waiting.readings.get().number == 0
