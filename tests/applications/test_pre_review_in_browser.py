"""Pre-review as an officer does it: a whole case by keyboard, and once without scripts."""

import re
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from applications.models import Application
from applications.services import corrections, intake, moves
from tests import journey
from tests.browser import PHONE, OpenPage, assert_accessible, assert_fits
from tests.factories import ApplicationFactory, UserFactory, material_page, picture

pytestmark = [pytest.mark.browser, pytest.mark.live]


@pytest.fixture
def waiting(transactional_db: None) -> Application:
    """A case that waits, and an officer to go through it."""
    UserFactory.create(officer=True, username="officer@station.example")
    return ApplicationFactory.create(submitted=True)


def open_case(page: Page, application: Application) -> None:
    journey.sign_in(page, "officer@station.example")
    page.goto(f"/applications/{application.pk}/pre-review/")


def open_sheet(page: Page, application: Application, number: int, place: int = 1) -> None:
    open_case(page, application)
    page.goto(f"/applications/{application.pk}/pre-review/?material={number}&page={place}")


def box(page: Page, selector: str) -> dict[str, float]:
    found: Any = page.locator(selector).first.bounding_box()
    assert found is not None, selector
    return dict(found)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        # A key may lead to the next page, whose script is there once it has loaded.
        page.wait_for_load_state()
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


# The workbench -----------------------------------------------------------------------------------


def test_stops_picture_and_lists_stand_side_by_side_in_the_first_screen(
    waiting: Application, open_page: OpenPage
) -> None:
    page = open_page()
    open_sheet(page, waiting, 8)
    pane = box(page, ".viewer__pane")
    assert pane["height"] >= 540  # 60 % of 900
    assert pane["y"] + pane["height"] <= 900
    stops = box(page, "[data-fresh=sheets]")
    assert stops["x"] + stops["width"] <= pane["x"]
    assert stops["width"] <= 240
    for aside in ("系统检查", "对照填写的信息"):
        heading: Any = page.get_by_role("heading", name=aside).bounding_box()
        assert heading["x"] >= pane["x"] + pane["width"]
        assert heading["y"] < 900
    head = box(page, ".bench-head")
    assert head["height"] <= 56
    assert page.locator(".bench-head").get_by_text("下一步：服务站专员").is_visible()
    assert_fits(page)


def test_every_stop_says_in_a_word_how_far_it_is(waiting: Application, open_page: OpenPage) -> None:
    officer = User.objects.get(username="officer@station.example")
    corrections.note(waiting, number=9, words="签名太细。", by=officer)
    page = open_page()
    open_sheet(page, waiting, 8)
    stops = page.locator("[data-fresh=sheets] a")
    expect(stops).to_have_count(11)
    expect(stops.nth(8)).to_have_attribute("aria-current", "true")
    expect(stops.nth(8)).to_contain_text("还没有核对")
    expect(stops.nth(9)).to_contain_text("已记1个问题")
    page.get_by_role("button", name="全部符合").click()
    expect(page.locator("[data-fresh=sheets] a").nth(8)).to_contain_text("已核对")


def test_the_picture_stays_in_view_beside_the_list(
    waiting: Application, open_page: OpenPage
) -> None:
    page = open_page()
    open_sheet(page, waiting, 8)
    page.get_by_role("button", name="记下问题").scroll_into_view_if_needed()
    pane = box(page, ".viewer__pane")
    assert pane["y"] >= 0
    assert pane["y"] + pane["height"] <= 900


def test_the_wheel_zooms_and_the_mouse_drags(waiting: Application, open_page: OpenPage) -> None:
    page = open_page()
    open_sheet(page, waiting, 8)
    pane = box(page, ".viewer__pane")
    before = box(page, ".viewer__pane img")
    assert before["height"] <= pane["height"]  # the whole picture is seen at first
    middle = pane["x"] + pane["width"] / 2, pane["y"] + pane["height"] / 2
    page.mouse.move(*middle)
    for _ in range(4):
        page.mouse.wheel(0, -300)
    page.wait_for_function(
        "width => document.querySelector('.viewer__pane img').offsetWidth > 2 * width",
        arg=before["width"],
    )
    assert page.evaluate("window.scrollY") == 0  # the page stays where it is
    at = scrolled(page, 0)
    page.mouse.down()
    page.mouse.move(middle[0] - 120, middle[1] - 90)
    page.mouse.up()
    assert scrolled(page, 0) == (at[0] + 120, at[1] + 90)


def scrolled(page: Page, place: int) -> tuple[float, float]:
    left, top = (
        page.locator(".viewer__pane")
        .nth(place)
        .evaluate("pane => [pane.scrollLeft, pane.scrollTop]")
    )
    return left, top


