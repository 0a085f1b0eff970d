"""The calendar, 时限明细 and 催办 in Chromium, on a phone and without scripts, by WCAG AA."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import User
from reviews.models import Reminder, ReviewTable
from tests.browser import DESKTOP, PHONE, OpenPage, assert_accessible, assert_fits
from tests.factories import PASSWORD, ReviewTableFactory
from tests.workdays.test_holiday_notices import DAYS_2027, as_csv
from workdays.models import HolidayNotice

pytestmark = pytest.mark.browser


@pytest.fixture
def review(officer: User, tax_liaison: User) -> ReviewTable:
    """Circulated now, so that it is open at whatever time the test runs."""
    form: ReviewTable = ReviewTableFactory.create(circulated_by=officer)
    return form


@pytest.mark.parametrize("scripts", [True, False])
def test_the_officer_enters_a_notice_chases_and_explains_a_deadline(
    open_page: OpenPage, officer: User, review: ReviewTable, scripts: bool
) -> None:
    page = open_page(PHONE if scripts else DESKTOP, scripts=scripts)
    page.goto("/accounts/sign-in/?next=/workdays/calendar/")
    page.get_by_label("登录名").fill(officer.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="登录").click()
    page.get_by_role("main").get_by_role("link", name="录入节假日安排").click()
    page.get_by_label("年份").fill("2027")
    page.get_by_label("来源").fill("公报")
    page.get_by_label("或者把内容粘贴在这里").fill(as_csv(DAYS_2027))
    page.get_by_role("button", name="预览").click()
    expect(page.get_by_text("2027年2月5日至2月12日放假，共8天。")).to_be_visible()
    assert_fits(page)
    if scripts:
        assert_accessible(page)
    page.get_by_role("button", name="确认录入").click()
    expect(page.get_by_text("2027年节假日安排已录入。")).to_be_visible()
    assert HolidayNotice.objects.get(year=2027).entered_by == officer

    page.goto(review.get_absolute_url())
    page.get_by_role("button", name=re.compile(r"^催办\s*区税务局$")).click()
    expect(page.get_by_text("已催办区税务局")).to_be_visible()
    assert Reminder.objects.get().asked_by == officer
    assert_fits(page)
    if scripts:
        assert_accessible(page)
    page.get_by_role("link", name="时限明细").click()
    expect(page.get_by_role("heading", name="时限明细")).to_be_visible()
    expect(page.get_by_role("button", name="打印")).to_be_visible(visible=scripts)
    assert_fits(page)
    if scripts:
        assert_accessible(page)
