"""Another district's station, from its file to a table that its four departments signed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from accounts import departments
from applications.models import Application
from reviews.models import ReviewTable
from reviews.revisions import load
from reviews.signatures.certificates import authority
from reviews.signatures.certificates.trust import current_trust
from reviews.signatures.verification.examining import examine
from tests.browser import PHONE, OpenPage, assert_accessible, assert_fits
from tests.factories import ApplicantFactory, ApplicationFactory, UserFactory, liaison
from tests.journey import ANSWERS, PERSON, Answer, sign_in, sign_opinion
from tests.other_station import other_station
from tests.reviews.test_pdf import page_text
from wanzhou_abtc.station.file import faults_of
from wanzhou_abtc.station.setting_up import set_up

pytestmark = [pytest.mark.browser, pytest.mark.live]
OWN = {"market": Answer("经核实，情况属实，同意。"), **ANSWERS}
ORDER = ("market", "tax", "police", "foreign_affairs")


@pytest.fixture
def elsewhere(portal: str, settings: Any, tmp_path: Path) -> Iterator[Application]:
    """The station of another district, with its people, and a case that was submitted."""
    settings.PORTAL_DATA = tmp_path
    content = other_station()
    assert faults_of(content) == []
    set_up(content)
    authority.ensure()
    UserFactory.create(officer=True, username="officer@qianjiang.example")
    for code in ORDER:
        liaison(code, username=f"{code}@qianjiang.example")
    applicant = ApplicantFactory.create(name=PERSON.name)
    yield ApplicationFactory.create(applicant=applicant, submitted=True)
    departments.forget()


def test_another_district_with_four_departments_signs_its_table(
    elsewhere: Application, open_page: OpenPage
) -> None:
    stranger = open_page()
    stranger.goto("/")
    expect(stranger.locator("body")).to_contain_text("黔江区APEC商务旅行卡协办服务站")
    expect(stranger.locator("body")).to_contain_text("023-79000000")
    expect(stranger.locator("body")).not_to_contain_text("万州")

    officer = open_page()
    sign_in(officer, "officer@qianjiang.example")
    officer.goto(elsewhere.get_absolute_url())
    officer.get_by_role("button", name="材料齐全，送四个部门审核").click()
    officer.get_by_label("我知道以上内容没有逐条核对，仍要送部门审核").check()
    officer.get_by_role("button", name="仍要送四个部门审核").click()
    expect(officer.locator("main")).to_contain_text("已送三个部门")

    table = ReviewTable.objects.get()
    assert table.number.startswith("黔江ABTC审")
    for code in ORDER:
        opinion = table.opinions.get(department__code=code)
        page = open_page(PHONE)
        link = opinion.get_absolute_url()
        sign_opinion(page, link, f"{code}@qianjiang.example", OWN[code])
        assert_fits(page)
    assert_accessible(page)

    table.refresh_from_db()
    assert table.status == ReviewTable.Status.CONCLUDED
    pdf = load(table.newest_revision())
    text = page_text(pdf)
    assert "重庆市黔江区APEC商务旅行卡审核表" in text
    for name in ("区税务分局", "区公安局", "区市场监管局", "区政府外办"):
        assert f"{name}办理意见" in text
    found = examine(pdf, current_trust())
    assert found.reason == "服务站和四个部门的签名全部有效，签名后内容未被改动。"
    assert len(found.signatures) == 5
    officer.goto(table.get_absolute_url())
    expect(officer.locator("main")).to_contain_text("黔江")
