"""The four properties of a package, looked at one by one while it is made (四性检测)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pypdfium2
from django.conf import settings

from accounts.audit import seal_holds
from accounts.models import AuditSeal
from applications.models import Application
from applications.workflow import Status
from files.models import EXTENSIONS
from files.refusals import ScanRefused
from files.scanning import scan
from files.sniffing import sniff
from reports.archive_stream import ArchivedFile
from reports.archiving.bag import BagEntry
from reports.archiving.case_papers import ArchiveRefused
from reports.archiving.checks import CheckResult, Property, PropertyCheck, judged
from reports.archiving.names import problems_of
from reports.archiving.tables import ArchivedRound
from reports.archiving.trail import TrailExtract
from reviews.comparison import compare
from reviews.revisions import RevisionAltered, load
from reviews.signatures.certificates.keystore import AuthorityError
from reviews.signatures.certificates.trust import current_trust
from reviews.signatures.verification.findings import Unreadable

# What a person can open in thirty years: no macros, no program of one maker.
FORMATS: Final = frozenset({"jpg", "png", "pdf", "csv", "html", "xml", "json", "jsonl"})
REAL, WHOLE, USABLE, SAFE = Property.REAL, Property.WHOLE, Property.USABLE, Property.SAFE


@dataclass
class SealBook:
    """Which seals were found whole already, so that many cases of one day ask once."""

    known: dict[int, bool] = field(default_factory=dict)

    def holds(self, seal: AuditSeal) -> bool:
        if seal.pk not in self.known:
            self.known[seal.pk] = seal_holds(seal)
        return self.known[seal.pk]


@dataclass
class FileLook:
    """What is looked at in each file while its bytes are at hand."""

    formats: list[str] = field(default_factory=list)
    infected: list[str] = field(default_factory=list)
    scanned: int = 0
    stored: int = 0

    def at(self, entry: ArchivedFile, data: bytes) -> None:
        if problem := _format_problem(entry.path, data):
            self.formats.append(f"{entry.path}：{problem}")
        if entry.stored is None:
            return
        self.stored += 1
        try:
            self.scanned += scan(data)
        except ScanRefused as refused:
            if refused.code != "infected":
                raise ArchiveRefused(f"归档前的病毒检查没有做成：{refused.found}") from refused
            self.infected.append(entry.path)


def _format_problem(path: str, data: bytes) -> str:
    ending = path.rpartition(".")[2]
    if ending not in FORMATS:
        return "不是约定的格式"
    if ending in {"jpg", "png", "pdf"} and EXTENSIONS.get(sniff(data) or "") != ending:
        return "内容与扩展名不符"
    if ending != "pdf":
        return ""
    try:
        with pypdfium2.PdfDocument(data) as opened:
            return "" if len(opened) else "没有一页"
    except pypdfium2.PdfiumError:
        return "打不开，或者加了口令"


def checks_of(
    application: Application,
    *,
    rounds: Sequence[ArchivedRound],
    materials: Sequence[Any],
    trail: TrailExtract,
    look: FileLook,
    entries: Sequence[BagEntry],
    missing_metadata: Sequence[str],
    seals: SealBook,
) -> list[PropertyCheck]:
    """All checks in order. Raises ArchiveRefused where one cannot be carried out just now."""
    return [
        *_real(rounds, trail, look, seals),
        *_whole(application, rounds, materials, entries, missing_metadata),
        *_usable(look, entries),
        *_safe(look),
    ]


def _real(
    rounds: Sequence[ArchivedRound], trail: TrailExtract, look: FileLook, seals: SealBook
) -> Iterator[PropertyCheck]:
    yield PropertyCheck(
        REAL,
        "每个文件与入库时登记的SHA-256一致",
        CheckResult.GOOD,
        f"逐个重新计算{look.stored}个文件，全部一致",
    )
    if rounds:
        yield _signatures(rounds)
        yield _chains(rounds)
    else:
        yield PropertyCheck(REAL, "审核表的电子签名", CheckResult.NOT_DONE, "这件申请没有审核表")
    broken = [f"第{one.pk}号封存" for one in trail.used_seals if not seals.holds(one)]
    told = f"重新计算{len(trail.used_seals)}批封存，全部相符"
    waits = f"；{trail.unsealed}条还没有封存" if trail.unsealed else ""
    what = "审计记录与封存链相符"
    if not trail.used_seals:
        yield PropertyCheck(REAL, what, CheckResult.NOT_DONE, f"{trail.unsealed}条都还没有封存")
    else:
        yield judged(REAL, what, found=broken, good=f"{told}{waits}", bad="不相符：")


def _signatures(rounds: Sequence[ArchivedRound]) -> PropertyCheck:
    """Of every round, with the station's own trust; void rounds are held to the same."""
    found, count = [], 0
    try:
        trust = current_trust()
        for one in rounds:
            comparison = compare(_pdf(one), trust)
            count += len(comparison.examination.signatures)
            if not comparison.examination.valid:
                found.append(f"{one.table}：{comparison.reason.rstrip('。')}")
    except (Unreadable, AuthorityError) as error:
        raise ArchiveRefused(f"电子签名现在不能核验：{str(error).rstrip('。')}") from error
    return judged(REAL, "审核表的电子签名", found=found, good=f"{count}个签名全部有效，证书可信")


