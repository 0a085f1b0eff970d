import json
import os
import subprocess
import sys
from datetime import date, datetime
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from applications import samples
from files.recognising import READERS
from files.recognition_packages import is_available
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
