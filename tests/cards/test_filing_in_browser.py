"""From the signed table to the card in hand: the agent on a phone, the officer at a desk."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from applications.models import Application
from cards.models import Filing
from tests import journey
from tests.browser import DESKTOP, PHONE, OpenPage, assert_accessible, assert_fits
from tests.cards.conftest import endorse
from tests.factories import ApplicantFactory, UserFactory, agent_of, picture

pytestmark = [pytest.mark.browser, pytest.mark.live]


@pytest.fixture
def case(transactional_db: None) -> Application:
    application = endorse(ApplicantFactory.create(name="张样例"), days=0)
    agent_of(application.enterprise, username="agent@firm.example")
    UserFactory.create(officer=True, username="officer", name="专员甲")
    return application


def look(page: Page) -> None:
    assert_fits(page)
    assert_accessible(page)


def next_is(page: Page, who: str) -> None:
    expect(page.locator(".next-step__who").first).to_contain_text(who)


def enter(page: Page, act: str, **typed: str) -> None:
    """By the button of the page, with what is typed beside the day."""
    page.get_by_role("link", name=act).first.click()
    look(page)
    for label, text in typed.items():
        page.get_by_label(label, exact=False).first.fill(text)
    page.get_by_role("button", name=act).click()
    expect(page.get_by_text("已登记“")).to_be_visible()


def test_from_the_signed_table_to_the_card_in_hand(
    case: Application, open_page: OpenPage, tmp_path: Path
) -> None:
    agent, officer = open_page(PHONE), open_page(DESKTOP)

    # The agent: first on his home page, its button on the first screen.
    journey.sign_in(agent, "agent@firm.example")
    first = agent.locator(".worklist").first
    expect(first).to_contain_text("审核通过，请到国家系统填报")
    first.get_by_role("link", name="张样例").first.click()
    next_is(agent, "贵单位经办人")
    look(agent)
    box = agent.get_by_role("link", name="账户已经可用，下一步填报").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= PHONE["height"]
    enter(agent, "账户已经可用，下一步填报")
    enter(agent, "登记：已在国家系统提交", 国家系统的申请编号="SQ20260001")
    next_is(agent, "市政府外办")

    # The officer finds it, and enters what the city office told him.
    journey.sign_in(officer, "officer")
    officer.goto("/cards/filings/?show=others")
    look(officer)
    officer.get_by_role("link", name="张样例").click()
    look(officer)
    enter(officer, "登记：市外办审核通过")

    # The agent pays, and keeps the receipt here.
    agent.goto("/")
    agent.get_by_role("link", name="登记：已缴费").click()
    expect(agent.get_by_text("用向个人或本站转账")).to_be_visible()
    agent.get_by_role("link", name="登记：已缴费").click()
    receipt = tmp_path / "凭证.jpg"
    receipt.write_bytes(picture(8))
    agent.get_by_label("缴费凭证").set_input_files(str(receipt))
    agent.get_by_role("button", name="登记：已缴费").click()
    next_is(agent, "外交部领事司")
    expect(agent.get_by_role("link", name="查看凭证")).to_be_visible()

    # A message, pasted whole: which case, which step, which economies, which days.
    today = f"{journey.TODAY.year}年{journey.TODAY.month}月{journey.TODAY.day}日"
    text = f"您的申请（编号SQ20260001）：{today}，外交部审核通过。"
    text += f"{today}，日本、韩国已批准。泰国尚未批准。"
    officer.goto("/cards/message/")
    officer.get_by_label("消息全文").fill(text)
    officer.get_by_role("button", name="读一读这条消息").click()
    look(officer)
    expect(officer.get_by_text("对上的申请")).to_contain_text("张样例")
    expect(officer.locator(".proposal-row")).to_have_count(3)
    expect(officer.get_by_text("泰国尚未批准", exact=True)).to_be_visible()
    officer.get_by_role("button", name="确认无误，登记").click()
    expect(officer.get_by_text("已登记3项。")).to_be_visible()
    next_is(officer, "各经济体")

    # The board on the phone, the rest one by one and the decision about early printing.
    agent.reload()
    agent.get_by_role("link", name="登记各经济体审批情况").click()
    look(agent)
    expect(agent.locator(".economy-board__cell")).to_have_count(16)
    expect(agent.locator(".economy-board__cell--granted")).to_have_count(2)
    agent.get_by_label("越南").check()
    agent.get_by_label("日期").first.fill(journey.TODAY.isoformat())
    agent.get_by_role("button", name="登记勾选的经济体").click()
    expect(agent.locator(".economy-board__cell--granted")).to_have_count(3)
    agent.get_by_role("link", name="要不要提前制卡").click()
    expect(agent.get_by_text("不会自己加到卡上")).to_be_visible()
    look(agent)

    # Printed, ready, collected, handed over.
    agent.goto(Filing.objects.get().get_absolute_url())
    enter(agent, "登记：已制卡")
    enter(agent, "登记：可以领卡", 到哪里领="重庆市政府外办")
    enter(agent, "登记：已领卡", 由谁领的="经办人甲")
    enter(agent, "登记：已交付持卡人")
    expect(agent.get_by_text("卡已交付，还没有登记")).to_be_visible()
    assert Filing.objects.get().stage == "issued"
    agent.goto("/")
    expect(agent.get_by_text("已结束")).to_be_visible()
    expect(agent.locator(".worklist").last).to_contain_text("已发卡")
