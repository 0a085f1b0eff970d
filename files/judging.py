"""Judgement of an upload: takes each of its files on its own, and says what came of it."""

import html
import time
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypedDict

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from core.text import TURNING
from files.pages import needs_pages, to_pages
from files.pictures import refuse_size
from files.refusals import FileRefused
from files.services import readable_name

LONGEST_NAME = 255
# All files of one request together, while it holds one of the host's places for heavy work.
MOST_SECONDS = 20.0
# What turns the direction of writing around: gpj.exe is shown as exe.jpg.

# Keeps one picture, and returns what to be warned of; raises FileRefused or Refused.
Take = Callable[[bytes, str], Sequence[str]]


class Refused(Exception):
    """Why a picture was not taken, in sentences; `codes` of the findings are for programs."""

    def __init__(self, *problems: str, codes: Iterable[str] = ()) -> None:
        super().__init__(*problems)
        self.problems = problems
        self.codes = tuple(codes)


class AlreadyThere(Exception):
    """Nothing was taken, since the same picture is there; the sentence says where."""


class JudgementJson(TypedDict):
    name: str
    accepted: bool
    taken: int
    verdict: str
    problems: list[str]
    warnings: list[str]
    repeated: list[str]


@dataclass(frozen=True)
class Judgement:
    """What came of one file: how many pictures of it were taken, and what was wrong.

    `repeated` says of pictures that were there already where they are.
    """

    name: str
    taken: int
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()

    @property
    def accepted(self) -> bool:
        return not self.problems

    @property
    def verdict(self) -> str:
        if self.accepted and self.repeated and not self.taken:
            return "已经有了，没有重复收"
        if self.accepted:
            return f"已收下{self.taken}页" if self.taken > 1 else "已收下"
        return f"只收下{self.taken}页" if self.taken else "没有收下"

    def as_json(self) -> JudgementJson:
        """For scripts that upload file by file."""
        return {
            "name": self.name,
            "accepted": self.accepted,
            "taken": self.taken,
            "verdict": self.verdict,
            "problems": list(self.problems),
            "warnings": list(self.warnings),
            "repeated": list(self.repeated),
        }


def judge_each(uploads: "Iterable[UploadedFile[bytes]]", take: Take) -> list[Judgement]:
    """Offer every file to `take`; one that is refused does not hold up the next.

    A PDF or HEIC file is turned into pictures first, each of which is offered. What is not
    reached within MOST_SECONDS is refused, so that others get their turn.
    """
    until = time.monotonic() + MOST_SECONDS
    return [_judge(upload, take, until) for upload in uploads]


def judge_one_page(upload: "UploadedFile[bytes]", take: Take) -> Judgement:
    """Offer a file that is to be exactly one page; a PDF of several is refused as a whole."""
    name = readable_name(upload.name or "")
    try:
        _refuse_name(upload)
        refuse_size(upload.size or 0, settings.MAX_UPLOAD_BYTES)
        data = upload.read()
        if needs_pages(data):
            pages = to_pages(data, max_bytes=settings.MAX_UPLOAD_BYTES)
            if len(pages) != 1:
                raise Refused(
                    f"这里只收一页，收到的PDF有{len(pages)}页。请只留需要的一页后再上传。"
                )
            data = pages[0]
        return Judgement(name, taken=1, warnings=tuple(take(data, name)))
    except AlreadyThere as repeated:
        return Judgement(name, taken=0, repeated=(str(repeated),))
    except FileRefused as refusal:
        return Judgement(name, taken=0, problems=(refusal.message,), codes=(refusal.code,))
    except Refused as refusal:
        return Judgement(name, taken=0, problems=refusal.problems, codes=refusal.codes)


def _judge(upload: "UploadedFile[bytes]", take: Take, until: float) -> Judgement:
    name = readable_name(upload.name or "")
    try:
        _refuse_late(until)
        _refuse_name(upload)
        # What is too long was not kept while it came in, so its content is not there to read.
        refuse_size(upload.size or 0, settings.MAX_UPLOAD_BYTES)
        data = upload.read()
        if not needs_pages(data):
            return Judgement(name, taken=1, warnings=tuple(take(data, name)))
        pages = to_pages(data, max_bytes=settings.MAX_UPLOAD_BYTES)
    except AlreadyThere as repeated:
        return Judgement(name, taken=0, repeated=(str(repeated),))
    except FileRefused as refusal:
        return Judgement(name, taken=0, problems=(refusal.message,), codes=(refusal.code,))
    except Refused as refusal:
        return Judgement(name, taken=0, problems=refusal.problems, codes=refusal.codes)
    return _judge_pages(name, pages, take, until)


def _refuse_late(until: float) -> None:
    if time.monotonic() > until:
        raise FileRefused(
            "no_time",
            "一起上传的太多，这次没来得及检查。",
            "已经收下的不用再传，请把没有收下的再上传一次。",
        )


def _refuse_name(upload: "UploadedFile[bytes]") -> None:
    """A name that deceives whoever reads it, or that no system of files could hold."""
    name = html.unescape(getattr(upload, "sent_name", None) or upload.name or "")
    last = name.replace("\\", "/").rpartition("/")[2]
    if any(unicodedata.category(c) == "Cc" or c in TURNING for c in name):
        raise FileRefused(
            "name_hides",
            "文件名里有看不见的控制字符，或颠倒文字方向的符号，可能是伪装成图片的其他文件。",
            "请把文件改成普通的名字，例如“照片.jpg”，再上传。",
        )
    if len(last) > LONGEST_NAME:
        raise FileRefused(
            "name_too_long",
            f"文件名有{len(last)}个字符，太长了。",
            "请把文件改成简短的名字，例如“照片.jpg”，再上传。",
        )


def _judge_pages(name: str, pages: Sequence[bytes], take: Take, until: float) -> Judgement:
    taken, problems, warnings, repeated = 0, [], [], []
    for number, page in enumerate(pages, start=1):
        try:
            _refuse_late(until)
            found = take(page, f"{name} 第{number}页")
        except AlreadyThere as there:
            repeated.append(f"第{number}页：{there}")
        except FileRefused as refusal:
            problems.append(f"第{number}页：{refusal.message}")
        except Refused as refusal:
            problems += [f"第{number}页：{problem}" for problem in refusal.problems]
        else:
            taken += 1
            warnings += [f"第{number}页：{warning}" for warning in found]
    return Judgement(name, taken, tuple(problems), tuple(warnings), repeated=tuple(repeated))
