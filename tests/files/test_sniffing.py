import pytest

from files.sniffing import describe, sniff
from tests.files.pictures import jpeg, png


def test_what_the_portal_takes_is_known_by_its_content():
    assert sniff(jpeg()) == "image/jpeg"
    assert sniff(png()) == "image/png"
    assert sniff(b"%PDF-1.7\n") == "application/pdf"
    assert sniff(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic") == "image/heic"


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff", b"\xff\xd8", b"GIF89a", b" %PDF-1.7", b"\x00\x00\x00\x18ftypmp42", b"<svg/>"],
)
def test_anything_else_is_not_known(data):
    assert sniff(data) is None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"GIF89a", "GIF图片"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "WebP图片"),
        (b"PK\x03\x04\x14\x00", "压缩包或Word、Excel文件"),
        (b"MZ\x90\x00", "Windows程序"),
        (b"\x00\x00\x00\x18ftypmp42", "视频或其他媒体文件"),
        (b"<!DOCTYPE html><html>", "网页文件"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG图片"),
        ("营业执照".encode(), "文本文件"),
        (b"\x00" * 100, "空白内容的文件"),
        (b"\x01\x00\x02", "无法识别的文件"),
        (b"%PDF-1.4", "PDF文件"),
    ],
)
def test_the_sender_is_told_what_arrived(data, words):
    assert describe(data) == words
