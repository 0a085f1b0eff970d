"""Papers that went out of an archived case: letters, notices, its history, its filing."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from django.utils import timezone

from applications.history import history
from applications.letters.letter import letters_of
from applications.letters.pdf import render_letter
from applications.models import Application, Correction
from cards.models import Filing, FilingPage
from core.dates import day_words, sheet_moment
from core.typesetting import RenderingFailed
from letters.content import Showing
from letters.models import WrittenLetter
from letters.printing import pdf_of
from letters.services import content_of
from notices.models import Notice
from reports.archive import table_entry
from reports.archive_stream import ArchivedFile
from reports.archiving.case_papers import ArchiveRefused
from reports.archiving.names import part
from reviews.models import Opinion, Pause, Reminder

LETTERS: Final = "04_函件"
COURSE: Final = "06_办理过程"
FILED: Final = "07_国家系统"
Rows = Iterable[Sequence[Any]]


def letter_files(application: Application) -> Iterator[ArchivedFile]:
    """Each letter in which the enterprise was told, and those written with the portal, as PDF.

    Raises ArchiveRefused where one cannot be set.
    """
    try:
        for letter in reversed(letters_of(application)):
            name = part(f"{letter.title}_{letter.number}")
            yield ArchivedFile(f"{LETTERS}/{name}.pdf", letter.title, render_letter(letter))
        written = WrittenLetter.objects.with_people().filter(application=application)
        for one in written.order_by("pk"):
            label = one.get_code_display()
            data = pdf_of(content_of(one, Showing.WHOLE))
            path = f"{LETTERS}/{part(f'{label}_{one.pk}')}.pdf"
            yield ArchivedFile(path, f"{label}，在门户起草", data)
    except RenderingFailed as failed:
        raise ArchiveRefused(f"函件没有生成：{failed}") from failed


def notices_of(application: Application) -> list[Notice]:
    """What people were told of this case, by the causes as the rooms write them."""
    found = Notice.objects.filter(cause__in=list(_causes(application)))
    people = found.exclude(kind=Notice.Kind.ACCOUNT).select_related("recipient__department")
    return list(people.prefetch_related("deliveries").order_by("pk"))


def _causes(application: Application) -> Iterator[str]:
    for change in application.changes.values_list("pk", flat=True):
        yield f"applications:change:{change}"
    tables = list(application.tables.values_list("pk", flat=True))
    for table in tables:
        yield f"reviews:table:{table}:concluded"
        yield f"reviews:table:{table}:void"
    pauses = list(Pause.objects.filter(table__in=tables).values_list("pk", flat=True))
    for pause in pauses:
        yield f"reviews:pause:{pause}"
        yield f"reviews:pause:{pause}:cancelled"
    for opinion in Opinion.objects.filter(table__in=tables).values_list("pk", flat=True):
        yield f"reviews:opinion:{opinion}:opened"
        yield f"reviews:opinion:{opinion}:paper"
        for pause in pauses:
            yield f"reviews:opinion:{opinion}:supplemented:{pause}"
            yield f"reviews:opinion:{opinion}:supplement_cancelled:{pause}"
    for reminder in Reminder.objects.filter(opinion__table__in=tables):
        moment = f"{timezone.localtime(reminder.moment):%Y%m%d%H%M}"
        yield f"reviews:opinion:{reminder.opinion_id}:{reminder.kind}:{moment}"
    events = Filing.objects.filter(application=application).values_list("events__pk", flat=True)
    for event in events:
        yield f"cards:filing_event:{event}"


def notice_file(notices: Sequence[Notice]) -> ArchivedFile:
    """Whether somebody has read it in the portal stays there: that is no record of the case."""
    return table_entry("05_通知/通知.csv", "为这件申请发出的通知", _notices(notices))


def _notices(notices: Sequence[Notice]) -> Rows:
    yield ("时间", "类别", "收件人", "标题", "内容", "发送")
    for one in notices:
        sent = [
            f"{each.get_channel_display()}{each.get_state_display()}"
            f"{f'（{sheet_moment(each.sent_at)}）' if each.sent_at else ''}"
            for each in one.deliveries.all()
        ]
        yield (
            sheet_moment(one.created_at),
            one.get_kind_display(),
            one.recipient.title,
            one.subject,
            one.body,
            "；".join(sent) or "只在门户",
        )


def course_files(application: Application) -> Iterator[ArchivedFile]:
    """What happened, and what the enterprise was asked to put right."""
    path = f"{COURSE}/办理经过.csv"
    yield table_entry(path, "办理经过，按时间先后", _history(application))
    told = list(application.corrections.told().order_by("pk"))
    if told:
        yield table_entry(f"{COURSE}/补正要求.csv", "告知企业的问题和答复", _told(told))


def _history(application: Application) -> Rows:
    yield ("时间", "事项", "办理", "说明")
    for event in history(application):
        yield (sheet_moment(event.at), event.what, event.who, event.words)


def _told(corrections: Sequence[Correction]) -> Rows:
    yield ("告知时间", "材料", "哪里不对", "怎么改", "企业答复", "企业说明", "补正时间")
    for one in corrections:
        sent, done = (sheet_moment(at) if at else "" for at in (one.sent_at, one.resolved_at))
        yield (sent, one.item_name, one.words, one.mend, one.answer_words, one.answer, done)


def filing_files(application: Application) -> Iterator[ArchivedFile]:
    """What was entered of the national system so far, with its receipts."""
    filing = Filing.objects.filter(application=application).first()
    if filing is None:
        return
    events = list(filing.events.select_related("by__department", "taken_back_by").order_by("pk"))
    path = f"{FILED}/国家系统进度.csv"
    yield table_entry(path, "企业和服务站登记的国家系统进度", _entries(events))
    pages = FilingPage.objects.filter(event__filing=filing, superseded_at__isnull=True)
    for page in pages.select_related("file", "event").order_by("event", "position", "pk"):
        path = f"{FILED}/凭证/{page.event_id}-{page.position:02d}-{page.pk}.{page.file.extension}"
        yield ArchivedFile(path, f"{page.event.get_step_display()}的凭证", stored=page.file)


def _entries(events: Sequence[Any]) -> Rows:
    yield ("日期", "事项", "内容", "说明", "来源", "登记人", "登记时间", "撤销")
    for one in events:
        yield (
            day_words(one.on),
            one.get_step_display(),
            "；".join(f"{label}：{value}" for label, value in one.told),
            one.words,
            one.get_source_display(),
            one.by.title,
            sheet_moment(one.at),
            "已撤销" if one.is_taken_back else "",
        )
