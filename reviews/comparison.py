"""Is a file one of ours, and which? Its signatures, then the revisions that we keep.

Signatures alone cannot tell that a later revision was taken off the end, that the round was
recalled, or that bytes no signature covers were changed; the stored chain can.
"""

import hashlib
import io
from dataclasses import dataclass

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from reviews.models import ReviewForm, Revision
from reviews.verification import Examination, Trust, examine


@dataclass(frozen=True)
class Comparison:
    """`revision` is the stored one that the file equals; `form` the table that it claims to be."""

    valid: bool
    reason: str
    examination: Examination
    form: ReviewForm | None = None
    revision: Revision | None = None
    is_newest: bool = False


def compare(pdf: bytes, trust: Trust) -> Comparison:
    """Examine a file and find it among the stored revisions. Raises verification.Unreadable."""
    examination = examine(
        pdf,
        roots=trust.roots,
        crls=trust.crls,
        timestamp_roots=trust.timestamp_roots,
        owners=trust.owners,
    )
    revision = (
        Revision.objects.select_related("form")
        .filter(sha256=hashlib.sha256(pdf).hexdigest())
        .first()
    )
    form = revision.form if revision else _claimed_form(pdf)
    newest = form.newest_revision() if form else None
    is_newest = revision is not None and revision == newest
    problem = "" if examination.valid else examination.reason
    problem = problem or _problem(pdf, form, revision, newest)
    return Comparison(
        valid=not problem,
        reason=problem or examination.reason,
        examination=examination,
        form=form,
        revision=revision,
        is_newest=is_newest,
    )


def _problem(
    pdf: bytes, form: ReviewForm | None, revision: Revision | None, newest: Revision | None
) -> str:
    if form is None or newest is None:
        return "签名有效，但本系统没有这份审核表的存档，不能认定。"
    if revision is None:
        return f"签名有效，但文件与{form}存档的任何一版都不一致：{_how_it_differs(pdf, newest)}。"
    if form.is_void:
        return f"{form}已作废：{form.void_reason}"
    if revision != newest:
        return (
            f"这是{form}较早的一版（第{revision.sequence}版），缺少后来的签名；"
            f"最新为第{newest.sequence}版。"
        )
    return ""


def _how_it_differs(pdf: bytes, newest: Revision) -> str:
    with newest.file.content.open("rb") as file:
        stored = file.read()
    if stored.startswith(pdf):
        return "末尾少了一段"
    if pdf.startswith(stored):
        return "末尾多了一段"
    return "内容不同"


def _claimed_form(pdf: bytes) -> ReviewForm | None:
    """The table whose verification code stands in the file's description: a hint, no proof."""
    try:
        information = PdfFileReader(io.BytesIO(pdf)).trailer_view["/Info"]
        code = str(information["/Keywords"])
    except (PdfError, KeyError, ValueError, TypeError):
        return None
    return ReviewForm.objects.filter(verification_code=code).first()
