"""A department that stamps on paper has answered, and nothing calls it an electronic signature."""

import json
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from applications.models import Application
from notices.models import Notice
from reviews.drafts import Draft
from reviews.models import Opinion, ReviewTable, WetScan
from reviews.pdf import render_cell
from reviews.reminders import find_due
from reviews.revisions import load
from reviews.services import chasing
from reviews.services.opinions import OpinionRefused, sign
from reviews.services.paper_answers import PaperAnswer, record_paper
from reviews.services.wet_scans import add_scan, confirm_scan
from reviews.signatures.certificates.trust import current_trust
from reviews.signatures.identities import SelfCheckFailed, identity_for
from reviews.signatures.signing import certify, sign_cell
from reviews.signatures.verification.examining import examine
from reviews.table_pictures import TablePicture, table_pictures
from tests.conftest import ClientOf
from tests.factories import PASSWORD
from tests.reviews import papers
from tests.reviews.conftest import ANSWERS, Station
from tests.reviews.test_wet_scans import sheet
from workdays.calendar import STATION_TIME, load_calendar

pytestmark = pytest.mark.django_db
# As the scan says it, whatever the liaison may have drafted.
STAMPED_ON = date(2026, 11, 20)


def of(table: ReviewTable, code: str) -> Opinion:
    return table.opinions.with_case().get(department__code=code)


def confirmed(table: ReviewTable, by: User) -> WetScan:
    return confirm_scan(add_scan(table, [("a.jpg", sheet())], by=by), by=by)


def answer(code: str, conclusion: str = "agree") -> PaperAnswer:
    words = "情况属实。" if conclusion == "agree" else "不符合条件。"
    return PaperAnswer(Draft(ANSWERS[code], words, conclusion), STAMPED_ON)


@pytest.fixture
def on_paper(station: Station, circulated: ReviewTable) -> Callable[..., Opinion]:
    """Records a department's answer from a confirmed scan."""

    def record(code: str, conclusion: str = "agree", by: User | None = None) -> Opinion:
        if not circulated.scans.current().exists():
            confirmed(circulated, station.officer)
        return record_paper(
            of(circulated, code), answer(code, conclusion), by=by or station.officer
        )

    return record


def newest_pdf(table: ReviewTable) -> bytes:
    return load(table.newest_revision())


def printed(table: ReviewTable) -> str:
    """All that the table says, with the cells as they stand."""
    document = pypdfium2.PdfDocument(newest_pdf(table))
    document.init_forms()
    page = document[0]
    page.flatten()
    page.close()
    text: str = document[0].get_textpage().get_text_bounded()
    document.close()
    return "".join(text.split())


# The whole way -----------------------------------------------------------------------------------


def test_one_department_on_paper_four_electronically_and_the_table_concludes(
    station: Station,
    circulated: ReviewTable,
    on_paper: Callable[..., Opinion],
    agent: User,
    client_of: ClientOf,
) -> None:
    station.sign(circulated, "commerce", "police")
    on_paper("tax")
    station.sign(circulated, "social", "foreign_affairs")
    circulated.refresh_from_db()
    assert circulated.is_concluded
    assert Application.objects.get(pk=circulated.application_id).status == "endorsed"
    found = examine(newest_pdf(circulated), current_trust())
    assert found.valid
    assert found.reason == (
        "服务站和四个部门的签名全部有效，签名后内容未被改动。"
        "区税务局没有电子签名，是在纸上盖章，由服务站录入并签名。"
    )
    assert {one.department for one in found.signatures if one.is_on_paper} == {"tax"}
    page = client_of(agent).get(f"/reviews/tables/{circulated.pk}/").text
    assert "盖章扫描件也在材料包里" in page
    assert "各部门的电子签名代替红章" not in page


def test_the_cell_says_that_it_was_stamped_on_paper_and_who_recorded_it(
    circulated: ReviewTable, on_paper: Callable[..., Opinion]
) -> None:
    on_paper("tax")
    text = printed(circulated)
    assert "区税务局在纸上盖章，见盖章扫描件；本栏没有该部门的电子签名" in text
    assert "由服务站录入：专员甲" in text
    assert "2026年11月20日" in text
    assert "上一年度纳税总额为123.45万元，（否）存在欠税" in text
    assert "同意。情况属实。" in text


