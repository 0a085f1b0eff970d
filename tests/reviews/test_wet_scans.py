"""The wet-seal way: printed, stamped, scanned, compared; then beside the signed table."""

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from accounts.models import AuditEvent, User
from files.models import StoredFile
from files.ownerless import without_owner
from reviews.models import ReviewTable, WetScan
from reviews.removed_scans import discard_removed
from reviews.services import circulation
from reviews.services.wet_scans import (
    WetScanRefused,
    add_scan,
    confirm_scan,
    remove_scan,
    restore_scan,
)
from reviews.table_pictures import TablePicture, table_pictures
from tests.conftest import ClientOf
from tests.factories import SHEETS, ApplicantFactory, ApplicationFactory, EnterpriseFactory
from tests.reviews.conftest import FOUR, Station
from tests.reviews.scans import as_pdf, scanned
from tests.reviews.test_rounds import second_round

pytestmark = pytest.mark.django_db
TICKED = {"is_number": "on", "is_round": "on", "is_whole": "on"}


def sheet(size: tuple[int, int] = (1240, 1754), kind: str = "JPEG", shade: int = 250) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, (shade, shade, shade)).save(buffer, kind)
    return buffer.getvalue()


def upload(*pages: bytes) -> dict[str, list[SimpleUploadedFile]]:
    return {
        "files": [SimpleUploadedFile(f"扫描{n}.jpg", page) for n, page in enumerate(pages, start=1)]
    }


def served(answer: Any) -> bool:
    """Whether it is the scan, read to its end, so that the file behind it is closed."""
    return bool(answer.getvalue() == sheet())


def signed_by_all(station: Station, form: ReviewTable) -> None:
    station.sign(form, *FOUR, "foreign_affairs")
    form.refresh_from_db()


def test_print_upload_compare_and_then_both_stand_side_by_side(
    station: Station, circulated: ReviewTable, client_of: ClientOf
) -> None:
    client = client_of(station.officer)
    url = f"/reviews/tables/{circulated.pk}/scan/"
    assert "空白的审核表" in client.get(url).text
    printed = client.get(f"/reviews/tables/{circulated.pk}/table-v0.pdf")
    assert printed.getvalue().startswith(b"%PDF-")
    assert "请对照扫描件核对编号和轮次" in client.post(url, upload(sheet()), follow=True).text
    scan = WetScan.objects.get()
    page = client.get(url)
    assert "扫描件上的编号是“万州ABTC审〔2026〕0001号”" in page.text
    assert "扫描件上的轮次是“第 1 轮”" in page.text
    careless = client.post(f"{url}confirm/", {"scan": scan.pk, "is_whole": "on"})
    assert "请核对扫描件上的编号" in careless.text
    assert WetScan.objects.get().confirmed_at is None
    client.post(f"{url}confirm/", {"scan": scan.pk} | TICKED)
    both = client.get(f"/reviews/tables/{circulated.pk}/").text
    assert f"/reviews/tables/{circulated.pk}/table.jpg" in both
    assert f"{url}{scan.pages.get().pk}/" in both
    actions = list(AuditEvent.objects.values_list("action", flat=True))
    assert {"scan.upload", "scan.confirm", "table.download"} <= set(actions)


def test_confirming_twice_is_confirming_once(station: Station, circulated: ReviewTable) -> None:
    scan = add_scan(circulated, [("a.jpg", sheet())], by=station.officer)
    confirm_scan(scan, by=station.officer)
    confirm_scan(scan, by=station.officer)
    assert AuditEvent.objects.filter(action="scan.confirm").count() == 1


def test_a_newer_scan_supersedes_and_must_be_compared_again(
    station: Station, circulated: ReviewTable
) -> None:
    first = add_scan(circulated, [("a.jpg", sheet())], by=station.officer)
    confirm_scan(first, by=station.officer)
    second = add_scan(circulated, [("b.jpg", sheet(shade=240))], by=station.officer)
    assert circulated.scans.current().get() == second
    assert second.confirmed_at is None
    with pytest.raises(WetScanRefused, match="已经被新的替换"):
        confirm_scan(first, by=station.officer)


