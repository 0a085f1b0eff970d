"""The public pages of verification: the code on the paper, and a file that is handed in."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
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
from reviews import pdf as printing
from reviews.models import ReviewTable
from reviews.pdf import render_jpeg
from reviews.revisions import load
from reviews.services import circulation
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
    path = folder / "table.pdf"
    path.write_bytes(pdf)
    capsys.readouterr()
    with pytest.raises(SystemExit):
        call_command("verify_form", str(path))
    return str(json.loads(capsys.readouterr().out)["reason"])


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
        "header": (flipped(newest, 1), "文件被改动过", f"有1个字节与{kept}不同"),
        "middle": (flipped(newest, len(newest) // 2), "文件被改动过", f"有1个字节与{kept}不同"),
        "end": (flipped(newest, len(newest) - 3), "文件被改动过", f"有1个字节与{kept}不同"),
        "appended": (with_a_drawing(newest), "文件被改动过", f"在{kept}的末尾之后多出了"),
        "tail": (newest + b"\n% more\n", "文件被改动过", f"在{kept}的末尾之后多出了8个字节"),
        "cut": (newest[:-100], "文件被改动过", f"比{kept}少了末尾的100个字节"),
        "swapped": (with_a_page_of(newest, elsewhere), "文件被改动过", "签名以外的改动"),
        "impostor": (papers.fully_signed(office)[-1], "不是本站出具的审核表", "不可信"),
        "unsigned": (base, "不是本站出具的审核表", "请用表上的核验码查询"),
        "picture": (render_jpeg(newest, 60)[0], "无法验证", "请用表上的核验码查询"),
    }
    for number, (pdf, label, words) in enumerate(cases.values(), start=1):
        page = page_of(client, pdf, address=f"198.51.100.{number}")
        reason = said_by_the_command(pdf, tmp_path, capsys)
        assert label in page, list(cases)[number - 1]
        assert words in reason
        assert reason in page


def test_the_page_says_what_each_signature_covers_by_whom_when_and_whether_trusted(
    stored: list[bytes], client: Client, station: Station
) -> None:
    page = " ".join(page_of(client, stored[-1]).split())
    assert page.count("<strong>签名有效，证书可信</strong>") == 3
    assert "覆盖整张空表和表上的单位、申请人信息；时间为服务站系统时间" in page
    assert "覆盖本部门一栏，以及签署时文件的全部内容（含此前的2个签名）" in page
    assert f"区税务局 {station.liaisons['tax'].name}，{timezone.localdate():%Y年}" in page


def test_a_complete_table_is_valid_and_bears_its_number(
    circulated: ReviewTable, station: Station, client: Client
) -> None:
    station.sign(circulated, "police", "tax", "commerce", "social", "foreign_affairs")
    page = page_of(client, load(circulated.newest_revision()))
    assert "有效" in page
    assert f"审核表编号：{circulated.number}" in page
    assert "下一步：可以采用。" in page
    assert "自称" not in page


def test_the_number_of_an_altered_file_is_what_it_says_of_itself(
    stored: list[bytes], circulated: ReviewTable, client: Client
) -> None:
    page = page_of(client, flipped(stored[-1], len(stored[-1]) // 2))
    assert f"文件自称的编号：{circulated.number}（未经证实）" in page
    assert "下一步：不要采用这份文件。" in page
    assert "审核表编号" not in page


def test_a_recalled_round_says_when_and_why_without_names_and_numbers(
    stored: list[bytes], circulated: ReviewTable, station: Station, client: Client
) -> None:
    name, number = circulated.facts["applicant_name"], "500101199001011237"
    reason = f"{name}的身份证号码有误，应为{number}，电话13800000000"
    circulation.recall(circulated, reason=reason, by=station.officer)
    circulated.refresh_from_db()
    for page in (
        page_of(client, stored[-1]),
        client.get(f"/verify/{circulated.verification_code}/").content.decode(),
    ):
        assert "已作废" in page
        assert "的身份证号码有误，应为******，电话******" in page
        assert f"{circulated.voided_at:%Y年}" in page
        assert name not in page
        assert number not in page


def test_after_hostile_files_the_same_process_still_answers(
    stored: list[bytes], client: Client
) -> None:
    for hostile in (wide_fields(), many_signatures()):
        assert "有效" not in page_of(client, hostile)
    assert "尚未签齐" in page_of(client, stored[-1])


def test_without_the_keystore_the_page_sends_to_the_code_and_the_log_says_why(
    stored: list[bytes],
    client: Client,
    settings: Settings,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings.KEYSTORE = tmp_path
    assert "系统暂时不能核验文件，请用表上的核验码查询" in page_of(client, stored[-1])
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
        "最新文件的SHA-256",
    ]
    assert circulated.number in main
    assert "第1轮" in main
    assert "尚未签齐" in main
    assert circulated.newest_revision().sha256 in main
    hidden = ("enterprise_name", "credit_code", "contact", "applicant_name", "id_number", "phone")
    for key in (*hidden, "post"):
        assert facts[key] not in main
    for person in (station.officer, *station.liaisons.values()):
        assert person.name not in main
    assert "已核实" not in main


@pytest.mark.parametrize("typed", ["{}", " {} ", "lower", "grouped"])
def test_a_code_is_found_however_it_is_typed(
    circulated: ReviewTable, client: Client, typed: str
) -> None:
    code = circulated.verification_code
    forms = {"lower": code.lower(), "grouped": f"{code[:4]}-{code[4:8]} {code[8:]}"}
    response = client.get("/verify/", {"code": forms.get(typed, typed.format(code))})
    assert response.headers["Location"] == f"/verify/{code}/"
