"""The package for the national system: complete, named for Windows, the same every time."""

import hashlib
import io
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from PIL import ExifTags, Image

from accounts.models import AuditEvent, User
from applications.models import Application
from cards.filing.package import windows_name
from reviews.models import ReviewTable
from tests.conftest import ClientOf
from tests.factories import ApplicationFactory, ReviewTableFactory, material_page, picture
from tests.files.pictures import gradient, jpeg

pytestmark = pytest.mark.django_db
CONCLUDED = datetime(2026, 11, 20, 8, 15, 30, tzinfo=UTC)


@pytest.fixture
def endorsed(applicant: Any, agent: User) -> Application:
    """Materials 6 and 7 by the table, two pages of material 5; concluded on 2026-11-20."""
    application: Application = ApplicationFactory.create(
        applicant=applicant, created_by=agent, submitted=True, status="endorsed"
    )
    material_page(application, 5, picture(5, "second"))
    ReviewTableFactory.create(
        application=application,
        number="万州ABTC审〔2026〕0007号",
        status=ReviewTable.Status.CONCLUDED,
        circulated_at=CONCLUDED - timedelta(days=1),
        concluded_at=CONCLUDED,
    )
    return application


@pytest.fixture
def desk(client_of: ClientOf, agent: User) -> Client:
    """The agent's browser."""
    return client_of(agent)


def download(client: Client, application: Application) -> bytes:
    response: Any = client.get(reverse("cards:package", args=[application.pk]))
    assert response.headers["Content-Type"] == "application/zip"
    return b"".join(response.streaming_content)


def opened(data: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(data))


def test_every_file_stands_in_the_order_of_annex_3(desk: Client, endorsed: Application) -> None:
    names = opened(download(desk, endorsed)).namelist()
    assert names == [
        "00_填报信息.xlsx",
        "00_填报信息.html",
        "README_使用说明.txt",
        "01-01_企业申请公函及公司简介.jpg",
        "02-01_营业执照.jpg",
        "03-01_企业年度纳税证明.jpg",
        "04-01_企业责任承诺书及管理办法.jpg",
        "05-01_业务往来证明.jpg",
        "05-02_业务往来证明.jpg",
        "08-01_申请人照片.jpg",
        "09-01_申请人签名.jpg",
        "10-01_护照首页彩色扫描件.jpg",
        "11-01_审核表_万州ABTC审〔2026〕0007号.jpg",
        "11_审核表_万州ABTC审〔2026〕0007号_电子签名留存.pdf",
    ]


def test_pictures_are_byte_for_byte_what_was_reviewed(desk: Client, endorsed: Application) -> None:
    archive = opened(download(desk, endorsed))
    photo = endorsed.materials.get(number=8).pages.get().file
    found = archive.read("08-01_申请人照片.jpg")
    assert hashlib.sha256(found).hexdigest() == photo.sha256
    table = Image.open(io.BytesIO(archive.read(archive.namelist()[-2])))
    assert (table.format, table.size) == ("JPEG", (2479, 3508))
    assert photo.sha256 in archive.read("README_使用说明.txt").decode("utf-8-sig")


def test_pictures_leave_upright_and_without_what_a_phone_noted(
    desk: Client, endorsed: Application
) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Make] = "SAMPLEPHONE"
    lying = jpeg(gradient(320, 240), exif=exif, comment=b"SAMPLECOMMENT")
    endorsed.materials.get(number=5).pages.all().delete()
    material_page(endorsed, 5, lying)
    archive = opened(download(desk, endorsed))
    data = archive.read("05-01_业务往来证明.jpg")
    assert (b"SAMPLE" in lying, b"SAMPLE" in data, b"Exif" in data) == (True, False, False)
    assert Image.open(io.BytesIO(data)).size == (240, 320)
    page = archive.read("00_填报信息.html").decode()
    assert "JPG，240×320像素" in page
    readme = archive.read("README_使用说明.txt").decode("utf-8-sig")
    assert hashlib.sha256(data).hexdigest() in readme


def test_the_same_application_gives_the_same_bytes_at_any_time(
    desk: Client, endorsed: Application
) -> None:
    first = download(desk, endorsed)
    with time_machine.travel(datetime.now(tz=UTC) + timedelta(minutes=7), tick=False):
        second = download(desk, endorsed)
    assert first == second
    assert opened(first).infolist()[0].date_time == (2026, 11, 20, 16, 15, 30)


def test_the_sheet_holds_what_has_to_be_typed_as_text(desk: Client, endorsed: Application) -> None:
    endorsed.enterprise.address = "=1+1"
    endorsed.enterprise.save()
    endorsed.applicant.surname, endorsed.applicant.given_names = "LYU", "XIAOMING"
    endorsed.applicant.save()
    archive = opened(download(desk, endorsed))
    book = load_workbook(io.BytesIO(archive.read("00_填报信息.xlsx")))
    rows = {row[1].value: row[2] for row in book["填报信息"].iter_rows(min_row=2)}
    assert rows["身份证号码"].value == endorsed.applicant.id_number
    assert rows["护照号码"].value == endorsed.applicant.passport_number
    assert (rows["姓（拼音）"].value, rows["名（拼音）"].value) == ("LYU", "XIAOMING")
    assert rows["统一社会信用代码"].value == "91500101YYYY00012R"
    assert (rows["住所"].value, rows["住所"].data_type) == ("=1+1", "s")
    files = [row[2].value for row in book["上传图片"].iter_rows(min_row=2)]
    assert files == archive.namelist()[3:-1]
    page = archive.read("00_填报信息.html").decode()
    assert endorsed.applicant.id_number in page
    assert "由审核表替代，上传编号11的图片" in page


