"""Archive of an enterprise: all that the portal keeps of it, as one streamed ZIP.

Folders have Chinese names and a number, so that they stand in one order everywhere; `00_目录.csv`
says of every file what it is. Tables hold no formulas (core.spreadsheets).
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone

from accounts.models import User
from applications.history import history
from applications.models import (
    Applicant,
    Application,
    ConsentPage,
    Correction,
    Material,
    MaterialPage,
)
from cards.filing.package import windows_name
from cards.models import EconomyApproval, FilingEvent, FilingPage
from core.dates import day_words, sheet_moment
from core.spreadsheets import csv_lines, xlsx_table
from core.wording import render_text
from enterprises.models import Enterprise, StandingPage
from notices.models import Notice
from reports.archive_stream import ArchivedFile
from reviews.models import ReviewTable, Revision

Rows = Iterable[Sequence[Any]]


def entries_of(enterprise: Enterprise, *, reader: User) -> list[ArchivedFile]:
    """All but the index, in order; the same number of queries for one case and for many."""
    return [
        ArchivedFile("00_说明.txt", "怎样看这份资料", _readme(enterprise)),
        *file_of(enterprise, reader=reader),
        table_entry("05_通知/我的通知.csv", "发给您本人的通知", _notices(reader)),
    ]


def file_of(enterprise: Enterprise, *, reader: User) -> list[ArchivedFile]:
    """Its facts, agents, standing papers, applicants and applications, as far as he sees them."""
    applicants = list(Applicant.objects.filter(enterprise=enterprise).order_by("pk"))
    applications = _applications(enterprise, reader)
    return [
        book_entry("01_企业/企业信息.xlsx", "登记信息", _enterprise(enterprise)),
        book_entry("01_企业/经办人.xlsx", "经办人", _agents(enterprise)),
        *_standing(enterprise),
        book_entry("03_申请人/申请人.xlsx", "申请人登记信息，含完整号码", _applicants(applicants)),
        *(entry for application in applications for entry in _application(application)),
    ]


def _applications(enterprise: Enterprise, reader: User) -> list[Application]:
    pages = MaterialPage.objects.current().select_related("file").order_by("position", "pk")
    consent_pages = ConsentPage.objects.select_related("file").order_by("position", "pk")
    tables = ReviewTable.objects.downloadable_by(reader).order_by("round")
    revisions = Revision.objects.select_related("file").order_by("sequence")
    own = Application.objects.visible_to(reader).filter(enterprise=enterprise).with_people()
    events = FilingEvent.objects.select_related("by", "taken_back_by").order_by("pk")
    receipts = FilingPage.objects.select_related("file").order_by("position", "pk")
    approvals = EconomyApproval.objects.select_related("by").order_by("pk")
    found: list[Application] = list(own.select_related("handled_by", "filing").order_by("pk"))
    prefetch_related_objects(
        found,
        Prefetch("materials__pages", pages, to_attr="shown"),
        "changes",
        Prefetch("consents__pages", consent_pages, to_attr="shown"),
        Prefetch("corrections", Correction.objects.told().order_by("pk"), to_attr="told"),
        Prefetch("tables", tables, to_attr="handed_out"),
        Prefetch("handed_out__revisions", revisions, to_attr="all_revisions"),
        Prefetch("filing__events", events, to_attr="shown_events"),
        "filing__shown_events__reasons",
        Prefetch("filing__shown_events__pages", receipts, to_attr="shown"),
        Prefetch("filing__approvals", approvals, to_attr="shown_approvals"),
    )
    return found


def table_entry(path: str, what: str, rows: Rows) -> ArchivedFile:
    return ArchivedFile(path, what, "".join(csv_lines(rows)).encode())


def book_entry(path: str, what: str, rows: Rows) -> ArchivedFile:
    """Where numbers stand: of a CSV, spreadsheet programs round those of 18 digits."""
    return ArchivedFile(path, what, xlsx_table(rows))


def _enterprise(enterprise: Enterprise) -> Rows:
    yield ("项目", "内容")
    yield ("单位名称", enterprise.name)
    yield ("统一社会信用代码", enterprise.credit_code)
    yield ("企业类型", enterprise.get_kind_display())
    yield ("登记机关", enterprise.registration_authority)
    yield ("住所", enterprise.address)
    yield ("联系人", enterprise.contact_name)
    yield ("联系电话", enterprise.contact_phone)
    yield ("状态", enterprise.get_status_display())
    yield ("未通过的原因", enterprise.refusal_reason)
    yield ("登记时间", sheet_moment(enterprise.created_at))


def _agents(enterprise: Enterprise) -> Rows:
    yield ("姓名", "邮箱", "联系电话", "状态")
    for agency in enterprise.agents.select_related("user"):
        user = agency.user
        state = "已离任" if not user.is_active else "在任" if user.email_confirmed_at else "未确认"
        yield (user.name, user.email, user.phone, state)


def _standing(enterprise: Enterprise) -> Iterator[ArchivedFile]:
    pages = StandingPage.objects.current().select_related("file").order_by("position", "pk")
    shown = Prefetch("pages", pages, to_attr="shown")
    documents: Iterable[Any] = enterprise.documents.prefetch_related(shown)
    for document in documents:
        kind = document.get_kind_display()
        folder = windows_name(f"材料{document.kind}_{kind}")
        for place, page in enumerate(document.shown, start=1):
            path = f"02_企业材料/{folder}/第{document.version}版/{place:02d}.{page.file.extension}"
            yield ArchivedFile(path, f"{kind}，第{document.version}版第{place}页", stored=page.file)


def _applicants(applicants: Sequence[Applicant]) -> Rows:
    yield ("姓名", "职务", "身份证号码", "电话", "护照号码", "护照有效期至", "姓", "名", "登记时间")
    for one in applicants:
        yield (
            one.name,
            one.post,
            one.id_number,
            one.phone,
            one.passport_number,
            day_words(one.passport_expires_on),
            one.surname,
            one.given_names,
            sheet_moment(one.created_at),
        )


def _application(application: Any) -> Iterator[ArchivedFile]:
    name = windows_name(f"{application.reference}_{application.applicant.name}")
    folder = f"04_申请/{name}"
    title = f"{application.reference} {application.applicant.name}"
    yield table_entry(f"{folder}/办理情况.csv", f"{title}：办理情况", _facts(application))
    yield table_entry(f"{folder}/办理经过.csv", f"{title}：办理经过", _history(application))
    if application.told:
        yield table_entry(f"{folder}/补正要求.csv", f"{title}：补正要求", _told(application.told))
    for consent in application.consents.all():
        for place, page in enumerate(consent.shown, start=1):
            path = f"{folder}/申请人的授权书/{consent.pk}-{place:02d}.{page.file.extension}"
            yield ArchivedFile(path, f"{title}：申请人的授权书第{place}页", stored=page.file)
    for material in application.materials.all():
        yield from _pages(folder, title, material)
    for table in application.handed_out:
        if table.all_revisions:
            stored = table.all_revisions[-1].file
            path = f"{folder}/{windows_name(f'审核表_{table.number}')}.pdf"
            yield ArchivedFile(path, f"{title}：审核表", stored=stored)
    if filing := getattr(application, "filing", None):
        yield from _filing(folder, title, filing)


def _filing(folder: str, title: str, filing: Any) -> Iterator[ArchivedFile]:
    """What was entered of the national system, the economies, and the receipts."""
    yield table_entry(f"{folder}/国家系统进度.csv", f"{title}：国家系统进度", _entries(filing))
    yield table_entry(f"{folder}/各经济体审批.csv", f"{title}：各经济体审批", _approvals(filing))
    for event in filing.shown_events:
        for place, page in enumerate(event.shown, start=1):
            path = f"{folder}/填报凭证/{event.pk}-{place:02d}.{page.file.extension}"
            what = f"{title}：{event.get_step_display()}的凭证第{place}页"
            yield ArchivedFile(path, what, stored=page.file)


def _entries(filing: Any) -> Rows:
    yield ("日期", "事项", "内容", "说明", "来源", "登记人", "登记时间", "撤销")
    for event in filing.shown_events:
        told = "；".join(f"{label}：{value}" for label, value in event.told)
        yield (
            day_words(event.on),
            event.get_step_display(),
            told,
            "；".join([*(reason.defect for reason in event.reasons.all()), event.words]),
            event.get_source_display(),
            event.by.title,
            sheet_moment(event.at),
            "已撤销" if event.is_taken_back else "",
        )


def _approvals(filing: Any) -> Rows:
    yield ("经济体", "情况", "日期", "有效期至", "来源", "登记人", "登记时间", "更新")
    for one in filing.shown_approvals:
        yield (
            one.get_economy_display(),
            one.get_state_display(),
            day_words(one.on),
            day_words(one.valid_until),
            one.get_source_display(),
            one.by.title,
            sheet_moment(one.at),
            "已被更新" if one.superseded_at else "",
        )


def _pages(folder: str, title: str, material: Any) -> Iterator[ArchivedFile]:
    kind = material.kind
    inner = windows_name(f"材料{material.number:02d}_{kind.name}")
    for place, page in enumerate(material.shown, start=1):
        path = f"{folder}/{inner}/{place:02d}.{page.file.extension}"
        yield ArchivedFile(path, f"{title}：{kind.name}第{place}页", stored=page.file)


def _facts(application: Application) -> Rows:
    yield ("项目", "内容")
    yield ("编号", application.reference)
    yield ("申请人", application.applicant.name)
    yield ("状态", application.get_status_display())
    yield ("经办人", application.handled_by.name if application.handled_by else "")
    for label, moment in (
        ("开始准备", application.created_at),
        ("提交", application.submitted_at),
    ):
        yield (label, sheet_moment(moment) if moment else "")
    for consent in application.consents.all():
        yield ("申请人的同意", f"{consent.get_way_display()}，{sheet_moment(consent.given_at)}")
    for material in application.materials.all():
        yield (f"材料{material.number} {material.kind.name}", _said(material))


def _said(material: Material) -> str:
    if material.by_review_table:
        return "由审核表替代"
    shown = material.kind.shown_facts(material.facts)
    return "；".join(f"{fact.label}：{fact.value}" for fact in shown)


def _history(application: Application) -> Rows:
    yield ("时间", "事项", "办理", "说明")
    for event in history(application):
        yield (sheet_moment(event.at), event.what, event.who, event.words)


def _told(corrections: Sequence[Correction]) -> Rows:
    yield ("告知时间", "材料", "哪里不对", "怎么改", "企业说明")
    for one in corrections:
        sent = sheet_moment(one.sent_at) if one.sent_at else ""
        yield (sent, one.item_name, one.words, one.mend, one.answer)


def _notices(reader: User) -> Rows:
    yield ("时间", "标题", "内容")
    for notice in Notice.objects.visible_to(reader).order_by("pk").iterator():
        yield (sheet_moment(notice.created_at), notice.subject, notice.body)


def _readme(enterprise: Enterprise) -> bytes:
    context = {
        "enterprise": enterprise,
        "at": timezone.now(),
        "station_name": settings.STATION_NAME,
        "hotline": settings.HOTLINE,
    }
    # With a byte order mark and Windows line ends, as its Notepad likes best.
    text = render_text("reports/archive_readme.txt", context)
    return text.replace("\n", "\r\n").encode("utf-8-sig")
