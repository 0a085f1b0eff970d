"""What a file handed in at the verify page is, in words: ours and newest, older, void, altered …"""

from dataclasses import dataclass
from datetime import datetime

from reviews.authority import trust
from reviews.comparison import Comparison, Standing, compare
from reviews.verification import STATION, TITLES, SignatureFinding, Unreadable

LABELS = {
    Standing.NEWEST: ("有效", "done"),
    Standing.OLDER: ("较早的一版", "act"),
    Standing.VOID: ("已作废", "void"),
    Standing.DIFFERENT: ("与本站留存的不一致", "late"),
    Standing.UNKNOWN: ("不是本站出具的审核表", "late"),
}
ALTERED = ("文件被改动过", "late")
NOT_OURS = ("不是本站出具的审核表", "late")
WAITING = ("尚未签齐", "wait")


@dataclass(frozen=True)
class SignatureLine:
    """One signature in words."""

    title: str
    signer: str
    signed_at: datetime | None
    words: str
    covers: str


@dataclass(frozen=True)
class Verdict:
    label: str
    badge: str
    reason: str
    number: str = ""
    signatures: tuple[SignatureLine, ...] = ()


def judge(pdf: bytes) -> Verdict:
    """Examine the signatures and compare with the revisions that the station has stored."""
    try:
        found = compare(pdf, trust())
    except Unreadable as error:
        return Verdict("无法验证", "void", str(error))
    label, badge = _label(found)
    return Verdict(
        label,
        badge,
        found.reason,
        number=str(found.form) if found.form else "",
        signatures=tuple(_line(signature) for signature in found.examination.signatures),
    )


def _label(found: Comparison) -> tuple[str, str]:
    if found.standing is Standing.INVALID:
        return ALTERED if found.examination.signatures else NOT_OURS
    if found.standing is Standing.NEWEST and found.form and not found.form.is_concluded:
        return WAITING
    return LABELS[found.standing]


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
        _covers(signature),
    )


def _covers(signature: SignatureFinding) -> str:
    """What it protects, and who vouches for its time."""
    what = "整张空表" if signature.department == STATION else "本部门一栏和此前的全部内容"
    vouched = "时间由时间戳服务机构证明" if signature.has_trusted_time else "时间为服务站系统时间"
    return f"覆盖{what}（文件的第{signature.covers}版），{vouched}"
