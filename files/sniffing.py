"""Type of a file by its content. Its name and the browser's word for it count for nothing."""

# ISO base media files say what they hold in a brand at byte 8; these brands are HEIF stills.
HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})

# Only to tell the sender what arrived; nothing is ever accepted by this table.
OTHER_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"GIF8", "GIF图片"),
    (b"BM", "BMP图片"),
    (b"II*\x00", "TIFF图片"),
    (b"MM\x00*", "TIFF图片"),
    (b"8BPS", "Photoshop文件"),
    (b"PK\x03\x04", "压缩包或Word、Excel文件"),
    (b"PK\x05\x06", "空压缩包"),
    (b"\xd0\xcf\x11\xe0", "旧版Word、Excel文件"),
    (b"Rar!", "RAR压缩包"),
    (b"7z\xbc\xaf", "7z压缩包"),
    (b"\x1f\x8b", "压缩文件"),
    (b"MZ", "Windows程序"),
    (b"\x7fELF", "程序文件"),
    (b"OFD", "OFD文件"),
)


def sniff(data: bytes) -> str | None:
    """The media type of a kind of file the portal can take, or None.

    One of image/jpeg, image/png, application/pdf and image/heic.
    """
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"%PDF-"):
        return "application/pdf"
    if data[4:8] == b"ftyp" and data[8:12] in HEIC_BRANDS:
        return "image/heic"
    return None


def describe(data: bytes) -> str:
    """In Chinese, what kind of file this seems to be, for a message to its sender."""
    known = {
        "image/jpeg": "JPG图片",
        "image/png": "PNG图片",
        "application/pdf": "PDF文件",
        "image/heic": "HEIC图片（苹果手机的照片格式）",
    }.get(sniff(data) or "")
    if known:
        return known
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP图片"
    for start, kind in OTHER_KINDS:
        if data.startswith(start):
            return kind
    if data[4:8] == b"ftyp":
        return "视频或其他媒体文件"
    return _describe_text(data[:2048])


def _describe_text(head: bytes) -> str:
    if not head.strip(b"\x00"):
        return "空白内容的文件"
    if b"\x00" in head:
        return "无法识别的文件"
    lowered = head.lower()
    if b"<html" in lowered or b"<!doctype html" in lowered or b"<script" in lowered:
        return "网页文件"
    if b"<svg" in lowered:
        return "SVG图片"
    printable = sum(32 <= byte < 127 or byte in b"\t\r\n" or byte >= 128 for byte in head)
    return "文本文件" if printable > len(head) * 0.95 else "无法识别的文件"
