"""The liaison at a phone: his list under the thumb, a draft that saves itself, two tabs."""

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from reviews.models import Opinion
from reviews.signatures.certificates import authority
from tests.browser import DESKTOP, PHONE, OpenPage, assert_accessible, assert_fits
from tests.factories import ReviewTableFactory, UserFactory, liaison
from tests.journey import sign_in
from tests.made_once import same_keys

pytestmark = pytest.mark.browser
THUMB = 44


@pytest.fixture
def opinion(portal: str) -> Opinion:
    """The tax bureau's, in its liaison's hands."""
    tax = liaison("tax", username="tax")
    liaison("tax", username="tax2", name="税务同事", duties="核实欠税")
    officer = UserFactory.create(officer=True)
    form = ReviewTableFactory.create(circulated_by=officer)
    form.opinions.filter(department__code="tax").update(owner=tax, assignee=tax)
    found: Opinion = form.opinions.with_case().get(department__code="tax")
    return found


def saved_words(opinion: Opinion) -> str:
    return Opinion.objects.get(pk=opinion.pk).words


def small_targets(page: Page) -> list[str]:
    """Links and buttons of the page's own part that are lower than a thumb."""
    found: list[str] = page.evaluate(
        """(least) => [...document.querySelectorAll("main .worklist a")]
          .filter((one) => {
            const line = one.closest(".task-list__item--touch") ?? one;
            return line.getBoundingClientRect().height < least;
          })
          .map((one) => one.textContent)""",
        THUMB,
    )
    return found


def test_the_first_list_is_in_reach_of_a_thumb(open_page: OpenPage, opinion: Opinion) -> None:
    page = open_page(PHONE)
    sign_in(page, "tax")
    expect(page.locator(".worklist h2").first).to_contain_text("待签署")
    assert_fits(page)
    assert_accessible(page)
    assert small_targets(page) == []
    line = page.locator(".task-list__item--touch").first.bounding_box()
    assert line is not None
    assert line["y"] + line["height"] < PHONE["height"]
    # Anywhere on the line, not only on the words.
    page.mouse.click(line["x"] + line["width"] - 4, line["y"] + line["height"] - 4)
    expect(page.get_by_role("heading", level=1)).to_contain_text("区税务局意见")
    assert_fits(page)
    assert_accessible(page)


def test_on_a_phone_the_first_field_and_the_button_are_on_the_first_screen(
    open_page: OpenPage, opinion: Opinion
) -> None:
    page = open_page(PHONE)
    sign_in(page, "tax")
    page.goto(opinion.get_absolute_url())
    first = page.get_by_label("上一年度纳税总额（万元）").bounding_box()
    assert first is not None
    assert first["y"] < 700
    button = page.get_by_role("button", name="预览并签署").bounding_box()
    assert button is not None
    assert button["y"] + button["height"] <= PHONE["height"]
    # What is looked up is folded, a heading and what is inside; on a desk it lies open.
    expect(page.get_by_text("统一社会信用代码")).to_be_hidden()
    page.locator("summary", has_text="单位和申请人").click()
    expect(page.get_by_text("统一社会信用代码")).to_be_visible()
    assert_fits(page)
    assert_accessible(page)
    desk = open_page()
    sign_in(desk, "tax")
    desk.goto(opinion.get_absolute_url())
    expect(desk.get_by_text("统一社会信用代码")).to_be_visible()


