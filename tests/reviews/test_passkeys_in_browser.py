"""A passkey on a liaison's phone: added, signed in with, an opinion signed with, in Chromium."""

import pytest
from playwright.sync_api import Page, expect

from accounts.entry_models import Passkey
from reviews.models import Opinion, ReviewTable
from tests.accounts.soft_key import SoftKey
from tests.browser import PHONE, OpenPage, assert_accessible, assert_fits
from tests.factories import PASSWORD
from tests.journey import sign_in
from tests.reviews.conftest import Station

pytestmark = pytest.mark.browser


@pytest.fixture
def opinion(portal: str, station: Station, circulated: ReviewTable) -> Opinion:
    """The tax bureau's, filled in and ready to be signed."""
    return station.draft(circulated, "tax")


def name_of(opinion: Opinion) -> str:
    return opinion.drafted_by.username if opinion.drafted_by else ""


def with_finger(page: Page) -> None:
    """The phone's own authenticator, on which a finger always lies."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def test_a_phone_adds_a_passkey_signs_in_and_signs_by_it(
    open_page: OpenPage, opinion: Opinion
) -> None:
    page = open_page(PHONE)
    with_finger(page)
    sign_in(page, name_of(opinion))
    page.goto("/accounts/me/passkeys/")
    assert_fits(page)
    assert_accessible(page)
    page.get_by_role("link", name="添加通行密钥").click()
    page.get_by_label("给这台设备起个名字").fill("我的手机")
    page.get_by_label("您的登录密码").fill(PASSWORD)
    page.get_by_role("button", name="继续").click()
    assert_accessible(page)
    page.get_by_role("button", name="添加这台设备").click()
    expect(page.get_by_role("heading", name="请抄下备用恢复码")).to_be_visible()
    assert_fits(page)
    assert_accessible(page)
    page.get_by_role("link", name="已经记下").click()
    expect(page.get_by_text("已添加1把")).to_be_visible()
    assert_fits(page)
    page.context.clear_cookies()

    sign_in(page, name_of(opinion))
    expect(page.get_by_role("heading", name="第二重验证", exact=True)).to_be_visible()
    assert_fits(page)
    assert_accessible(page)
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page.locator(".worklist h2").first).to_contain_text("待签署")

    page.goto(f"{opinion.get_absolute_url()}sign/")
    button = page.get_by_role("button", name="用通行密钥签署")
    place = button.bounding_box()
    assert place is not None
    assert place["y"] + place["height"] <= PHONE["height"]
    expect(page.get_by_label("您的登录密码")).to_be_hidden()
    assert_fits(page)
    assert_accessible(page)
    button.click()
    expect(page.get_by_text("意见已签署")).to_be_visible()
    assert Opinion.objects.get(pk=opinion.pk).is_signed
    passkey = Passkey.objects.get()
    assert passkey.counter > 0
    assert passkey.used_at is not None


def test_without_scripts_the_password_and_a_code_serve_as_before(
    open_page: OpenPage, opinion: Opinion
) -> None:
    signer = opinion.drafted_by
    assert signer is not None
    SoftKey().kept_for(signer)
    page = open_page(PHONE, scripts=False)
    sign_in(page, name_of(opinion))
    expect(page.get_by_role("button", name="用通行密钥登录")).to_be_hidden()
    expect(page.get_by_label("备用恢复码")).to_be_visible()