@pytest.mark.parametrize(
    ("pages", "words"),
    [
        ([sheet((600, 800))], "短边不少于1240像素"),
        ([sheet(), b"no picture"], "扫描2.jpg"),
        ([sheet()] * 6, "最多收5个文件"),
        ([], "还没有选择文件"),
    ],
)
def test_what_cannot_be_read_is_refused_and_nothing_of_it_is_kept(
    station: Station,
    circulated: ReviewTable,
    client_of: ClientOf,
    pages: list[bytes],
    words: str,
) -> None:
    client = client_of(station.officer)
    answer = client.post(f"/reviews/tables/{circulated.pk}/scan/", upload(*pages))
    assert words in answer.text
    assert not WetScan.objects.exists()


def test_a_void_round_takes_no_scan(
    station: Station, circulated: ReviewTable, client_of: ClientOf
) -> None:
    scan = add_scan(circulated, [("a.jpg", sheet())], by=station.officer)
    circulation.recall(circulated, reason="职务有误", by=station.officer)
    with pytest.raises(WetScanRefused, match="已经作废"):
        confirm_scan(scan, by=station.officer)
    client = client_of(station.officer)
    url = f"/reviews/tables/{circulated.pk}/scan/"
    assert "已经作废" in client.post(url, upload(sheet())).text
    shown = client.get(url).text
    assert "这一轮已经作废，不用再盖章。" in shown
    assert "上传扫描件" not in shown


def test_the_package_takes_the_scan_once_it_is_confirmed(
    station: Station, circulated: ReviewTable, client_of: ClientOf
) -> None:
    signed_by_all(station, circulated)
    drawn = table_pictures(circulated)
    scan = add_scan(
        circulated, [("a.png", sheet(kind="PNG")), ("b.jpg", sheet())], by=station.officer
    )
    assert table_pictures(circulated) == drawn
    confirm_scan(scan, by=station.officer)
    pictures = table_pictures(circulated)
    assert len(pictures) == 2
    for picture in pictures:
        assert Image.open(io.BytesIO(picture.data)).format == "JPEG"
        assert len(picture.data) < 2_000_000
    assert pictures[1] == TablePicture(sheet(), is_stamped=True)
    answer = client_of(station.officer).get(
        f"/cards/applications/{circulated.application_id}/package.zip"
    )
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as archive:
        tables = [name for name in archive.namelist() if "审核表" in name and name.endswith("jpg")]
        assert len(tables) == 2
        assert all("盖章扫描件" in name for name in tables)
        told = archive.read("README_使用说明.txt").decode("utf-8-sig")
    assert "盖章扫描件" in told
    assert "审核表图片是各部门盖章后的扫描件，带红色印章" in told


def test_a_heavy_scan_is_made_light_enough(station: Station, circulated: ReviewTable) -> None:
    noise = Image.effect_noise((2480, 3508), 90).convert("RGB")
    buffer = io.BytesIO()
    noise.save(buffer, "JPEG", quality=80)
    assert len(buffer.getvalue()) > 2_000_000
    scan = add_scan(circulated, [("a.jpg", buffer.getvalue())], by=station.officer)
    confirm_scan(scan, by=station.officer)
    (picture,) = table_pictures(circulated)
    assert len(picture.data) < 2_000_000


def test_others_see_the_scan_when_it_is_confirmed_and_the_agent_when_all_have_signed(
    station: Station,
    circulated: ReviewTable,
    agent: User,
    other_agent: User,
    client_of: ClientOf,
) -> None:
    scan = add_scan(circulated, [("a.jpg", sheet())], by=station.officer)
    url = f"/reviews/tables/{circulated.pk}/scan/{scan.pages.get().pk}/"
    people = {
        "officer": station.officer,
        "foreign affairs": station.liaisons["foreign_affairs"],
        "tax": station.liaisons["tax"],
        "agent": agent,
        "other agent": other_agent,
    }

    def who_sees_it() -> set[str]:
        answers = {name: client_of(person).get(url) for name, person in people.items()}
        return {name for name, answer in answers.items() if served(answer)}

    assert who_sees_it() == {"officer"}
    confirm_scan(scan, by=station.officer)
    assert who_sees_it() == {"officer", "foreign affairs"}
    signed_by_all(station, circulated)
    assert who_sees_it() == {"officer", "foreign affairs", "agent"}


