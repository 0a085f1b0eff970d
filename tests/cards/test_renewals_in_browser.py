"""A card is lost on a phone: marked from one screen, with what to do now; then it is found."""

import pytest
from playwright.sync_api import expect

from applications.models import Applicant
from cards.models import Card
from tests import journey
from tests.browser import DESKTOP, PHONE, OpenPage, assert_accessible, assert_fits
from tests.factories import ApplicantFactory, CardFactory, UserFactory, agent_of

pytestmark = [pytest.mark.browser, pytest.mark.live]


@pytest.fixture
def card(transactional_db: None) -> Card:
    """In use, with an agent and an officer."""
    applicant: Applicant = ApplicantFactory.create(name="张样例")
    agent_of(applicant.enterprise, username="agent@firm.example")
    UserFactory.create(officer=True, username="officer@station.example")
    made: Card = CardFactory.create(applicant=applicant)
    return made


def test_a_card_is_marked_lost_on_a_phone_and_found_again(card: Card, open_page: OpenPage) -> None:
    page = open_page(PHONE)
    journey.sign_in(page, "agent@firm.example")
    page.goto(f"/cards/{card.pk}/services/")
    assert_fits(page)
    assert_accessible(page)
    page.get_by_role("link", name="马上挂失").click()
    button = page.get_by_role("button", name="马上挂失").bounding_box()
    assert button is not None
    assert button["y"] + button["height"] <= PHONE["height"] + 40
    assert_accessible(page)
    page.get_by_label("遗失", exact=True).check()
    page.get_by_role("button", name="马上挂失").click()
    expect(page.get_by_role("heading", name="卡已挂失")).to_be_visible()
    expect(page.get_by_text("发现丢失已有0小时")).to_be_visible()
    expect(page.get_by_role("link", name="开始补卡")).to_be_visible()
    assert_fits(page)
    assert_accessible(page)
    page.get_by_role("button", name="卡找到了，恢复使用").click()
    expect(page.get_by_text("已登记找回")).to_be_visible()


def test_a_leaver_is_reported_on_a_phone_and_his_card_received_at_the_desk(
    card: Card, open_page: OpenPage
) -> None:
    page = open_page(PHONE)
    journey.sign_in(page, "agent@firm.example")
    page.goto(f"/cards/{card.pk}/services/cancel/")
    page.get_by_label("离职").check()
    page.get_by_label("原因和经过").fill("已办完离职手续")
    page.get_by_role("button", name="开始注销").click()
    expect(page.get_by_role("heading", name="注销进度")).to_be_visible()
    expect(page.get_by_role("link", name="不用改，直接下载PDF")).to_be_visible()
    assert_fits(page)
    assert_accessible(page)
    desk = open_page(DESKTOP)
    journey.sign_in(desk, "officer@station.example")
    desk.goto("/cards/cancellations/")
    assert_accessible(desk)
    desk.get_by_role("link", name="张样例").click()
    desk.get_by_role("link", name="收卡，开回执").click()
    desk.get_by_role("button", name="收下，开回执").click()
    expect(desk.get_by_text("已收卡，请打印回执交给交卡人。")).to_be_visible()
    expect(desk.get_by_role("link", name="收卡回执（PDF）")).to_be_visible()
    assert_accessible(desk)
