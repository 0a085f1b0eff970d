"""The public pages of verification: the code on the paper, and a file that is handed in."""

import hashlib
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import time_machine
from cryptography import x509
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pytest_django import Settings

from accounts.models import User
from core.dates import day_words
from reviews import pdf as printing
from reviews.models import ReviewTable
from reviews.pdf import render_jpeg
from reviews.revisions import load
from reviews.services import circulation
from reviews.signatures.certificates import authority
from reviews.signatures.models import Certificate
from reviews.signatures.signing import certify
from reviews.signatures.verification import confinement
from tests.reviews import papers
from tests.reviews.conftest import Station
from tests.reviews.signatures.test_confinement import many_signatures, wide_fields
from tests.reviews.test_comparison import with_a_drawing

pytestmark = pytest.mark.django_db

ClientOf = Callable[[User], Client]


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine may be as busy as it likes: what is limited is a file's own time."""
    monkeypatch.setattr(confinement, "WALL_SECONDS", 120)


@pytest.fixture
def stored(circulated: ReviewTable, station: Station) -> list[bytes]:
    """The certified form, then two departments' signatures."""
    station.sign(circulated, "police", "tax")
    return [load(revision) for revision in circulated.revisions.order_by("sequence")]


def page_of(client: Client, pdf: bytes, name: str = "table.pdf", address: str = "") -> str:
    upload = SimpleUploadedFile(name, pdf, "application/pdf")
    response = client.post("/verify/", {"file": upload}, REMOTE_ADDR=address or "198.51.100.1")
    assert response.status_code == 200
    page = response.content.decode()
    return page[page.index("<main") : page.index("</main>")]


