"""The first screen does the work: what must be seen without scrolling, at a desk and on a phone."""

import pytest
from playwright.sync_api import Locator, Page

from tests.browser import DESKTOP, PHONE, OpenPage, assert_accessible, assert_fits
from tests.factories import ReviewTableFactory, UserFactory
from tests.journey import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.live]
SIZES = [DESKTOP, PHONE]


def foot_of(element: Locator) -> float:
    box = element.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


def assert_on_first_screen(page: Page, *elements: Locator) -> None:
    assert_fits(page)
    size = page.viewport_size
    assert size is not None
    for element in elements:
        assert foot_of(element) <= size["height"], element


def test_a_stranger_sees_what_the_card_does_three_doors_and_the_hotline(
    open_page: OpenPage,
) -> None:
    for size in SIZES:
        page = open_page(size)
        page.goto("/")
        main = page.locator("main")
        assert_on_first_screen(
            page,
            main.get_by_role("heading", name="一张卡，5年内多次往返16个APEC经济体"),
            main.locator("img"),
            main.get_by_role("link", name="我能不能办"),
            main.get_by_role("link", name="怎么办"),
            main.get_by_role("link", name="登录"),
            main.locator(".welcome__hotline"),
        )
        assert_accessible(page)


def test_an_officer_sees_what_is_late_and_due_and_where_the_list_begins(
    open_page: OpenPage,
) -> None:
    UserFactory.create(officer=True, username="officer")
    ReviewTableFactory.create()
    for size in SIZES:
        page = open_page(size)
        sign_in(page, "officer")
        main = page.locator("main")
        assert_on_first_screen(
            page,
            main.get_by_role("link", name="超时"),
            main.get_by_role("link", name="今天到期"),
            main.get_by_role("link", name="等企业"),
            main.get_by_role("heading", name="待预审的申请"),
        )
        assert_accessible(page)


def test_a_leader_sees_four_figures_and_the_most_urgent(open_page: OpenPage) -> None:
    UserFactory.create(station_head=True, username="head")
    ReviewTableFactory.create()
    for size in SIZES:
        page = open_page(size)
        sign_in(page, "head")
        main = page.locator("main")
        assert_on_first_screen(
            page,
            *main.locator(".figure-card").all(),
            main.locator(".task-list__item").first,
        )
        assert main.locator(".figure-card").count() == 4
        assert_accessible(page)
