"""Archive packages: a stranger's tools find them whole, and what lacks something is no package."""

import csv
import hashlib
import io
import json
import re
import subprocess
import sys
import unicodedata
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import bagit
import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from accounts.audit import seal_batch
from accounts.models import AuditEvent, User
from applications.models import Application, Material
from letters.services import begin_letter
from reports.archiving import bag, properties, steps, tasks
from reports.archiving.building import build_archive
from reports.archiving.case_papers import ArchiveRefused
from reports.archiving.names import apart, part, problems_of
from reports.archiving.services import ask_for_year
from reports.models import ArchivedCase, ArchiveYear
from reviews.models import ReviewTable
from tests.conftest import ClientOf
from tests.factories import ApplicationFactory, CorrectionFactory
from tests.reviews.conftest import FOUR, Station, circulated, station  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture
def concluded(circulated: ReviewTable, station: Station) -> Application:  # noqa: F811
    """Signed by all five, and agreed to."""
    station.sign(circulated, *FOUR, "foreign_affairs")
    return Application.objects.with_people().get(pk=circulated.application_id)


@pytest.fixture
def withdrawn(submitted: Application) -> Application:
    """Over without a table, so that nothing has to be signed."""
    Application.objects.filter(pk=submitted.pk).update(
        status="withdrawn", status_since=timezone.now()
    )
    return Application.objects.with_people().get(pk=submitted.pk)


def answer_of(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, dict[str, Any]]:
    status = 0
    try:
        call_command("archive", *args)
    except SystemExit as left:
        status = int(left.code or 0)
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    return status, json.loads(out)


