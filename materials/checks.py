"""The one way to hold a file to the rules of Annex 3.

`check` decides alone and on the server. What needs reading or recognising (the passport's zone,
the licence's text, a face) is brought to it as facts, since that takes seconds and may be absent.
What each material is held to stands in its module of `kinds`.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from files.pictures import Picture, PictureRefused, read_picture
from files.refusals import readable_size
from materials import measures
from materials.catalogue import get
from materials.findings import Finding, Findings, MaterialFacts, Report
from materials.kind import MaterialKind


def check(
    number: int, data: bytes, *, facts: MaterialFacts | None = None, today: date | None = None
) -> Report:
    """Hold `data` to the rules of a material (1–10); raises UnknownMaterial for any other."""
    kind = get(number)
    facts = facts or MaterialFacts()
    today = today or datetime.now(ZoneInfo("Asia/Shanghai")).date()
    try:
        picture = read_picture(
            data,
            formats=kind.formats,
            max_bytes=settings.MAX_UPLOAD_BYTES,
            longest=kind.longest_decoded,
        )
    except PictureRefused as refusal:
        return Report(problems=(Finding(refusal.code, refusal.found, refusal.mend),))
    findings = Findings()
    _check_limits(kind, picture, findings)
    # A picture of other pixels will be cropped anew, so its content says nothing yet.
    if kind.pixels is None or not findings.problems:
        kind.check(picture, findings, facts, today)
        _check_file(picture, findings)
    return findings.report(picture)


def _check_limits(kind: MaterialKind, picture: Picture, findings: Findings) -> None:
    if kind.pixels is not None and (picture.width, picture.height) != kind.pixels:
        width, height = kind.pixels
        turned = (picture.height, picture.width) == kind.pixels
        findings.refuse(
            "wrong_size",
            f"{kind.picture_name}应为宽{width}×高{height}像素，"
            f"收到的是{picture.width}×{picture.height}像素。",
            "宽和高颠倒了，请旋转后再上传。" if turned else "请裁剪后再上传。",
        )
    if kind.below_bytes is not None and picture.size >= kind.below_bytes:
        findings.refuse(
            "over_1_mb",
            f"文件大小为{readable_size(picture.size)}（{picture.size}字节），"
            f"应小于1 MB（{kind.below_bytes}字节）。",
            "请降低JPG质量或扫描分辨率后另存，底部机读码仍要清晰。",
        )


def _check_file(picture: Picture, findings: Findings) -> None:
    """What may be wrong with a file of any material."""
    if measures.has_grey_foot(picture.image):
        findings.warn(
            "maybe_cut_off",
            "图片下部是一片灰色，可能没有传完整。",
            "请打开原图看一看，确认内容完整。",
        )
    if picture.orientation != 1:
        findings.warn(
            "rotated_by_mark",
            "图片靠相机的方向标记才是正的。",
            "请看一看这里显示得是否端正；材料包里会自动转正，不用另存。",
        )