@pytest.mark.parametrize(
    ("conclusion", "status"), [("agree", "endorsed"), ("disagree", "declined")]
)
def test_foreign_affairs_on_paper_concludes_like_any_other(
    station: Station,
    circulated: ReviewTable,
    on_paper: Callable[..., Opinion],
    conclusion: str,
    status: str,
) -> None:
    station.sign(circulated, "commerce", "tax", "police", "social")
    on_paper("foreign_affairs", conclusion)
    assert Application.objects.get(pk=circulated.application_id).status == status


def test_foreign_affairs_waits_on_paper_as_well(
    station: Station, circulated: ReviewTable, on_paper: Callable[..., Opinion]
) -> None:
    station.sign(circulated, "commerce", "tax", "police")
    with pytest.raises(OpinionRefused, match="还要等：区人力社保局"):
        on_paper("foreign_affairs")
    on_paper("social")
    told = Notice.objects.filter(recipient=station.liaisons["foreign_affairs"])
    assert told.filter(cause__endswith=":opened").exists()
    on_paper("foreign_affairs")


# Whoever answered on paper is left in peace -------------------------------------------------------


def test_the_department_is_told_reminded_no_more_and_cannot_sign_besides(
    station: Station, circulated: ReviewTable, on_paper: Callable[..., Opinion]
) -> None:
    opinion = station.draft(circulated, "tax")
    on_paper("tax")
    subject = Notice.objects.get(cause=f"reviews:opinion:{opinion.pk}:paper")
    assert subject.recipient == station.liaisons["tax"]
    late = opinion.due_at + timedelta(days=7)
    reminded = {due.opinion_id for due in find_due(load_calendar(), late)}
    assert opinion.pk not in reminded
    assert of(circulated, "police").pk in reminded
    with pytest.raises(chasing.ChaseRefused):
        chasing.chase(circulated, [opinion.pk], by=station.officer)
    with pytest.raises(OpinionRefused, match=r"按纸质盖章件录入这份意见，无需再签"):
        sign(opinion, by=station.liaisons["tax"])


def test_what_a_liaison_has_signed_is_not_recorded_besides(
    station: Station, circulated: ReviewTable, on_paper: Callable[..., Opinion]
) -> None:
    station.sign(circulated, "tax")
    with pytest.raises(OpinionRefused, match="签署这份意见，不用再录入"):
        on_paper("tax")
    assert not of(circulated, "tax").is_on_paper


def test_of_two_officers_one_records_and_the_other_is_told(
    circulated: ReviewTable, on_paper: Callable[..., Opinion], other_officer: User
) -> None:
    first = on_paper("tax")
    assert on_paper("tax") == first
    with pytest.raises(OpinionRefused, match=r"专员甲已于.*录入这份意见，不用再录入"):
        on_paper("tax", by=other_officer)
    assert circulated.revisions.count() == 2


def test_without_a_confirmed_scan_nothing_is_recorded(
    station: Station, circulated: ReviewTable
) -> None:
    add_scan(circulated, [("a.jpg", sheet())], by=station.officer)
    with pytest.raises(OpinionRefused, match="还没有确认过的盖章扫描件"):
        record_paper(of(circulated, "tax"), answer("tax"), by=station.officer)
    assert circulated.revisions.count() == 1


def test_nobody_but_the_station_records_paper(
    station: Station, circulated: ReviewTable, on_paper: Callable[..., Opinion]
) -> None:
    with pytest.raises(OpinionRefused, match="由服务站专员办理"):
        on_paper("tax", by=station.liaisons["tax"])


def test_a_stamp_on_paper_never_carries_a_certificate_of_the_department(
    circulated: ReviewTable, on_paper: Callable[..., Opinion]
) -> None:
    opinion = on_paper("tax")
    opinion.certificate = identity_for(opinion.department).certificate
    with pytest.raises(IntegrityError), transaction.atomic():
        opinion.save()


# The signature in the cell ------------------------------------------------------------------------


