"""A file beside the stored chain, and the command that says what it is."""

import errno
import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import OperationalError
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from reviews.comparison import FileStanding, compare
from reviews.models import ReviewTable, Revision
from reviews.services import circulation
from reviews.signatures.certificates.keystore import AuthorityError
from reviews.signatures.certificates.trust import current_trust
from tests.reviews import papers
from tests.reviews.conftest import Station

pytestmark = pytest.mark.django_db


def bytes_of(revision: Revision) -> bytes:
    with revision.file.content.open("rb") as file:
        return bytes(file.read())


@pytest.fixture
def revisions(circulated: ReviewTable, station: Station) -> list[bytes]:
    """The certified form, then two departments' signatures."""
    station.sign(circulated, "police", "tax")
    return [bytes_of(revision) for revision in circulated.revisions.order_by("sequence")]


def verify_form(capsys: pytest.CaptureFixture[str], path: Path) -> tuple[int, dict]:
    capsys.readouterr()
    with pytest.raises(SystemExit) as stopped:
        call_command("verify_form", str(path))
    printed = capsys.readouterr()
    assert printed.err == ""
    assert isinstance(stopped.value.code, int)
    return stopped.value.code, json.loads(printed.out)


def with_a_drawing(pdf: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    drawing = generic.StreamObject(stream_data=b"q 0 0 0 rg 100 100 200 200 re f Q")
    writer.add_stream_to_page(0, writer.add_object(drawing))
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def test_the_newest_revision_is_valid_and_says_who_is_missing(revisions: list[bytes]) -> None:
    found = compare(revisions[2], current_trust())
    assert found.valid
    assert "还缺：区商务委、区人力社保局、区政府外办" in found.reason


def test_a_complete_table_is_valid(circulated: ReviewTable, station: Station) -> None:
    station.sign(circulated, "police", "tax", "commerce", "social", "foreign_affairs")
    found = compare(bytes_of(circulated.newest_revision()), current_trust())
    assert found.standing is FileStanding.NEWEST
    assert found.reason == "服务站和五个部门的签名全部有效，签名后内容未被改动。"


def test_a_file_whose_last_revision_was_taken_off_is_an_older_one(
    revisions: list[bytes], circulated: ReviewTable
) -> None:
    found = compare(revisions[1], current_trust())
    assert found.standing is FileStanding.OLDER
    assert found.table == circulated


def test_a_recalled_round_is_void(
    revisions: list[bytes], circulated: ReviewTable, station: Station
) -> None:
    circulation.recall(circulated, reason="身份证号码有误", by=station.officer)
    found = compare(revisions[2], current_trust())
    assert found.standing is FileStanding.VOID
    assert "作废（表上的信息要更正）" in found.reason
    assert "身份证" not in found.reason


def test_a_rightly_signed_file_that_was_never_stored_differs(
    revisions: list[bytes], circulated: ReviewTable, station: Station
) -> None:
    circulated.revisions.order_by("-sequence")[0].delete()
    found = compare(revisions[2], current_trust())
    assert found.standing is FileStanding.DIFFERENT
    assert "在区公安局签署后的一版的末尾之后多出了" in found.reason


def test_a_rightly_signed_file_of_no_form_that_we_know_is_unknown(
    circulated: ReviewTable,
) -> None:
    pdf = bytes_of(circulated.newest_revision())
    ReviewTable.objects.filter(pk=circulated.pk).update(verification_code="OTHER")
    Revision.objects.update(sha256="0" * 64)
    assert compare(pdf, current_trust()).standing is FileStanding.UNKNOWN


def test_the_command_accepts_a_genuine_table(
    revisions: list[bytes], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "table.pdf").write_bytes(revisions[2])
    code, answer = verify_form(capsys, tmp_path / "table.pdf")
    assert code == 0
    assert list(answer) == ["valid", "reason", "outcome", "signatures"]
    assert answer["valid"] is True
    assert [one["department"] for one in answer["signatures"]] == ["station", "police", "tax"]
    assert answer["signatures"][1].keys() == {
        "department",
        "signer",
        "signed_at",
        "intact",
        "trusted",
        "conclusion",
        "on_paper",
    }
    assert answer["signatures"][1]["signed_at"].endswith("+08:00")


@pytest.mark.parametrize(
    ("alter", "words"),
    [
        (with_a_drawing, "被加进了签名以外的改动"),
        (lambda pdf: pdf.replace(b"/Reason", b"/reason", 1), "内容已被改动"),
        (lambda pdf: pdf[: len(pdf) // 2], ""),
        (lambda pdf: pdf + b"\n% nothing\n", "末尾又多出了内容"),
    ],
    ids=["appended revision", "altered byte", "half", "tail"],
)
def test_the_command_refuses_an_altered_table(
    revisions: list[bytes],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    alter: object,
    words: str,
) -> None:
    assert callable(alter)
    (tmp_path / "table.pdf").write_bytes(alter(revisions[2]))
    code, answer = verify_form(capsys, tmp_path / "table.pdf")
    assert (code, answer["valid"]) == (1, False)
    assert words in answer["reason"]


def test_the_command_refuses_a_table_of_another_authority(
    circulated: ReviewTable, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    impostor = papers.new_office("万州区APEC商务旅行卡协办服务站签名根证书 G1")
    (tmp_path / "table.pdf").write_bytes(papers.fully_signed(impostor)[-1])
    code, answer = verify_form(capsys, tmp_path / "table.pdf")
    assert code == 1
    assert "不可信" in answer["reason"]
    assert not any(one["trusted"] for one in answer["signatures"])


@pytest.mark.parametrize(
    ("name", "content"),
    [("missing.pdf", None), ("empty.pdf", b""), ("photo.pdf", b"\xff\xd8\xff\xe0"), ("text", b"x")],
)
def test_the_command_says_what_it_cannot_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    code, answer = verify_form(capsys, tmp_path / name)
    assert code == 2
    assert answer["valid"] is False
    assert answer["signatures"] == []


@pytest.mark.parametrize(
    ("broken", "error", "reason"),
    [
        ("current_trust", OSError(errno.EIO, "I/O error", "/srv/keys"),
         "系统暂时读写不了需要的文件，不能核验。"),
        ("current_trust", AuthorityError("签名密钥库读不出来：系统正忙。"),
         "签名密钥库读不出来：系统正忙。"),
        ("compare", OperationalError("connection refused"),
         "本系统的数据库还没有建好或连不上，不能核验。"),
        ("compare", RuntimeError("a fault of ours"), "系统出错了，不能核验。"),
        ("proved_facts", OperationalError("connection lost"),
         "本系统的数据库还没有建好或连不上，不能核验。"),
    ],
)  # fmt: skip
def test_the_command_answers_where_it_cannot_judge(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    broken: str,
    error: Exception,
    reason: str,
) -> None:
    def fail(*_: object) -> None:
        raise error

    (tmp_path / "table.pdf").write_bytes(b"%PDF-1.7\n%%EOF")
    monkeypatch.setattr(f"reviews.management.commands.verify_form.{broken}", fail)
    with pytest.raises(SystemExit) as stopped:
        call_command("verify_form", str(tmp_path / "table.pdf"))
    assert stopped.value.code == 2
    answer = json.loads(capsys.readouterr().out)
    assert answer == {"valid": False, "reason": reason, "outcome": "", "signatures": []}


def test_a_machine_without_room_for_a_process_judges_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    (tmp_path / "table.pdf").write_bytes(b"%PDF-1.7\n%%EOF")
    monkeypatch.setattr("os.fork", full)
    code, answer = verify_form(capsys, tmp_path / "table.pdf")
    assert (code, answer["reason"]) == (2, "系统正忙，这次没有核验完。请过几分钟再试。")


@pytest.mark.parametrize("name", ["a\0b.pdf", "x" * 300 + ".pdf", "\udcff.pdf"])
def test_a_name_that_no_file_has_is_answered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    code, answer = verify_form(capsys, tmp_path / name)
    assert code == 2
    assert answer["reason"] in ("没有这个文件。", "文件读不出来。")


def test_the_command_cannot_read_a_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, answer = verify_form(capsys, tmp_path)
    assert code == 2
    assert "文件夹" in answer["reason"]
