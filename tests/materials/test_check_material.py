import json
import os
import subprocess
import sys
from datetime import date, datetime
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import CommandError, call_command

from files.recognising import READERS
from files.recognition_packages import is_available
from materials import samples
from materials.kinds.passport.mrz import compose
from tests.applications.people import COMPANY
from tests.files.pictures import gradient, jpeg

needs_recognition = pytest.mark.skipif(not is_available(), reason="packages are not installed")


def run(*arguments):
    """The exit status and what was printed, which is one JSON object and nothing else."""
    output = StringIO()
    status: str | int | None = 0
    try:
        call_command("check_material", *map(str, arguments), stdout=output)
    except SystemExit as stopped:
        status = stopped.code
    return status, json.loads(output.getvalue())


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "照片.jpg"
    path.write_bytes(samples.photo(0, taken_on=datetime.now(ZoneInfo("Asia/Shanghai")).date()))
    return path


def test_an_accepted_file_ends_with_0(photo):
    assert run(8, photo) == (0, {"accepted": True, "problems": [], "warnings": []})


def test_a_refused_file_ends_with_1_and_says_why(tmp_path):
    path = tmp_path / "photo.jpg"
    path.write_bytes(jpeg(gradient(600, 800)))
    status, report = run(8, path)
    assert status == 1
    assert report["accepted"] is False
    assert report["problems"] == [
        {
            "code": "wrong_size",
            "message": "照片应为宽550×高733像素，收到的是600×800像素。请裁剪后再上传。",
        }
    ]


@pytest.mark.parametrize("kind", ["0", "11", "-1", "abc", "", "8.0", "٨", "９", "9" * 5000])
def test_an_unknown_kind_ends_with_2(kind, photo):
    status, report = run("--", kind, photo)
    assert (status, report["problems"][0]["code"]) == (2, "no_such_kind")