def _chains(rounds: Sequence[ArchivedRound]) -> PropertyCheck:
    """The newest file begins with every earlier one, byte for byte."""
    found, count = [], 0
    for one in rounds:
        newest = _pdf(one)
        for revision in one.revisions[:-1]:
            count += 1
            try:
                earlier = load(revision)
            except RevisionAltered as altered:
                found.append(f"{one.table}第{revision.sequence}版：{altered.found}")
                continue
            if not newest.startswith(earlier):
                found.append(f"{one.table}第{revision.sequence}版不在最新一版里")
    good = f"{len(rounds)}轮审核表，最新一版逐字节含有以前的{count}版"
    return judged(REAL, "审核表各版本前后相承", found=found, good=good)


def _pdf(one: ArchivedRound) -> bytes:
    try:
        return load(one.newest)
    except RevisionAltered as altered:
        raise ArchiveRefused(f"审核表{one.table}的文件不能用：{altered.found}") from altered


def _whole(
    application: Application,
    rounds: Sequence[ArchivedRound],
    materials: Sequence[Any],
    entries: Sequence[BagEntry],
    missing_metadata: Sequence[str],
) -> Iterator[PropertyCheck]:
    is_endorsed = application.state == Status.ENDORSED
    concluded = [one for one in rounds if one.table.is_concluded]
    unsigned = [
        f"{one.table}缺{opinion.department}的意见"
        for one in concluded
        for opinion in one.opinions
        if not opinion.is_signed
    ]
    if is_endorsed and application.needs_table and not concluded:
        unsigned.append("没有办结的审核表")
    opinions = sum(len(one.opinions) for one in concluded)
    good = (
        f"办结的审核表有{opinions}个部门意见，无缺"
        if concluded
        else "没有办结的审核表，不要求部门意见"
    )
    yield judged(WHOLE, "办结审核表的部门意见齐全", found=unsigned, good=good)
    lacking = [
        f"材料{one.number}“{one.kind.name}”没有页"
        for one in materials
        if not (one.pages_now or one.by_review_table)
    ]
    pages = sum(len(one.pages_now) for one in materials)
    if is_endorsed:
        words = f"{len(materials)}项材料、{pages}页，无缺"
        yield judged(WHOLE, "申请材料齐全", found=lacking, good=words)
    else:
        words = f"没有审核通过，不要求齐全：有{len(materials) - len(lacking)}项、{pages}页"
        yield PropertyCheck(WHOLE, "申请材料齐全", CheckResult.GOOD, words)
    yield judged(WHOLE, "元数据必填项齐全", found=missing_metadata, good="无缺", bad="缺：")
    yield PropertyCheck(
        WHOLE,
        "文件数、字节数与清单一致",
        CheckResult.GOOD,
        f"data文件夹里{len(entries)}个文件、{sum(one.size for one in entries)}字节，"
        "写好以后重新打开，逐个与清单核对",
    )


def _usable(look: FileLook, entries: Sequence[BagEntry]) -> Iterator[PropertyCheck]:
    endings = sorted({entry.path.rpartition(".")[2].upper() for entry in entries})
    good = f"都能打开，格式是{'、'.join(endings)}"
    yield judged(USABLE, "文件格式通用，能打开", found=look.formats, good=good)
    names = [f"{one.path}：{problem}" for one in entries for problem in problems_of(one.path)]
    good = "都是NFC形式，Windows可用，没有重名"
    yield judged(USABLE, "文件名在各种系统上可用", found=names, good=good)
    yield PropertyCheck(
        USABLE, "PDF/A", CheckResult.NOT_DONE, "没有用PDF/A检验程序检验，这里的PDF都不称PDF/A"
    )


def _safe(look: FileLook) -> Iterator[PropertyCheck]:
    what = "没有病毒和恶意代码"
    if look.infected:
        yield judged(SAFE, what, found=look.infected, good="")
    elif look.scanned == look.stored and look.scanned:
        words = f"归档时用ClamAV检查了{look.scanned}个文件"
        yield PropertyCheck(SAFE, what, CheckResult.GOOD, words)
    else:
        words = "本站没有接入病毒检查程序，归档时没有检查"
        yield PropertyCheck(SAFE, what, CheckResult.NOT_DONE, words)
    yield PropertyCheck(
        SAFE,
        "没有加密和口令",
        CheckResult.GOOD,
        "文件都没有加密，不需要口令；存放和传送另外加密",
    )
    yield PropertyCheck(
        SAFE,
        "制作和下载有记录",
        CheckResult.GOOD,
        f"只有{settings.STATION_NAME}能查阅全部意见的人可以制作，每次都记入审计记录",
    )
