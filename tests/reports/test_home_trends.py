"""What stands over the lists of an officer and of who leads, counted by hand."""

from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from accounts.models import User
from applications.workflow import Status
from reports.home.trends import recent_months, sparks, time_used
from reviews.models import Opinion, Pause, ReviewTable
from tests.conftest import ClientOf
from tests.factories import ApplicationFactory, DemandFactory, ReviewTableFactory
from tests.reviews.conftest import on
from workdays.calendar import load_calendar

pytestmark = pytest.mark.django_db
# The 23rd of November 2026 is a Monday.
NOW = on(26, 10)


def concluded(begun: datetime, ended: datetime) -> ReviewTable:
    table: ReviewTable = ReviewTableFactory.create(
        status="concluded", circulated_at=begun, concluded_at=ended
    )
    return table


def words_of(client: Client) -> str:
    with time_machine.travel(NOW, tick=False):
        return " ".join(strip_tags(client.get("/").text.partition("<main")[2]).split())


def test_the_mean_of_a_month_counts_working_days_and_leaves_out_paused_tables(
    station_head: User,
) -> None:
    concluded(on(20, 10), on(23, 15))  # over a weekend: one
    concluded(on(23, 10), on(25, 15))  # two
    paused = concluded(on(2, 10), on(25, 15))
    Pause.objects.create(
        table=paused, reason="等材料", by=station_head, started_at=on(3, 9), ended_at=on(24, 9)
    )
    concluded(on(20, 10).replace(month=10), on(21, 10).replace(month=10))  # one, in October
    with time_machine.travel(NOW, tick=False):
        chart = time_used(station_head, recent_months(station_head, load_calendar()))
    assert [(row.label, row.shown) for row in chart.rows] == [("10月", "1.0"), ("11月", "1.5")]
    assert chart.words == (
        "11月平均用时1.5个工作日，目标3个工作日，比10月多0.5。等企业补充过材料的不计。"
    )


def test_a_department_s_leader_reads_of_its_own_signatures_against_two_days(
    supervisor: User, tax_liaison: User
) -> None:
    table = concluded(on(23, 10), on(25, 15))
    table.opinions.filter(department__code="tax").update(
        signed_at=on(24, 10), signed_by=tax_liaison, conclusion="agree"
    )
    with time_machine.travel(NOW, tick=False):
        chart = time_used(supervisor, recent_months(supervisor, load_calendar()))
    assert [(row.shown, chart.target) for row in chart.rows] == [("1.0", 2)]


def test_weeks_are_counted_up_to_today_and_what_was_open_is_reckoned_back(
    station_head: User,
) -> None:
    with time_machine.travel(NOW, tick=False):
        concluded(on(10, 10), on(12, 10))  # 14 days ago: two weeks back
        ReviewTableFactory.create(circulated_at=on(24, 10), due_at=on(27, 18))
        found = sparks(station_head)
    assert found.done.values == [0, 0, 0, 0, 0, 1, 0, 0]
    assert found.open.values == [0, 0, 0, 0, 0, 0, 0, 1]
    assert (found.open_now, found.paused_now) == (1, 0)
    assert found.done.words.startswith("近8周每周办结的审核表：0、")


@pytest.mark.embedded
def test_opinions_due_and_signed_late_are_counted_but_those_of_void_tables(
    station_head: User, tax_liaison: User
) -> None:
    # One due tomorrow, as are its five opinions; one of last week, signed a day late by tax.
    ReviewTableFactory.create(circulated_at=on(24, 10)).opinions.update(due_at=on(27, 18))
    last, void = (ReviewTableFactory.create(circulated_at=on(16, 10)) for _ in range(2))
    for table in (last, void):
        table.opinions.update(due_at=on(18, 18))
        table.opinions.filter(department__code="tax").update(
            signed_at=on(19, 10), signed_by=tax_liaison, conclusion="agree"
        )
    type(void).objects.filter(pk=void.pk).update(
        status="void", voided_at=on(20, 9), void_reason="材料有误"
    )
    with time_machine.travel(NOW, tick=False):
        found = sparks(station_head)
    assert found.due.values == [0, 0, 0, 0, 0, 0, 5, 0]
    assert found.late.values == [0, 0, 0, 0, 0, 0, 1, 0]
    # On the 19th both of last week were open; on the 20th one became void.
    assert found.open.values == [0, 0, 0, 0, 0, 0, 2, 2]


