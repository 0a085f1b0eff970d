"""Files of a dossier: what the enterprise may download itself, and what the station knows besides.

A page to read (00_档案.html) and the time line as a table come first; the pictures of cards,
visits and breaches stand beside what was written of them.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import User
from applications.models import Application
from cards.filing.package import windows_name
from cards.models import Breach, BreachPage, Card, CardPage, Visit, VisitPage
from core.dates import day_words, moment_label, sheet_moment
from core.typesetting import RenderingFailed
from enterprises.models import Enterprise
from letters.content import Showing
from letters.models import WrittenLetter
from letters.printing import docx_of
from letters.services import content_of
from reports.archive import book_entry, file_of, table_entry
from reports.archive_stream import ArchivedFile
from reports.dossier.facts import DossierFacts
from reports.timeline.rows import Scope, TimelineLine
from reports.timeline.timeline import lines_of, rows_of

PAGE: Final = "00_档案.html"
Rows = Iterator[Sequence[Any]]


def dossier_entries(enterprise: Enterprise, *, reader: User) -> list[ArchivedFile]:
    """In order; the same number of queries for one case and for many."""
    scope = Scope(reader, enterprise=enterprise)
    lines = lines_of(list(rows_of(scope, oldest_first=True)), scope)
    cases = _references(enterprise, reader)
    cards = list(Card.objects.visible_to(reader).filter(enterprise=enterprise).order_by("pk"))
    return [
        ArchivedFile(PAGE, "企业申办档案，用浏览器打开", _page(enterprise, reader, lines, cases)),
        table_entry("00_经过.csv", "全部经过，按时间先后", _happened(lines, cases)),
        *file_of(enterprise, reader=reader),
        book_entry("05_旅行卡/旅行卡.xlsx", "旅行卡，含完整号码", _cards(cards)),
        *_pictures_of_cards(enterprise),
        *_visits(enterprise, reader),
        *_breaches(enterprise, reader),
        *_letters(enterprise, reader),
    ]


def _references(enterprise: Enterprise, reader: User) -> dict[int, str]:
    """By case its number and its applicant, as people speak of it."""
    found = Application.objects.known_to(reader).filter(enterprise=enterprise)
    rows = found.select_related("applicant")
    return {one.pk: f"{one.reference} {one.applicant.name}" for one in rows}


def _page(
    enterprise: Enterprise, reader: User, lines: Sequence[TimelineLine], cases: dict[int, str]
) -> bytes:
    context = {
        "enterprise": enterprise,
        "facts": DossierFacts(enterprise, reader),
        "lines": [(line, cases.get(line.case or 0, "")) for line in lines],
        "station_name": settings.STATION_NAME,
        "at": timezone.now(),
    }
    return render_to_string("reports/pdf/dossier.html", context).encode()


def _happened(lines: Sequence[TimelineLine], cases: dict[int, str]) -> Rows:
    yield ("时间", "申请", "事项", "谁", "说明")
    for line in lines:
        at = day_words(line.at) if line.is_day else moment_label(line.at)
        yield (at, cases.get(line.case or 0, ""), line.what, line.who, line.words)


def _cards(cards: Sequence[Card]) -> Rows:
    yield ("持卡人", "卡号", "护照号码", "发卡日期", "卡面有效期至", "护照有效期至", "状态", "保管")
    for card in cards:
        yield (
            card.holder_name,
            card.number,
            card.passport_number,
            day_words(card.issued_on),
            day_words(card.card_until),
            day_words(card.passport_until),
            card.status_words,
            card.get_custody_display(),
        )


def _pictures_of_cards(enterprise: Enterprise) -> Iterator[ArchivedFile]:
    pages = CardPage.objects.current().filter(card__enterprise=enterprise)
    for page in pages.select_related("file", "card").order_by("card", "side"):
        side, name = page.get_side_display(), page.card.holder_name
        path = f"05_旅行卡/{windows_name(f'{page.card_id}_{name}_{side}')}.{page.file.extension}"
        yield ArchivedFile(path, f"{name}的卡，{side}", stored=page.file)


def _visits(enterprise: Enterprise, reader: User) -> Iterator[ArchivedFile]:
    visits = Visit.objects.visible_to(reader).filter(enterprise=enterprise).with_people()
    yield table_entry("06_回访/回访.csv", "回访和走访", _visit_rows(list(visits.order_by("pk"))))
    pages = VisitPage.objects.current().filter(visit__enterprise=enterprise)
    for page in pages.select_related("file").order_by("visit", "position", "pk"):
        path = f"06_回访/{page.visit_id}-{page.position:02d}-{page.pk}.{page.file.extension}"
        yield ArchivedFile(path, f"回访{page.visit_id}的照片", stored=page.file)


def _visit_rows(visits: Sequence[Visit]) -> Rows:
    yield ("编号", "方式", "缘由", "最晚日期", "完成日期", "由谁", "接待人", "情况", "状态")
    for one in visits:
        yield (
            one.pk,
            one.get_kind_display(),
            one.get_why_display(),
            day_words(one.due_on),
            day_words(one.done_on),
            one.done_by.name if one.done_by else "",
            one.person_met,
            one.summary,
            one.state_words,
        )


def _letters(enterprise: Enterprise, reader: User) -> Iterator[ArchivedFile]:
    """Each as it would be taken now, with whole numbers; a text says why where it cannot be set."""
    letters = WrittenLetter.objects.visible_to(reader).filter(enterprise=enterprise).with_people()
    for letter in letters.order_by("pk"):
        name = f"{letter.pk}_{letter.get_code_display()}_{letter.names_words}".rstrip("_")
        path, what = f"08_函件/{windows_name(name)}", f"{letter.get_code_display()}，含完整号码"
        try:
            data = docx_of(content_of(letter, Showing.WHOLE))
        except RenderingFailed as failed:
            yield ArchivedFile(f"{path}（没有生成）.txt", what, str(failed).encode())
        else:
            yield ArchivedFile(f"{path}.docx", what, data)


def _breaches(enterprise: Enterprise, reader: User) -> Iterator[ArchivedFile]:
    found = Breach.objects.visible_to(reader).filter(enterprise=enterprise).order_by("pk")
    rows = list(found.prefetch_related("measures"))
    yield table_entry("07_违规/违规.csv", "违规和措施", _breach_rows(rows))
    pages = BreachPage.objects.current().filter(breach__enterprise=enterprise)
    for page in pages.select_related("file").order_by("breach", "position", "pk"):
        path = f"07_违规/{page.breach_id}-{page.position:02d}-{page.pk}.{page.file.extension}"
        yield ArchivedFile(path, f"违规{page.breach_id}的证据", stored=page.file)


def _breach_rows(breaches: Sequence[Breach]) -> Rows:
    yield ("编号", "情形", "发生日期", "涉及的人", "事实", "企业的说明", "措施", "办结")
    for one in breaches:
        measures = "；".join(f"{m.get_kind_display()}：{m.words}" for m in one.measures.all())
        closed = f"{sheet_moment(one.closed_at)} {one.outcome}" if one.closed_at else ""
        yield (
            one.pk,
            one.get_kind_display(),
            day_words(one.happened_on),
            one.person,
            one.facts,
            one.statement,
            measures,
            closed,
        )