def test_the_cell_the_password_and_the_one_button_are_on_the_first_screen(
    open_page: OpenPage,
    opinion: Opinion,
    settings: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    settings.KEYSTORE = tmp_path_factory.mktemp("keys")
    with same_keys():
        authority.ensure()
    opinion.answers, opinion.conclusion = {"tax_total": "12.50", "has_arrears": False}, "agree"
    opinion.words, opinion.drafted_at = "情况属实，同意申办。", timezone.now()
    opinion.save()
    for size in (PHONE, DESKTOP):
        page = open_page(size)
        sign_in(page, "tax")
        page.goto(f"{opinion.get_absolute_url()}sign/")
        for seen in (
            page.locator(".cell-preview img").first,
            page.get_by_label("密码"),
            page.get_by_role("button", name="确认签署"),
        ):
            box = seen.bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= size["height"], seen
        assert_fits(page)


def test_a_phrase_takes_the_place_of_what_it_contradicts(
    open_page: OpenPage, opinion: Opinion
) -> None:
    page = open_page()
    sign_in(page, "tax")
    page.goto(opinion.get_absolute_url())
    page.locator("summary", has_text="常用语").click()
    page.get_by_role("button", name="情况属实，同意申办。").click()
    page.get_by_label("办理意见").press_sequentially("另：材料齐全。")
    page.get_by_role("button", name="该公司存在欠税，缴清前暂不同意。").click()
    expect(page.get_by_label("办理意见")).to_have_value(
        "另：材料齐全。该公司存在欠税，缴清前暂不同意。"
    )
    expect(page.get_by_label("不同意", exact=True)).to_be_checked()


def test_a_draft_saves_itself_and_goes_on_to_the_preview(
    open_page: OpenPage, opinion: Opinion
) -> None:
    page = open_page(PHONE)
    sign_in(page, "tax")
    page.goto(opinion.get_absolute_url())
    page.locator("summary", has_text="常用语").click()
    page.get_by_role("button", name="情况属实，同意申办。").click()
    expect(page.get_by_label("同意", exact=True)).to_be_checked()
    expect(page.locator("[data-autosave-status]")).to_contain_text("草稿已自动保存 ")
    assert saved_words(opinion) == "情况属实，同意申办。"
    page.get_by_label("上一年度纳税总额（万元）").fill("12.5")
    page.get_by_label("否", exact=True).check()
    # At once, while the last change is still on its way.
    page.get_by_role("button", name="保存草稿").click()
    expect(page.get_by_text("草稿已保存，尚未签署。")).to_be_visible()
    stored = Opinion.objects.get(pk=opinion.pk)
    assert stored.answers == {"tax_total": "12.50", "has_arrears": False}
    assert stored.conclusion == "agree"
    page.locator("summary", has_text="常用语").click()
    page.get_by_role("button", name="该公司存在欠税，缴清前暂不同意。").click()
    expect(page.get_by_label("不同意", exact=True)).to_be_checked()


def test_the_older_of_two_tabs_says_so_and_overwrites_nothing(
    open_page: OpenPage, opinion: Opinion
) -> None:
    first = open_page(PHONE)
    sign_in(first, "tax")
    first.goto(opinion.get_absolute_url())
    second = first.context.new_page()
    second.goto(opinion.get_absolute_url())
    first.get_by_label("办理意见").fill("第一页写的")
    expect(first.locator("[data-autosave-status]")).to_contain_text("草稿已自动保存 ")
    second.get_by_label("办理意见").fill("第二页写的")
    expect(second.locator("[data-autosave-status]")).to_contain_text("您在另一个页面（")
    assert saved_words(opinion) == "第一页写的"
    second.get_by_role("button", name="保存草稿").click()
    expect(second.get_by_role("alert")).to_contain_text("现在存着的办理意见是“第一页写的”")
    expect(second.get_by_label("办理意见")).to_have_value("第二页写的")
    second.get_by_role("button", name="保存草稿").click()
    expect(second.get_by_text("草稿已保存，尚未签署。")).to_be_visible()
    assert saved_words(opinion) == "第二页写的"


def test_without_scripts_the_button_saves(open_page: OpenPage, opinion: Opinion) -> None:
    page = open_page(PHONE, scripts=False)
    sign_in(page, "tax")
    page.goto(opinion.get_absolute_url())
    page.get_by_label("办理意见").fill("没有脚本")
    page.get_by_role("button", name="保存草稿").click()
    expect(page.get_by_text("草稿已保存，尚未签署。")).to_be_visible()
    assert saved_words(opinion) == "没有脚本"