def test_the_signed_pdf_lies_beside_the_picture(desk: Client, endorsed: Application) -> None:
    archive = opened(download(desk, endorsed))
    data = archive.read(archive.namelist()[-1])
    assert data[:5] == b"%PDF-"
    revision = endorsed.tables.get().newest_revision()
    assert hashlib.sha256(data).hexdigest() == revision.sha256
    readme = archive.read("README_使用说明.txt").decode("utf-8-sig")
    assert f"{revision.sha256}  11_审核表_万州ABTC审〔2026〕0007号_电子签名留存.pdf" in readme
    assert "不上传国家系统" in readme


def test_the_readme_says_what_it_lies_in(desk: Client, endorsed: Application) -> None:
    readme = opened(download(desk, endorsed)).read("README_使用说明.txt").decode("utf-8-sig")
    assert "这个文件夹由" in readme
    assert "打开这个文件夹里的“00_填报信息”" in readme
    assert "本页" not in readme
    assert "解压材料包" not in readme
    assert "电子签名，代替红色印章" in readme
    page = desk.get(reverse("cards:national", args=[endorsed.pk])).text
    assert "对照本页下面的填报信息" in page
    assert "解压材料包" in page


def test_the_readme_bears_the_station_s_day(desk: Client, endorsed: Application) -> None:
    signed = datetime(2026, 11, 25, 22, 41, tzinfo=UTC)
    ReviewTable.objects.filter(application=endorsed).update(concluded_at=signed)
    archive = opened(download(desk, endorsed))
    readme = archive.read("README_使用说明.txt").decode("utf-8-sig")
    assert "，2026年11月26日五个部门签署完毕" in readme
    page = archive.read("00_填报信息.html").decode()
    assert "2026年11月26日五个部门签署完毕" in page


def test_each_download_is_on_record(desk: Client, endorsed: Application, agent: User) -> None:
    data = download(desk, endorsed)
    event = AuditEvent.objects.get(action="package.download")
    assert event.actor == agent
    assert event.after == {"sha256": hashlib.sha256(data).hexdigest(), "files": 11}


def test_a_picture_that_is_gone_is_said_and_nothing_is_sent(
    desk: Client, endorsed: Application
) -> None:
    photo = endorsed.materials.get(number=8).pages.get().file
    photo.content.storage.delete(str(photo.content.name))
    response = desk.get(reverse("cards:package", args=[endorsed.pk]), follow=True)
    assert "材料8“申请人照片”的文件在存储中打不开" in response.content.decode()


def test_before_endorsement_there_is_no_package(desk: Client, submitted: Application) -> None:
    for name in ("cards:package", "cards:national"):
        assert desk.get(reverse(name, args=[submitted.pk])).status_code == 404


def test_the_page_masks_numbers_until_a_click_that_is_recorded(
    desk: Client, endorsed: Application
) -> None:
    where = reverse("cards:national", args=[endorsed.pk])
    page = desk.get(where).content.decode()
    assert endorsed.applicant.id_number not in page
    assert endorsed.applicant.passport_number not in page
    assert (
        '<a href="https://consular.mfa.gov.cn/APEC/" target="_blank" rel="noopener noreferrer">'
        in page
    )
    assert "每卡720元" in page
    response = desk.post(reverse("cards:national_reveal", args=[endorsed.pk]), follow=True)
    assert endorsed.applicant.id_number in response.content.decode()
    assert AuditEvent.objects.filter(action="applicant.reveal").count() == 1


def test_the_application_leads_there_after_endorsement(
    desk: Client, endorsed: Application, django_assert_max_num_queries: Any
) -> None:
    page = desk.get(endorsed.get_absolute_url()).content.decode()
    where = reverse("cards:national", args=[endorsed.pk])
    assert f'href="{where}"' in page
    with django_assert_max_num_queries(12):
        answer = desk.get(where)
    assert answer.status_code == 200
    assert endorsed.applicant.name in answer.text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('甲/乙\\丙:*?"<>|丁', "甲_乙_丙_______丁"),
        ("CON", "_CON"),
        ("名字. ", "名字"),
        ("a\u202eb\u0000c", "abc"),
        ("长" * 80, "长" * 60),
        ("", "_"),
    ],
)
def test_names_are_safe_on_windows(text: str, name: str) -> None:
    assert windows_name(text) == name


def test_controls_in_what_an_older_version_stored_are_left_out_of_every_file(
    desk: Client, endorsed: Application
) -> None:
    table = endorsed.tables.get()
    table.facts = table.facts | {"post": "总\x08经\x0b理", "enterprise_name": "样例\x1f公司"}
    table.save(update_fields=["facts"])
    package = opened(download(desk, endorsed))
    sheet = load_workbook(io.BytesIO(package.read("00_填报信息.xlsx"))).worksheets[0]
    values = [cell.value for row in sheet.iter_rows() for cell in row]
    assert {"总经理", "样例公司"} <= set(values)
    page = package.read("00_填报信息.html").decode()
    assert "总经理" in page
    assert not any(control in page for control in "\x08\x0b\x1f")