def table_in(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


class Made:
    """A package that was made, with its bytes."""

    def __init__(self, application: Application, **kwargs: Any) -> None:
        self.made = build_archive(application, **kwargs)
        with self.made.content:
            self.data = self.made.content.read()
        self.archive = zipfile.ZipFile(io.BytesIO(self.data))
        self.names = self.archive.namelist()

    def read(self, ending: str) -> bytes:
        [name] = [name for name in self.names if name.endswith(ending)]
        return self.archive.read(name)


def test_a_stranger_verifies_a_signed_case_with_stock_tools(
    concluded: Application, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to = tmp_path / "package"
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        seal = seal_batch()
    assert seal
    status, answer = answer_of(capsys, concluded.reference, str(to))
    assert (status, answer["good"], answer["reason"]) == (0, True, "")
    program = [sys.executable, bagit.__file__, "--validate", str(to)]
    asked = subprocess.run(program, capture_output=True, check=False)
    assert asked.returncode == 0, asked.stderr
    for check in (
        ["sha256sum", "--check", "--strict", "--quiet", "manifest-sha256.txt"],
        ["sha256sum", "--check", "--strict", "--quiet", "tagmanifest-sha256.txt"],
        ["cksum", "--check", "--strict", "--quiet", "sm3sum.txt"],
    ):
        subprocess.run(check, cwd=to, check=True)
    written = {path.relative_to(to).as_posix() for path in to.rglob("*") if path.is_file()}
    table = concluded.tables.get()
    for name in (
        f"data/01_审核表/第1轮_有效/审核表_{table.number}_第1轮.pdf",
        "data/02_部门意见/部门意见.html",
        "data/03_申请材料/材料08_申请人照片/01.jpg",
        "data/05_通知/通知.csv",
        "data/06_办理过程/审计记录.csv",
        "data/00_元数据.xml",
        "说明.txt",
        "四性检测报告.txt",
    ):
        assert name in written, name
    assert not [path for path in tmp_path.iterdir() if path.name != "package"]
    opinions = (to / "data/02_部门意见/部门意见.html").read_text()
    police = table.opinions.get(department__code="police")
    assert police.words in opinions
    newest = table.newest_revision().sha256
    [pdf] = to.glob("data/01_审核表/*/*.pdf")
    assert hashlib.sha256(pdf.read_bytes()).hexdigest() == newest
    found = {one["what"]: (one["property"], one["result"]) for one in answer["checks"]}
    assert found == {
        "每个文件与入库时登记的SHA-256一致": ("真实性", "合格"),
        "审核表的电子签名": ("真实性", "合格"),
        "审核表各版本前后相承": ("真实性", "合格"),
        "审计记录与封存链相符": ("真实性", "合格"),
        "办结审核表的部门意见齐全": ("完整性", "合格"),
        "申请材料齐全": ("完整性", "合格"),
        "元数据必填项齐全": ("完整性", "合格"),
        "文件数、字节数与清单一致": ("完整性", "合格"),
        "文件格式通用，能打开": ("可用性", "合格"),
        "文件名在各种系统上可用": ("可用性", "合格"),
        "PDF/A": ("可用性", "未检测"),
        "没有病毒和恶意代码": ("安全性", "未检测"),
        "没有加密和口令": ("安全性", "合格"),
        "制作和下载有记录": ("安全性", "合格"),
    }
    words = {one["what"]: one["words"] for one in answer["checks"]}
    assert words["审核表的电子签名"] == "6个签名全部有效，证书可信"
    assert words["审核表各版本前后相承"] == "1轮审核表，最新一版逐字节含有以前的5版"
    assert words["审计记录与封存链相符"] == "重新计算1批封存，全部相符"
    report = (to / "四性检测报告.txt").read_text("utf-8-sig")
    assert "结论：合格" in report
    assert "[未检测] PDF/A" in report
    tree = ElementTree.parse(to / "data/00_元数据.xml")  # noqa: S314 - it is ours
    assert tree.findtext("来源/电子文件号") == concluded.reference
    assert len(tree.findall("电子签名/签名")) == 5
    course = to / "data/06_办理过程"
    rows = table_in((course / "审计记录.csv").read_bytes())
    assert {row[-1] for row in rows[1:]} == {str(seal.pk)}
    lines = (course / "审计记录_封存原文.jsonl").read_text().splitlines()
    assert [json.loads(line)[0] for line in lines] == [int(row[0]) for row in rows[1:]]
    assert [row[3] for row in rows].count("签署意见") == 5
    kept = json.loads((course / "审计记录_封存.json").read_text())
    assert kept[0]["digest_sha256"] == seal.digest
    for name in written:
        assert unicodedata.is_normalized("NFC", name)
        assert len(name) < 180
    # A seal that no longer fits, and an earlier file in the place of the newest one.
    broken = f"审计记录与封存链相符：不相符：第{seal.pk}号封存"
    assert Made(concluded, seals=properties.SealBook({seal.pk: False})).made.bad == [broken]
    revision, first = table.newest_revision(), table.revisions.get(sequence=0)
    type(revision).objects.filter(pk=revision.pk).update(file=first.file, sha256=first.sha256)
    swapped = Made(concluded)
    assert [line.split("：")[0] for line in swapped.made.bad] == ["审核表各版本前后相承"]
    assert swapped.made.file_name.endswith("_不合格.zip")


def test_the_same_case_gives_the_same_bytes_whoever_looks_at_it_meanwhile(
    withdrawn: Application, officer: User, client_of: ClientOf
) -> None:
    now = timezone.now()
    with time_machine.travel(now + timedelta(days=1), tick=False):
        first = Made(withdrawn)
    client = client_of(officer)
    client.get(f"/applications/{withdrawn.pk}/pre-review/")
    answer: Any = client.get(f"/reports/packages/cases/{withdrawn.pk}/package.zip")
    assert answer.headers["Content-Length"] == str(len(b"".join(answer.streaming_content)))
    with time_machine.travel(now + timedelta(days=900), tick=False):
        second = Made(withdrawn)
    assert first.data == second.data
    event = AuditEvent.objects.get(action="case_archive.make")
    assert (event.actor, event.after["sha256"]) == (officer, first.made.sha256)


def test_a_case_that_goes_on_is_refused_with_a_sentence(
    submitted: Application, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, answer = answer_of(capsys, str(submitted.pk), str(tmp_path / "package"))
    assert status == 1
    assert answer["good"] is False
    assert "还没有办结" in answer["reason"]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("fault", ["gone", "altered"])
def test_a_file_that_is_gone_or_altered_makes_no_package(
    withdrawn: Application,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    fault: str,
) -> None:
    stored = withdrawn.materials.get(number=8).pages.get().file
    storage, name = stored.content.storage, str(stored.content.name)
    with storage.open(name) as file:
        kept = file.read()
    storage.delete(name)
    if fault == "altered":
        storage.save(name, io.BytesIO(kept[:-1] + b"X"))
    status, answer = answer_of(capsys, withdrawn.reference, str(tmp_path / "package"))
    assert (status, answer["good"]) == (1, False)
    assert answer["reason"].startswith("材料8“")
    words = "在存储中打不开" if fault == "gone" else "与入库时登记的不一致"
    assert words in answer["reason"]
    assert not list(tmp_path.iterdir())


def test_what_is_not_good_is_made_and_never_called_good(
    withdrawn: Application,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(properties, "problems_of", lambda _path: ["名字太长"])
    status, answer = answer_of(capsys, withdrawn.reference, str(tmp_path / "package"))
    assert (status, answer["good"]) == (1, False)
    assert "名字太长" in answer["reason"]
    assert "结论：不合格" in (tmp_path / "package/四性检测报告.txt").read_text("utf-8-sig")
    assert Made(withdrawn).made.file_name.endswith("_不合格.zip")


def test_an_endorsed_case_without_its_table_or_a_material_is_not_good(
    withdrawn: Application,
) -> None:
    Application.objects.filter(pk=withdrawn.pk).update(status="endorsed")
    Material.objects.get(application=withdrawn, number=8).pages.all().delete()
    withdrawn.refresh_from_db()
    assert Made(withdrawn).made.bad == [
        "办结审核表的部门意见齐全：没有办结的审核表",
        "申请材料齐全：材料8“申请人照片”没有页",
    ]


def test_what_was_replaced_after_submission_is_in_it_and_what_was_before_is_not(
    withdrawn: Application,
) -> None:
    page = withdrawn.materials.get(number=8).pages.get()
    at = withdrawn.submitted_at
    assert at
    for moved in (timedelta(days=-1), timedelta(days=1)):
        type(page).objects.create(
            material=page.material, file=page.file, position=1, superseded_at=at + moved
        )
    names = [name for name in Made(withdrawn).names if "材料08" in name]
    assert [re.sub(r"^.*材料08_[^/]*/", "", name) for name in names] == ["01.jpg", "已替换/01.jpg"]


def test_letters_are_in_it_as_they_went_out(withdrawn: Application, agent: User) -> None:
    CorrectionFactory.create(
        application=withdrawn,
        sent=True,
        told_in=withdrawn.changes.create(
            action="return", from_status="submitted", to_status="returned"
        ),
    )
    begin_letter("application", enterprise=withdrawn.enterprise, application=withdrawn, by=agent)
    made = Made(withdrawn)
    letters = [name.partition("04_函件/")[2] for name in made.names if "04_函件" in name]
    assert letters[0] == f"一次性告知书_{withdrawn.reference}-告1.pdf"
    assert letters[1].startswith("申请公函_")
    assert made.read(letters[1]).startswith(b"%PDF-")


# Names ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("COM¹", "_COM¹"),
        ("说明.", "说明"),
        (" 甲：乙?*|.pdf", "甲：乙___.pdf"),
        ("100%", "100％"),
        ("e\u0301", "\u00e9"),
        ("", "_"),
        ("长" * 200, "长" * 60),
    ],
)
def test_a_name_is_one_that_windows_takes(text: str, name: str) -> None:
    assert part(text) == name
    assert problems_of(part(text)) == []


def test_names_that_windows_takes_for_one_stand_apart() -> None:
    taken: set[str] = set()
    found = [apart(name, taken) for name in ("data/A.jpg", "data/a.JPG", "data/A.jpg")]
    assert found == ["data/A.jpg", "data/a_2.JPG", "data/A_3.jpg"]


def test_bad_names_are_named() -> None:
    for path in ("data/CON.pdf", "data/a./b", "data/a:b", "data/" + "长" * 200, "data/e\u0301"):
        assert problems_of(path), path


# The command ------------------------------------------------------------------------------------


def test_a_zip_is_the_same_as_the_page_gives(
    withdrawn: Application, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to = tmp_path / "package.zip"
    status, answer = answer_of(capsys, withdrawn.reference, str(to))
    assert status == 0
    assert hashlib.sha256(to.read_bytes()).hexdigest() == answer["sha256"]
    assert Made(withdrawn).made.sha256 == answer["sha256"]
    assert to.stat().st_mode & 0o077 == 0


def test_what_is_there_already_is_never_written_over(
    withdrawn: Application, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letter.txt").write_text("我的")
    for to in (tmp_path, tmp_path / "letter.txt", tmp_path / "none" / "package"):
        status, answer = answer_of(capsys, withdrawn.reference, str(to))
        assert status == 2
        assert answer["error"]
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize(
    "args",
    [[], ["1"], ["无此编号", "x"], ["99999", "x"], ["1", "x", "y"], ["--year", "年", "x"],
     ["--year", "9999", "x"], ["\x00", "\x00"], ["--none"]],
)  # fmt: skip
def test_wrong_words_get_one_answer(args: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    status, answer = answer_of(capsys, *args)
    assert status == 2
    assert answer["error"]


def test_what_does_not_read_back_leaves_nothing(
    withdrawn: Application,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A disk that keeps other bytes than were written."""

    def copy(source: Any, target: Any, _length: int) -> None:
        target.write(source.read().replace(b"data/", b"dara/", 1))

    monkeypatch.setattr("shutil.copyfileobj", copy)
    for name in ("package.zip", "package"):
        status, answer = answer_of(capsys, withdrawn.reference, str(tmp_path / name))
        assert status == 2
        assert answer["error"]
    assert not list(tmp_path.iterdir())


def test_a_package_with_one_byte_changed_is_not_read_back(withdrawn: Application) -> None:
    data = bytearray(Made(withdrawn).data)
    at = data.index("四性检测报告".encode() + b".json")
    data[at + 60] ^= 1
    with pytest.raises(bag.BagBroken):
        bag.read_back(io.BytesIO(bytes(data)))


def test_a_year_is_a_folder_of_packages_and_their_list(
    withdrawn: Application, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = ApplicationFactory.create(submitted=True)
    Application.objects.filter(pk=other.pk).update(status="declined")
    stored = other.materials.get(number=8).pages.get().file
    stored.content.storage.delete(str(stored.content.name))
    year = timezone.localdate().year
    status, answer = answer_of(capsys, "--year", str(year), str(tmp_path / "year"))
    assert (status, answer["packages"], list(answer["bad"])) == (1, 1, [other.reference])
    rows = table_in((tmp_path / "year/00_归档清单.csv").read_bytes())
    assert [(row[0], row[9]) for row in rows[1:]] == [
        (withdrawn.reference, "合格"),
        (other.reference, "没有生成"),
    ]
    package = tmp_path / "year" / rows[1][5]
    assert hashlib.sha256(package.read_bytes()).hexdigest() == rows[1][7]
    assert bag.sm3(package.read_bytes()) == rows[1][8]


# Pages ------------------------------------------------------------------------------------------


def test_the_page_gives_the_package_and_says_why_where_it_cannot(
    withdrawn: Application, officer: User, client_of: ClientOf
) -> None:
    client = client_of(officer)
    address = f"/reports/packages/cases/{withdrawn.pk}/"
    assert f'href="{address}"' in client.get(f"/cases/{withdrawn.pk}/").text
    assert "生成并下载" in client.get(address).text
    answer: Any = client.get(f"{address}package.zip")
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).testzip() is None
    stored = withdrawn.materials.get(number=8).pages.get().file
    stored.content.storage.delete(str(stored.content.name))
    refused = client.get(f"{address}package.zip")
    assert refused.status_code == 409
    assert "在存储中打不开" in refused.text


def ask(year: int, by: User, nonce: str = "1") -> ArchiveYear:
    return ask_for_year(year, by=by, nonce=nonce)


@pytest.fixture
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker takes anything up by itself."""
    monkeypatch.setattr("reports.archiving.services.hand_over", lambda _pk: None)


def test_a_year_shows_how_far_it_is_and_comes_as_one_zip(
    withdrawn: Application, officer: User, client_of: ClientOf, by_hand: None
) -> None:
    client, year = client_of(officer), timezone.localdate().year
    sent = {"nonce": "n" * 32, "year": year}
    first, second = (client.post("/reports/packages/", sent) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    run = ArchiveYear.objects.get()
    page = client.get(run.get_absolute_url())
    assert page.headers["Refresh"] == "2"
    assert "正在生成：0／1件" in page.text
    assert client.get(f"{run.get_absolute_url()}packages.zip").status_code == 404
    steps.make(run.pk)
    page = client.get(run.get_absolute_url())
    assert "1件合格" in page.text
    answer: Any = client.get(f"{run.get_absolute_url()}packages.zip")
    whole = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    rows = table_in(whole.read("00_归档清单.csv"))
    assert hashlib.sha256(whole.read(rows[1][5])).hexdigest() == rows[1][7]
    event = AuditEvent.objects.get(action="case_archive.download_year")
    assert event.after == {"year": year, "entries": 1}


def test_a_year_whose_worker_died_goes_on_where_it_stood(
    withdrawn: Application, officer: User, by_hand: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = ApplicationFactory.create_batch(2, submitted=True)
    Application.objects.filter(pk__in=[one.pk for one in others]).update(status="declined")
    run = ask(timezone.localdate().year, officer)
    build = build_archive

    def die(application: Application, **kwargs: Any) -> Any:
        if application.pk == others[0].pk:
            raise KeyboardInterrupt
        return build(application, **kwargs)

    monkeypatch.setattr(steps, "build_archive", die)
    with pytest.raises(KeyboardInterrupt):
        steps.make(run.pk)
    before = ArchivedCase.objects.get()
    assert before.application == withdrawn
    monkeypatch.setattr(tasks, "hand_over", steps.make)
    tasks.sweep_packages()
    assert ArchivedCase.objects.count() == 1, "its lease is not over yet"
    ArchiveYear.objects.update(leased_until=timezone.now() - timedelta(minutes=1))
    monkeypatch.setattr(steps, "build_archive", build)
    tasks.sweep_packages()
    run.refresh_from_db()
    assert (run.state, run.done_count, run.leased_until) == ("ready", 3, None)
    assert [one.is_good for one in run.cases.all()] == [True] * 3
    assert run.cases.first() == before


def test_a_case_that_kills_its_worker_every_time_stops_no_other(
    withdrawn: Application, officer: User, by_hand: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = ask(timezone.localdate().year, officer)

    def die(*_args: Any, **_kwargs: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(steps, "build_archive", die)
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            steps.make(run.pk)
        ArchiveYear.objects.update(leased_until=None)
    steps.make(run.pk)
    [row] = run.cases.all()
    assert (row.has_package, row.is_good) == (False, False)
    assert "联系系统管理员" in row.words


def test_one_that_fails_is_told_of_and_a_long_year_is_handed_on(
    withdrawn: Application, officer: User, by_hand: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = ask(timezone.localdate().year, officer)
    monkeypatch.setattr(steps, "WORK_SECONDS", -1.0)
    assert steps.make(run.pk) is True
    run.refresh_from_db()
    assert (run.state, run.leased_until) == ("making", None)
    monkeypatch.undo()

    def fail(*_args: Any, **_kwargs: Any) -> Any:
        raise ArchiveRefused("函件没有生成")

    monkeypatch.setattr(steps, "build_archive", fail)
    assert steps.make(run.pk) is False
    assert [one.words for one in run.cases.all()] == ["函件没有生成"]


def test_after_a_week_the_packages_are_gone(
    withdrawn: Application, officer: User, by_hand: None
) -> None:
    run = ask(timezone.localdate().year, officer)
    steps.make(run.pk)
    row = run.cases.get()
    storage, name = row.content.storage, str(row.content.name)
    assert storage.exists(name)
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        tasks.sweep_packages()
    assert not storage.exists(name)
    assert not ArchiveYear.objects.exists()


def test_no_year_before_the_first_case_is_offered(
    withdrawn: Application, officer: User, client_of: ClientOf
) -> None:
    client, year = client_of(officer), timezone.localdate().year
    assert f'value="{year}"' in client.get("/reports/packages/").text
    sent = {"nonce": "n" * 32, "year": year - 30}
    answer = client.post("/reports/packages/", sent)
    assert answer.status_code == 422
    assert not ArchiveYear.objects.exists()
