"""Lists that leave: the head, what a formula becomes, the round trip of cards, memory."""

import csv
import io
import tracemalloc
from datetime import date, timedelta

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, User
from core.spreadsheets import xlsx_stream
from imports.kinds import kinds
from imports.reading import read_sheet
from imports.services import layout_of, stage
from imports.steps import work_off
from outreach.models import ConsultationTopic
from reports.exports.kinds import KINDS
from tests.conftest import ClientOf
from tests.factories import ApplicationFactory, CardFactory, EnterpriseFactory
from tests.outreach.factories import ConsultationFactory
from tests.reports.stage_world import at

pytestmark = pytest.mark.django_db


def exported(client_of: ClientOf, who: User, code: str, **sent: str) -> bytes:
    answer = client_of(who).post(reverse("exports:export", args=[code]), sent)
    assert answer.status_code == 200
    return b"".join(answer)


def test_what_begins_like_a_formula_is_a_text_in_both_files(
    officer: User, client_of: ClientOf
) -> None:
    ConsultationFactory.create(text="=HYPERLINK(1)")
    text = exported(client_of, officer, "consultations", form="csv").decode("utf-8-sig")
    head, row = csv.reader(io.StringIO(text))
    assert dict(zip(head, row, strict=True))["问题"] == "'=HYPERLINK(1)"
    book = openpyxl.load_workbook(
        io.BytesIO(exported(client_of, officer, "consultations", form="xlsx"))
    )
    cell = book.worksheets[0].cell(2, 7)
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")


def test_consultations_say_how_they_came_and_about_what(officer: User, client_of: ClientOf) -> None:
    """One that was noted later is listed by the day on which it was asked."""
    topic = ConsultationTopic.objects.get(name="费用和时间")
    ConsultationFactory.create(channel="counter", topic=topic, asked_at=at(4, 30, 9))
    ConsultationFactory.create(asked_at=at(5, 2))
    days = {"first": "2026-04-01", "last": "2026-04-30"}
    text = exported(client_of, officer, "consultations", form="csv", **days).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text))
    assert (row["渠道"], row["主题"]) == ("来访", "费用和时间")
    assert row["提问时间"].startswith("2026-04-30")


def test_drafts_and_whole_phone_numbers_stay_here(officer: User, client_of: ClientOf) -> None:
    ApplicationFactory.create()
    shown = ApplicationFactory.create(submitted=True)
    text = exported(client_of, officer, "applications", form="csv").decode("utf-8-sig")
    assert [row[0] for row in csv.reader(io.StringIO(text))][1:] == [shown.reference]
    EnterpriseFactory.create(contact_phone="13812345678")
    text = exported(client_of, officer, "enterprises", form="csv").decode("utf-8-sig")
    assert "13812345678" not in text


def test_days_narrow_the_list(officer: User, client_of: ClientOf) -> None:
    CardFactory.create(issued_on=date(2026, 3, 1))
    newer = CardFactory.create(issued_on=date(2026, 5, 1))
    text = exported(client_of, officer, "cards", form="csv", first="2026-04-01")
    rows = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))
    assert [row["卡号"] for row in rows] == [newer.number]


@pytest.mark.parametrize("days", [{}, {"last": "2199-12-31"}])
def test_days_that_have_not_begun_export_nothing(
    officer: User, client_of: ClientOf, days: dict[str, str]
) -> None:
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    sent = {"form": "csv", "first": tomorrow, **days}
    answer = client_of(officer).post(reverse("exports:export", args=["applications"]), sent)
    assert answer.status_code == 422
    assert "这一天还没有到，没有可以导出的" in answer.content.decode()
    assert not AuditEvent.objects.filter(action="export.download").exists()


def test_exported_cards_are_the_same_when_they_are_imported_again(
    officer: User, client_of: ClientOf
) -> None:
    CardFactory.create(economies=["JPN", "VNM"])
    CardFactory.create(custody="station", custody_note="=保险柜")
    data = exported(client_of, officer, "cards", form="xlsx")
    kind, sheet = kinds()["cards"], read_sheet(data)
    layout = layout_of(kind, sheet)
    batch = stage(kind, sheet, layout, data=data, name="卡.xlsx", by=officer)
    work_off(batch.pk)
    batch.refresh_from_db()
    assert (batch.same_count, batch.changed_count, batch.error_count) == (2, 0, 0)


def test_the_trail_says_what_was_taken(officer: User, client_of: ClientOf) -> None:
    exported(client_of, officer, "cards", form="csv")
    event = AuditEvent.objects.get(action="export.download")
    assert event.after == {"list": "旅行卡", "rows": 0, "form": "csv"}


def test_a_long_table_takes_no_more_memory_than_a_short_one() -> None:
    def peak(rows: int) -> int:
        tracemalloc.start()
        xlsx_stream("a.xlsx", (["样例" * 10] * 14 for _ in range(rows))).close()
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(10)
    assert peak(4_000) < peak(400) + 1_000_000


def test_every_kind_has_as_many_cells_as_its_head(officer: User) -> None:
    ApplicationFactory.create(submitted=True)
    CardFactory.create()
    ConsultationFactory.create()
    for kind in KINDS.values():
        head, *lines = kind.table(kind.rows_for(officer, None))
        assert lines, kind.code
        assert {len(line) for line in lines} == {len(head)}, kind.code


def narrowed(client_of: ClientOf, who: User, code: str, query: str) -> list[list[str]]:
    """The lines below the head, of what the list's own address leads to."""
    address = f"{reverse('exports:export', args=[code])}?{query}"
    answer = client_of(who).post(address, {"form": "csv"})
    assert answer.status_code == 200
    text = b"".join(answer).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))[1:]


def test_a_narrowed_list_leads_to_an_export_of_just_those_rows(
    officer: User, client_of: ClientOf
) -> None:
    ApplicationFactory.create(submitted=True)
    returned = ApplicationFactory.create(submitted=True, status="returned")
    page = client_of(officer).get(reverse("applications:list"), {"status": "returned"}).text
    address = f"{reverse('exports:export', args=['applications'])}?status=returned"
    assert f'href="{address}"' in page
    assert "只导出列表筛选出来的：状态：退回补正" in client_of(officer).get(address).text
    rows = narrowed(client_of, officer, "applications", "status=returned&page=2")
    assert [row[0] for row in rows] == [returned.reference]
    assert AuditEvent.objects.get(action="export.download").after["narrowed"] == "状态"


def test_each_list_exports_what_its_page_shows(officer: User, client_of: ClientOf) -> None:
    EnterpriseFactory.create(name="甲公司")
    EnterpriseFactory.create(name="乙公司")
    [row] = narrowed(client_of, officer, "enterprises", "q=乙公")
    assert row[0] == "乙公司"
    live, gone = CardFactory.create(), CardFactory.create(status="cancelled")
    numbers = {row[2] for row in narrowed(client_of, officer, "cards", f"q={live.holder_name}")}
    assert gone.number not in numbers
    ConsultationFactory.create(owner=officer, text="我的")
    ConsultationFactory.create(text="别人的")
    [row] = narrowed(client_of, officer, "consultations", "mine=1")
    assert row[6] == "我的"


def test_a_condition_that_is_not_understood_exports_nothing(
    officer: User, client_of: ClientOf
) -> None:
    address = f"{reverse('exports:export', args=['applications'])}?status=nonsense"
    answer = client_of(officer).post(address, {"form": "csv"})
    assert answer.status_code == 422
    assert "没有读懂" in answer.text
    assert not AuditEvent.objects.filter(action="export.download").exists()
