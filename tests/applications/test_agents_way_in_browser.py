"""The agent's way in Chromium: what the first screen holds, and a letter for two on a phone."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from applications.models import Application, NamedApplicant
from applications.services.intake import start_application
from tests import journey
from tests.browser import DESKTOP, PHONE, OpenPage, assert_accessible, assert_fits
from tests.factories import (
    ApplicantFactory,
    ApplicationFactory,
    CorrectionFactory,
    agent_of,
    fill,
    picture,
)

pytestmark = [pytest.mark.browser, pytest.mark.live]


@pytest.fixture
def case(transactional_db: None) -> Application:
    """A submitted case, and its agent."""
    application: Application = ApplicationFactory.create(applicant__name="张样例", submitted=True)
    agent_of(application.enterprise, username="agent@firm.example")
    return application


def bottom(page: Page, words: str) -> float:
    found: Any = page.get_by_role("button", name=words).bounding_box()
    assert found is not None, words
    return float(found["y"] + found["height"])


def test_a_returned_case_is_resubmitted_from_the_first_screen(
    case: Application, open_page: OpenPage
) -> None:
    for number in (1, 8, 9):
        CorrectionFactory.create(application=case, number=number, sent=True, answer="情况属实。")
    Application.objects.filter(pk=case.pk).update(status="returned")
    for size in (DESKTOP, PHONE):
        page = open_page(size)
        journey.sign_in(page, "agent@firm.example")
        page.goto(case.get_absolute_url())
        assert bottom(page, "改好了，重新提交") <= size["height"]
        assert_fits(page)
        assert_accessible(page)
    page.get_by_role("button", name="改好了，重新提交").click()
    expect(page.get_by_text("已重新提交")).to_be_visible()


def test_on_a_phone_a_letter_for_both_is_brought_and_named(
    case: Application, open_page: OpenPage
) -> None:
    by = User.objects.get(username="agent@firm.example")
    person = ApplicantFactory.create(enterprise=case.enterprise, name="李样例")
    second = start_application(person, by=by)
    fill(second)
    NamedApplicant.objects.filter(applicant=person).delete()
    page = open_page(PHONE)
    journey.sign_in(page, "agent@firm.example")
    page.goto(second.get_absolute_url())
    expect(page.get_by_text("现有公函写明的是张样例，没有写明李样例")).to_be_visible()
    page.get_by_role("link", name="继续：材料1").click()
    expect(page.get_by_text("盖章之前，先核对")).to_be_visible()
    assert_fits(page)
    assert_accessible(page)
    page.get_by_label("选择图片").set_input_files(
        {"name": "公函.jpg", "mimeType": "image/jpeg", "buffer": picture(1, "both")}
    )
    page.get_by_role("button", name="上传", exact=True).click()
    expect(page.locator(".file-row")).to_have_count(1)
    page.goto(page.url)
    page.locator("summary", has_text="公函上还写有别人").click()
    page.get_by_label("张样例（总经理）").check()
    page.get_by_role("button", name="保存写明的申请人").click()
    expect(page.locator("#naming-title + p")).to_contain_text("张样例、李样例")
    assert_fits(page)
    assert_accessible(page)
    page.get_by_role("link", name="李样例的申请").first.click()
    expect(page.get_by_text("（写明：张样例、李样例）")).to_be_visible()
    expect(page.get_by_role("link", name="继续：请申请人同意")).to_be_visible()