def test_the_station_signs_no_cell_as_if_it_were_the_department() -> None:
    office = papers.new_office()
    _, boxes = papers.base()
    tax, station = office.identity("tax"), office.identity("station")
    certified = certify(papers.base()[0], boxes, replaced(station, office))
    cell = render_cell(papers.cell_facts("tax"), boxes["tax"])

    def signed(by: papers.KeyInMemory, *, on_paper: bool) -> bytes:
        return sign_cell(
            certified,
            department="tax",
            stamp=cell,
            identity=replaced(by, office),
            reason="试",
            name="试",
            on_paper=on_paper,
        )

    with pytest.raises(SelfCheckFailed, match="区税务局一栏不是用区税务局的证书签的"):
        signed(station, on_paper=False)
    with pytest.raises(SelfCheckFailed, match="区税务局一栏不是用服务站的证书签的"):
        signed(tax, on_paper=True)
    assert office.examine(signed(station, on_paper=True)).valid


def replaced(identity: papers.KeyInMemory, office: papers.Office) -> papers.KeyInMemory:
    """With the trust that knows all the office's certificates."""
    return papers.KeyInMemory(identity.credential, office.trust)


# What others read of it ---------------------------------------------------------------------------


def test_the_public_page_and_the_command_say_who_signed_and_who_stamped(
    station: Station,
    circulated: ReviewTable,
    on_paper: Callable[..., Opinion],
    client_of: ClientOf,
    tmp_path: Path,
) -> None:
    station.sign(circulated, "police")
    on_paper("tax")
    client = client_of(station.officer)
    page = client.get(f"/verify/{circulated.verification_code}/").text
    assert "纸上盖章（不是电子签名）" in page
    assert page.count("电子签署") == 1
    pdf = newest_pdf(circulated)
    sent = {"file": SimpleUploadedFile("table.pdf", pdf)}
    verdict = client.post("/verify/", sent).text
    assert "区税务局一栏，由服务站 专员甲录入" in verdict
    assert "区税务局在纸上盖章，没有电子签名；录入的服务站签名有效，证书可信" in verdict
    file, output = tmp_path / "table.pdf", StringIO()
    file.write_bytes(pdf)
    with pytest.raises(SystemExit):
        call_command("verify_form", str(file), stdout=output)
    signatures = json.loads(output.getvalue())["signatures"]
    assert {one["department"]: one["on_paper"] for one in signatures} == {
        "station": False,
        "police": False,
        "tax": True,
    }


def test_the_package_holds_the_signed_table_beside_a_scan_that_lacks_later_signatures(
    station: Station, circulated: ReviewTable, on_paper: Callable[..., Opinion]
) -> None:
    on_paper("tax")
    assert table_pictures(circulated) == [TablePicture(sheet(), is_stamped=True)]
    station.sign(circulated, "police")
    drawn, scan = table_pictures(circulated)
    assert scan == TablePicture(sheet(), is_stamped=True)
    assert not drawn.is_stamped


# The officer's page -------------------------------------------------------------------------------


def form_data(**changed: str) -> dict[str, str]:
    data = {
        "tax_total": "88.50",
        "has_arrears": "no",
        "words": "情况属实。",
        "conclusion": "agree",
        "stamped_on": "2026-11-20",
        "is_stamped": "on",
        "password": PASSWORD,
    }
    return data | changed


def looked_at(client: Client, url: str, data: dict[str, str]) -> dict[str, str]:
    """The form as it is sent once the preview of the cell has been seen."""
    found = re.search('name="seen_cell" value="([0-9a-f]{64})"', client.post(url, data).text)
    assert found
    return data | {"seen_cell": found[1]}


def test_nothing_is_recorded_before_the_cell_was_looked_at_as_it_will_be(
    station: Station, circulated: ReviewTable, client_of: ClientOf
) -> None:
    sent = datetime(2026, 11, 19, 10, tzinfo=STATION_TIME)
    ReviewTable.objects.filter(pk=circulated.pk).update(circulated_at=sent)
    scan = confirmed(circulated, station.officer)
    client = client_of(station.officer)
    url = f"/reviews/opinions/{of(circulated, 'tax').pk}/paper/"
    page = client.get(url).text
    assert "预览这一栏" in page
    assert 'name="password"' not in page
    data = form_data(seen_scan=str(scan.pk))
    shown = client.post(url, data).text
    assert "录入后，审核表上这一栏是这样" in shown
    assert 'src="data:image/png;base64,' in shown
    seen = looked_at(client, url, data)
    client.post(url, seen | {"words": "情况属实，同意。"})
    assert not of(circulated, "tax").is_signed
    client.post(url, seen)
    assert of(circulated, "tax").words == "情况属实。"


