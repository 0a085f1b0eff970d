"""Comparison of a file with the stored revisions, after its signatures were examined.

Signatures alone cannot tell that a later revision was taken off the end or that the round was
recalled; the stored chain can.
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from core.dates import moment_words
from reviews.models import ReviewTable, Revision
from reviews.revisions import RevisionAltered, load
from reviews.signatures.verification.confinement import examine_confined
from reviews.signatures.verification.findings import Examination
from reviews.signatures.verification.trust import Trust


class FileStanding(StrEnum):
    """Standing of a file. Only the newest revision of a round that stands can be relied on.

    FOREIGN was never ours; UNSIGNED is a PDF without signatures, as a scan or a print is; ALTERED
    names us, and its signatures say that it was changed.
    DIFFERENT is rightly signed by us and yet none of the revisions that we keep, UNKNOWN of no
    table at all that we keep.
    """

    NEWEST = "newest"
    OLDER = "older"
    VOID = "void"
    DIFFERENT = "different"
    UNKNOWN = "unknown"
    ALTERED = "altered"
    FOREIGN = "foreign"
    UNSIGNED = "unsigned"


@dataclass(frozen=True)
class Comparison:
    """`table` is the table that the file is, or claims to be; None where we know of none."""

    standing: FileStanding
    reason: str
    examination: Examination
    table: ReviewTable | None = None

    @property
    def valid(self) -> bool:
        return self.standing is FileStanding.NEWEST

    @property
    def is_stored(self) -> bool:
        """Whether the file is, byte for byte, one of the revisions that we keep."""
        return self.standing in (FileStanding.NEWEST, FileStanding.OLDER, FileStanding.VOID)


def compare(pdf: bytes, trust: Trust) -> Comparison:
    """Examine a file within limits and find it among the stored revisions.

    Raises verification.Unreadable for what is no table at all.
    """
    revision = stored_as(pdf)
    examination = examine_confined(pdf, trust)
    table = revision.table if revision else _claimed_table(examination)
    if examination.valid:
        standing, reason = _standing(pdf, table, revision, examination)
        return Comparison(standing, reason or examination.reason, examination, table)
    if examination.is_unsigned:
        return Comparison(FileStanding.UNSIGNED, examination.reason, examination)
    if _is_foreign(examination, table):
        return Comparison(FileStanding.FOREIGN, examination.reason, examination, table)
    reason = examination.reason
    if table:
        reason = f"{reason}与{table}的存档相比：{_how_it_differs(pdf, table, examination)}。"
    return Comparison(FileStanding.ALTERED, reason, examination, table)


def stored_as(pdf: bytes) -> Revision | None:
    """The revision that the file is, byte for byte."""
    digest = hashlib.sha256(pdf).hexdigest()
    return Revision.objects.select_related("table").filter(sha256=digest).first()


def standing_of(revision: Revision) -> tuple[FileStanding, str]:
    """Standing of a stored revision, and the sentence where it may not be relied on."""
    table = revision.table
    if table.is_void:
        return FileStanding.VOID, f"文件没有改动，但{table}{_void_words(table)}，不能使用。"
    if revision != table.newest_revision():
        return (
            FileStanding.OLDER,
            f"文件没有改动，但它是{table}较早的一版，缺少后来的签名。",
        )
    return FileStanding.NEWEST, ""


def _claimed_table(examination: Examination) -> ReviewTable | None:
    return ReviewTable.objects.filter(verification_code=examination.claimed_code).first()


def _is_foreign(examination: Examination, table: ReviewTable | None) -> bool:
    """Whole signatures of others make it theirs, whatever it claims; else it depends on that."""
    findings = examination.signatures
    if findings and all(finding.intact and not finding.trusted for finding in findings):
        return not examination.names_us
    return table is None and not examination.names_us


def _standing(
    pdf: bytes, table: ReviewTable | None, revision: Revision | None, examination: Examination
) -> tuple[FileStanding, str]:
    if table is None:
        return FileStanding.UNKNOWN, "签名有效，但本系统没有这份审核表的存档，不能认定。"
    if revision is None:
        how = _how_it_differs(pdf, table, examination)
        return FileStanding.DIFFERENT, f"签名有效，但文件与{table}存档的任何一版都不一致：{how}。"
    return standing_of(revision)


def _void_words(table: ReviewTable) -> str:
    return f"已于{moment_words(table.voided_at)}作废（{table.get_void_cause_display()}）"


def _how_it_differs(pdf: bytes, table: ReviewTable, examination: Examination) -> str:
    """Difference from the stored revisions: bytes appended, taken off the end, or changed.

    How many is told only of a file that holds the station's own signature whole. Who has no such
    file could otherwise ask about the stored table byte by byte.
    """
    if not examination.holds_our_certification:
        return "与存档的任何一版都不一致"
    kept = _kept(table)
    for revision, stored in kept:
        if len(pdf) == len(stored):
            count = sum(one != other for one, other in zip(pdf, stored, strict=True))
            return f"有{count}个字节与{_place(revision)}不同"
    for revision, stored in kept:
        if stored.startswith(pdf):
            return f"比{_place(revision)}少了末尾的{len(stored) - len(pdf)}个字节"
    for revision, stored in reversed(kept):
        if pdf.startswith(stored):
            return f"在{_place(revision)}的末尾之后多出了{len(pdf) - len(stored)}个字节"
    return "内容不同"


def _kept(table: ReviewTable) -> list[tuple[Revision, bytes]]:
    """The revisions as stored, the first first, without those that were altered in storage."""
    kept = []
    for revision in table.revisions.select_related("file", "table", "opinion__department"):
        try:
            kept.append((revision, load(revision)))
        except RevisionAltered:
            continue
    return kept


def _place(revision: Revision) -> str:
    if revision.opinion is None:
        return "存档的空表"
    return f"{revision.opinion.department}{revision.what}后的一版"
