"""The first screen does the work: what must be seen without scrolling, at a desk and on a phone."""

import pytest
from playwright.sync_api import Locator, Page

from applications.models import Application
from tests.browser import DESKTOP, PHONE, OpenPage, assert_accessible, assert_fits
from tests.factories import (
    ApplicantFactory,
    ApplicationFactory,
    EnterpriseFactory,
    ReviewTableFactory,
    UserFactory,
    agent_of,
)
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
            main.get_by_role("link", name="怎么办", exact=True),
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


@pytest.fixture
def draft(portal: str) -> Application:
    """Of an enterprise whose agent is `agent`."""
    enterprise = EnterpriseFactory.create()
    agent_of(enterprise, username="agent")
    applicant = ApplicantFactory.create(enterprise=enterprise, name="张样例")
    application: Application = ApplicationFactory.create(applicant=applicant)
    return application


def test_an_agent_sees_what_to_do_now_and_where_the_case_is(
    open_page: OpenPage, draft: Application
) -> None:
    for size in SIZES:
        page = open_page(size)
        sign_in(page, "agent")
        main = page.locator("main")
        assert_on_first_screen(
            page,
            main.get_by_role("link", name="继续准备"),
            main.locator(".progress-line"),
            main.locator("[aria-current=step]").get_by_text("准备材料"),
        )
        assert_accessible(page)


def test_on_a_phone_words_are_not_squeezed_beside_what_they_stand_at(
    open_page: OpenPage, draft: Application
) -> None:
    """They keep three fifths of the line at the least; a longer tag goes below them."""
    own = draft.enterprise
    for status in ("returned", "supplementing", "declined", "endorsed"):
        applicant = ApplicantFactory.create(enterprise=own, name="欧阳样例明")
        ApplicationFactory.create(applicant=applicant, submitted=True, status=status)
    page = open_page(PHONE)
    sign_in(page, "agent")
    for path in ("/", "/applications/", f"/enterprises/{own.pk}/", "/applications/applicants/"):
        page.goto(path)
        rows = page.locator(".task-list__item:has(.task-list__name):has(.task-list__state)")
        assert rows.count(), path
        for row in rows.all():
            whole, words = row.bounding_box(), row.locator(".task-list__name").bounding_box()
            assert whole is not None
            assert words is not None
            assert words["width"] >= 0.6 * whole["width"], (path, row.inner_text())
        assert_fits(page)


def test_an_agent_sees_of_a_material_the_rule_a_good_example_and_where_to_choose_a_file(
    open_page: OpenPage, draft: Application
) -> None:
    for size in SIZES:
        page = open_page(size)
        sign_in(page, "agent")
        for number in (8, 9, 10):
            page.goto(f"/applications/{draft.pk}/materials/{number}/")
            main = page.locator("main")
            assert_on_first_screen(
                page,
                main.get_by_text("要求："),
                main.locator(".rule-beside__example"),
                main.get_by_label("选择图片"),
            )
        assert_accessible(page)
