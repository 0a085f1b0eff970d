"""From a row of the ledger to a briefing with attendance and feedback; a visit on the phone."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from enterprises.models import Demand
from outreach.briefings.keys import door_key
from outreach.models import BriefingFeedback
from tests.browser import DESKTOP, PHONE, OpenPage, assert_accessible, assert_fits
from tests.factories import DemandFactory, UserFactory, picture
from tests.journey import sign_in
from tests.outreach.factories import BriefingFactory, CompanyVisitFactory

pytestmark = [pytest.mark.browser, pytest.mark.live]


@pytest.fixture
def officer(portal: str) -> User:
    person: User = UserFactory.create(officer=True, username="officer", name="专员甲")
    return person


def test_from_the_ledger_to_a_briefing_with_attendance_and_feedback(
    open_page: OpenPage, phone: Page, officer: User
) -> None:
    demand = DemandFactory.create(name="重庆市万州区峡样食品有限公司")
    briefing = BriefingFactory.create(now=True, title="外贸企业宣讲会", created_by=officer)
    desk = open_page(DESKTOP)
    sign_in(desk, "officer")
    desk.goto(demand.get_absolute_url())
    desk.get_by_role("link", name="邀请参加宣讲会").click()
    desk.get_by_role("button", name="邀请参加这一场").click()
    expect(desk.get_by_role("heading", name="请打电话（1家）")).to_be_visible()
    desk.get_by_role("link", name="记下电话").click()
    desk.get_by_label("答复").select_option("会来")
    desk.get_by_role("button", name="记下").click()
    expect(desk.get_by_text("已记下")).to_be_visible()
    assert_accessible(desk)

    phone.goto("/")
    phone.get_by_role("link", name="外贸企业宣讲会").click()
    phone.get_by_label("单位名称").fill("峡样食品公司")
    phone.get_by_label("姓名").fill("何样例")
    phone.get_by_label("手机号码").fill("138 0000 1234")
    assert_accessible(phone)
    assert_fits(phone)
    phone.get_by_role("button", name="报名").click()
    expect(phone.get_by_role("heading", name="报名成功")).to_be_visible()
    assert_fits(phone)

    # The code on the wall, as the phone's camera reads it.
    phone.goto(reverse("outreach:briefing_door", args=[briefing.pk, door_key(briefing)]))
    phone.get_by_label("手机号码或单位名称").fill("13800001234")
    assert_accessible(phone)
    phone.get_by_role("button", name="签到").click()
    expect(phone.get_by_role("heading", name="已签到")).to_be_visible()
    assert_fits(phone)
    phone.get_by_role("link", name="评价这场宣讲会").click()
    # What is told before the beginning cannot be judged yet; so the briefing begins.
    type(briefing).objects.filter(pk=briefing.pk).update(starts_at=briefing.doors_at)
    phone.get_by_label("听明白了", exact=True).check()
    phone.get_by_label("准备申办").check()
    phone.get_by_role("button", name="提交评价").click()
    expect(phone.get_by_role("heading", name="谢谢您的评价")).to_be_visible()

    desk.goto(reverse("outreach:briefing_attendance", args=[briefing.pk]))
    expect(desk.get_by_role("heading", name="已到场（1人）")).to_be_visible()
    assert_accessible(desk)
    desk.get_by_role("link", name="重庆市万州区峡样食品有限公司").or_(
        desk.get_by_role("link", name="峡样食品公司")
    ).first.click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("已宣传")
    assert BriefingFeedback.objects.get().plan == "soon"


def test_a_visit_is_noted_on_the_phone_with_a_picture(open_page: OpenPage, officer: User) -> None:
    visit = CompanyVisitFactory.create(demand__name="重庆市万州区访样机械有限公司")
    visit.officers.add(officer)
    page = open_page(PHONE)
    sign_in(page, "officer")
    page.goto(reverse("outreach:visit_list"))
    assert_fits(page)
    page.get_by_role("link", name="重庆市万州区访样机械有限公司").click()
    page.get_by_label("讲了什么").fill("讲了申办条件和十项材料")
    page.get_by_label("接待人", exact=True).fill("余样")
    file = {"name": "合影.jpg", "mimeType": "image/jpeg", "buffer": picture(10)}
    page.get_by_label("照片").set_input_files(file)  # type: ignore[arg-type]
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("button", name="记下走访").click()
    expect(page.get_by_text("走访已记下")).to_be_visible()
    expect(page.get_by_alt_text("第1张照片")).to_be_visible()
    page.get_by_text("列一件要跟进的事").click()
    page.get_by_label("要办什么").fill("送管理办法范本")
    page.get_by_role("button", name="列为任务").click()
    expect(page.get_by_text("已列为任务")).to_be_visible()
    assert_fits(page)
    visit.demand.refresh_from_db()
    assert visit.demand.stage == Demand.Stage.TOLD
