"""The head of every page: one line on a desk, the menu folded on a phone, open without scripts."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Role
from tests.browser import PHONE, OpenPage, assert_accessible, assert_fits
from tests.factories import UserFactory
from tests.journey import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.live]
HIGHEST = 56


@pytest.fixture
def everybody_at_the_station(portal: str) -> list[str]:
    UserFactory.create(officer=True, username="officer")
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR):
        UserFactory.create(role=role, username=role.value)
    return ["officer", "system_admin", "security_admin", "auditor"]


def head_of(page: Page) -> float:
    box = page.locator(".station-head__row").bounding_box()
    assert box is not None
    return box["height"]


def test_on_a_desk_the_head_is_one_line_for_everybody_at_the_station(
    open_page: OpenPage, everybody_at_the_station: list[str]
) -> None:
    for username in everybody_at_the_station:
        page = open_page()
        sign_in(page, username)
        assert head_of(page) <= HIGHEST, username
        assert_fits(page)
        page.context.close()


def test_what_an_officer_rarely_wants_is_behind_a_button(
    open_page: OpenPage, everybody_at_the_station: list[str]
) -> None:
    page = open_page()
    sign_in(page, "officer")
    rare = page.get_by_role("link", name="运行状况")
    expect(rare).to_be_hidden()
    page.get_by_role("button", name="更多").click()
    expect(rare).to_be_visible()
    assert_accessible(page)
    rare.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("运行状况")


def test_on_a_phone_a_button_with_its_name_opens_the_menu(
    open_page: OpenPage, everybody_at_the_station: list[str]
) -> None:
    page = open_page(PHONE)
    sign_in(page, "officer")
    expect(page.get_by_role("link", name="审核表", exact=True)).to_be_hidden()
    assert head_of(page) <= HIGHEST
    page.get_by_role("button", name="菜单").click()
    expect(page.get_by_role("button", name="退出")).to_be_visible()
    expect(page.get_by_role("link", name="审核表", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="运行状况")).to_be_visible()
    assert_fits(page)
    assert_accessible(page)


def test_without_scripts_the_menu_stands_open(
    open_page: OpenPage, everybody_at_the_station: list[str]
) -> None:
    page = open_page(PHONE, scripts=False)
    sign_in(page, "officer")
    expect(page.get_by_role("link", name="审核表", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="运行状况")).to_be_visible()
    expect(page.get_by_role("button", name="退出")).to_be_visible()
    expect(page.get_by_role("button", name="菜单")).to_be_hidden()
