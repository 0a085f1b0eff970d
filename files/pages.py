"""Turns a PDF or a HEIC photo into the JPEG pages that the national system takes."""

import subprocess
import sys

from files import page_limits
from files.apart import run_apart
from files.pictures import refuse_size
from files.refusals import PagesRefused
from files.sniffing import describe, sniff

CONVERTIBLE = frozenset({"application/pdf", "image/heic"})
# A process of its own; the web worker does not even load the two libraries.
RENDERER = [sys.executable, "-m", "files.page_renderer"]
TIMEOUT_SECONDS = 30

TOO_COMPLEX = (
    "too_complex",
    "这个文件太复杂或有损坏，没能转成图片。",
    "请打印成新的PDF后再上传，或逐页存成JPG图片。",
)
REFUSALS: dict[int, tuple[str, str, str]] = {
    page_limits.LOCKED: (
        "pdf_locked",
        "这个PDF设有打开密码，无法转成图片。",
        "请去掉密码后再上传，或逐页存成JPG图片。",
    ),
    page_limits.TOO_MANY_PAGES: (
        "too_many_pages",
        f"这个PDF超过{page_limits.MAX_PAGES}页。",
        "请只保留需要的页，或分成几个文件上传。",
    ),
    page_limits.UNREADABLE: (
        "unreadable_document",
        "文件有损坏或不完整，无法打开。",
        "请确认能正常打开后另存一份，再上传。",
    ),
    page_limits.TOO_COMPLEX: TOO_COMPLEX,
    page_limits.ONLY_A_NOTICE: (
        "pdf_only_a_notice",
        "这个PDF是只有Adobe软件才能显示的动态表单（XFA），"
        "转成图片只会得到一页“Please wait…”，没有表单的内容。",
        "请用Adobe Reader打开，选择打印，打印机选“Microsoft Print to PDF”或“另存为PDF”，"
        "再上传打印得到的文件；也可以打印在纸上，扫描或拍照后上传。",
    ),
    page_limits.TOO_LARGE: (
        "pages_too_large",
        "这个PDF转成图片后太大。",
        "请分成几个文件上传，或用较低的分辨率重新扫描，200 dpi已足够清楚。",
    ),
    page_limits.TOO_MANY_PIXELS: (
        "too_many_pixels",
        f"照片超过{page_limits.MAX_HEIC_PIXELS // 10_000}万像素。",
        "请在手机中另存为较小的JPG图片后再上传。",
    ),
}


def needs_pages(data: bytes) -> bool:
    """Is this a file that `to_pages` can turn into pictures?"""
    return sniff(data) in CONVERTIBLE


def to_pages(data: bytes, *, max_bytes: int) -> list[bytes]:
    """The pages as upright JPEGs at 200 dpi, at most 50; raises a FileRefused.

    The caller reads each of them with `read_picture`, as anything that came from outside.
    """
    refuse_size(len(data), max_bytes)
    if not needs_pages(data):
        raise PagesRefused(
            "not_convertible",
            f"只有PDF和HEIC可以转成图片，收到的是{describe(data)}。",
            "请存成JPG图片后再上传。",
        )
    try:
        finished = run_apart(RENDERER, data, seconds=TIMEOUT_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise PagesRefused(*TOO_COMPLEX) from error
    if finished.returncode in REFUSALS:
        raise PagesRefused(*REFUSALS[finished.returncode])
    pages = _unpack(finished.stdout)
    if finished.returncode != 0 or not pages:
        raise PagesRefused(*TOO_COMPLEX)
    return pages


def _unpack(packed: bytes) -> list[bytes]:
    """Each page stands behind its length in four bytes."""
    pages = []
    position = 0
    while position < len(packed):
        length = int.from_bytes(packed[position : position + 4])
        pages.append(packed[position + 4 : position + 4 + length])
        position += 4 + length
    return pages
