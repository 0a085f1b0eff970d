"""The rules of Annex 3 that a machine can hold a file to.

`check` decides alone and on the server. What needs reading or recognising (the passport's zone,
the licence's text, a face) is brought to it as facts, since that takes seconds and may be absent.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from files.pictures import Picture, PictureRefused, read_picture
from files.refusals import readable_size
from materials.catalogue import MaterialKind, get
from materials.checks import measures
from materials.checks.findings import Finding, Findings, MaterialFacts, Report
from materials.checks.pages import check_insured, check_page
from materials.checks.passport import check_passport
from materials.checks.photo import check_photo
from materials.checks.signature import check_signature

__all__ = ["Finding", "MaterialFacts", "Report", "check"]

# Enough to judge by; a larger JPEG is shrunk while it is decoded, once for all checks.
LONGEST_DECODED = 800
LONGEST_DECODED_PASSPORT = 1600


def check(
    kind: int, data: bytes, *, facts: MaterialFacts | None = None, today: date | None = None
) -> Report:
    """Hold `data` to the rules of material `kind` (1–10); raises UnknownMaterial for any other."""
    material = get(kind)
    facts = facts or MaterialFacts()
    today = today or datetime.now(ZoneInfo("Asia/Shanghai")).date()
    try:
        picture = read_picture(
            data,
            formats=material.formats,
            max_bytes=settings.MAX_UPLOAD_BYTES,
            longest=LONGEST_DECODED_PASSPORT if kind == 10 else LONGEST_DECODED,
        )
    except PictureRefused as refusal:
        return Report(problems=(Finding(refusal.code, refusal.found, refusal.mend),))
    findings = Findings()
    _check_limits(material, picture, findings)
    # A picture of other pixels will be cropped anew, so its content says nothing yet.
    if material.pixels is None or not findings.problems:
        _check_content(material, picture, findings, facts, today)
    return findings.report(picture)


def _check_limits(material: MaterialKind, picture: Picture, findings: Findings) -> None:
    if material.pixels is not None and (picture.width, picture.height) != material.pixels:
        width, height = material.pixels
        what = "照片" if material.number == 8 else "签名"
        turned = (picture.height, picture.width) == material.pixels
        findings.refuse(
            "wrong_size",
            f"{what}应为宽{width}×高{height}像素，收到的是{picture.width}×{picture.height}像素。",
            "宽和高颠倒了，请旋转后再上传。" if turned else "请裁剪后再上传。",
        )
    if material.below_bytes is not None and picture.size >= material.below_bytes:
        findings.refuse(
            "over_1_mb",
            f"文件大小为{readable_size(picture.size)}（{picture.size}字节），"
            f"应小于1 MB（{material.below_bytes}字节）。",
            "请降低JPG质量或扫描分辨率后另存，底部机读码仍要清晰。",
        )


def _check_content(
    material: MaterialKind,
    picture: Picture,
    findings: Findings,
    facts: MaterialFacts,
    today: date,
) -> None:
    match material.number:
        case 8:
            check_photo(picture, findings, taken_recently=facts.taken_recently, today=today)
        case 9:
            check_signature(picture, findings)
        case 10:
            check_passport(picture, findings, facts=facts, today=today)
        case _:
            check_page(picture, findings)
    if material.number == 7 and facts.insured_since is not None:
        check_insured(facts.insured_since, findings, today)
    if measures.has_grey_foot(picture.image):
        findings.warn(
            "maybe_cut_off",
            "图片下部是一片灰色，可能没有传完整。",
            "请打开原图看一看，确认内容完整。",
        )
    if picture.orientation != 1:
        findings.warn(
            "rotated_by_mark",
            "图片靠相机的方向标记才是正的，有的系统会显示成歪的。",
            "建议在看图软件中旋转后另存。",
        )
