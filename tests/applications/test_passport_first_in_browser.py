"""The passport uploaded after one began to type: the script's upload loses nothing either."""

import pytest
from playwright.sync_api import FilePayload, Page, expect

from accounts.models import User
from applications.models import Applicant, ProposedPassport
from materials import samples
from tests import journey
from tests.browser import OpenPage
from tests.factories import EnterpriseFactory, agent_of

pytestmark = [pytest.mark.browser, pytest.mark.live]


@pytest.fixture
def page(transactional_db: None, open_page: OpenPage) -> Page:
    agent_of(EnterpriseFactory.create(), username="agent@example.com")
    page = open_page()
    journey.sign_in(page, User.objects.get(username="agent@example.com").username)
    page.goto("/applications/applicants/new/")
    return page


def test_what_was_typed_outlives_the_upload_and_enter_saves(page: Page) -> None:
    page.get_by_label("姓名").fill("方知行")
    picture: FilePayload = {
        "name": "护照.jpg",
        "mimeType": "image/jpeg",
        "buffer": samples.passport(journey.PERSON),
    }
    page.locator("input[type=file]").set_input_files(picture)
    page.get_by_role("button", name="还要裁剪").click()
    page.get_by_role("button", name="裁好了，看结果").click()
    page.get_by_role("button", name="上传这张").click()
    expect(page.get_by_role("button", name="删除这张护照")).to_be_visible()
    assert ProposedPassport.objects.current().count() == 1
    expect(page.get_by_label("姓名")).to_have_value("方知行")
    page.get_by_label("姓名").press("Enter")
    expect(page.locator(".error-summary")).to_be_visible()
    assert ProposedPassport.objects.current().count() == 1
    page.get_by_role("button", name="删除这张护照").click()
    expect(page.locator("main")).to_contain_text("已删除这张护照")
    expect(page.get_by_label("姓名")).to_have_value("方知行")
    assert not Applicant.objects.exists()
