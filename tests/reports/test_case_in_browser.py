"""“我的申请到哪了” from a number to the sentence in two steps; and the homes’ first screens."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from accounts.models import Department, Role
from reviews.models import ReviewTable
from tests.browser import DESKTOP, PHONE, OpenPage, assert_accessible, assert_fits
from tests.factories import (
    ApplicantFactory,
    ApplicationFactory,
    EnterpriseFactory,
    ReviewTableFactory,
    UserFactory,
    agent_of,
    liaison,
)
from tests.journey import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.live]
SIZES = [DESKTOP, PHONE]


def foot_of(element: Locator) -> float:
    box = element.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


def assert_seen_at_once(page: Page, *elements: Locator) -> None:
    assert_fits(page)
    size = page.viewport_size
    assert size is not None
    for element in elements:
        assert foot_of(element) <= size["height"], element


@pytest.fixture
def late_table(portal: str) -> ReviewTable:
    """With the tax bureau past its deadline, in the hands of somebody who can be rung up."""
    enterprise = EnterpriseFactory.create(name="重庆市万州区平湖机械有限公司")
    agent = agent_of(enterprise, username="agent", phone="13700007777")
    applicant = ApplicantFactory.create(enterprise=enterprise, name="曾小例", phone="13987654321")
    case = ApplicationFactory.create(
        applicant=applicant, created_by=agent, submitted=True, status="in_review"
    )
    table: ReviewTable = ReviewTableFactory.create(application=case)
    tax = liaison("tax", username="tax", phone="13600001111")
    table.opinions.filter(department__code="tax").update(
        assignee=tax, due_at=timezone.now() - timedelta(days=4)
    )
    return table


def test_a_caller_is_answered_from_his_number_in_two_steps(
    open_page: OpenPage, late_table: ReviewTable
) -> None:
    UserFactory.create(officer=True, username="officer")
    page = open_page(DESKTOP)
    sign_in(page, "officer")
    page.wait_for_load_state()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("13700007777")
    page.keyboard.press("Enter")
    # The home page, which is left by this, names him as well.
    page.wait_for_url("**/find/**")
    page.locator("main").get_by_role("link", name="曾小例").first.click()
    spoken = page.locator(".spoken__words")
    expect(spoken).to_contain_text("送五个部门审核，还没有部门签署，正在等")
    whom = page.locator(".case-whom")
    assert_seen_at_once(page, spoken, whom.locator(".next-step"), whom.get_by_text("13600001111"))
    assert_accessible(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert_seen_at_once(page, spoken)
    page.get_by_role("navigation", name="本案各页").get_by_role("link", name="审核表").click()
    page.get_by_role("navigation", name="本案各页").get_by_role("link", name="预审").click()
    page.get_by_role("navigation", name="本案各页").get_by_role("link", name="企业档案").click()
    expect(page.locator("h1")).to_have_text("重庆市万州区平湖机械有限公司")
    assert_fits(page)
    assert_accessible(page)


def test_a_leader_sees_four_lines_and_whom_to_ring_and_chase(
    open_page: OpenPage, late_table: ReviewTable
) -> None:
    tax = Department.objects.get(code="tax")
    UserFactory.create(role=Role.SUPERVISOR, department=tax, username="leader")
    for size in SIZES:
        page = open_page(size)
        sign_in(page, "leader")
        main = page.locator("main")
        assert main.locator(".spark").count() == 4
        assert_seen_at_once(
            page,
            *main.locator(".spark").all(),
            main.get_by_text("13600001111"),
            main.get_by_role("button", name="催办"),
        )
        assert_accessible(page)


def test_a_liaison_s_next_one_is_the_first_thing_seen(
    open_page: OpenPage, late_table: ReviewTable
) -> None:
    for size in SIZES:
        page = open_page(size)
        sign_in(page, "tax")
        first = page.locator(".task-list__item--next")
        assert_seen_at_once(page, first, first.get_by_role("link", name="填写并签署"))
        assert_accessible(page)
