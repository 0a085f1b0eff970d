"""Papers that came in with an archived case: materials, their replaced pages, consents."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Prefetch

from applications.models import Application, ConsentPage, Material, MaterialPage
from core.dates import sheet_moment
from enterprises.models import StandingPage
from files.models import Page
from reports.archive import table_entry
from reports.archive_stream import ArchivedFile
from reports.archiving.names import part

FOLDER = "03_申请材料"
Rows = Iterable[Sequence[Any]]


def materials_of(application: Application) -> list[Material]:
    """Its materials with `pages_now`, those that stand, and `pages_before`, those replaced.

    What was replaced before the first submission was never handed in, and is no record.
    """
    found: list[Any] = list(
        application.materials.select_related("document")
        .order_by("number")
        .prefetch_related(
            Prefetch("pages", MaterialPage.objects.select_related("file", "original"))
        )
    )
    documents = [one.document_id for one in found if one.document_id]
    standing: dict[int, list[Page]] = defaultdict(list)
    for page in StandingPage.objects.filter(document__in=documents).select_related("file"):
        standing[page.document_id].append(page)
    for one in found:
        pages = standing[one.document_id] if one.document_id else list(one.pages.all())
        one.pages_now = [page for page in pages if page.superseded_at is None]
        since = application.submitted_at
        one.pages_before = [
            page
            for page in pages
            if page.superseded_at is not None and since and page.superseded_at >= since
        ]
    return found


def material_files(materials: Sequence[Any]) -> Iterator[ArchivedFile]:
    for one in materials:
        name = f"材料{one.number:02d}_{one.kind.name}"
        folder, what = f"{FOLDER}/{part(name)}", f"材料{one.number}“{one.kind.name}”"
        yield from _pages(folder, what, one.pages_now)
        yield from _pages(f"{folder}/已替换", f"{what}替换下来的页，", one.pages_before)


def _pages(folder: str, what: str, pages: Sequence[Any]) -> Iterator[ArchivedFile]:
    for place, page in enumerate(pages, start=1):
        yield ArchivedFile(
            f"{folder}/{place:02d}.{page.file.extension}", f"{what}第{place}页", stored=page.file
        )
        if (original := getattr(page, "original", None)) is not None:
            yield ArchivedFile(
                f"{folder}/{place:02d}_原图.{original.extension}",
                f"{what}第{place}页裁剪前的原图",
                stored=original,
            )


def stated(materials: Sequence[Any]) -> ArchivedFile:
    """What was typed beside the pages, and which of them the table replaces."""
    return table_entry(f"{FOLDER}/材料情况.csv", "各项材料的页数和填写的内容", _stated(materials))


def _stated(materials: Sequence[Any]) -> Rows:
    yield ("编号", "材料", "页数", "替换下来的页数", "填写的内容")
    for one in materials:
        facts = one.kind.shown_facts(one.facts)
        words = "；".join(f"{fact.label}：{fact.value}" for fact in facts)
        said = "由审核表替代" if one.by_review_table else words
        yield (one.number, one.kind.name, len(one.pages_now), len(one.pages_before), said)


def consent_files(application: Application) -> Iterator[ArchivedFile]:
    """The applicant's own consent, every one that was ever given."""
    pages = ConsentPage.objects.select_related("file").order_by("position", "pk")
    consents = list(
        application.consents.order_by("pk").prefetch_related(
            Prefetch("pages", pages, to_attr="shown")
        )
    )
    if not consents:
        return
    path = f"{FOLDER}/申请人的同意/申请人的同意.csv"
    yield table_entry(path, "申请人同意处理和提供个人信息的记录", _consents(consents))
    for one in consents:
        folder = f"{FOLDER}/申请人的同意/授权书{one.pk}"
        yield from _pages(folder, "申请人签字的授权书", one.shown)


def _consents(consents: Sequence[Any]) -> Rows:
    yield ("时间", "方式", "同意人", "同意的内容", "是否被替换")
    for one in consents:
        yield (
            sheet_moment(one.given_at),
            one.get_way_display(),
            one.person,
            one.words,
            sheet_moment(one.superseded_at) if one.superseded_at else "",
        )
