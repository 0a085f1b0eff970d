"""One application as the officer reads it: typed facts and ten materials, what changed first."""

from collections.abc import Sequence
from dataclasses import dataclass

from applications.dossier import Dossier, load_dossier
from applications.items import Item, ItemState
from applications.models import Application, Correction, SheetReading
from applications.time_limits import due_words
from applications.workflow import BALL, Status
from core.dates import moment_label
from enterprises.models import StandingPage
from files.models import Page
from materials.catalogue import CATALOGUE, FACTS_NAME, check_list
from materials.numbers import MaterialNumber


@dataclass(frozen=True)
class Tag:
    label: str
    badge: str


@dataclass(frozen=True)
class Sheet:
    """The typed facts (number 0) or one material, with what was said about it.

    `noted` is not told to the enterprise yet, `told` waits for its answer, `answered` is what it
    answered when it last resubmitted; `previous` are the pages that the officer saw before that.
    """

    number: int
    name: str
    item: Item | None
    noted: Sequence[Correction]
    told: Sequence[Correction]
    answered: Sequence[Correction]
    previous: Sequence[Page]
    reading: SheetReading | None = None

    @property
    def rules(self) -> tuple[str, ...]:
        """What to hold this to, while it is read; of what was not uploaded there is nothing."""
        by_table = self.item is not None and self.item.material.by_review_table
        return () if by_table else check_list(self.number)

    @property
    def ticked(self) -> list[str]:
        return self.reading.ticked if self.reading else []

    @property
    def is_read(self) -> bool:
        """Every rule was ticked off, and nothing has changed since."""
        return set(self.rules) <= set(self.ticked)

    @property
    def reading_words(self) -> str:
        """How far it was gone through."""
        done = len(set(self.rules) & set(self.ticked))
        return f"核对了{done}条，共{len(self.rules)}条" if done else "还没有核对"

    @property
    def is_changed(self) -> bool:
        return bool(self.answered)

    @property
    def title(self) -> str:
        return f"材料{self.number} {self.name}" if self.number else self.name

    @property
    def pages(self) -> Sequence[Page]:
        if self.item is None or self.item.material.by_review_table:
            return ()
        return self.item.pages

    @property
    def tags(self) -> list[Tag]:
        tags = [self._state]
        if self.noted:
            tags.append(Tag(f"已记{len(self.noted)}个问题", "late"))
        if self.item is not None and self.pages and self.item.warnings:
            tags.append(Tag("有提示", "act"))
        if self.rules and self.is_read:
            tags.append(Tag("已核对", "done"))
        return tags

    @property
    def _state(self) -> Tag:
        if self.answered:
            only_words = all(c.answer and not c.replaced_at for c in self.answered)
            return Tag("已说明" if only_words else "已更正", "act")
        if self.item is not None:
            return Tag(self.item.label, self.item.badge)
        if self.told:
            met = all(correction.is_met for correction in self.told)
            return Tag("已更正", "done") if met else Tag("需要补正", "late")
        return Tag("已填写", "done")

    @property
    def is_missing(self) -> bool:
        return self.item is not None and self.item.state == ItemState.EMPTY

    def is_new(self, page: Page) -> bool:
        """Whether the page came after the enterprise was told, and replaces what was seen."""
        told = [c.sent_at for c in self.answered if c.sent_at]
        return bool(told) and page.file.created_at > min(told)

    @property
    def new_places(self) -> list[int]:
        """Which pages are new, counted from 1."""
        return [place for place, page in enumerate(self.pages, start=1) if self.is_new(page)]

    def earlier(self, page: Page | None) -> Sequence[Page]:
        """What to hold this page against: the one whose place it took, and what was taken out."""
        new = {page.position for page in self.pages if self.is_new(page)}
        if not new:
            return self.previous
        if page is None or page.position not in new:
            return ()
        replaced = [old for old in self.previous if old.position == page.position]
        return [*replaced, *(old for old in self.previous if old.position not in new)]


@dataclass(frozen=True)
class PreReview:
    """All sheets in the order of reading: what changed since the last return comes first."""

    application: Application
    sheets: tuple[Sheet, ...]

    @property
    def changed(self) -> list[Sheet]:
        return [sheet for sheet in self.sheets if sheet.is_changed]

    @property
    def told(self) -> list[Correction]:
        """What the enterprise was told last, or is still to answer."""
        return [c for sheet in self.sheets for c in (*sheet.told, *sheet.answered)]

    @property
    def to_read(self) -> list[Sheet]:
        return [sheet for sheet in self.sheets if sheet.rules]

    @property
    def read_count(self) -> int:
        return sum(sheet.is_read for sheet in self.to_read)

    @property
    def unread(self) -> list[Sheet]:
        """What nobody has gone through rule by rule as it now stands, in the order of Annex 3."""
        left = [sheet for sheet in self.to_read if not sheet.is_read]
        return sorted(left, key=lambda sheet: sheet.number)

    @property
    def noted(self) -> list[Correction]:
        """What would be told at once, in the order of Annex 3."""
        by_number = sorted(self.sheets, key=lambda sheet: sheet.number)
        return [correction for sheet in by_number for correction in sheet.noted]

    def sheet(self, number: int) -> Sheet:
        """The sheet with this number; the first to read when there is none."""
        return next((s for s in self.sheets if s.number == number), self.sheets[0])