def test_the_officer_records_beside_the_scan_with_his_password(
    station: Station, circulated: ReviewTable, client_of: ClientOf
) -> None:
    station.draft(circulated, "tax")
    client = client_of(station.officer)
    url = f"/reviews/opinions/{of(circulated, 'tax').pk}/paper/"
    assert "请先上传盖章扫描件并确认" in client.get(url, follow=True).text
    scan = confirmed(circulated, station.officer)
    seen = {"seen_scan": str(scan.pk)}
    # Circulated on Thursday the 19th; nobody stamps a table that was not there yet.
    sent = datetime(2026, 11, 19, 10, tzinfo=STATION_TIME)
    ReviewTable.objects.filter(pk=circulated.pk).update(circulated_at=sent)
    page = client.get(url).text
    assert f"/reviews/tables/{circulated.pk}/scan/{scan.pages.get().pk}/" in page
    # What the liaison had drafted is not what stands on paper.
    assert "123.45" not in page
    assert "请对照扫描件核对印章" in client.post(url, form_data(is_stamped="", **seen)).text
    wrong = looked_at(client, url, form_data(**seen)) | {"password": "wrong"}
    assert "密码不正确" in client.post(url, wrong).text
    future = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert "日期不能晚于今天" in client.post(url, form_data(stamped_on=future, **seen)).text
    early = client.post(url, form_data(stamped_on="2026-11-18", **seen)).text
    assert "2026年11月19日才送审，盖章日期不会更早" in early
    assert not of(circulated, "tax").is_signed
    done = client.post(url, looked_at(client, url, form_data(**seen)), follow=True).text
    assert "已按盖章件录入区税务局意见" in done
    opinion = of(circulated, "tax")
    assert (opinion.paper_scan, opinion.stamped_on) == (scan, STAMPED_ON)
    assert opinion.answers == {"tax_total": "88.50", "has_arrears": False}
    assert "已在纸上盖章" in done
    assert "没有电子签名" in done


def test_what_was_read_off_a_scan_that_is_gone_is_not_recorded_on_the_next(
    station: Station, circulated: ReviewTable, client_of: ClientOf
) -> None:
    sent = datetime(2026, 11, 19, 10, tzinfo=STATION_TIME)
    ReviewTable.objects.filter(pk=circulated.pk).update(circulated_at=sent)
    first = confirmed(circulated, station.officer)
    second = confirmed(circulated, station.officer)
    client = client_of(station.officer)
    url = f"/reviews/opinions/{of(circulated, 'tax').pk}/paper/"

    page = client.post(url, looked_at(client, url, form_data(seen_scan=str(first.pk)))).text
    assert "扫描件刚刚换成了新的，请对照新的核对，再录入" in page
    assert not of(circulated, "tax").is_signed
    assert f'name="seen_scan" value="{second.pk}"' in page
    client.post(url, looked_at(client, url, form_data(seen_scan=str(second.pk))))
    assert of(circulated, "tax").paper_scan == second


def test_the_liaison_sees_what_was_recorded_and_whom_to_tell(
    station: Station,
    circulated: ReviewTable,
    on_paper: Callable[..., Opinion],
    client_of: ClientOf,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    on_paper("tax")
    client = client_of(station.liaisons["tax"])
    with django_assert_max_num_queries(12):
        page = client.get(f"/reviews/tables/{circulated.pk}/").text
    assert "本部门在纸上盖章的意见" in page
    assert "由服务站撤回审核表" in page
    assert "填写并签署本部门意见" not in page


def test_the_scans_page_lists_who_has_answered_which_way(
    station: Station,
    circulated: ReviewTable,
    on_paper: Callable[..., Opinion],
    client_of: ClientOf,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    station.sign(circulated, "police")
    on_paper("tax")
    client = client_of(station.officer)
    with django_assert_max_num_queries(12):
        page = client.get(f"/reviews/tables/{circulated.pk}/scan/").text
    assert "录入区商务委的意见" in page
    assert "录入区税务局的意见" not in page
    assert "录入区公安局的意见" not in page
    assert "录入区政府外办的意见" not in page
    assert "最后答复，还要等：区商务委、区人力社保局" in page
    assert "区税务局盖章件录入后的一版" in page
