"""Rules of management: from the template with the choices asked, or uploaded; keepers; letters."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from accounts.models import User
from cards.duty.print import render_letter, render_rules
from cards.duty.texts import TextRefused, require_usable, save_text
from cards.models import CollectionLetter, Keeper, ManagementRules, StationText
from core.dates import day_words
from enterprises.models import Enterprise
from tests.cards.duty_parts import MONDAY, day, keeper_of
from tests.conftest import ClientOf
from tests.factories import id_number, picture

pytestmark = pytest.mark.django_db
CHOICES = {
    "keeper": "综合部 王保管",
    "place": "三楼保险柜",
    "return_days": "5",
    "loss": "当天报告",
    "leaving": "离职前收回卡。",
    "in_force_since": "2026-11-23",
}


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


def write(client_of: ClientOf, agent: User, **changed: str):
    url = reverse("cards:rules_new", args=[agent.agency.enterprise_id])
    return client_of(agent).post(url, CHOICES | changed)


def test_rules_are_written_from_the_template_with_what_was_chosen(agent, client_of) -> None:
    answer = write(client_of, agent)
    rules = ManagementRules.objects.get()
    assert answer["Location"] == rules.get_absolute_url()
    assert (rules.version, rules.return_days, rules.template_version) == (1, 5, 1)
    assert "卡由综合部王保管统一保管，存放在三楼保险柜" in rules.text
    assert "回国后5天内交回卡" in rules.text
    assert "遗失、被盗的，当天报告。" in rules.text
    assert "{" not in rules.text
    assert render_rules(rules).startswith(b"%PDF")
    assert client_of(agent).get(reverse("cards:rules_pdf", args=[rules.pk])).status_code == 200


def test_a_change_is_another_version_and_the_same_is_none(agent, client_of) -> None:
    write(client_of, agent)
    write(client_of, agent)
    write(client_of, agent, return_days="7", in_force_since="2026-12-01")
    found = ManagementRules.objects.order_by("version").values_list("version", "return_days")
    assert list(found) == [(1, 5), (2, 7)]
    in_force = ManagementRules.objects.in_force(day(0)).first()
    assert in_force is not None
    assert in_force.version == 1
    assert ManagementRules.objects.in_force(date(2026, 12, 1))[0].version == 2


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"return_days": "0"}, "归还"),
        ({"return_days": "²"}, "归还"),
        ({"in_force_since": "9999-12-31"}, "核对年份"),
        ({"in_force_since": "2006-01-01"}, "离今天太远"),
        ({"place": ""}, "请填写存放地点"),
        ({"keeper": "x" * 10_000}, "谁保管"),
    ],
)
def test_what_cannot_be_is_said_in_words(agent, client_of, changed, words) -> None:
    answer = write(client_of, agent, **changed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not ManagementRules.objects.exists()


def test_a_version_does_not_begin_before_the_one_before(agent, client_of) -> None:
    write(client_of, agent)
    answer = write(client_of, agent, in_force_since="2026-11-01")
    assert "早于现有第1版" in answer.content.decode()


def test_own_rules_are_uploaded_page_by_page_and_read_by_the_station(
    agent, officer, client_of
) -> None:
    file = SimpleUploadedFile("办法.jpg", picture(4), "image/jpeg")
    typed = {"files": [file], "return_days": "3", "in_force_since": "2026-11-01"}
    url = reverse("cards:rules_upload", args=[agent.agency.enterprise_id])
    answer = client_of(agent).post(url, typed)
    rules = ManagementRules.objects.get()
    assert answer["Location"] == rules.get_absolute_url()
    page = client_of(officer).get(reverse("cards:rules_page", args=[rules.pages.get().pk]))
    assert page.getvalue() == picture(4)


@pytest.mark.parametrize("data", [b"no picture", b"", b"MZ\0\0"])
def test_what_is_no_picture_is_refused_by_name_and_nothing_is_kept(agent, client_of, data) -> None:
    file = SimpleUploadedFile("办法.jpg", data, "image/jpeg")
    typed = {"files": [file], "return_days": "3", "in_force_since": "2026-11-01"}
    url = reverse("cards:rules_upload", args=[agent.agency.enterprise_id])
    answer = client_of(agent).post(url, typed)
    assert answer.status_code == 422
    assert not ManagementRules.objects.exists()


# Keepers and letters ----------------------------------------------------------------------------


def test_at_most_two_keep_the_cards_at_a_time(agent, client_of) -> None:
    enterprise = agent.agency.enterprise
    url = reverse("cards:keeper_new", args=[enterprise.pk])
    desk = client_of(agent)
    for name in ("王保管", "李保管", "李保管", "赵保管"):
        answer = desk.post(
            url, {"name": name, "phone": "023-58000001", "since": "2026-11-23", "post": ""}
        )
    assert "同时最多2名保管人" in answer.content.decode()
    desk.post(reverse("cards:keeper_end", args=[Keeper.objects.order_by("pk")[0].pk]))
    assert [one.name for one in enterprise.keepers.acting()] == ["李保管"]


def test_who_collects_signs_a_letter_with_his_numbers_which_the_page_masks(
    agent, client_of
) -> None:
    url = reverse("cards:collection_letter_new", args=[agent.agency.enterprise_id])
    typed = {
        "collector": "王领卡",
        "post": "综合部主任",
        "id_number": "50010119800512001x",
        "phone": "13900001234",
        "holders": "张样例、李样例",
        "collects_on": "2026-11-25",
    }
    typed["id_number"] = id_number(1).lower()
    desk = client_of(agent)
    answer = desk.post(url, typed)
    letter = CollectionLetter.objects.get()
    page = desk.get(answer["Location"]).content.decode()
    assert id_number(1) not in page
    assert letter.id_number == id_number(1)
    assert id_number(1) not in letter.text
    assert render_letter(letter).startswith(b"%PDF")
    desk.post(url, typed)
    assert CollectionLetter.objects.count() == 1


# The station's own texts -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "text", "words"),
    [
        ("rules", "{企业}{保管}{地点}{天数}{遗失}{离职}{施行}{职工}", "不认识的空格：{职工}"),
        ("rules", "{企业}制定本办法", "缺少空格"),
        ("checklist", "一项\n一项", "重复"),
        ("checklist", "长" * 200, "太长"),
        ("checklist", "{天数}", "不认识的空格"),
        ("checklist", "卡{集中存放", "大括号没有成对"),
    ],
)
def test_a_text_that_could_not_be_filled_is_not_saved(code, text, words) -> None:
    with pytest.raises(TextRefused, match=words):
        require_usable(code, text)


def test_what_was_written_keeps_the_template_of_then(agent, officer, client_of) -> None:
    write(client_of, agent)
    before = ManagementRules.objects.get().text
    newest = StationText.objects.newest("rules")
    text = newest.text.replace("做到防火、防盗、防潮", "专柜上锁")
    page = client_of(officer).post(
        reverse("cards:text_edit", args=["rules"]), {"text": text, "seen_version": "1"}
    )
    assert page["Location"] == reverse("cards:text_list")
    assert ManagementRules.objects.get().text == before
    write(client_of, agent)
    assert "专柜上锁" in ManagementRules.objects.get(version=2).text


def test_of_two_officers_who_change_a_text_the_second_is_told(officer, client_of) -> None:
    save_text("checklist", text="一项\n二项", seen_version=1, by=officer)
    url = reverse("cards:text_edit", args=["checklist"])
    answer = client_of(officer).post(url, {"text": "三项", "seen_version": "1"})
    assert answer.status_code == 422
    assert "同事保存了第2版" in answer.content.decode()
    assert "三项" in answer.content.decode()
    client_of(officer).post(url, {"text": "三项", "seen_version": "2"})
    assert StationText.objects.newest("checklist").text == "三项"


def test_the_enterprise_s_page_shows_what_is_missing_first(
    enterprise: Enterprise, agent, client_of
) -> None:
    desk, url = client_of(agent), reverse("cards:enterprise_duty", args=[enterprise.pk])
    assert "先有管理办法" in desk.get(url).content.decode()
    write(client_of, agent)
    assert "登记由谁保管卡" in desk.get(url).content.decode()
    keeper_of(enterprise, agent)
    assert "出境前登记领用" in desk.get(url).content.decode()


def test_rules_that_apply_later_stand_beside_those_of_today(enterprise, agent, client_of) -> None:
    today = timezone.localdate()
    for version, days_ahead in ((1, -10), (2, 20)):
        enterprise.management_rules.create(
            version=version,
            way="upload",
            return_days=version + 2,
            in_force_since=today + timedelta(days=days_ahead),
            created_by=agent,
        )
    url = reverse("cards:enterprise_duty", args=[enterprise.pk])
    page = strip_tags(client_of(agent).get(url).text)
    later = day_words(today + timedelta(days=20))
    assert "第1版" in page
    assert f"第2版，{later}起施行（还没有到），回国后4天内归还" in page
    enterprise.management_rules.filter(version=1).delete()
    page = strip_tags(client_of(agent).get(url).text)
    assert f"第2版，{later}起施行（还没有到）" in page
    assert "先有管理办法" not in page
