"""A report from the button to the files: counted once, kept a week, written on, drawn."""

import io
import json
from datetime import date, timedelta

import openpyxl
import pypdfium2
import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from docx import Document
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from core.versions import Overtaken
from reports.models import StageReport
from reports.stage import services, steps, tasks
from reports.stage.periods import Period
from tests.conftest import ClientOf
from tests.reports.stage_world import at, build_world

pytestmark = pytest.mark.django_db
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


def ready(officer: User, nonce: str = "1") -> StageReport:
    return services.ask_for(NOVEMBER, by=officer, nonce=nonce)


def test_the_button_counts_and_a_second_click_makes_no_second_report(
    officer: User, client_of: ClientOf
) -> None:
    client, address = client_of(officer), reverse("stage:report_list")
    sent = {"nonce": "n" * 32, "usual": "上月"}
    first, second = client.post(address, sent), client.post(address, sent)
    assert first.headers["Location"] == second.headers["Location"]
    other = client.post(address, sent | {"usual": "上季度"})
    assert other.headers["Location"] != first.headers["Location"]
    assert [one.state for one in StageReport.objects.all()] == ["ready", "ready"]


def test_days_in_the_wrong_order_are_refused_beside_the_field(
    officer: User, client_of: ClientOf
) -> None:
    sent = {"nonce": "n" * 32, "first": "2026-11-30", "last": "2026-11-01"}
    answer = client_of(officer).post(reverse("stage:report_list"), sent)
    assert answer.status_code == 422
    assert "结束日期早于开始日期" in answer.text