def test_the_page_of_the_form_costs_no_more_queries_with_a_scan_of_five_pages(
    station: Station,
    circulated: ReviewTable,
    client_of: ClientOf,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    add_scan(circulated, [("a.jpg", sheet())] * 5, by=station.officer)
    client = client_of(station.officer)
    with django_assert_max_num_queries(12):
        answer = client.get(f"/reviews/tables/{circulated.pk}/")
    assert answer.status_code == 200
    assert circulated.number in answer.text
    assert f"/reviews/tables/{circulated.pk}/scan/" in answer.text


def test_a_scan_replaced_before_anybody_confirmed_it_goes_a_day_later(
    station: Station, circulated: ReviewTable
) -> None:
    wrong = add_scan(circulated, [("a.jpg", sheet())], by=station.officer)
    confirmed = add_scan(circulated, [("b.jpg", sheet(shade=200))], by=station.officer)
    confirm_scan(confirmed, by=station.officer)
    newest = add_scan(circulated, [("c.jpg", sheet(shade=150))], by=station.officer)

    assert discard_removed(timezone.now() + timedelta(hours=23)) == 0
    assert discard_removed(timezone.now() + timedelta(days=1, minutes=1)) == 1

    assert set(WetScan.objects.all()) == {confirmed, newest}
    assert not WetScan.objects.filter(pk=wrong.pk).exists()
    assert without_owner(StoredFile.objects.all()).count() == 1


# The QR code on it --------------------------------------------------------------------------------


def test_a_scan_askew_is_known_by_its_qr_code_and_nobody_compares_numbers(
    station: Station, circulated: ReviewTable, client_of: ClientOf
) -> None:
    client = client_of(station.officer)
    url = f"/reviews/tables/{circulated.pk}/scan/"
    page = client.post(url, upload(scanned(circulated)), follow=True).text
    assert "已上传，二维码是这一轮审核表的" in page
    assert "扫描件上的编号是" not in page
    scan = WetScan.objects.get()
    assert scan.is_code_read
    assert "请核对各页和印章" in client.post(f"{url}confirm/", {"scan": scan.pk}).text
    sent = {"scan": scan.pk, "is_whole": "on"}
    assert "二维码是本轮的" in client.post(f"{url}confirm/", sent, follow=True).text


def test_where_no_code_can_be_read_the_officer_compares_by_eye(
    station: Station, circulated: ReviewTable, client_of: ClientOf
) -> None:
    client = client_of(station.officer)
    url = f"/reviews/tables/{circulated.pk}/scan/"
    page = client.post(url, upload(scanned(circulated, hidden=True)), follow=True).text
    assert "没有读出二维码" in page
    assert "扫描件上的编号是“万州ABTC审〔2026〕0001号”" in page
    assert not WetScan.objects.get().is_code_read


def another_table(station: Station) -> ReviewTable:
    enterprise = EnterpriseFactory.create(name="重庆市万州区别家有限公司")
    applicant = ApplicantFactory.create(enterprise=enterprise)
    other = ApplicationFactory.create(submitted=True, applicant=applicant)
    return circulation.circulate(other, by=station.officer, despite_unread=SHEETS)


def test_the_scan_of_somebody_else_is_refused_and_the_officer_told_whose_it_is(
    station: Station, circulated: ReviewTable, client_of: ClientOf
) -> None:
    other = another_table(station)
    client = client_of(station.officer)
    answer = client.post(
        f"/reviews/tables/{circulated.pk}/scan/", upload(scanned(circulated), scanned(other))
    )
    assert f"扫描件上的二维码是{other}（重庆市万州区别家有限公司，" in answer.text
    assert not WetScan.objects.exists()


def test_nothing_is_told_of_a_table_that_the_person_may_not_see(
    station: Station, circulated: ReviewTable, agent: User
) -> None:
    other = another_table(station)
    with pytest.raises(WetScanRefused) as refused:
        add_scan(circulated, [("a.jpg", scanned(other))], by=agent)
    assert "是另一份审核表的" in str(refused.value)
    assert other.number not in str(refused.value)
    assert "别家" not in str(refused.value)


def test_a_scan_of_the_round_before_is_refused(station: Station, circulated: ReviewTable) -> None:
    old = scanned(circulated)
    newer = second_round(station, circulated, post="副总经理")
    with pytest.raises(WetScanRefused, match=r"扫描件是第1轮的（已作废），这里是第2轮"):
        add_scan(newer, [("a.jpg", old)], by=station.officer)


# As PDF -------------------------------------------------------------------------------------------


def test_a_pdf_is_taken_and_its_pages_become_pictures(
    station: Station, circulated: ReviewTable, client_of: ClientOf
) -> None:
    pdf = as_pdf([scanned(circulated), sheet()])
    sent = {"files": [SimpleUploadedFile("盖章件.pdf", pdf)]}
    client = client_of(station.officer)
    client.post(f"/reviews/tables/{circulated.pk}/scan/", sent)
    scan = WetScan.objects.get()
    assert scan.is_code_read
    assert [page.file.media_type for page in scan.pages.all()] == ["image/jpeg", "image/jpeg"]


def test_a_pdf_of_too_many_pages_is_refused(station: Station, circulated: ReviewTable) -> None:
    with pytest.raises(WetScanRefused, match="盖章件最多5页，现在有6页"):
        add_scan(circulated, [("a.pdf", as_pdf([sheet()] * 6))], by=station.officer)


def test_the_file_that_was_downloaded_is_no_scan(station: Station, circulated: ReviewTable) -> None:
    with circulated.newest_revision().file.content.open("rb") as file:
        downloaded = file.read()
    with pytest.raises(WetScanRefused, match="从本站下载的原文件，上面没有盖章"):
        add_scan(circulated, [("审核表.pdf", downloaded)], by=station.officer)


# Removing it --------------------------------------------------------------------------------------


def test_a_scan_is_removed_before_it_is_confirmed_and_put_back_within_an_hour(
    station: Station, circulated: ReviewTable, client_of: ClientOf
) -> None:
    scan = add_scan(circulated, [("a.jpg", sheet())], by=station.officer)
    client = client_of(station.officer)
    url = f"/reviews/tables/{circulated.pk}/scan/"
    page = client.post(f"{url}remove/", {"scan": scan.pk}, follow=True).text
    assert "已删除，1小时内可以放回去" in page
    assert not circulated.scans.current().exists()
    with pytest.raises(WetScanRefused, match="已经删除"):
        confirm_scan(scan, by=station.officer)
    assert "已放回" in client.post(f"{url}restore/", {"scan": scan.pk}, follow=True).text
    assert circulated.scans.current().get() == scan
    confirm_scan(scan, by=station.officer)
    with pytest.raises(WetScanRefused, match="不能删除"):
        remove_scan(scan, by=station.officer)


def test_removing_the_newer_scan_lets_the_confirmed_one_stand_again(
    station: Station, circulated: ReviewTable
) -> None:
    standing = confirm_scan(
        add_scan(circulated, [("a.jpg", sheet())], by=station.officer), by=station.officer
    )
    newer = add_scan(circulated, [("b.jpg", sheet(shade=200))], by=station.officer)
    assert table_pictures(circulated) != [TablePicture(sheet(), is_stamped=True)]
    remove_scan(newer, by=station.officer)
    assert circulated.scans.current().get() == standing
    assert table_pictures(circulated) == [TablePicture(sheet(), is_stamped=True)]
    restore_scan(newer, by=station.officer)
    assert circulated.scans.current().get() == newer


def test_what_was_removed_is_not_put_back_later_nor_beside_a_newer_one(
    station: Station, circulated: ReviewTable
) -> None:
    scan = add_scan(circulated, [("a.jpg", sheet())], by=station.officer)
    remove_scan(scan, by=station.officer)
    WetScan.objects.update(superseded_at=timezone.now() - timedelta(minutes=61))
    with pytest.raises(WetScanRefused, match="超过1小时"):
        restore_scan(scan, by=station.officer)
    WetScan.objects.update(superseded_at=timezone.now())
    add_scan(circulated, [("b.jpg", sheet())], by=station.officer)
    with pytest.raises(WetScanRefused, match="已经有新的一份"):
        restore_scan(scan, by=station.officer)