def test_an_officer_reads_late_departments_and_chases_one_with_a_click(
    officer: User, client_of: ClientOf
) -> None:
    table = ReviewTableFactory.create(due_at=on(27, 18))
    Opinion.objects.filter(table=table).update(due_at=on(27, 18))
    table.opinions.filter(department__code="tax").update(due_at=on(25, 18))
    client = client_of(officer)
    assert "区税务局超时1份 催办 区税务局" in words_of(client).replace(
        "催办区税务局", "催办 区税务局"
    )
    assert 'action="/reviews/departments/tax/chase/"' in client.get("/").text


def test_an_officer_reads_what_changed_since_yesterday_and_the_coverage(
    officer: User, client_of: ClientOf
) -> None:
    for status, moment in (
        (Status.SUBMITTED, on(25, 1)),
        (Status.SUBMITTED, on(26, 9)),
        (Status.RETURNED, on(25, 9)),
        (Status.RETURNED, on(24, 23)),
        (Status.DRAFT, on(26, 9)),
    ):
        case = ApplicationFactory.create(status=status)
        type(case).objects.filter(pk=case.pk).update(status_since=moment)
    DemandFactory.create(told_at=on(20, 9))
    DemandFactory.create()
    page = words_of(client_of(officer))
    assert (
        "昨天以来： 提交2件 、 退回补正1件 。" in page or "昨天以来：提交2件、退回补正1件。" in page
    )
    assert "应覆盖2户，已宣传1户（50%），提交过申请0户，领过卡0户。" in page


@pytest.mark.embedded
def test_the_ledger_is_read_once_for_its_coverage(officer: User, client_of: ClientOf) -> None:
    told = {"told_at": on(20, 9)}
    DemandFactory.create()
    DemandFactory.create(**told)
    DemandFactory.create(applied_at=on(21, 9), is_qualified=True, **told)
    DemandFactory.create(applied_at=on(21, 9), held_at=on(22, 9), **told)
    # A card that came before anybody was told; one that does not qualify.
    DemandFactory.create(held_at=on(22, 9))
    DemandFactory.create(is_qualified=False, **told)
    client = client_of(officer)
    with CaptureQueriesContext(connection) as queries:
        page = words_of(client)
    assert "应覆盖5户，已宣传3户（60%），提交过申请2户，领过卡2户。" in page
    of_coverage = [one["sql"] for one in queries if "cover:" in one["sql"]]
    assert [sql.count('FROM "enterprises_demand"') for sql in of_coverage] == [1]


def test_the_liaison_s_next_one_stands_first_with_its_button(
    tax_liaison: User, client_of: ClientOf
) -> None:
    later, sooner = (ReviewTableFactory.create(due_at=on(day, 18)) for day in (27, 26))
    for table in (later, sooner):
        table.opinions.update(due_at=table.due_at)
    with time_machine.travel(NOW, tick=False):
        page = client_of(tax_liaison).get("/").text
    first = page.partition("task-list__item--next")[2].partition("</li>")[0]
    own = sooner.opinions.get(department__code="tax")
    assert f'href="/reviews/opinions/{own.pk}/"' in first
    assert "填写并签署" in first
    assert page.count("填写并签署") == 1


def test_the_agent_s_next_step_stands_first(agent: User, client_of: ClientOf, draft: Any) -> None:
    page = client_of(agent).get("/").text
    first = page.partition("task-list__item--next")[2].partition("</section>")[0]
    assert "继续准备" in first