def load_pre_review(application: Application) -> PreReview:
    """Everything on the officer's page, always in the same number of queries."""
    corrections = list(application.corrections.select_related("created_by"))
    dossier = load_dossier(application, corrections)
    # What was noted and never told has no meaning once the case was decided otherwise.
    is_open = application.state == Status.SUBMITTED
    noted = [c for c in corrections if not c.sent_at] if is_open else []
    told = [c for c in corrections if c.sent_at and not c.resolved_at]
    answered = [] if told else _answered_last(corrections)
    previous = _previous_pages(dossier, answered)
    readings = {reading.number: reading for reading in application.readings.all()}
    sheets = []
    for number, name in _numbers_and_names():
        item = dossier.item(number) if number else None
        sheets.append(
            Sheet(
                number=number,
                name=name,
                item=item,
                noted=[c for c in noted if c.number == number],
                told=[c for c in told if c.number == number],
                answered=[c for c in answered if c.number == number],
                previous=previous.get(number, ()),
                reading=_still_true(readings.get(number), application, item, answered),
            )
        )
    sheets.sort(key=lambda sheet: not sheet.is_changed)
    return PreReview(application, tuple(sheets))


def _still_true(
    reading: SheetReading | None,
    application: Application,
    item: Item | None,
    answered: Sequence[Correction],
) -> SheetReading | None:
    """The reading, unless what was read has been replaced or answered since."""
    if reading is None:
        return None
    arrivals = [page.file.created_at for page in item.pages] if item else []
    if any(correction.number == reading.number for correction in answered):
        arrivals.append(application.status_since)
    return reading if reading.at > max(arrivals, default=application.created_at) else None


def _numbers_and_names() -> list[tuple[int, str]]:
    return [(MaterialNumber.FACTS, FACTS_NAME), *((kind.number, kind.name) for kind in CATALOGUE)]


def _answered_last(corrections: Sequence[Correction]) -> list[Correction]:
    """Those that the newest resubmission resolved; it gives them all the same time."""
    newest = max((c.resolved_at for c in corrections if c.resolved_at), default=None)
    return [c for c in corrections if c.resolved_at and c.resolved_at == newest]


def _previous_pages(dossier: Dossier, answered: Sequence[Correction]) -> dict[int, Sequence[Page]]:
    """Per changed material the pages that stood there when the enterprise was told."""
    told_at = min((c.sent_at for c in answered if c.sent_at), default=None)
    if told_at is None:
        return {}
    changed = {c.number for c in answered} - {MaterialNumber.FACTS}
    items = [dossier.item(number) for number in changed]
    previous: dict[int, Sequence[Page]] = {
        item.number: [
            page
            for page in item.earlier
            if page.superseded_at and page.superseded_at > told_at > page.file.created_at
        ]
        for item in items
    }
    versions = {item.number: item.document for item in items if item.document}
    # A standing document is copied when it changes: what was seen is an older, frozen version.
    older = StandingPage.objects.filter(
        document__enterprise=dossier.application.enterprise_id,
        document__kind__in=list(versions),
        document__frozen_at__lt=told_at,
        document__superseded_at__isnull=False,
        superseded_at__isnull=True,
    ).select_related("file", "document")
    for number, document in versions.items():
        pages = [p for p in older if p.document.kind == number]
        pages = [p for p in pages if p.document.version < document.version]
        seen = max((p.document.version for p in pages), default=0)
        kept = {page.file_id for page in dossier.item(number).pages}
        gone = [p for p in pages if p.document.version == seen and p.file_id not in kept]
        previous[number] = gone
    return previous


# What happens next -------------------------------------------------------------------------------


@dataclass(frozen=True)
class NextStep:
    what: str
    who: str
    when: str = ""


def next_step(application: Application) -> NextStep:
    """For the officer, whatever the status."""
    status = application.state
    who = BALL[status]
    since = moment_label(application.status_since)
    match status:
        case Status.SUBMITTED:
            return NextStep(
                "请逐项核对填写的信息和十项材料。有问题的记下来，一次性退回补正；"
                "没有问题的，送五个部门审核。",
                who,
                f"企业{since}提交，请尽快办理",
            )
        case Status.RETURNED:
            return NextStep(
                "等企业补正后重新提交，届时会通知您。现在只能查看。", who, due_words(application)
            )
        case Status.IN_REVIEW:
            return NextStep(
                "五个部门正在审核，进度见“审核表”。材料现在只能查看。",
                who,
                due_words(application),
            )
        case Status.SUPPLEMENTING:
            return NextStep("等企业补充材料后提交，部门审核的时限暂停计算。", who)
        case Status.ENDORSED:
            return NextStep("五个部门已同意。由企业下载审核表，到国家系统填报并上传。", who)
        case Status.DECLINED:
            return NextStep(
                "已不予办理，原因已告知企业。情况变化后，企业可以重新申请。", "无需办理"
            )
        case _:
            return NextStep("企业已撤回这件申请，材料只供查看。", "无需办理")
