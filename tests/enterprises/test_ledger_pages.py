"""Pages of the ledger: list, row in its place, several at once, adding, contacts, coverage."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, User
from enterprises.models import Contact, Demand, Enterprise, SavedFilter, Stage
from tests.conftest import ClientOf
from tests.factories import DemandFactory

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def desk(officer: User, client_of: ClientOf) -> Client:
    return client_of(officer)


def listed(desk: Client, **asked: str) -> list[str]:
    answer = desk.get(reverse("ledger:list"), asked)
    assert answer.status_code == 200
    return [row.name for row in answer.context["page"]]


def test_the_list_is_narrowed_by_what_was_asked(desk: Client, officer: User) -> None:
    DemandFactory.create(name="甲食品有限公司", trade="柑橘", owner=officer)
    DemandFactory.create(name="乙机械有限公司", trade="机械", stage=Stage.TOLD, is_key=True)
    assert listed(desk, trade="柑橘") == ["甲食品有限公司"]
    assert listed(desk, stage="told") == ["乙机械有限公司"]
    assert listed(desk, owner="me") == ["甲食品有限公司"]
    assert listed(desk, key="yes", q="机械") == ["乙机械有限公司"]
    assert listed(desk, unheard="30") == []


def test_a_filter_that_cannot_be_understood_is_said_and_narrows_nothing(desk: Client) -> None:
    DemandFactory.create()
    answer = desk.get(reverse("ledger:list"), {"unheard": "很久", "trade": "没有的"})
    assert answer.context["page"].total == 1
    assert "请填写整数" in answer.content.decode()


def test_a_row_opens_in_the_list_and_is_saved_there(desk: Client, officer: User) -> None:
    demand, other = DemandFactory.create(), DemandFactory.create()
    page = desk.get(reverse("ledger:list"), {"edit": demand.pk}).content.decode()
    assert page.count("保存这一户") == 1
    answer = desk.post(
        reverse("ledger:step", args=[demand.pk]),
        {
            "here": "stage=untouched&page=1",
            "seen_version": "1",
            "stage": "told",
            "next_step": "上门走访",
            "next_on": "2026-12-08",
            "owner": officer.pk,
        },
    )
    assert answer["Location"] == (
        f"{reverse('ledger:list')}?stage=untouched&page=1#row-{demand.pk}"
    )
    demand.refresh_from_db()
    assert (demand.stage, demand.next_step, demand.owner) == (Stage.TOLD, "上门走访", officer)
    assert Demand.objects.get(pk=other.pk).stage == Stage.UNTOUCHED


def test_going_back_without_a_word_stays_in_the_open_row(desk: Client) -> None:
    demand = DemandFactory.create(stage=Stage.SUBMITTED)
    answer = desk.post(
        reverse("ledger:step", args=[demand.pk]), {"seen_version": "1", "stage": "not_needed"}
    )
    assert answer.status_code == 422
    assert "请写明原因" in answer.content.decode()
    assert "保存这一户" in answer.content.decode()


def test_the_second_editor_of_a_row_is_told(desk: Client) -> None:
    demand = DemandFactory.create(version=2, next_step="等电话")
    answer = desk.post(
        reverse("ledger:step", args=[demand.pk]),
        {"seen_version": "1", "stage": "untouched", "next_step": "上门走访"},
    )
    assert answer.status_code == 422
    assert "别人已经修改过" in answer.content.decode()


def test_several_rows_are_shown_before_they_are_changed(desk: Client, officer: User) -> None:
    rows = [DemandFactory.create(), DemandFactory.create()]
    ticked: dict[str, Any] = {"row": [row.pk for row in rows], "here": "stage=untouched"}
    page = desk.get(reverse("ledger:batch"), ticked).content.decode()
    assert all(row.name in page for row in rows)
    assert not Demand.objects.exclude(next_step="").exists()
    asked = ticked | {"next_step": "邀请参加宣讲会", "next_on": "2026-12-15", "owner": officer.pk}
    answer = desk.post(reverse("ledger:batch"), asked)
    assert answer["Location"] == f"{reverse('ledger:list')}?stage=untouched"
    assert Demand.objects.filter(next_step="邀请参加宣讲会", owner=officer).count() == 2


def test_nothing_ticked_or_nothing_written_changes_nothing(desk: Client) -> None:
    demand = DemandFactory.create()
    assert desk.get(reverse("ledger:batch")).status_code == 302
    assert desk.post(reverse("ledger:batch"), {"row": [demand.pk]}).status_code == 422


# Adding -------------------------------------------------------------------------------------------


def test_near_rows_stand_before_the_form(desk: Client) -> None:
    DemandFactory.create(name="重庆市万州区平湖样例机械有限公司")
    answer = desk.get(reverse("ledger:new"), {"q": "平湖样例机械"})
    assert [row.name for row in answer.context["near"]] == ["重庆市万州区平湖样例机械有限公司"]
    assert answer.context["form"].initial["name"] == "平湖样例机械"


def test_a_number_finds_its_row_and_goes_into_the_form(desk: Client) -> None:
    row = DemandFactory.create(contact_phone="13900001234")
    answer = desk.get(reverse("ledger:new"), {"q": "13900001234"})
    assert answer.context["near"] == [row]
    assert answer.context["form"].initial["contact_phone"] == "13900001234"


def test_a_call_makes_a_row_with_its_contact_once(desk: Client, officer: User) -> None:
    data = {
        "name": "重庆三峡样例丝绸有限公司",
        "source": "call",
        "contact_name": "冉样例",
        "contact_phone": "13900002222",
        "words": "问了怎么办卡，年底要去越南。",
        "is_telling": "on",
        "next_step": "指导注册",
        "next_on": str(TODAY + timedelta(days=2)),
        "nonce": "abcdefgh1234",
    }
    for _ in range(2):
        answer = desk.post(reverse("ledger:new"), data)
        assert answer["Location"] == Demand.objects.get().get_absolute_url()
    demand, contact = Demand.objects.get(), Contact.objects.get()
    assert (demand.stage, demand.next_step) == (Stage.TOLD, "指导注册")
    assert (contact.kind, contact.by, contact.is_telling) == (Contact.Kind.CALL, officer, True)


def test_a_near_name_is_asked_about_once(desk: Client) -> None:
    DemandFactory.create(name="重庆三峡样例丝绸有限公司")
    data = {"name": "三峡样例丝绸", "source": "call", "nonce": "abcdefgh5678"}
    asked = desk.post(reverse("ledger:new"), data)
    assert asked.status_code == 422
    assert "不是同一家" in asked.content.decode()
    seen = asked.context["form"]["seen"].value()
    assert desk.post(reverse("ledger:new"), data | {"seen": seen}).status_code == 302
    assert Demand.objects.count() == 2


def test_what_is_not_found_leads_to_a_new_row(desk: Client) -> None:
    page = desk.get(reverse("find"), {"q": "没有这一家"}).content.decode()
    assert f'href="{reverse("ledger:new")}?q=%E6%B2%A1' in page


# One row ------------------------------------------------------------------------------------------


def test_contacts_stand_in_time_with_their_author(desk: Client, officer: User) -> None:
    demand = DemandFactory.create()
    for number, name in enumerate(("早先的同事", "")):
        Contact.objects.create(
            demand=demand,
            kind=Contact.Kind.CALL,
            at=timezone.now() - timedelta(days=9 - number),
            words=f"第{number + 1}次",
            by=officer,
            author_name=name,
            nonce=f"contact-{number}",
        )
    page = desk.get(demand.get_absolute_url()).content.decode()
    assert page.index("第2次") < page.index("第1次")
    assert "早先的同事记" in page
    assert "专员甲记" in page


def test_a_contact_is_noted_with_the_next_step(desk: Client) -> None:
    demand = DemandFactory.create()
    data = {"kind": "call", "words": "约了下周。", "is_telling": "on", "nonce": "note1234",
            "next_step": "上门走访", "next_on": "2026-12-10"}  # fmt: skip
    for _ in range(2):
        desk.post(reverse("ledger:note", args=[demand.pk]), data)
    demand.refresh_from_db()
    assert (demand.stage, demand.next_step) == (Stage.TOLD, "上门走访")
    assert demand.contacts.count() == 1


def test_a_contact_from_an_old_page_leaves_a_colleagues_next_step_as_it_is(desk: Client) -> None:
    """The page was opened at version 1; since then a colleague has arranged a visit."""
    demand = DemandFactory.create(version=2, next_step="上门走访", next_on=date(2026, 12, 8))
    data = {"kind": "call", "words": "说了很久的话。", "nonce": "note5678", "seen_version": "1",
            "next_step": "再打电话", "next_on": "2026-12-20"}  # fmt: skip
    note = reverse("ledger:note", args=[demand.pk])
    refused = desk.post(note, data)
    shown = refused.content.decode()
    assert refused.status_code == 422
    assert "现在存着的是“上门走访”" in shown
    assert "现在存着的是“2026年12月8日”" in shown
    # Nothing that was typed is lost, and the page itself shows what stands.
    assert "说了很久的话。" in shown
    assert "再打电话" in shown
    demand.refresh_from_db()
    assert (demand.next_step, demand.contacts.count()) == ("上门走访", 0)

    seen = refused.context["contact_form"]["seen_version"].value()
    assert desk.post(note, data | {"seen_version": seen}).status_code == 302
    demand.refresh_from_db()
    assert (demand.next_step, demand.contacts.count()) == ("再打电话", 1)


def test_a_contact_that_agrees_with_the_new_next_step_is_kept(desk: Client) -> None:
    demand = DemandFactory.create(version=2, next_step="上门走访")
    data = {"kind": "call", "words": "说好了。", "seen_version": "1", "next_step": "上门走访"}
    assert desk.post(reverse("ledger:note", args=[demand.pk]), data).status_code == 302
    demand.refresh_from_db()
    assert (demand.contacts.count(), demand.version) == (1, 2)


def test_a_contact_cannot_have_been_tomorrow(desk: Client) -> None:
    demand = DemandFactory.create()
    tomorrow = timezone.localtime() + timedelta(days=1)
    data = {"kind": "call", "words": "约了。", "at": f"{tomorrow:%Y-%m-%dT%H:%M}"}
    answer = desk.post(reverse("ledger:note", args=[demand.pk]), data)
    assert answer.status_code == 422
    assert "不能晚于现在" in answer.content.decode()


def test_the_phone_shows_after_a_click_that_is_recorded(desk: Client) -> None:
    demand = DemandFactory.create(contact_phone="13900001234")
    assert "13900001234" not in desk.get(demand.get_absolute_url()).content.decode()
    desk.post(reverse("ledger:reveal", args=[demand.pk]))
    assert "13900001234" in desk.get(demand.get_absolute_url()).content.decode()
    assert AuditEvent.objects.filter(action="demand.reveal").count() == 1


def test_facts_are_changed_and_a_code_of_another_row_is_refused(desk: Client) -> None:
    DemandFactory.create(credit_code="91500101YYYY00012R")
    demand = DemandFactory.create()
    data = {
        "seen_version": "1", "name": demand.name, "source": "list",
        "economies": ["JPN", "VNM"], "is_qualified": "yes", "trade": "榨菜",
    }  # fmt: skip
    address = reverse("ledger:edit", args=[demand.pk])
    assert desk.post(address, data | {"credit_code": "91500101YYYY00012R"}).status_code == 422
    assert desk.post(address, data).status_code == 302
    demand.refresh_from_db()
    assert (demand.economies, demand.is_qualified, demand.trade) == (["JPN", "VNM"], True, "榨菜")


def test_the_enterprise_leads_to_its_row_and_back(desk: Client, enterprise: Enterprise) -> None:
    demand = DemandFactory.create(enterprise=enterprise)
    station = reverse("enterprises:station_detail", args=[enterprise.pk])
    assert demand.get_absolute_url() in desk.get(station).content.decode()
    assert station in desk.get(demand.get_absolute_url()).content.decode()


def test_the_head_reads_and_changes_nothing(client_of: ClientOf, station_head: User) -> None:
    demand, head = DemandFactory.create(), client_of(station_head)
    for address in (reverse("ledger:list"), demand.get_absolute_url()):
        page = head.get(address).content.decode()
        assert "记下这次联系" not in page
        assert "勾选" not in page
    data = {"kind": "call", "words": "……", "nonce": "note1234"}
    assert head.post(reverse("ledger:note", args=[demand.pk]), data).status_code == 403
    head.post(demand.get_absolute_url(), {"seen_version": "1", "stage": "told"})
    demand.refresh_from_db()
    assert demand.stage == Stage.UNTOUCHED


# Filters under a name -----------------------------------------------------------------------------


def test_a_filter_is_kept_and_shared(
    desk: Client, client_of: ClientOf, officer: User, other_officer: User
) -> None:
    save = reverse("ledger:filter_save")
    desk.post(save, {"here": "stage=told&owner=me&page=3", "name": "我要催的"})
    desk.post(save, {"here": "key=yes", "name": "重点", "is_shared": "on"})
    assert SavedFilter.objects.get(name="我要催的").query == {"stage": "told", "owner": "me"}
    theirs = client_of(other_officer)
    page = theirs.get(reverse("ledger:list")).content.decode()
    assert "重点</a>" in page
    assert "我要催的" not in page
    shared = SavedFilter.objects.get(name="重点")
    assert theirs.post(reverse("ledger:filter_delete", args=[shared.pk])).status_code == 404


# Home, coverage, size -----------------------------------------------------------------------------


def test_next_steps_due_stand_on_the_officers_home(desk: Client, other_officer: User) -> None:
    DemandFactory.create(name="今天有限公司", next_step="上门走访", next_on=TODAY)
    DemandFactory.create(name="过期有限公司", next_step="回电", next_on=TODAY - timedelta(days=1))
    DemandFactory.create(name="别人有限公司", next_step="回电", next_on=TODAY, owner=other_officer)
    DemandFactory.create(name="以后有限公司", next_step="回电", next_on=TODAY + timedelta(days=1))
    page = desk.get(reverse("home")).content.decode()
    assert "台账下一步" in page
    assert page.index("过期有限公司") < page.index("今天有限公司")
    assert "别人有限公司" not in page
    assert "以后有限公司" not in page


def test_figures_of_coverage_lead_to_their_rows(desk: Client) -> None:
    told = timezone.now()
    DemandFactory.create(trade="柑橘&柠檬", stage=Stage.TOLD, told_at=told)
    DemandFactory.create(trade="柑橘&柠檬")
    page = desk.get(reverse("ledger:coverage")).content.decode()
    assert "应覆盖<strong>2</strong>户，已宣传<strong>1</strong>户（50%）" in page
    address = "?trade=%E6%9F%91%E6%A9%98%26%E6%9F%A0%E6%AA%AC&amp;reached=told"
    assert address in page
    assert len(listed(desk, trade="柑橘&柠檬", reached="told")) == 1


@pytest.mark.parametrize("name", ["ledger:list", "ledger:coverage", "home"])
def test_a_page_costs_the_same_for_one_and_for_fifty(
    desk: Client, officer: User, name: str
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert desk.get(reverse(name)).status_code == 200
        return len(seen)

    def rows(count: int) -> None:
        for number in range(count):
            DemandFactory.create(
                owner=officer, trade=f"行业{number}", next_step="走访", next_on=TODAY
            )

    rows(1)
    first = queries()
    rows(49)
    # A list of more than one page is counted, by a query of its own.
    counted = first + (name == "ledger:list")
    assert queries() == counted
    assert name == "home" or counted <= 12
