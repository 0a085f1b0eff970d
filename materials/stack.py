"""The one stack of pages of a material, whoever owns it: pages come, move, turn and go here.

An owner (an enterprise, an application) says where its pages are kept and when they may change.
What comes in is held to the rules of the material here, so that no way in passes them by.
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from files.arranging import close_up, put_at, turned
from files.disk import require_disk
from files.models import Page, StoredFile
from files.originals import Original, clear_original
from files.pictures import Picture
from files.services import clear, write
from materials.checks import check
from materials.findings import MaterialFacts, Report
from materials.kind import MaterialKind

MOST_PAGES = 30
RESTORABLE = timedelta(hours=1)


class PageRefused(Exception):
    """The pages cannot be changed so now; the text says why and what to do."""


class PageStack(ABC):
    """The pages of one material that count now, and what its owner does about them.

    `address` is where people read the material; its further actions have addresses below that.
    `page_address` is where the addresses of its pages begin, and their numbers follow;
    `owner_address` and `owner_label` lead back to whose it is.
    """

    kind: MaterialKind
    address: str
    page_address: str
    owner_address: str
    owner_label: str

    @abstractmethod
    def current(self) -> Sequence[Page]:
        """The pages in order, with their files; to read."""

    @abstractmethod
    def require_unlocked(self) -> None:
        """Raise PageRefused where nothing may be changed now."""

    @abstractmethod
    def require_room(self, more: int) -> None:
        """Raise PageRefused where the owner may not keep so many bytes more."""

    @abstractmethod
    def lock(self) -> Sequence[Page]:
        """The pages in order, their owner locked until the transaction ends; raises PageRefused."""

    @abstractmethod
    def open(self) -> Sequence[Page]:
        """The locked pages as they may be changed: of a frozen version, those of a copy."""

    @abstractmethod
    def put(
        self,
        stored: StoredFile,
        *,
        position: int,
        warnings: list[Any],
        original: StoredFile | None,
        by: User,
    ) -> Page:
        """Keep one more page. `original` is what it was repaired from, where that is kept."""

    def put_back(self, page: Page) -> Page:
        """Let a removed page count again; the stack is open."""
        page.superseded_at = None
        page.save(update_fields=["superseded_at"])
        return page

    @abstractmethod
    def added(self, page: Page, *, by: User) -> None:
        """Record that a page came, and see to what follows; so do the next four."""

    @abstractmethod
    def moved(self, page: Page, *, place: int, by: User) -> None: ...

    @abstractmethod
    def removed(self, page: Page, *, by: User) -> None: ...

    @abstractmethod
    def restored(self, page: Page, *, removed_at: datetime, by: User) -> None: ...

    @abstractmethod
    def refused(self, report: Report, *, by: User) -> None: ...

    @abstractmethod
    def sent_again(self) -> None:
        """See to what follows when a picture is sent that is there already: a double click.

        Raises PageRefused where another one is asked for.
        """

    @abstractmethod
    def require_another(self, picture: Picture) -> None:
        """Raise PageRefused where this is the very picture that another one is asked for."""

    def loses(self, page: Page) -> str:
        """What else goes when this page is removed, in a sentence; empty where nothing does."""
        return ""

    @abstractmethod
    def viewed(self, page: Page, *, by: User) -> None:
        """Record who looked at a picture as it was uploaded."""

    @abstractmethod
    def file_name(self, page: Page) -> str:
        """What a page is called when it is opened or saved, without its ending."""

    def facts(self) -> MaterialFacts:
        """What was typed, for the rules that compare a picture with it."""
        return MaterialFacts()


def require_uploads(stack: PageStack, *, by: User) -> None:
    """What is known before a file is looked at: whether one may come at all.

    Raises PageRefused, and files.refusals.StoreRefused while the disk is nearly full.
    """
    stack.require_unlocked()
    if by.is_agent and by.email_confirmed_at is None:
        raise PageRefused(
            f"邮箱确认之后才能上传文件。请打开我们发到{by.email}的邮件，点击其中的链接；"
            "没有收到的，可以在“本单位”页重新发送。"
        )
    stack.require_room(1)
    require_disk()


def judge_page(stack: PageStack, data: bytes, *, by: User) -> Report:
    """What would come of one picture; nothing is kept. Raises as `require_uploads` does."""
    require_uploads(stack, by=by)
    report = check(stack.kind.number, data, facts=stack.facts())
    if report.accepted and report.picture is not None:
        stack.require_another(report.picture)
    return report


def add_page(
    stack: PageStack,
    *,
    data: bytes,
    name: str,
    by: User,
    instead_of: Page | None = None,
    original: StoredFile | Original | None = None,
) -> Report:
    """Hold one picture to the rules and, when it is accepted, make it a page of the material.

    With `instead_of` it takes that page's place; `original` is what the picture was repaired from,
    kept beside it. The report says what was found either way, and what was there stays. Nothing
    is written before every check has passed. Raises PageRefused, and a files.refusals.FileRefused
    when the file cannot be cleared.
    """
    report = judge_page(stack, data, by=by)
    if not report.accepted or report.picture is None:
        stack.refused(report, by=by)
        return report
    sha256 = hashlib.sha256(data).hexdigest()
    cleared = clear(data, report.picture, name=name)
    beside = clear_original(original) if isinstance(original, Original) else None
    with transaction.atomic():
        pages = stack.lock()
        there = next((page for page in pages if page.file.sha256 == sha256), None)
        if there is not None:
            stack.sent_again()
            return replace(report, repeats=_where(stack.kind, pages, there))
        stack.require_room(len(data) + (len(beside.data) if beside else 0))
        position = _make_room(stack.kind, stack.open(), instead_of)
        page = stack.put(
            write(cleared, by=by),
            position=position,
            warnings=list(report.as_json()["warnings"]),
            original=write(beside, by=by) if beside else _stored(original),
            by=by,
        )
        stack.added(page, by=by)
    return report


def _stored(original: StoredFile | Original | None) -> StoredFile | None:
    return original if isinstance(original, StoredFile) else None


def _where(kind: MaterialKind, pages: Sequence[Page], there: Page) -> str:
    if kind.single_picture:
        return "这和现在的一张完全相同，没有改变什么。"
    place = [page.pk for page in pages].index(there.pk) + 1
    return f"这一页和第{place}页完全相同，只留了一页。"


def _make_room(kind: MaterialKind, pages: Sequence[Page], instead_of: Page | None) -> int:
    """The place for one more page, after taking away what it replaces.

    Of two who replace the same page at once, the second is told.
    """
    if kind.single_picture:
        for page in pages:
            _supersede(page)
        return 1
    if instead_of is not None:
        replaced = _same(instead_of, pages)
        if replaced is None:
            raise PageRefused("这一页刚刚已被替换或删除，没有再换。请看下面最新的各页。")
        _supersede(replaced)
        return replaced.position
    if len(pages) >= MOST_PAGES:
        raise PageRefused(f"一项材料最多{MOST_PAGES}页，请先删除不需要的页。")
    return max((page.position for page in pages), default=0) + 1


@transaction.atomic
def remove_page(stack: PageStack, page: Page, *, by: User) -> Page | None:
    """Take a page out; it stays on record as superseded, and can be put back for an hour.

    Twice does no harm. Returns the page that was taken out (of a frozen version, its copy).
    """
    removed, pages = _take_hold(stack, page)
    if removed is not None:
        _supersede(removed)
        close_up(each for each in pages if each is not removed)
        stack.removed(removed, by=by)
    return removed


@transaction.atomic
def restore_page(stack: PageStack, page: Page, *, by: User) -> Page:
    """Put a removed page back in its place. Twice does no harm. Raises PageRefused."""
    there = _same(page, stack.lock())
    if there is not None:
        return there
    removed_at = page.superseded_at
    if removed_at is None or removed_at < timezone.now() - RESTORABLE:
        raise PageRefused("这一页删除已超过1小时，不能放回。请重新上传。")
    pages = stack.open()
    if stack.kind.single_picture and pages:
        raise PageRefused("这里已经有新的一张，没有放回。要用原来那张，请先删除新的，再重新上传。")
    if len(pages) >= MOST_PAGES:
        raise PageRefused(f"一项材料最多{MOST_PAGES}页，没有放回。请先删除不需要的页。")
    restored = stack.put_back(page)
    put_at([*pages, restored], restored, page.position)
    stack.restored(restored, removed_at=removed_at, by=by)
    return restored


@transaction.atomic
def move_page(stack: PageStack, page: Page, *, place: int, by: User) -> None:
    """Put a page at this place (the first is 1). Raises PageRefused."""
    moved, pages = _take_hold(stack, page)
    if moved is None:
        raise PageRefused("这一页刚刚已被替换或删除，不能移动。请看下面最新的各页。")
    put_at(pages, moved, place)
    stack.moved(moved, place=place, by=by)


def turn_page(stack: PageStack, page: Page, *, degrees: int, by: User) -> Report | None:
    """Turn a page clockwise: a new picture takes its place. None: it is turned already.

    Raises PageRefused, and a files.refusals.FileRefused.
    """
    require_uploads(stack, by=by)
    if _same(page, stack.current()) is None:
        return None
    return add_page(
        stack,
        data=turned(page.file, degrees, below=stack.kind.below_bytes or settings.MAX_UPLOAD_BYTES),
        name=page.file.original_name,
        by=by,
        instead_of=page,
        original=getattr(page, "original", None) or page.file,
    )


def _take_hold(stack: PageStack, page: Page) -> tuple[Page | None, Sequence[Page]]:
    """This page among those that may be changed, all locked; None where it counts no more."""
    if _same(page, stack.lock()) is None:
        return None, ()
    pages = stack.open()
    return _same(page, pages), pages


def is_current(stack: PageStack, page: Page) -> bool:
    """Whether this page counts now, and was neither replaced nor removed."""
    return _same(page, stack.current()) is not None


def _same(page: Page, pages: Sequence[Page]) -> Page | None:
    """This page among `pages`; in a copied version it is the one with the same file."""
    return next((each for each in pages if each.file_id == page.file_id), None)


def _supersede(page: Page) -> None:
    page.superseded_at = timezone.now()
    page.save(update_fields=["superseded_at"])
