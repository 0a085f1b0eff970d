"""Home: what cards in use ask of an agent, and what of them waits for an officer."""

from datetime import date

import pytest
import time_machine
from django.test import Client
from django.utils.html import strip_tags

from cards.models import Visit
from tests.cards.duty_parts import card_of, day, keeper_of, later, lent, period, report_of
from tests.conftest import ClientOf
from tests.factories import EnterpriseFactory, agent_of

pytestmark = pytest.mark.django_db


def home(client: Client) -> str:
    return " ".join(strip_tags(client.get("/").text).split())


@time_machine.travel(later(0), tick=False)
def test_with_nothing_to_do_there_is_no_list(agent, officer, client_of: ClientOf) -> None:
    assert "旅行卡和用卡" not in home(client_of(agent))
    assert "卡与回访" not in home(client_of(officer))


def test_a_card_that_is_late_stands_on_both_homes(
    enterprise, agent, officer, client_of: ClientOf
) -> None:
    with time_machine.travel(later(-30), tick=False):
        lent(card_of(enterprise), keeper_of(enterprise, agent), agent)
    with time_machine.travel(later(0), tick=False):
        page = home(client_of(agent))
        assert "旅行卡和用卡 1件" in page
        assert "张样例的卡逾期未还 应在2026年11月7日前归还 逾期未还" in page
        assert "卡逾期未还 1张，最早的2026年11月7日 逾期" in home(client_of(officer))


@time_machine.travel(later(0), tick=False)
def test_a_lending_that_nobody_confirmed_and_a_report_with_its_day(
    enterprise, agent, client_of: ClientOf
) -> None:
    lending = lent(card_of(enterprise), keeper_of(enterprise, agent), agent)
    report = report_of(enterprise, period=period(due_on=day(5)))
    page = client_of(agent).get("/").text
    assert f'href="{lending.get_absolute_url()}"' in page
    assert f'href="{report.get_absolute_url()}"' in page
    words = " ".join(strip_tags(page).split())
    assert "2026年第三季度登记表，请报送 2026年11月28日前报送" in words
    assert words.index("登记表，请报送") < words.index("张样例的领用，请他确认收到")


@time_machine.travel(later(0), tick=False)
def test_a_card_to_be_renewed_now_and_none_that_has_time(
    enterprise, agent, client_of: ClientOf
) -> None:
    ends_on = date(2027, 2, 1)
    card_of(enterprise, issued_on=date(2022, 2, 1), card_until=ends_on, first_end_on=ends_on)
    card_of(enterprise, holder="李样例", first_end_on=date(2031, 3, 2))
    page = home(client_of(agent))
    assert "张样例的卡要续办 2027年2月1日有一项到期" in page
    assert "李样例的卡" not in page


@time_machine.travel(later(0), tick=False)
def test_nobody_reads_another_enterprises(enterprise, agent, client_of: ClientOf) -> None:
    lent(card_of(enterprise), keeper_of(enterprise, agent), agent)
    stranger = agent_of(EnterpriseFactory.create())
    assert "旅行卡和用卡" not in home(client_of(stranger))


@time_machine.travel(later(0), tick=False)
def test_an_officer_reads_counts_with_links(enterprise, officer, client_of: ClientOf) -> None:
    for due_on in (day(-3), day(-1), day(2), day(30)):
        Visit.objects.create(enterprise=enterprise, why="routine", due_on=due_on)
    report_of(enterprise)
    page = home(client_of(officer))
    assert "卡与回访 4件" in page
    assert "回访逾期 2次，最早的2026年11月20日 逾期" in page
    assert "一周内到期的回访 1次" in page
    assert "登记表逾期未报送 1份" in page