def said_by_the_command(pdf: bytes, folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    return str(answer_of_the_command(pdf, folder, capsys)["reason"])


def answer_of_the_command(
    pdf: bytes, folder: Path, capsys: pytest.CaptureFixture[str]
) -> dict[str, Any]:
    path = folder / "table.pdf"
    path.write_bytes(pdf)
    capsys.readouterr()
    with pytest.raises(SystemExit):
        call_command("verify_form", str(path))
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def flipped(pdf: bytes, position: int) -> bytes:
    altered = bytearray(pdf)
    altered[position] ^= 1
    return bytes(altered)


def with_a_page_of(pdf: bytes, other: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    source = PdfFileReader(io.BytesIO(other)).root["/Pages"]["/Kids"][0]
    page[pdf_name("/Contents")] = writer.add_object(
        generic.StreamObject(stream_data=source["/Contents"].data)
    )
    writer.update_container(page)
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def test_each_kind_of_file_is_named_and_the_command_says_the_same(
    stored: list[bytes], client: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    newest, office = stored[-1], papers.new_office("万州区APEC商务旅行卡协办服务站签名根证书 G1")
    base, boxes = printing.render_base(replace(papers.FACTS, applicant_name="李样例"))
    elsewhere = certify(base, boxes, office.identity("station"))
    kept = "区税务局签署后的一版"
    cases = {
        "newest": (newest, "尚未签齐", "还缺：区商务委、区人力社保局、区政府外办"),
        "older": (stored[1], "较早的一版", "缺少后来的签名"),
        "header": (flipped(newest, 1), "文件被改动过", "与存档的任何一版都不一致"),
        "end": (flipped(newest, len(newest) - 3), "文件被改动过", "与存档的任何一版都不一致"),
        "appended": (with_a_drawing(newest), "文件被改动过", f"在{kept}的末尾之后多出了"),
        "tail": (newest + b"\n% more\n", "文件被改动过", f"在{kept}的末尾之后多出了8个字节"),
        "cut": (newest[:-100], "文件被改动过", "与存档的任何一版都不一致"),
        "swapped": (with_a_page_of(newest, elsewhere), "文件被改动过", "签名以外的改动"),
        "impostor": (papers.fully_signed(office)[-1], "不是本站出具的审核表", "不可信"),
        "unsigned": (base, "无法验证", "请用表上的核验码查询"),
        "picture": (render_jpeg(newest, 60)[0], "无法验证", "请用表上的核验码查询"),
    }
    for number, (pdf, label, words) in enumerate(cases.values(), start=1):
        page = page_of(client, pdf, address=f"198.51.100.{number}")
        reason = said_by_the_command(pdf, tmp_path, capsys)
        assert label in page, list(cases)[number - 1]
        assert words in reason
        assert reason in page


def test_a_certificate_revoked_or_expired_since_does_not_undo_what_it_signed(
    stored: list[bytes], client: Client, security_admin: User
) -> None:
    tax = Certificate.objects.get(department__code="tax")
    authority.revoke(tax, reason="换人", by=security_admin)
    page = words_of(page_of(client, stored[-1]))
    assert "尚未签齐" in page
    assert f"签署时有效；证书后来已于{day_words(timezone.now())}吊销" in page
    with time_machine.travel("2029-03-01T10:00+08:00", tick=False):
        page = words_of(page_of(client, stored[-1], address="198.51.100.2"))
    assert "尚未签齐" in page
    assert "签署时有效；证书后来已于2028年10月31日到期" in page


def test_the_page_says_what_each_signature_covers_by_whom_when_and_whether_trusted(
    stored: list[bytes], client: Client, station: Station
) -> None:
    page = " ".join(page_of(client, stored[-1]).split())
    assert page.count("<strong>签名有效，证书可信</strong>") == 3
    assert "覆盖整张空表和表上的单位、申请人信息；时间为服务站系统时间" in page
    assert "覆盖本部门一栏，以及签署时文件的全部内容（含此前的2个签名）" in page
    assert f"区税务局 {station.liaisons['tax'].name}，{timezone.localdate():%Y年}" in page


def words_of(page: str) -> str:
    """What stands on a page, its tags taken out and each run of blanks made one."""
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


@pytest.mark.parametrize(
    ("conclusion", "words", "outcome"),
    [("agree", "同意", "同意申办"), ("disagree", "不同意", "不同意申办")],
)
def test_a_complete_table_says_what_it_concludes_by_file_by_code_and_by_command(
    circulated: ReviewTable,
    station: Station,
    client: Client,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    conclusion: str,
    words: str,
    outcome: str,
) -> None:
    station.sign(circulated, "police", "tax", "commerce", "social")
    station.sign(circulated, "foreign_affairs", conclusion=conclusion)
    pdf = load(circulated.newest_revision())
    by_file = words_of(page_of(client, pdf))
    assert f"审核表编号：{circulated.number}" in by_file
    assert "下一步： 可以采用。" in by_file.replace("下一步：", "下一步： ").replace("  ", " ")
    assert "自称" not in by_file
    answer_by_code = client.get(f"/verify/{circulated.verification_code}/").text
    by_code = words_of(answer_by_code)
    badges = {"同意申办": "done", "不同意申办": "late"}
    assert set(re.findall(r"status-tag--(\w+)", answer_by_code)) == {"void", badges[outcome]}
    assert "原件，没有改动" in by_file
    assert "本站出具" in by_code
    for page in (by_file, by_code):
        assert f"审核结论： {outcome} 单位" in page
        assert re.search("区公安局 同意 ，", page)
        assert re.search(f"区政府外办 {words} ，", page)
        assert "重庆市万州区样例贸易有限公司" in page
        assert "张*例（身份证号末四位" in page
        assert "张样例" not in page
    answer = answer_of_the_command(pdf, tmp_path, capsys)
    assert (answer["valid"], answer["outcome"]) == (True, conclusion)
    assert [(one["department"], one["conclusion"]) for one in answer["signatures"]] == [
        ("station", ""),
        ("police", "agree"),
        ("tax", "agree"),
        ("commerce", "agree"),
        ("social", "agree"),
        ("foreign_affairs", conclusion),
    ]


def test_a_table_that_waits_concludes_nothing(
    stored: list[bytes],
    client: Client,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = words_of(page_of(client, stored[-1]))
    assert "审核结论" not in page
    assert re.search("区税务局 同意 ，", page)
    assert "区商务委 未签署" in page
    assert answer_of_the_command(stored[-1], tmp_path, capsys)["outcome"] == ""


def test_an_older_state_tells_whom_to_ask_and_what_holds_today(
    stored: list[bytes], client: Client
) -> None:
    page = words_of(page_of(client, stored[1]))
    assert "不要只凭这一版办理。请向出示的人索取最新的一版" in page
    assert re.search("区税务局 同意 ，", page)


def test_nobody_learns_the_stored_table_byte_by_byte(stored: list[bytes], client: Client) -> None:
    """What bears no whole signature of the station is told no number of bytes."""
    newest = stored[-1]
    guesses = (
        flipped(newest, 1),
        flipped(newest, len(stored[0]) // 2),
        b"%PDF-1.7\n" + newest[9 : len(stored[0]) // 2],
    )
    for number, guess in enumerate(guesses):
        page = page_of(client, guess, address=f"198.51.100.{number}")
        assert "字节" not in page
    told = page_of(client, newest + b"\n% more\n", address="198.51.100.9")
    assert "末尾之后多出了8个字节" in told


def test_a_name_that_nobody_vouches_for_is_quoted_as_claimed(client: Client, db: None) -> None:
    office = papers.new_office("万州区APEC商务旅行卡协办服务站签名根证书 G1")
    page = words_of(page_of(client, papers.sign(papers.certified(office), "tax", office)))
    assert "别的签名一栏，自称“区税务局 王样例”" in page or "区税务局一栏，自称“" in page
    assert "区税务局（区税务局" not in page


def test_the_number_of_an_altered_file_is_what_it_says_of_itself(
    stored: list[bytes], circulated: ReviewTable, client: Client
) -> None:
    page = page_of(client, flipped(stored[-1], len(stored[-1]) // 2))
    assert f"文件自称的编号：{circulated.number}（未经证实）" in page
    assert "下一步：不要采用这份文件。" in page
    assert "审核表编号" not in page


def test_a_recalled_round_says_when_and_of_what_kind_the_cause_is(
    stored: list[bytes], circulated: ReviewTable, station: Station, client: Client
) -> None:
    reason = "张样例的母亲住院，电话138 0000 0000，身份证号码有误"
    circulation.recall(circulated, reason=reason, by=station.officer)
    circulated.refresh_from_db()
    for page in (
        page_of(client, stored[-1]),
        client.get(f"/verify/{circulated.verification_code}/").text,
    ):
        assert "已作废" in page
        assert "表上的信息要更正" in page
        assert f"{circulated.voided_at:%Y年}" in page
        for private in ("母亲", "138", "张样例", "有误"):
            assert private not in page
        assert "审核结论" not in page


def test_a_round_that_the_enterprise_took_back_says_so(
    circulated: ReviewTable, agent: User, client: Client
) -> None:
    circulation.withdraw(circulated.application, reason="张样例离职了", by=agent)
    page = client.get(f"/verify/{circulated.verification_code}/").text
    assert "原因：企业撤回了申请。" in page
    assert "离职" not in page


def test_after_hostile_files_the_same_process_still_answers(
    stored: list[bytes], client: Client
) -> None:
    for hostile in (wide_fields(), many_signatures()):
        page = page_of(client, hostile)
        assert 'id="verdict-title"' in page
        assert "原件，没有改动" not in page
    assert "尚未签齐" in page_of(client, stored[-1])


def test_without_the_keystore_a_stored_file_is_known_by_its_bytes_and_others_by_the_code(
    stored: list[bytes],
    client: Client,
    settings: Settings,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings.KEYSTORE = tmp_path
    page = words_of(page_of(client, stored[-1]))
    assert "与本站存档一致" in page
    assert "文件与本站的存档逐字节相同；签名暂时不能重新验证。" in page
    assert "原件，没有改动" not in page
    assert "较早的一版" in page_of(client, stored[1])
    assert "系统暂时不能核验文件，请用表上的核验码查询" in page_of(client, flipped(stored[-1], 9))
    assert "签名证书的目录不能用" in caplog.text


def test_a_file_over_20_mb_is_refused(client: Client) -> None:
    page = page_of(client, b"%PDF-1.7\n" + bytes(20 * 1024 * 1024))
    assert "文件超过20 MB，不会是本站出具的审核表。" in page


def test_without_a_file_the_page_asks_for_one(client: Client) -> None:
    assert "请选择要验证的PDF文件。" in client.post("/verify/").content.decode()


def test_one_address_may_hand_in_ten_files_a_minute(client: Client) -> None:
    picture = b"\xff\xd8\xff\xe0 a photograph"
    for _ in range(10):
        assert "无法验证" in page_of(client, picture)
    upload = SimpleUploadedFile("photo.jpg", picture)
    refused = client.post("/verify/", {"file": upload}, REMOTE_ADDR="198.51.100.1")
    assert refused.status_code == 429
    assert "无法验证" in page_of(client, picture, address="198.51.100.2")


def test_a_code_shows_what_is_listed_and_nothing_more(
    circulated: ReviewTable, station: Station, client: Client
) -> None:
    station.sign(circulated, "police")
    page = client.get(f"/verify/{circulated.verification_code}/").content.decode()
    facts = circulated.facts
    main = page[page.index("<main") : page.index("</main>")]
    shown = [line.strip() for line in main.split("<dt>")[1:]]
    assert [one.split("</dt>")[0] for one in shown] == [
        "单位",
        "申请人",
        "区商务委",
        "区税务局",
        "区公安局",
        "区人力社保局",
        "区政府外办",
    ]
    assert circulated.number in main
    assert "第1轮" in main
    assert "尚未签齐" in main
    assert circulated.newest_revision().sha256 in main
    hidden = ("credit_code", "contact", "applicant_name", "id_number", "phone", "post")
    for key in hidden:
        assert facts[key] not in main
    assert f"身份证号末四位{facts['id_number'][-4:]}" in main
    for person in (station.officer, *station.liaisons.values()):
        assert person.name not in main
    assert "已核实" not in main


@pytest.mark.parametrize("typed", ["{}", " {} ", "lower", "grouped", "full width", "marked"])
def test_a_code_is_found_however_it_is_typed(
    circulated: ReviewTable, client: Client, typed: str
) -> None:
    code = circulated.verification_code
    forms = {
        "lower": code.lower(),
        "grouped": f"{code[:4]}-{code[4:8]} {code[8:]}",
        "full width": "".join(chr(ord(sign) + 0xFEE0) for sign in code),
        "marked": f"\u202d{code[:6]}\u200b{code[6:]}。",
    }
    response = client.get("/verify/", {"code": forms.get(typed, typed.format(code))})
    assert response.headers["Location"] == f"/verify/{code}/"


def test_an_address_with_a_code_in_small_letters_leads_to_it(
    circulated: ReviewTable, client: Client
) -> None:
    code = circulated.verification_code
    assert client.get(f"/verify/{code.lower()}/").headers["Location"] == f"/verify/{code}/"


@pytest.mark.parametrize("address", ["/verify/?code=K7QM2F9XPD4T", "/verify/K7QM2F9XPD4T/"])
def test_an_unknown_code_has_a_page_that_says_what_to_do(
    client: Client, db: None, address: str
) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert "没有这个核验码" in response.text
    assert "K7QM2F9XPD4T" in response.text
    assert "不要采用这份审核表，拨打咨询热线" in response.text


def test_why_a_viewer_knows_no_signature_is_explained_with_the_root_to_compare(
    station: Station, client: Client
) -> None:
    root = Certificate.objects.get(kind="ca")
    page = client.get("/verify/viewers/").text
    file = client.get(f"/verify/viewers/{root.pk}.cer")
    assert file.headers["Content-Type"] == "application/x-x509-ca-cert"
    digest = hashlib.sha256(file.content).hexdigest().upper()
    assert f"{digest[:4]} {digest[4:8]} {digest[8:12]}" in page
    assert x509.load_der_x509_certificate(file.content).subject == (
        x509.load_pem_x509_certificate(root.certificate_pem.encode()).issuer
    )
    other = Certificate.objects.filter(kind="station").get()
    assert client.get(f"/verify/viewers/{other.pk}.cer").status_code == 404
