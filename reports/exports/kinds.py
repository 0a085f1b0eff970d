"""Kinds of list that leave as a table: their head, and their rows one after the other."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, Final

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.models import User
from applications.models import Application
from cards.holding.import_columns import COLUMNS
from cards.holding.import_states import economies_of, state_of
from cards.models import Card, Custody
from core.dates import sheet_moment
from core.masks import mask_phone
from enterprises.models import Enterprise
from outreach.models import Consultation
from reports.stage.periods import Period
from reviews.models import ReviewTable

Row = Sequence[object]
# So many rows are read at a time: what is in memory does not grow with the list.
CHUNK: Final = 2_000


@dataclass(frozen=True)
class ExportKind:
    """One list. `when` is the field by which a period narrows it; `holds` says what is in it."""

    code: str
    label: str
    holds: str
    head: Sequence[str]
    when: str
    visible: Callable[[User], "QuerySet[Any, Any]"]
    lines: Callable[[Sequence[Any]], Iterator[Row]]

    def rows_for(self, user: User, period: Period | None) -> "QuerySet[Any, Any]":
        return self.within(self.visible(user).order_by("pk"), period)

    def within(self, rows: "QuerySet[Any, Any]", period: Period | None) -> "QuerySet[Any, Any]":
        return rows if period is None else rows.filter(self._within(period))

    def table(self, rows: "QuerySet[Any, Any]") -> Iterator[Row]:
        """The head, then a line a row."""
        yield self.head
        found = rows.iterator(chunk_size=CHUNK)
        while chunk := list(islice(found, CHUNK)):
            yield from self.lines(chunk)

    def _within(self, period: Period) -> Q:
        if self.when.endswith("_on"):
            return Q(**{f"{self.when}__gte": period.first, f"{self.when}__lte": period.last})
        return Q(**{f"{self.when}__gte": period.start, f"{self.when}__lt": period.end})


def _moment(moment: datetime | None) -> str:
    return sheet_moment(moment) if moment else ""


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _applications(user: User) -> "QuerySet[Any, Any]":
    newest = ReviewTable.objects.filter(application=OuterRef("pk")).order_by("-round")
    visible = Application.objects.visible_to(user).select_related("enterprise", "applicant")
    numbered = visible.annotate(table_number=Subquery(newest.values("number")[:1]))
    # Personal numbers are on no line, and would be decrypted one by one.
    return numbered.only(
        "kind", "status", "created_at", "submitted_at", "status_since", "due_at",
        "afterwards_words", "enterprise__name", "enterprise__credit_code", "enterprise__kind",
        "applicant__name", "applicant__post",
    )  # fmt: skip


def _application_lines(rows: Sequence[Any]) -> Iterator[Row]:
    for one in rows:
        yield (
            one.reference, one.get_kind_display(), one.get_status_display(), one.enterprise.name,
            one.enterprise.credit_code, one.enterprise.get_kind_display(), one.applicant.name,
            one.applicant.post, _moment(one.created_at), _moment(one.submitted_at),
            _moment(one.status_since), _moment(one.due_at), one.table_number or "",
            one.afterwards_words,
        )  # fmt: skip


def _enterprise_lines(rows: Sequence[Any]) -> Iterator[Row]:
    for one in rows:
        yield (
            one.name, one.credit_code, one.get_kind_display(), one.get_status_display(),
            one.registration_authority, one.address, one.contact_name,
            mask_phone(one.contact_phone), _moment(one.created_at), _moment(one.decided_at),
            "中止申办" if one.is_suspended else "",
        )  # fmt: skip


def _card_lines(rows: Sequence[Any]) -> Iterator[Row]:
    """Under the head of the import, so that the table can be given again."""
    economies = economies_of(rows)
    for one in rows:
        state = state_of(one, economies.get(one.pk, {}))
        state["custody"] = Custody(one.custody).label
        state["id_number"] = one.applicant.id_number if one.applicant else ""
        yield [state[column.code] for column in COLUMNS]


def _consultation_lines(rows: Sequence[Any]) -> Iterator[Row]:
    for one in rows:
        by = one.closed_by.name if one.closed_by else ""
        yield (
            _moment(one.asked_at), one.get_channel_display(), one.topic.name if one.topic else "",
            one.name, one.enterprise_name, mask_phone(one.phone), one.text, one.answer,
            _moment(one.due_at), _moment(one.closed_at), by,
        )  # fmt: skip


_KINDS: Final = (
    ExportKind(
        "applications", "申请", "编号、种类、状态、企业、申请人、时间、审核表编号；没有证件号码。",
        (
            "申请编号", "种类", "状态", "企业名称", "统一社会信用代码", "企业类型", "申请人",
            "职务", "开始填写", "首次提交", "现在的状态起于", "时限", "审核表编号", "审核通过之后",
        ),
        "submitted_at", _applications, _application_lines,
    ),
    ExportKind(
        "enterprises", "企业", "名称、信用代码、类型、状态、住所、联系人；电话只有头尾几位。",
        (
            "企业名称", "统一社会信用代码", "企业类型", "状态", "登记机关", "住所", "联系人",
            "联系电话", "注册时间", "核验时间", "备注",
        ),
        "created_at", Enterprise.objects.visible_to, _enterprise_lines,
    ),
    ExportKind(
        "cards", "旅行卡",
        "列名与导入模板相同，改好可以再导入；含完整的卡号、护照号码和身份证号码，请妥善保管。",
        tuple(column.label for column in COLUMNS), "issued_on",
        lambda user: Card.objects.visible_to(user).with_people(), _card_lines,
    ),
    ExportKind(
        "consultations", "咨询",
        "提问时间、渠道、主题、称呼、问题、答复、时限；电话只有头尾几位。",
        (
            "提问时间", "渠道", "主题", "称呼", "单位", "联系电话", "问题", "答复", "答复时限",
            "答复时间", "答复人",
        ),
        "asked_at",
        lambda user: Consultation.objects.visible_to(user).select_related("closed_by", "topic"),
        _consultation_lines,
    ),
)  # fmt: skip
KINDS: Final = {kind.code: kind for kind in _KINDS}


def file_name(kind: ExportKind, form: str) -> str:
    return f"{kind.label}_{timezone.localdate():%Y%m%d}.{form}"
