"""What a file handed in at the verify page is: ours and newest, older, void, altered, not ours."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from reviews.authority import trust
from reviews.models import ReviewForm, Revision
from reviews.verification import TITLES, Examination, SignatureFinding, Unreadable, examine


@dataclass(frozen=True)
class SignatureLine:
    """One signature in words."""

    title: str
    signer: str
    signed_at: datetime | None
    words: str


@dataclass(frozen=True)
class Verdict:
    label: str
    badge: str
    reason: str
    number: str = ""
    signatures: tuple[SignatureLine, ...] = ()


def judge(pdf: bytes) -> Verdict:
    """Examine the signatures, then compare with the revisions that the station has stored."""
    known = trust()
    try:
        found = examine(
            pdf,
            roots=known.roots,
            crls=known.crls,
            timestamp_roots=known.timestamp_roots,
            owners=known.owners,
        )
    except Unreadable as error:
        return Verdict("无法验证", "void", str(error))
    lines = tuple(_line(signature) for signature in found.signatures)
    revision = (
        Revision.objects.filter(sha256=hashlib.sha256(pdf).hexdigest())
        .select_related("form")
        .first()
    )
    if not found.valid:
        return _not_valid(found, lines)
    if revision is None:
        return Verdict(
            "与本站留存的不一致",
            "late",
            "文件里的签名有效，但它不是本站留存的任何一版，可能被增删过。请以本站下载的文件为准。",
            signatures=lines,
        )
    return _stored(revision, found, lines)


def _not_valid(found: Examination, lines: tuple[SignatureLine, ...]) -> Verdict:
    label = "文件被改动过" if lines else "不是本站出具的审核表"
    return Verdict(label, "late", found.reason, signatures=lines)


def _stored(revision: Revision, found: Examination, lines: tuple[SignatureLine, ...]) -> Verdict:
    form = revision.form
    if form.is_void:
        return Verdict(
            "已作废",
            "void",
            "文件本身没有改动，但这一轮审核表已经作废，不能使用。",
            str(form),
            lines,
        )
    if revision.pk != form.newest_revision().pk:
        return Verdict(
            "较早的一版",
            "act",
            "文件没有改动，但之后又有部门签署。请下载最新的一版。",
            str(form),
            lines,
        )
    if form.status == ReviewForm.Status.OPEN:
        return Verdict("尚未签齐", "wait", f"文件没有改动。{found.reason}", str(form), lines)
    return Verdict("有效", "done", "文件没有改动，是本站留存的最新一版。", str(form), lines)


def _line(signature: SignatureFinding) -> SignatureLine:
    if signature.problem:
        words = signature.problem
    elif signature.trusted:
        words = "签名有效"
    else:
        words = "签名证书不受本站信任"
    return SignatureLine(
        TITLES.get(signature.department, signature.department),
        signature.signer,
        signature.signed_at,
        words,
    )
