"""A card is lent and returned on phones; the officer visits and closes what was found (1280 px)."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from cards.models import Feedback, Lending, Visit, VisitFinding
from tests.browser import DESKTOP, PHONE, OpenPage, assert_accessible, assert_fits
from tests.cards.duty_parts import card_of
from tests.factories import EnterpriseFactory, UserFactory, agent_of
from tests.journey import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.live]


def press(page: Page, words: str) -> None:
    page.locator("main").get_by_role("button", name=words).click()
    page.wait_for_load_state()
    assert_fits(page)


def test_from_the_rules_to_a_closed_finding(open_page: OpenPage) -> None:
    enterprise = EnterpriseFactory.create()
    agent = agent_of(enterprise, username="agent@example.com")
    UserFactory.create(officer=True, username="officer")
    card = card_of(enterprise, holder="张样例")

    # The agent, on a phone: rules, keeper, and the card goes out.
    phone = open_page(PHONE)
    sign_in(phone, agent.username)
    phone.goto(reverse("cards:enterprise_duty", args=[enterprise.pk]))
    phone.get_by_role("link", name="按范本写管理办法").click()
    phone.get_by_label("谁保管").fill("综合部王保管")
    press(phone, "写成管理办法")
    expect(phone.get_by_text("卡由综合部王保管统一保管")).to_be_visible()
    phone.goto(reverse("cards:keeper_new", args=[enterprise.pk]))
    phone.get_by_label("保管人姓名").fill("王保管")
    phone.get_by_label("联系电话").fill("023-58000001")
    press(phone, "登记")
    phone.goto(reverse("cards:register", args=[enterprise.pk]))
    phone.get_by_role("link", name="登记领用").click()
    assert_accessible(phone)
    phone.get_by_label("日本").check()
    phone.get_by_label("出境事由").fill("和客户商谈订单")
    press(phone, "卡已交出，登记领用")
    expect(phone.get_by_text("请领用人确认收到了卡")).to_be_visible()
    press(phone, "生成确认链接")
    address = phone.locator("code").inner_text()

    # The borrower, on his own.
    own = open_page(PHONE)
    own.goto(address)
    assert_accessible(own)
    press(own, "卡已在我手上")
    expect(own.get_by_text("已确认，谢谢")).to_be_visible()

    # Back, confirmed on the keeper's phone, and the holder's feedback.
    phone.goto(reverse("cards:lending_return", args=[card.pk]))
    press(phone, "卡已收回，登记归还")
    press(phone, "我是张样例，卡已归还")
    lending = Lending.objects.get()
    assert (lending.out_way, lending.back_way) == ("link", "phone")
    press(phone, "请持卡人反馈")
    own.goto(phone.locator("code").inner_text())
    own.get_by_label("日本").check()
    own.get_by_label("走了专用通道，10分钟以内").check()
    press(own, "提交反馈")
    assert Feedback.objects.get().economies == ["JPN"]

    # The officer plans a visit at the desk and goes through the list on a phone.
    desk = open_page(DESKTOP)
    sign_in(desk, "officer")
    desk.goto(reverse("cards:visit_new", args=[enterprise.pk]))
    press(desk, "列入计划")
    visit = Visit.objects.get()
    away = open_page(PHONE)
    sign_in(away, "officer")
    away.goto(visit.get_absolute_url())
    assert_accessible(away)
    for answer in away.get_by_label("是", exact=True).all():
        answer.check()
    press(away, "先保存，还要接着看")
    away.get_by_label("问题和要求").fill("存放地点要上锁")
    press(away, "列为整改任务")
    press(away, "保存并完成回访")
    finding = VisitFinding.objects.get()
    phone.goto(finding.get_absolute_url())
    phone.get_by_label("整改情况").fill("已换保险柜")
    press(phone, "提交答复")
    desk.goto(finding.get_absolute_url())
    desk.get_by_label("核对情况").fill("已看过")
    press(desk, "核对无误，销号")
    desk.goto(reverse("cards:enterprise_duty", args=[enterprise.pk]))
    for words in ("整改销号", "持卡人反馈", "归还", "领用", "用卡管理办法"):
        expect(desk.locator(".timeline").get_by_text(words, exact=True).first).to_be_visible()
