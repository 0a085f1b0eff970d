"""An applicant on his phone asks to be deleted, and two officers at their desks do it."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from applications.models import Applicant
from core.crypto import keyed_hash
from rights.models import RightsLink
from rights.services import new_link
from tests.browser import DESKTOP, OpenPage, assert_accessible, assert_fits
from tests.factories import ApplicantFactory, UserFactory
from tests.journey import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.live]


@pytest.fixture
def officers(portal: str) -> list[User]:
    return [
        UserFactory.create(officer=True, username=name, name=name) for name in ("officer", "second")
    ]


def test_who_asks_on_the_phone_is_deleted_by_two(
    open_page: OpenPage, phone: Page, officers: list[User]
) -> None:
    applicant = ApplicantFactory.create(name="张样例")
    token, _ = new_link(applicant, by=None)
    phone.goto(reverse("rights:link", args=[token]))
    assert_fits(phone)
    phone.get_by_label("身份证号码的最后4位").fill(applicant.id_number[-4:])
    phone.get_by_role("button", name="是我本人，继续").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("我的个人信息")
    assert_fits(phone)
    assert_accessible(phone)
    phone.get_by_label("删除", exact=True).check()
    phone.get_by_role("button", name="提出请求").click()
    expect(phone.get_by_text(re.compile("前答复"))).to_be_visible()

    first = open_page(DESKTOP)
    sign_in(first, "officer")
    first.goto(reverse("rights:request_list"))
    first.get_by_role("link", name=re.compile("张样例")).click()
    assert_accessible(first)
    first.get_by_role("button", name="按这个方案，请另一个人复核").click()
    expect(first.get_by_text("方案已做好")).to_be_visible()
    expect(first.get_by_role("button", name="复核同意，删除")).to_have_count(0)

    second = open_page(DESKTOP)
    sign_in(second, "second")
    second.goto(first.url)
    second.get_by_role("button", name="复核同意，删除").click()
    expect(second.get_by_text("删除记录（不含内容）")).to_be_visible()
    assert_accessible(second)
    assert not Applicant.objects.exists()
    phone.reload()
    expect(phone.get_by_role("heading", level=1)).to_have_text("链接已失效")
    assert not RightsLink.objects.filter(token_hash=keyed_hash(token)).exists()
