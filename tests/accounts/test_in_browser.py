"""A person's own pages in Chromium: on a phone, without scripts, by the rules of WCAG AA."""

import pytest
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.browser import PHONE, OpenPage, assert_accessible, assert_fits
from tests.factories import PASSWORD

pytestmark = pytest.mark.browser


def sign_in(page: Page, user: User, to: str = "/") -> None:
    page.goto(f"/accounts/sign-in/?next={to}")
    page.get_by_label("登录名").fill(user.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="登录").click()


def test_a_second_factor_is_set_up_and_used_on_a_phone_without_scripts(
    open_page: OpenPage, tax_liaison: User
) -> None:
    page = open_page(PHONE, scripts=False)
    sign_in(page, tax_liaison, to="/accounts/me/")
    page.get_by_role("link", name="启用手机验证器").click()
    page.get_by_label("您的登录密码").fill(PASSWORD)
    page.get_by_role("button", name="开始设置").click()
    device = TOTPDevice.objects.get(user=tax_liaison)
    page.get_by_label("动态验证码").fill(f"{totp(device.bin_key):06d}")
    page.get_by_role("button", name="启用", exact=True).click()
    expect(page.get_by_text("第二重验证已启用")).to_be_visible()
    page.get_by_role("button", name="退出").click()

    # The code just used serves no second time; the clock would have to go on by half a minute.
    TOTPDevice.objects.update(last_t=-1)
    sign_in(page, tax_liaison, to="/notices/")
    device.refresh_from_db()
    page.get_by_label("动态验证码").fill(f"{totp(device.bin_key, drift=device.drift):06d}")
    page.get_by_role("button", name="继续登录").click()
    expect(page.get_by_role("heading", name="通知", level=1)).to_be_visible()


@pytest.mark.parametrize(
    ("person", "paths"),
    [
        ("agent", ["me/", "me/mailbox/", "me/close/"]),
        ("tax_liaison", ["me/", "me/edit/", "me/password/", "me/second-factor/"]),
        ("system_admin", ["users/", "users/new/"]),
        ("security_admin", ["locks/", "requests/"]),
        ("auditor", ["audit/"]),
    ],
)
def test_the_pages_fit_a_phone_and_break_no_rule(
    open_page: OpenPage, request: pytest.FixtureRequest, person: str, paths: list[str]
) -> None:
    page = open_page(PHONE)
    page.goto("/accounts/sign-in/")
    assert_accessible(page)
    sign_in(page, request.getfixturevalue(person), to="/notices/")
    for path in ["../notices/", *paths]:
        page.goto(f"/accounts/{path}")
        assert_fits(page)
        assert_accessible(page)