def test_a_large_one_is_left_to_a_worker_and_shows_how_far_it_is(
    officer: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[int] = []
    monkeypatch.setattr(services, "AT_ONCE", -1)
    monkeypatch.setattr(services, "hand_over", handed.append)
    report = ready(officer)
    assert (report.state, handed) == ("counting", [report.pk])
    page = client_of(officer).get(report.get_absolute_url())
    assert page.headers["Refresh"] == "2"
    assert "正在统计：0／9部分" in page.text
    seen: list[int] = []
    count = steps._tell

    def tell(pk: int, done: int) -> None:
        seen.append(done)
        count(pk, done)

    monkeypatch.setattr(steps, "_tell", tell)
    steps.count(report.pk)
    report.refresh_from_db()
    assert (report.state, report.leased_until) == ("ready", None)
    assert seen == list(range(10))


def test_a_report_whose_worker_died_is_taken_up_and_one_at_work_is_left_alone(
    officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "AT_ONCE", -1)
    monkeypatch.setattr(services, "hand_over", lambda _pk: None)
    dead, busy = ready(officer), ready(officer, "2")
    now = timezone.now()
    StageReport.objects.filter(pk=dead.pk).update(leased_until=now - timedelta(minutes=1))
    StageReport.objects.filter(pk=busy.pk).update(leased_until=now + timedelta(minutes=1))
    monkeypatch.setattr(tasks, "hand_over", steps.count)
    tasks.sweep()
    states = dict(StageReport.objects.values_list("pk", "state"))
    assert states == {dead.pk: "ready", busy.pk: "counting"}


def test_a_failed_count_says_so(
    officer: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(steps, "build", fail)
    report = ready(officer)
    assert report.state == "failed"
    assert "没有完成" in client_of(officer).get(report.get_absolute_url()).text


def test_it_is_kept_for_a_week_and_a_week_more_when_it_is_written_on(officer: User) -> None:
    with time_machine.travel(at(11, 1), tick=False):
        left, written = ready(officer), ready(officer, "2")
    with time_machine.travel(at(11, 7), tick=False):
        services.write_words(written, {"next": "下一步多走访。"}, by=officer)
    with time_machine.travel(at(11, 9), tick=False):
        tasks.sweep()
    assert list(StageReport.objects.all()) == [written]
    assert left.pk != written.pk


def test_who_saves_his_words_second_is_told(officer: User, client_of: ClientOf) -> None:
    report = ready(officer)
    other = StageReport.objects.get(pk=report.pk)
    services.write_words(report, {"next": "甲"}, by=officer)
    with pytest.raises(Overtaken):
        services.write_words(other, {"next": "乙"}, by=officer)
    client, address = client_of(officer), reverse("stage:words", args=[report.pk])
    answer = client.post(address, {"next": "乙", "seen_version": "1"})
    assert answer.status_code == 422
    assert "乙" in answer.text
    report.refresh_from_db()
    assert report.words == {"next": "甲"}


def test_page_and_files_say_the_same_figures_and_words(
    officer: User, client_of: ClientOf, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    build_world(officer)
    with time_machine.travel(at(12, 5), tick=False):
        report = ready(officer)
        words = {"times": "=一件补护照，所以慢。", "next": "继续宣讲。"}
        services.write_words(report, words, by=officer)
        client = client_of(officer)
        with django_assert_max_num_queries(12):
            page = client.get(report.get_absolute_url())
        files = {
            form: client.get(reverse("stage:download", args=[report.pk, form])).content
            for form in ("pdf", "docx", "xlsx")
        }
    assert len(page.content) < 60 * 1024
    paper = Document(io.BytesIO(files["docx"]))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    docx = "\n".join([one.text for one in paper.paragraphs] + cells)
    pages = pypdfium2.PdfDocument(files["pdf"])
    printed = "".join(pages[place].get_textpage().get_text_bounded() for place in range(len(pages)))
    for said in ("平均用时3.5个工作日", "一件补护照，所以慢。", "继续宣讲。", "下一步打算"):
        for text in (page.text, docx, printed.replace("\r\n", "")):
            assert said in text
    # The charts of page and PDF are pictures there, described for who does not see them.
    described = [one._inline.docPr.get("descr", "") for one in paper.inline_shapes]
    assert any(one.startswith("条形图：咨询，按主题。") for one in described)
    assert all(one.endswith("数字见图下面的表。") for one in described)
    # Each is cut to what it shows.
    assert all(one.height < one.width for one in paper.inline_shapes)
    assert f"第1页，共{len(pages)}页" in printed
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"]))
    figures = {row[1]: row[3] for row in book["指标"].iter_rows(min_row=3, values_only=True)}
    assert (figures["times.mean"], figures["applications.submitted"]) == (3.5, 5)
    # No cell of any sheet is a formula, whatever was written.
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds


def test_a_list_of_cases_is_paged_in_few_queries(
    officer: User, client_of: ClientOf, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    build_world(officer)
    address = reverse("stage:cases", args=["departments.signed"])
    with django_assert_max_num_queries(12):
        page = client_of(officer).get(f"{address}?{NOVEMBER.query}&part=tax")
    assert "部门签署：2026年11月" in page.text
    assert page.text.count("区税务局 ") == 3


def test_the_yearly_form_is_one_page_and_one_sheet(
    officer: User, client_of: ClientOf, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    build_world(officer)
    client = client_of(officer)
    for year in ("2025", "2026"):
        with django_assert_max_num_queries(12):
            page = client.get(reverse("stage:yearly"), {"year": year})
        assert f"{year}年年度情况表" in page.text
    yearly_pdf, xlsx = (
        client.get(reverse("stage:yearly_download", args=[form]), {"year": "2025"}).content
        for form in ("pdf", "xlsx")
    )
    assert len(pypdfium2.PdfDocument(yearly_pdf)) == 1
    (sheet,) = openpyxl.load_workbook(io.BytesIO(xlsx)).worksheets
    fitting = sheet.sheet_properties.pageSetUpPr
    assert fitting is not None
    assert fitting.fitToPage


def test_the_command_answers_with_the_figures_by_name(
    officer: User, capsys: pytest.CaptureFixture[str]
) -> None:
    build_world(officer)
    capsys.readouterr()
    with time_machine.travel(at(12, 5), tick=False):
        call_command("stage_report", "2026-11-01", "2026-11-30", "--json")
    answer = json.loads(capsys.readouterr().out)
    assert (answer["from"], answer["to"]) == ("2026-11-01", "2026-11-30")
    assert answer["figures"]["applications.submitted"] == 5
    assert answer["before"]["figures"]["applications.submitted"] == 1
    assert answer["labels"]["times.middle"] == "用时中位数"


@pytest.mark.parametrize("days", [["2026-11-30", "2026-11-01"], ["gestern", "heute"], []])
def test_the_command_refuses_what_is_no_period(
    days: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        call_command("stage_report", *days)
    assert left.value.code == 2
    assert set(json.loads(capsys.readouterr().out)) == {"error"}
