"""Everything of an enterprise as one ZIP: complete, readable, bounded, and nobody else's."""

import csv
import hashlib
import io
import zipfile
from contextlib import ExitStack
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from accounts.models import AuditEvent, User
from applications.models import Applicant, Application, MaterialPage
from cards.filing.board import EconomyReport, report_economies
from cards.models import FilingPage
from cards.workflow import StepCode
from core.work_places import place
from enterprises.models import Enterprise
from reports.archive_stream import Archive, ArchivedFile
from tests.cards.conftest import ago, endorse, walk
from tests.conftest import ClientOf
from tests.factories import (
    ApplicantFactory,
    ApplicationFactory,
    ReviewTableFactory,
    picture,
    standing_page,
    stored_picture,
)

pytestmark = pytest.mark.django_db
URL = "/archive/everything.zip"


@pytest.fixture
def client(client_of: ClientOf, agent: User) -> Client:
    return client_of(agent)


def opened(client: Client) -> zipfile.ZipFile:
    response: Any = client.get(URL)
    assert response.headers["Content-Type"] == "application/zip"
    assert response.headers["Cache-Control"] == "private, no-store"
    whole = b"".join(response.streaming_content)
    found = zipfile.ZipFile(io.BytesIO(whole))
    assert found.testzip() is None
    return found


def table(archive: zipfile.ZipFile, name: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig"))))


def book(archive: zipfile.ZipFile, name: str) -> list[list[str]]:
    sheet = load_workbook(io.BytesIO(archive.read(name))).worksheets[0]
    return [[str(value) for value in row] for row in sheet.iter_rows(values_only=True)]


def test_it_holds_all_and_says_what_everything_is(
    client: Client, submitted: Application, applicant: Applicant
) -> None:
    archive = opened(client)

    folders = {name.split("/")[0] for name in archive.namelist()}
    assert folders == {
        "00_目录.csv", "00_说明.txt", "01_企业", "02_企业材料", "03_申请人", "04_申请", "05_通知",
    }  # fmt: skip
    case = f"04_申请/{submitted.reference}_张样例"
    photo = f"{case}/材料08_申请人照片/01.jpg"
    stored = submitted.materials.get(number=8).pages.get().file
    assert hashlib.sha256(archive.read(photo)).hexdigest() == stored.sha256
    index = {row[0]: row for row in table(archive, "00_目录.csv")[1:]}
    assert set(index) == set(archive.namelist()) - {"00_目录.csv"}
    assert index[photo][2:] == [str(stored.size), stored.sha256]
    people = book(archive, "03_申请人/申请人.xlsx")
    assert people[1][:3] == ["张样例", "总经理", applicant.id_number]
    assert ["提交"] in [row[:1] for row in table(archive, f"{case}/办理情况.csv")]


def test_every_version_of_a_standing_document_is_in_it(
    client: Client, submitted: Application
) -> None:
    names = opened(client).namelist()
    licence = next(name for name in names if name.startswith("02_企业材料/材料2_"))
    assert licence.endswith("/第1版/01.jpg")


def test_a_signed_table_is_in_it_and_an_open_one_is_not(
    client: Client, submitted: Application
) -> None:
    form = ReviewTableFactory.create(application=submitted)
    assert not [name for name in opened(client).namelist() if name.endswith(".pdf")]
    form.status, form.concluded_at = "concluded", timezone.now()
    form.save()
    assert [name for name in opened(client).namelist() if name.endswith(".pdf")]


def test_no_cell_becomes_a_formula(client: Client, enterprise: Enterprise, agent: User) -> None:
    ApplicantFactory.create(enterprise=enterprise, name="=1+1", post="@SUM(A1)")
    archive = opened(client)
    sheet = load_workbook(io.BytesIO(archive.read("03_申请人/申请人.xlsx"))).worksheets[0]
    assert [(cell.value, cell.data_type) for cell in sheet[2][:2]] == [
        ("=1+1", "s"),
        ("@SUM（A1）", "s"),
    ]
    drafts = ApplicationFactory.create(applicant=Applicant.objects.get())
    facts = table(opened(client), f"04_申请/{drafts.reference}_=1+1/办理情况.csv")
    assert ["申请人", "'=1+1"] in facts


def test_nothing_of_another_enterprise_is_in_it(
    client_of: ClientOf, other_agent: User, submitted: Application
) -> None:
    text = " ".join(opened(client_of(other_agent)).namelist())
    assert submitted.reference not in text


def test_it_is_in_the_trail_and_its_page_says_so(client: Client, enterprise: Enterprise) -> None:
    assert "这次下载会留下记录" in client.get("/archive/").text
    opened(client)
    assert AuditEvent.objects.get(action="enterprise.download").object_id == str(enterprise.pk)


def test_while_no_place_is_free_one_is_told_to_come_again(
    client: Client, settings: Any, agent: User
) -> None:
    settings.WORK_PLACES = 1
    with place("somebody"):
        answer = client.get(URL)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert not AuditEvent.objects.filter(action="enterprise.download").exists()


def test_its_place_is_given_back_when_it_is_read_and_when_nobody_reads_it(
    client: Client, settings: Any
) -> None:
    settings.WORK_PLACES = 1
    opened(client)
    unread: Any = client.get(URL)
    for close in unread._resource_closers:
        close()
    with place("somebody"):
        pass


def test_a_slow_reader_does_not_keep_the_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.archive_stream.HELD_SECONDS", 0.0)
    with ExitStack() as held:
        given_back: list[bool] = []
        held.callback(given_back.append, True)
        reading = iter(
            Archive([ArchivedFile("一.txt", "一", b"1"), ArchivedFile("二.txt", "二", b"2")], held)
        )
        next(reading)
        assert given_back == [True]
        assert len(list(reading)) > 1


def test_a_file_that_is_not_there_does_not_spoil_the_rest(
    client: Client, submitted: Application
) -> None:
    page = MaterialPage.objects.filter(material__application=submitted).first()
    assert page is not None
    page.file.content.storage.delete(str(page.file.content.name))
    names = opened(client).namelist()
    assert [name for name in names if name.endswith("（文件打不开，请联系服务站）.txt")]


@pytest.mark.parametrize("number", [1, 8])
def test_it_costs_the_same_number_of_queries_for_one_case_and_for_many(
    client: Client,
    enterprise: Enterprise,
    agent: User,
    number: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    standing_page(enterprise, 2)
    for _ in range(number):
        applicant = ApplicantFactory.create(enterprise=enterprise)
        ApplicationFactory.create(applicant=applicant, created_by=agent)
    with django_assert_max_num_queries(20):
        opened(client)


def test_what_was_entered_of_the_national_system_is_in_it(
    client: Client, enterprise: Enterprise, agent: User
) -> None:
    case = endorse(ApplicantFactory.create(enterprise=enterprise, name="赵样例"))
    walk(case, StepCode.PASSED, by=agent)
    event = case.filing.events.get(step=StepCode.PAID)
    FilingPage.objects.create(event=event, file=stored_picture(picture(8)), position=1)
    report_economies(case, [EconomyReport("JPN", "granted", ago(9))], source="mail", by=agent)
    archive = opened(client)
    folder = f"04_申请/{case.reference}_赵样例"
    assert "SQ20260001" in archive.read(f"{folder}/国家系统进度.csv").decode("utf-8-sig")
    assert "日本,已批准" in archive.read(f"{folder}/各经济体审批.csv").decode("utf-8-sig")
    assert f"{folder}/填报凭证/{event.pk}-01.jpg" in archive.namelist()
