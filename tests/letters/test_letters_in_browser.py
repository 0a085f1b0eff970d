"""From a case to a letter that is filled in and taken away; another template at the station."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from letters.word.reading import lines_of
from tests.browser import DESKTOP, PHONE, OpenPage, assert_accessible, assert_fits
from tests.factories import ApplicationFactory, UserFactory, agent_of
from tests.journey import sign_in
from tests.letters.word_files import word_file

pytestmark = [pytest.mark.browser, pytest.mark.live]


def taken(page: Page, name: str) -> bytes:
    with page.expect_download() as coming:
        page.get_by_role("link", name=name, exact=True).click()
    return Path(coming.value.path()).read_bytes()


def test_an_agent_writes_the_letter_and_the_station_sets_it_its_own_way(
    open_page: OpenPage, portal: str, tmp_path: Path
) -> None:
    case = ApplicationFactory.create()
    agent_of(case.enterprise, username="agent@example.com")
    UserFactory.create(officer=True, username="officer")
    page = open_page(PHONE)
    sign_in(page, "agent@example.com")
    page.goto(f"/applications/{case.pk}/materials/1/")
    page.get_by_role("link", name="写这份函").click()
    page.get_by_role("button", name=re.compile("申请公函")).click()
    expect(page.get_by_text("【待填：成立年份】")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    page.get_by_label("成立年份").fill("2009")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("成立于2009年")).to_be_visible()
    lines = [line.text for line in lines_of(taken(page, "下载Word"))]
    assert lines[:2] == [
        case.enterprise.name,
        f"关于为{case.applicant.name}申办APEC商务旅行卡的函",
    ]
    assert taken(page, "下载PDF").startswith(b"%PDF")

    bad, good = tmp_path / "坏.docx", tmp_path / "好.docx"
    bad.write_bytes(word_file("{{ 正文 }}", "{{ 正文.__class__ }}"))
    good.write_bytes(word_file("本站范本", "{{ 标题 }}", "{{ 正文 }}"))
    desk = open_page(DESKTOP)
    sign_in(desk, "officer")
    desk.goto("/letters/templates/application/")
    assert_accessible(desk)
    for path, told in ((bad, "点号只能用在循环里"), (good, "现在用的是第1版")):
        desk.get_by_label("Word模板").set_input_files(path)
        desk.get_by_role("button", name="检查并更换").click()
        expect(desk.get_by_role("main")).to_contain_text(told)
    assert lines_of(taken(page, "下载Word"))[0].text == "本站范本"
