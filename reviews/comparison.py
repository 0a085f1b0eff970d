"""Is a file one of ours, and which? Its signatures, then the revisions that we keep.

Signatures alone cannot tell that a later revision was taken off the end or that the round was
recalled; the stored chain can.
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from reviews.confinement import examine_confined
from reviews.models import ReviewForm, Revision
from reviews.verification import Examination, Trust


class Standing(StrEnum):
    """What a file is to us. Only the newest revision of a round that stands can be relied on."""

    NEWEST = "newest"
    OLDER = "older"
    VOID = "void"
    DIFFERENT = "different"
    UNKNOWN = "unknown"
    INVALID = "invalid"


@dataclass(frozen=True)
class Comparison:
    """`form` is the table that the file is, or claims to be; None where we know of none."""

    standing: Standing
    reason: str
    examination: Examination
    form: ReviewForm | None = None

    @property
    def valid(self) -> bool:
        return self.standing is Standing.NEWEST


def compare(pdf: bytes, trust: Trust) -> Comparison:
    """Examine a file within limits and find it among the stored revisions.

    Raises verification.Unreadable for what is no table at all.
    """
    examination = examine_confined(pdf, trust)
    digest = hashlib.sha256(pdf).hexdigest()
    revision = Revision.objects.select_related("form").filter(sha256=digest).first()
    form = revision.form if revision else _claimed_form(examination)
    if not examination.valid:
        return Comparison(Standing.INVALID, examination.reason, examination, form)
    standing, reason = _standing(pdf, form, revision)
    return Comparison(standing, reason or examination.reason, examination, form)


def _claimed_form(examination: Examination) -> ReviewForm | None:
    return ReviewForm.objects.filter(verification_code=examination.claimed_code).first()


def _standing(
    pdf: bytes, form: ReviewForm | None, revision: Revision | None
) -> tuple[Standing, str]:
    if form is None:
        return Standing.UNKNOWN, "签名有效，但本系统没有这份审核表的存档，不能认定。"
    newest = form.newest_revision()
    if revision is None:
        how = _how_it_differs(pdf, newest)
        return Standing.DIFFERENT, f"签名有效，但文件与{form}存档的任何一版都不一致：{how}。"
    if form.is_void:
        return Standing.VOID, f"文件没有改动，但{form}已经作废，不能使用。原因：{form.void_reason}"
    if revision != newest:
        return (
            Standing.OLDER,
            f"文件没有改动，但它是{form}较早的一版，缺少后来的签名。请下载最新的一版。",
        )
    return Standing.NEWEST, ""


def _how_it_differs(pdf: bytes, newest: Revision) -> str:
    with newest.file.content.open("rb") as file:
        stored = file.read()
    if stored.startswith(pdf):
        return "末尾少了一段"
    if pdf.startswith(stored):
        return "末尾多了一段"
    return "内容不同"
