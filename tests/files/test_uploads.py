import html
import io
import re
import unicodedata
from contextlib import closing
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from core.text import TURNING
from files import judging
from files.judging import Judgement, Refused, judge_each
from files.refusals import PictureRefused
from files.uploads import ReceivedFile
from tests.files.sending import multipart

MEBIBYTE = 1024 * 1024


def received(data: bytes) -> tuple[int, bytes]:
    """Length and content of a file as the view finds it to which it was sent."""
    sent = SimpleUploadedFile("file.jpg", data, "image/jpeg")
    request = RequestFactory().post("/", {"file": sent})
    with closing(request):
        file: Any = request.FILES["file"]
        return file.size, file.read()


def test_a_file_arrives_whole() -> None:
    assert received(b"x" * 100_000) == (100_000, b"x" * 100_000)


def test_an_empty_file_arrives_as_an_empty_file() -> None:
    assert received(b"") == (0, b"")


def test_of_an_over_long_file_only_its_length_is_kept(settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = MEBIBYTE
    settings.MAX_VERIFY_BYTES = MEBIBYTE

    assert received(b"x" * (3 * MEBIBYTE)) == (3 * MEBIBYTE, b"")


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "image/jpeg")


def test_every_file_is_offered_although_others_are_refused() -> None:
    def take(data: bytes, name: str) -> list[str]:
        if data == b"bad":
            raise Refused("坏的。", "也太小。")
        if data == b"infected":
            raise PictureRefused("infected", "有病毒。", "请换一个文件。")
        return ["有点暗。"] if data == b"dark" else []

    files = [
        upload(f"{data.decode()}.jpg", data) for data in (b"bad", b"good", b"infected", b"dark")
    ]

    assert judge_each([*files, upload("empty.jpg", b"")], take) == [
        Judgement("bad.jpg", taken=0, problems=("坏的。", "也太小。")),
        Judgement("good.jpg", taken=1),
        Judgement(
            "infected.jpg", taken=0, problems=("有病毒。请换一个文件。",), codes=("infected",)
        ),
        Judgement("dark.jpg", taken=1, warnings=("有点暗。",)),
        Judgement(
            "empty.jpg",
            taken=0,
            problems=("文件是空的，没有内容。请重新选择要上传的图片。",),
            codes=("empty",),
        ),
    ]


def test_a_file_over_the_limit_is_refused_by_its_length(settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = MEBIBYTE

    judgement = judge_each([upload("huge.jpg", b"x" * (2 * MEBIBYTE))], lambda data, name: [])[0]

    assert judgement.verdict == "没有收下"
    assert "文件大小为2.0 MB，超过上限1.0 MB" in judgement.problems[0]


def test_a_document_is_offered_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "to_pages", lambda data, max_bytes: [b"one", b"two", b"three"])
    taken = []

    def take(data: bytes, name: str) -> list[str]:
        if data == b"two":
            raise Refused("空白页。")
        taken.append((name, data))
        return ["歪了。"] if data == b"three" else []

    judgement = judge_each([upload("scan.pdf", b"%PDF-1.7 ...")], take)[0]

    assert taken == [("scan.pdf 第1页", b"one"), ("scan.pdf 第3页", b"three")]
    assert judgement.problems == ("第2页：空白页。",)
    assert judgement.warnings == ("第3页：歪了。",)
    assert judgement.verdict == "只收下2页"


def sent(name: str) -> Any:
    """A file as the view finds it to which a browser sent it under this name."""
    body, content_type = multipart(name, b"x")
    request = RequestFactory().generic("POST", "/", body, content_type=content_type)
    with closing(request):
        [file] = request.FILES.getlist("files")
        return file


def test_fields_and_files_arrive_side_by_side() -> None:
    file = SimpleUploadedFile("file.jpg", b"x")
    request = RequestFactory().post("/", {"file": file, "words": "甲"})
    with closing(request):
        assert request.POST["words"] == "甲"
        received_file: Any = request.FILES["file"]
        assert received_file.name == "file.jpg"


def test_the_name_is_known_as_it_was_sent_and_used_as_it_is_fit() -> None:
    file = sent("照片\u202egpj.exe")
    assert file.sent_name == "照片\u202egpj.exe"
    assert file.name == "照片gpj.exe"


@examples(max_examples=200, deadline=None)
@given(name=st.text(min_size=1, max_size=320))
def test_whatever_a_file_is_called_it_is_refused_or_shown_in_plain_characters(name: str) -> None:
    judgement = judge_each([upload_sent_as(name)], lambda data, name: [])[0]
    assert len(judgement.name) <= 120
    assert all(unicodedata.category(character)[0] != "C" for character in judgement.name)
    turned = any(c in TURNING or unicodedata.category(c) == "Cc" for c in html.unescape(name))
    assert judgement.accepted is not (
        turned or len(re.split(r"[/\\]", html.unescape(name))[-1]) > 255
    )


def upload_sent_as(name: str) -> ReceivedFile:
    file = ReceivedFile("file.jpg", "image/jpeg", 1, None)
    file.sent_name = name
    return file


def test_a_name_that_hides_something_is_shown_plainly() -> None:
    judgement = judge_each([upload("gpj.\u202eexe\x00.jpg", b"x")], lambda data, name: [])[0]

    assert judgement.name.startswith("gpj.")
    assert "exe" in judgement.name
    assert "\u202e" not in judgement.name
    assert "\x00" not in judgement.name


def test_nothing_is_read_before_the_size_is_known_to_be_right() -> None:
    class Unreadable(io.BytesIO):
        name = "huge.jpg"
        size = 10**12

        def read(self, *_: object) -> bytes:
            raise AssertionError("read although it is too large")

    judgement = judge_each([Unreadable()], lambda data, name: [])[0]  # type: ignore[list-item]

    assert not judgement.accepted


def test_what_is_not_reached_in_time_is_refused_and_what_was_taken_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr("files.judging.time.monotonic", lambda: clock.now)

    def take(data: bytes, name: str) -> list[str]:
        clock.now += 15
        return []

    first, second, third = judge_each([upload(f"{n}.jpg", b"x") for n in "abc"], take)

    assert (first.verdict, second.verdict) == ("已收下", "已收下")
    assert third.codes == ("no_time",)
    assert third.problems == (
        "一起上传的太多，这次没来得及检查。已经收下的不用再传，请把没有收下的再上传一次。",
    )


def test_pages_of_a_document_that_are_not_reached_in_time_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr("files.judging.time.monotonic", lambda: clock.now)
    monkeypatch.setattr(judging, "to_pages", lambda data, max_bytes: [b"one", b"two", b"three"])

    def take(data: bytes, name: str) -> list[str]:
        clock.now += 15
        return []

    judgement = judge_each([upload("scan.pdf", b"%PDF-1.7 ...")], take)[0]

    assert judgement.verdict == "只收下2页"
    assert judgement.problems[0].startswith("第3页：一起上传的太多")