def test_the_new_and_the_replaced_picture_move_together_by_mouse(
    waiting: Application, open_page: OpenPage
) -> None:
    officer = User.objects.get(username="officer@station.example")
    corrections.note(waiting, number=8, words="太暗。", by=officer)
    moves.send_back(waiting, by=officer)
    waiting.materials.get(number=8).pages.current().update(superseded_at=timezone.now())
    material_page(waiting, 8, picture(8, "new"))
    intake.mark_replaced(waiting, 8)
    moves.resubmit(waiting, by=waiting.enterprise.agents.get().user)
    page = open_page()
    open_sheet(page, waiting, 8)
    expect(page.locator(".viewer__pane")).to_have_count(2)
    left, right = (page.locator(".viewer__pane").nth(place).bounding_box() for place in (0, 1))
    assert left is not None
    assert right is not None
    assert left["x"] + left["width"] <= right["x"]
    assert right["height"] >= 540
    page.mouse.move(right["x"] + 100, right["y"] + 100)
    for _ in range(5):
        page.mouse.wheel(0, -300)
    page.mouse.down()
    page.mouse.move(right["x"] + 40, right["y"] + 30)
    page.mouse.up()
    page.wait_for_function(
        """() => {
          const [one, other] = document.querySelectorAll(".viewer__pane");
          return other.scrollLeft > 0 && Math.abs(one.scrollLeft - other.scrollLeft) <= 2
            && Math.abs(one.scrollTop - other.scrollTop) <= 2;
        }"""
    )


def test_on_a_phone_the_picture_comes_first_and_then_the_list(
    waiting: Application, open_page: OpenPage
) -> None:
    page = open_page(PHONE)
    open_sheet(page, waiting, 8)
    pane = box(page, ".viewer__pane")
    assert pane["y"] < 500
    checks = box(page, "form[data-reading]")
    stops = box(page, "[data-fresh=sheets]")
    assert pane["y"] + pane["height"] <= checks["y"] < stops["y"]
    assert pane["width"] >= 340
    assert_fits(page)
    assert_accessible(page)


# Nothing that was typed or seen is lost -----------------------------------------------------------


def test_going_on_keeps_what_was_typed_and_ticked(
    waiting: Application, open_page: OpenPage
) -> None:
    page = open_page()
    open_sheet(page, waiting, 8)
    page.get_by_label("其他问题和改法").fill("领口有反光，请重拍。")
    page.get_by_label("照片的尺寸或格式不符合要求").check()
    page.get_by_label("白底，没有阴影").check()
    page.locator("h1").click()
    press(page, "n")
    expect(page.locator("#sheet-title")).to_contain_text("材料9")
    expect(page.get_by_label("其他问题和改法")).to_have_value("")
    expect(page.locator("[data-fresh=sheets] a").nth(8)).to_contain_text("写了没有记下")
    press(page, "p")
    expect(page.get_by_label("其他问题和改法")).to_have_value("领口有反光，请重拍。")
    expect(page.get_by_label("照片的尺寸或格式不符合要求")).to_be_checked()
    expect(page.get_by_label("白底，没有阴影")).to_be_checked()
    press(page, "m")
    expect(page.locator("#noted-title")).to_have_text("已记下的问题（2个）")
    expect(page.get_by_label("其他问题和改法")).to_have_value("")


def test_k_ticks_a_material_off_after_its_last_page(
    waiting: Application, open_page: OpenPage
) -> None:
    material_page(waiting, 5, picture(5, "second"))
    page = open_page()
    open_sheet(page, waiting, 5)
    expect(page.get_by_role("button", name="全部符合")).to_have_count(0)
    press(page, "k")
    expect(page.get_by_text("第2页，共2页")).to_be_visible()
    assert not waiting.readings.exists()
    press(page, "k")
    expect(page.locator("#sheet-title")).to_contain_text("材料6")
    assert waiting.readings.get().number == 5


def test_two_officers_on_one_case_see_each_other(waiting: Application, open_page: OpenPage) -> None:
    UserFactory.create(officer=True, username="other@station.example", name="专员乙")
    page = open_page()
    page.clock.install()
    open_case(page, waiting)
    expect(page.locator("[data-fresh=others]")).to_be_empty()
    other = open_page(scripts=False)
    journey.sign_in(other, "other@station.example")
    other.goto(f"/applications/{waiting.pk}/pre-review/")
    first = User.objects.get(username="officer@station.example")
    expect(other.locator("[data-fresh=others]")).to_contain_text(f"{first.name}也打开了这件申请")
    page.get_by_label("其他问题和改法").fill("写了一半")
    page.clock.fast_forward(60_000)
    expect(page.locator("[data-fresh=others]")).to_contain_text("专员乙也打开了这件申请")
    expect(page.get_by_label("其他问题和改法")).to_have_value("写了一半")