def test_a_missing_file_a_folder_and_a_pipe_end_with_2(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (tmp_path / "none.jpg", tmp_path, pipe, "/dev/zero", "a" * 5000, "nul\0byte", ""):
        status, report = run(8, path)
        assert (status, report["accepted"]) == (2, False)
        assert report["problems"][0]["code"] in {"no_such_file", "unreadable_file"}


def test_a_file_that_may_not_be_read_ends_with_2(photo, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("pathlib.Path.read_bytes", refuse)
    assert run(8, photo)[1]["problems"][0]["code"] == "unreadable_file"


def test_a_huge_file_is_refused_without_being_read(tmp_path):
    path = tmp_path / "huge.jpg"
    with path.open("wb") as file:
        file.truncate(5_000_000_000)
    status, report = run(1, path)
    assert (status, report["problems"][0]["code"]) == (1, "too_large")


def test_an_empty_file_is_refused(tmp_path):
    path = tmp_path / "empty.png"
    path.touch()
    assert run(1, path)[1]["problems"][0]["code"] == "empty"


def test_missing_arguments_are_no_traceback():
    with pytest.raises(CommandError):
        call_command("check_material")


def test_a_terminal_that_knows_no_chinese_gets_the_same_object(photo):
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    finished = subprocess.run(
        [sys.executable, "manage.py", "check_material", "8", str(photo)],
        env=environment,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert finished.returncode == 0
    assert json.loads(finished.stdout.decode("ascii"))["accepted"] is True


PASSPORT = samples.Person(
    "方知行", "FANG", "ZHIXING", "M", date(1985, 3, 14), "销售部经理", "500101198503140117",
    "EJ7654321", date(2023, 6, 15), 1,
)  # fmt: skip


@needs_recognition
def test_the_zone_of_a_passport_tells_that_it_has_expired(tmp_path):
    path = tmp_path / "passport.jpg"
    path.write_bytes(samples.passport(PASSPORT))
    status, report = run(10, path)
    assert status == 1
    assert [problem["code"] for problem in report["problems"]] == ["passport_expired"]


FIRM = "重庆市万州区样例贸易有限公司"


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "page.jpg"
    path.write_bytes(samples.paper("材料", "内容。" * 40, company=COMPANY, day=date(2026, 11, 2)))
    return path


def codes(report, which):
    return [finding["code"] for finding in report[which]]


@time_machine.travel("2026-11-23T12:00:00+08:00")
@pytest.mark.parametrize(
    ("kind", "options", "problems", "warnings"),
    [
        (1, ["--dated-on=2026-11-02"], [], []),
        (1, ["--dated-on=2026-04-01"], ["lapsed"], []),
        (2, ["--ends-on=2026-12-01"], [], ["lapses_soon"]),
        (2, ["--endless"], [], []),
        (2, ["--credit-code=91500101YYYY00012S"], ["credit_code_refused"], []),
        (3, ["--tax-year=2025"], [], []),
        (3, ["--tax-year=2024"], ["lapsed"], []),
        (3, ["--tax-year=2026"], ["tax_year_refused"], []),
        (4, ["--dated-on=2027-01-01"], ["dated_on_refused"], []),
        (5, ["--economy=USA"], ["economy_refused"], []),
        (5, ["--economy=VNM", "--evidence=visa", "--dated-on=2025-01-01", f"--enterprise={FIRM}"],
         ["dated_on_refused"], []),
        (5, ["--economy=VNM", "--evidence=customs", "--dated-on=2026-01-01", "--company=代理公司",
             f"--enterprise={FIRM}"], [], ["dealings_elsewhere"]),
        (6, ["--name=张样例", "--record-name=李样例"], ["name_refused"], []),
        (6, ["--name=张样例", "--record-name=张样例", "--dated-on=2026-04-01"], [], ["record_old"]),
        (7, ["--insured-since=2026-06-01"], ["insured_too_short"], []),
        (7, ["--insured-since=2020-01-01", "--company=样例人力", f"--enterprise={FIRM}"],
         [], ["insured_elsewhere"]),
        (1, ["--post=总经理兼法人"], [], ["post_unusual"]),
    ],
)  # fmt: skip
def test_what_is_typed_is_judged_as_the_forms_do(page, settings, kind, options, problems, warnings):
    settings.RECOGNITION = "off"
    status, report = run(kind, page, *options)
    assert (codes(report, "problems"), codes(report, "warnings")) == (problems, warnings)
    assert status == (1 if problems else 0)


@time_machine.travel("2026-11-23T12:00:00+08:00")
def test_a_passport_is_held_against_everything_that_was_typed(tmp_path):
    path = tmp_path / "passport.jpg"
    path.write_bytes(samples.passport(PASSPORT))
    zone = compose(
        surname="FANG",
        given_names="ZHIXING",
        number="EJ7654321",
        birth_date=date(1985, 3, 14),
        sex="M",
        expires_on=date(2035, 6, 15),
    )
    typed = [
        f"--mrz={'/'.join(zone)}",
        "--surname=FANG",
        "--given-names=ZHIXIN",
        "--passport-number=EJ7654321",
    ]
    status, report = run(
        10, path, *typed, "--passport-expires-on=2035-06-15", "--id-number=11010519491231002X"
    )
    assert status == 1
    assert codes(report, "problems") == [
        "given_names_differs",
        "birth_date_differs",
        "sex_differs",
    ]


@pytest.mark.parametrize(
    "option",
    ["--passport-expires-on=明天", "--id-number=123", "--passport-number=K12345678"],
)
def test_a_fact_that_cannot_be_one_ends_with_2_and_a_sentence(photo, option):
    status, report = run(8, photo, option)
    assert (status, codes(report, "problems")) == (2, ["no_such_fact"])
    assert report["problems"][0]["message"].endswith("。")


@needs_recognition
def test_the_licence_is_held_against_name_and_code(tmp_path):
    path = tmp_path / "licence.jpg"
    path.write_bytes(samples.licence(COMPANY))
    _, report = run(2, path, "--credit-code=91500101YYYY00020L", f"--enterprise={COMPANY.name}")
    assert codes(report, "warnings") == ["licence_differs"]


@needs_recognition
def test_a_page_that_is_no_licence_is_accepted_with_a_warning(tmp_path):
    path = tmp_path / "page.jpg"
    path.write_bytes(jpeg(gradient(900, 1200)))
    status, report = run(2, path)
    assert (status, report["accepted"]) == (0, True)
    assert [warning["code"] for warning in report["warnings"]] == ["licence_unread"]


def test_without_recognition_a_picture_is_judged_by_its_pixels_alone(photo, settings):
    settings.RECOGNITION = "off"
    assert run(8, photo)[0] == 0


def test_a_reader_that_fails_is_a_warning_and_no_traceback(photo, settings, monkeypatch):
    def fail(_data):
        raise RuntimeError("no memory")

    settings.RECOGNITION = "on"
    monkeypatch.setitem(READERS, "face", fail)
    status, report = run(8, photo)
    assert (status, [warning["code"] for warning in report["warnings"]]) == (0, ["not_recognised"])
