"""The auditor's pages: the trail, its filters, its chain, its export."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.audit import record, seal_batch
from accounts.models import AuditEvent, User
from enterprises.models import Enterprise
from notices.models import Delivery, Notice
from tests.conftest import ClientOf
from tests.factories import ReviewTableFactory

AUDIT = "/accounts/audit/"
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@pytest.fixture
def client(client_of: ClientOf, auditor: User) -> Client:
    return client_of(auditor)


def actions(client: Client, **narrowed: str) -> list[str]:
    return [row["event"].action for row in client.get(AUDIT, narrowed).context["rows"]]


@pytest.fixture
def three_events(officer: User, tax_liaison: User) -> None:
    with time_machine.travel(NOON - timedelta(days=1), tick=False):
        record("account.sign_in", officer, by=officer)
    with time_machine.travel(NOON, tick=False):
        record("account.change_password", tax_liaison, by=tax_liaison)
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        record("account.sign_in_locked", tax_liaison, by=None, after={"failures": 5})


def test_the_newest_stand_on_top_in_words(client: Client, three_events: None) -> None:
    assert actions(client) == [
        "account.sign_in_locked",
        "account.change_password",
        "account.sign_in",
    ]
    text = client.get(AUDIT).text
    for words in (
        "登录失败次数过多，锁定登录",
        "用户：区税务局联络员",
        "系统",
        "失败次数",
        "— → 5",
    ):
        assert words in text
    assert "account.sign_in<" not in text


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ({"who": "officer"}, ["account.sign_in"]),
        ({"who": "税务"}, ["account.change_password"]),
        ({"action": "account.change_password"}, ["account.change_password"]),
        ({"object_label": "专员"}, ["account.sign_in"]),
        ({"object_type": "accounts.auditseal"}, []),
        ({"since": "2026-11-23", "until": "2026-11-23"}, ["account.change_password"]),
        ({"since": "2026-11-24"}, ["account.sign_in_locked"]),
        ({"until": "2026-11-22"}, ["account.sign_in"]),
        ({"who": "没有这个人"}, []),
    ],
)
def test_the_trail_is_narrowed(
    client: Client, three_events: None, narrowed: dict[str, str], found: list[str]
) -> None:
    assert actions(client, **narrowed) == found


def test_a_person_is_found_by_what_he_did_and_what_was_done_to_him(
    client: Client, officer: User, tax_liaison: User, system_admin: User
) -> None:
    officer.name = "从前的名字"
    record("account.change", officer, by=system_admin)
    record("account.change_password", tax_liaison, by=tax_liaison)
    record("account.lift_signing_lock", tax_liaison, by=officer)
    # His name is another by now: neither label holds the words.
    found = ["account.lift_signing_lock", "account.change"]
    assert actions(client, object_label="专员甲") == found
    assert actions(client, object_label="区税务局联络员") == [
        "account.lift_signing_lock",
        "account.change_password",
    ]


def test_a_case_is_found_with_everything_of_it(
    client: Client, officer: User, tax_liaison: User
) -> None:
    table = ReviewTableFactory.create(circulated_by=officer, number="万州ABTC审〔2026〕0777号")
    other = ReviewTableFactory.create(circulated_by=officer)
    case = table.application
    opinion = table.opinions.get(department__code="tax")
    for action, thing in (
        ("enterprise.verify", case.enterprise),
        ("application.submit", case),
        ("review.circulate", table),
        ("opinion.sign", opinion),
        ("application.submit", other.application),
        ("review.circulate", other),
    ):
        record(action, thing, by=tax_liaison)
    of_case = ["opinion.sign", "review.circulate", "application.submit"]
    assert actions(client, object_label=case.reference) == of_case
    assert actions(client, object_label="万州ABTC审〔2026〕0777号") == of_case
    assert actions(client, object_label=case.applicant.name) == of_case
    assert actions(client, object_label=case.enterprise.name) == [*of_case, "enterprise.verify"]


@pytest.mark.embedded
def test_a_part_of_a_label_finds_in_any_case_what_is_no_longer_there(
    client: Client, officer: User, system_admin: User
) -> None:
    for label in ("重庆AbC科技（已删除）", "重庆 a 科技", "乙"):
        record("account.change", User(), by=system_admin, label=label)
    labels = ["重庆 a 科技", "重庆AbC科技（已删除）"]

    def found(words: str) -> list[str]:
        rows = client.get(AUDIT, {"object_label": words}).context["rows"]
        return [row["event"].object_label for row in rows]

    assert found("科技") == found("重庆") == labels
    assert found("aBc") == found("技（已") == found("bc") == labels[1:]
    assert found("乙") == ["乙"]
    assert found("a科") == found("庆科") == found("%科") == []


@pytest.mark.embedded
def test_more_of_a_kind_than_are_looked_up_one_by_one_are_found_as_well(
    client: Client, officer: User, tax_liaison: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = ReviewTableFactory.create(circulated_by=officer)
    case = table.application
    opinions = [table.opinions.get(department__code=code) for code in ("tax", "police")]
    for thing in (case.enterprise, case, table, *opinions, tax_liaison):
        record("opinion.sign", thing, by=officer)
    few = [row["event"].object_id for row in _rows(client, case.enterprise.name)]
    assert few == [str(one.pk) for one in (*reversed(opinions), table, case, case.enterprise)]
    monkeypatch.setattr("accounts.filters.MOST_KEYS", 0)
    assert [row["event"].object_id for row in _rows(client, case.enterprise.name)] == few
    assert len(actions(client, object_label=officer.name)) == 6
    assert len(actions(client, who=officer.name)) == 6


def _rows(client: Client, words: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = client.get(AUDIT, {"object_label": words}).context["rows"]
    return rows


def test_messages_that_were_sent_again_are_found_by_their_receiver(
    client: Client, officer: User, tax_liaison: User, system_admin: User
) -> None:
    for person in (tax_liaison, officer):
        notice = Notice.objects.create(recipient=person, kind="task", subject="请签署")
        again = Delivery.objects.create(notice=notice, channel="email")
        Delivery.objects.create(notice=notice, channel="sms")
        record("notice.retry", again, by=system_admin, label="")
    events = [row["event"].object_id for row in _rows(client, tax_liaison.name)]
    mine = Delivery.objects.get(notice__recipient=tax_liaison, channel="email")
    assert events == [str(mine.pk)]


@pytest.mark.embedded
def test_a_search_asks_twice_however_much_it_finds(client: Client, officer: User) -> None:
    def asked(**narrowed: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(AUDIT, narrowed).status_code == 200
        return len(queries)

    plain = asked()
    record("account.sign_in", officer, by=officer)
    assert asked(object_label=officer.name) == asked(who=officer.name) == plain + 1
    for _ in range(40):
        record("account.sign_in", officer, by=officer)
    assert asked(object_label=officer.name) == asked(who=officer.name) == plain + 1


def test_a_day_begins_at_midnight_in_shanghai(client: Client, officer: User) -> None:
    with time_machine.travel(datetime(2026, 11, 22, 16, 0, tzinfo=UTC), tick=False):
        record("account.sign_in", officer, by=officer)
    with time_machine.travel(datetime(2026, 11, 23, 15, 59, 59, tzinfo=UTC), tick=False):
        record("account.sign_out", officer, by=officer)
    day = {"since": "2026-11-23", "until": "2026-11-23"}
    assert actions(client, **day) == ["account.sign_out", "account.sign_in"]


def test_a_date_that_is_none_shows_nothing_and_says_why(client: Client, three_events: None) -> None:
    response = client.get(AUDIT, {"since": "去年"})
    assert response.context["rows"] == []
    assert "请按“年-月-日”填写日期，如 2026-11-23。" in response.text


def test_pages_lead_to_what_is_older_and_back(client: Client, officer: User) -> None:
    for _ in range(61):
        record("account.sign_in", officer, by=officer)
    first = client.get(AUDIT, {"who": "officer"})
    ids = [row["event"].pk for row in first.context["rows"]]
    assert len(ids) == 30
    assert first.context["page"].next.startswith("?who=officer&page=")
    second = client.get(f"{AUDIT}{first.context['page'].next}")
    older = [row["event"].pk for row in second.context["rows"]]
    assert older == list(range(ids[-1] - 1, ids[-1] - 31, -1))
    third = client.get(f"{AUDIT}{second.context['page'].next}")
    assert len(third.context["rows"]) == 1
    assert "下一页" not in third.text
    back = client.get(f"{AUDIT}{third.context['page'].previous}")
    assert [row["event"].pk for row in back.context["rows"]] == older


@pytest.mark.parametrize("events", [1, 50])
def test_the_page_costs_the_same_for_one_and_for_fifty(
    client: Client, officer: User, django_assert_max_num_queries, events: int
) -> None:
    for _ in range(events):
        record("account.change", officer, by=officer, before={"name": "甲"}, after={"name": "乙"})
    client.get(AUDIT)
    with django_assert_max_num_queries(7):
        page = client.get(AUDIT)
    assert page.status_code == 200
    assert len(page.context["rows"]) == min(events, 30)
    assert "修改账户" in page.text


def test_the_name_of_an_object_is_kept_up_to_200_characters(
    enterprise: Enterprise, officer: User
) -> None:
    enterprise.name = "长" * 300
    record("enterprise.change", enterprise, by=officer)
    assert AuditEvent.objects.get().object_label == "长" * 200


# The chain ---------------------------------------------------------------------------------------


@pytest.fixture
def sealed(officer: User) -> AuditEvent:
    with time_machine.travel(NOON, tick=False):
        event = record("account.sign_in", officer, by=officer)
    seal_batch()
    return event


def test_the_page_says_what_is_sealed_and_what_is_not(
    client: Client, officer: User, sealed: AuditEvent
) -> None:
    record("account.sign_out", officer, by=officer)
    text = client.get(AUDIT).text
    assert f"到第{sealed.pk}条" in text
    assert "尚未封存：1条" in text


def test_checking_an_untouched_chain_says_so_and_is_recorded(
    client: Client, auditor: User, sealed: AuditEvent
) -> None:
    response = client.post(f"{AUDIT}check/", follow=True)
    assert "封存1批、1条，全部相符；另有0条尚未封存。" in response.text
    event = AuditEvent.objects.get(action="audit.check")
    assert event.actor == auditor
    assert "全部相符" in event.after["outcome"]


def test_a_row_changed_behind_the_portal_is_found(client: Client, sealed: AuditEvent) -> None:
    # Else PostgreSQL would still wait with this transaction's foreign keys, and alter nothing.
    connection.check_constraints()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER accounts_auditevent_no_update")
        else:
            cursor.execute("ALTER TABLE accounts_auditevent DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE accounts_auditevent SET actor_label = '别人' WHERE id = %s", [sealed.pk]
        )
    response = client.post(f"{AUDIT}check/", follow=True)
    assert "封存与审计记录不符" in response.text
    assert "请保护现场" in response.text


# The export --------------------------------------------------------------------------------------


def exported(client: Client, **narrowed: str) -> list[list[str]]:
    response = client.get(f"{AUDIT}export/", narrowed)
    text = response.getvalue().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_the_export_holds_the_narrowed_rows(client: Client, three_events: None) -> None:
    rows = exported(client, who="officer")
    assert rows[0][:4] == ["编号", "时间", "操作人", "动作"]
    assert rows[1][1:4] == ["2026-11-22 12:00:00", "服务站专员 专员甲", "登录"]
    assert len(rows) == 2


def test_the_export_is_recorded_with_what_it_was_narrowed_by(
    client: Client, auditor: User, three_events: None
) -> None:
    exported(client, who="officer", since="2026-11-01")
    event = AuditEvent.objects.get(action="audit.export")
    assert event.actor == auditor
    assert event.after == {"filters": {"操作人": "officer", "从": "2026-11-01"}}


def test_the_export_and_its_own_row_read_in_chinese(client: Client, three_events: None) -> None:
    response = client.get(f"{AUDIT}export/", {"action": "account.sign_in"})
    assert "审计记录" in unquote(response["Content-Disposition"])
    rows = list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
    heads = "编号,时间,操作人,动作,对象类型,对象编号,对象,来源地址,变化"
    assert ",".join(rows[0]) == heads
    assert AuditEvent.objects.get(action="audit.export").after == {"filters": {"动作": "登录"}}
    changes = [row[8] for row in exported(client, action="audit.export")[1:]]
    assert "筛选条件：— → 动作：登录" in changes


def test_a_name_that_looks_like_a_formula_is_exported_as_text(
    client: Client, officer: User
) -> None:
    officer.name = '=HYPERLINK("http://evil.example")'
    officer.save()
    record("account.sign_in", officer, by=None)
    assert exported(client, action="account.sign_in")[1][6].startswith("'=HYPERLINK")


def test_an_export_by_a_date_that_is_none_is_refused(client: Client, three_events: None) -> None:
    assert client.get(f"{AUDIT}export/", {"since": "去年"})["Location"] == AUDIT
    assert not AuditEvent.objects.filter(action="audit.export").exists()


@pytest.mark.parametrize("person", ["agent", "officer", "system_admin", "security_admin"])
def test_nobody_else_reads_the_trail(
    request: pytest.FixtureRequest, client_of: ClientOf, person: str
) -> None:
    client = client_of(request.getfixturevalue(person))
    assert client.get(AUDIT).status_code == 403
    assert client.get(f"{AUDIT}export/").status_code == 403
    assert client.post(f"{AUDIT}check/").status_code == 403
