"""What a file handed in at the verify page is: ours and newest, older, void, altered, not ours."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from reviews.authority import AuthorityError, trust
from reviews.comparison import Standing, compare
from reviews.verification import TITLES, SignatureFinding, Unreadable

LABELS: Final[Mapping[Standing, tuple[str, str]]] = {
    Standing.NEWEST: ("有效", "done"),
    Standing.OLDER: ("较早的一版", "act"),
    Standing.VOID: ("已作废", "void"),
    Standing.DIFFERENT: ("与本站留存的不一致", "late"),
    Standing.UNKNOWN: ("与本站留存的不一致", "late"),
    Standing.INVALID: ("文件被改动过", "late"),
}


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
    try:
        found = compare(pdf, trust())
    except (Unreadable, AuthorityError) as error:
        return Verdict("无法验证", "void", str(error))
    label, badge = LABELS[found.standing]
    if found.standing is Standing.INVALID and not found.examination.signatures:
        label = "不是本站出具的审核表"
    elif found.valid and found.examination.missing:
        label, badge = "尚未签齐", "wait"
    return Verdict(
        label,
        badge,
        found.reason,
        str(found.form) if found.form and found.standing is not Standing.INVALID else "",
        tuple(_line(signature) for signature in found.examination.signatures),
    )


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
