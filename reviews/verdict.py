"""Verdict on a file at the verify page, in words: newest, older, void, altered and so on."""

import logging
from dataclasses import dataclass
from datetime import datetime

from reviews.comparison import Comparison, FileStanding, compare, standing_of, stored_as
from reviews.models import Opinion, ReviewTable
from reviews.public_facts import PublicFacts, public_facts
from reviews.signatures.certificates.keystore import AuthorityError
from reviews.signatures.certificates.trust import current_trust
from reviews.signatures.fields import STATION
from reviews.signatures.verification.findings import SignatureFinding, Unreadable

logger = logging.getLogger(__name__)

OUT_OF_ORDER = "系统暂时不能核验文件，请用表上的核验码查询，或拨打咨询热线。"
LABELS = {
    FileStanding.NEWEST: ("原件，没有改动", "done"),
    FileStanding.OLDER: ("较早的一版", "act"),
    FileStanding.VOID: ("已作废", "void"),
    FileStanding.DIFFERENT: ("与本站留存的不一致", "late"),
    FileStanding.UNKNOWN: ("不是本站出具的审核表", "late"),
    FileStanding.ALTERED: ("文件被改动过", "late"),
    FileStanding.FOREIGN: ("不是本站出具的审核表", "late"),
    FileStanding.UNSIGNED: ("无法验证", "void"),
}
WAITING = ("尚未签齐", "wait")
SAME_BYTES = ("与本站存档一致", "wait")
DO_NOT_USE = (
    "不要采用这份文件。请向出示的人索取从本站下载的原文件，或者用表上的核验码查询；"
    "有疑问请拨打咨询热线。"
)
ADVICE = {
    FileStanding.NEWEST: "可以采用。请核对文件里的单位和申请人是不是要办的这一件。",
    FileStanding.OLDER: (
        "不要只凭这一版办理。请向出示的人索取最新的一版，或者用表上的核验码查询现在的结论。"
    ),
    FileStanding.UNSIGNED: "请用表上的核验码查询，再与手里的表逐项对照。",
    FileStanding.VOID: "请向服务站询问有没有新的一轮。",
}
WAIT = "还不能采用。各部门签齐后，请下载最新的一版再验证。"


@dataclass(frozen=True)
class SignatureLine:
    """One signature in words."""

    signer: str
    signed_at: datetime | None
    words: str
    covers: str


@dataclass(frozen=True)
class Verdict:
    """`number` and `facts` are proved by the file's bytes, `claimed_number` by nothing.

    `facts` is None where nothing is proved or the round is void.
    """

    label: str
    badge: str
    reason: str
    number: str = ""
    claimed_number: str = ""
    advice: str = ""
    signatures: tuple[SignatureLine, ...] = ()
    facts: PublicFacts | None = None


def judge(pdf: bytes) -> Verdict:
    """Examine the signatures and compare with the revisions that the station has stored."""
    try:
        found = compare(pdf, current_trust())
    except Unreadable as error:
        return Verdict("无法验证", "void", str(error))
    except AuthorityError:
        logger.exception("核验文件时，签名证书的目录不能用")
        return _by_bytes_alone(pdf)
    label, badge = _label(found)
    number = str(found.table) if found.table else ""
    return Verdict(
        label,
        badge,
        found.reason,
        number=number if found.is_stored else "",
        claimed_number="" if found.is_stored else number,
        advice=WAIT if _is_waiting(found) else ADVICE.get(found.standing, DO_NOT_USE),
        signatures=tuple(
            _line(signature, place) for place, signature in enumerate(found.examination.signatures)
        ),
        facts=proved_facts(found),
    )


def proved_facts(found: Comparison) -> PublicFacts | None:
    """What the table of a file that we keep says, as it stands today."""
    return facts_today(found.table) if found.table and found.is_stored else None


def facts_today(table: ReviewTable) -> PublicFacts | None:
    """Nothing of a void one."""
    return None if table.is_void else public_facts(table)


def _by_bytes_alone(pdf: bytes) -> Verdict:
    """The verdict while signatures cannot be judged: a file that we keep is known by its bytes."""
    revision = stored_as(pdf)
    if revision is None:
        return Verdict("无法验证", "void", OUT_OF_ORDER)
    table, (standing, reason) = revision.table, standing_of(revision)
    is_whole = standing is not FileStanding.NEWEST or table.is_concluded
    label, badge = LABELS[standing] if reason else SAME_BYTES
    return Verdict(
        label,
        badge,
        f"文件与本站的存档逐字节相同；签名暂时不能重新验证。{reason}",
        number=str(table),
        advice=ADVICE[standing] if is_whole else WAIT,
        facts=facts_today(table),
    )


def _label(found: Comparison) -> tuple[str, str]:
    """Green only where the newest revision says that the application was agreed to."""
    if _is_waiting(found):
        return WAITING
    label, badge = LABELS[found.standing]
    facts = proved_facts(found) if found.standing is FileStanding.NEWEST else None
    is_declined = facts is not None and facts.outcome == Opinion.Conclusion.DISAGREE
    return label, "void" if is_declined else badge


def _is_waiting(found: Comparison) -> bool:
    table = found.table
    return found.standing is FileStanding.NEWEST and table is not None and not table.is_concluded


def _line(signature: SignatureFinding, place: int) -> SignatureLine:
    title = signature.title or "别的签名"
    good = signature.since or "签名有效，证书可信"
    if signature.is_on_paper:
        good = f"{title}在纸上盖章，没有电子签名；录入的服务站{good}"
    return SignatureLine(
        _signer(signature, title),
        signature.signed_at,
        (signature.problem or good).removesuffix("。"),
        _covers(signature, place),
    )


def _signer(signature: SignatureFinding, title: str) -> str:
    """Who signed; a name that no certificate of ours vouches for is only claimed."""
    if not signature.trusted:
        return f"{title}一栏，自称“{signature.signer}”"
    if signature.is_on_paper:
        return f"{title}一栏，由{signature.signer}录入"
    # Ours name the department before the person.
    is_named = signature.signer.startswith(title)
    return signature.signer if is_named else f"{title}（{signature.signer}）"


def _covers(signature: SignatureFinding, place: int) -> str:
    """Words on what a signature covers and who vouches for its time.

    `place` counts the signatures before it.
    """
    what = (
        "整张空表和表上的单位、申请人信息"
        if signature.department == STATION
        else f"{'该部门' if signature.is_on_paper else '本部门'}一栏，"
        f"以及签署时文件的全部内容（含此前的{place}个签名）"
    )
    vouched = "时间由时间戳服务机构证明" if signature.has_trusted_time else "时间为服务站系统时间"
    return f"覆盖{what}；{vouched}"
