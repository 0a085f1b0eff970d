"""What is looked at, and by whom: every page of the menus, with filters, last pages, one case."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, TypeVar
from urllib.parse import quote, unquote, urlencode

from django.db.models import Model, QuerySet
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from applications.models import Application
from applications.workflow import Status, Turn
from cards.models import Breach, Cancellation, Card, Lending, PeriodReport, Visit
from enterprises.models import Demand
from letters.models import WrittenLetter
from outreach.models import (
    Article,
    Briefing,
    CompanyVisit,
    Consultation,
    ConsultationHanding,
    Symposium,
)
from reviews.models import Opinion, ReviewTable
from tests.benchmarks.scale.plan import FIRST, person
from tests.benchmarks.scale.seeding.finding import PHONE
from wanzhou_abtc.nav import items_for

Row = TypeVar("Row", bound=Model)
NAME: Final = person(12)[:2]
COMPANY: Final = "平湖"
NUMBER: Final = PHONE.format(0)
LAST: Final = "末页"
NEXT: Final = "下一页"
# What leads to the end of a list, and what one page on.
TO_LAST: Final = ("末页", "最后一页", "最早的", "最后")
TO_NEXT: Final = ("下一页", "更早的", "更早", "后一页")
# Lists that are looked at with these besides what their page shows first; by the page's name.
VARIANTS: Final[dict[str, tuple[str, ...]]] = {
    "applications:list": ("status=submitted", "status=in_review", "status=endorsed",
                          "status=declined", "status=withdrawn", f"q={quote(NAME)}",
                          f"q={quote(COMPANY)}", f"status=endorsed&q={quote(NAME)}"),
    "reviews:table_list": ("awaited=2",),
    "enterprises:list": (f"q={quote(COMPANY)}", "status=pending", "status=verified"),
    "ledger:list": ("stage=told", "stage=untouched", "trade=%E8%A1%8C%E4%B8%9A7", "next=overdue",
                    "owner=me", "unheard=90", "economy=PNG", "reached=untold",
                    f"q={quote(COMPANY)}"),
    "cards:filings": ("show=stale", "show=open", "show=issued"),
    "cards:list": ("status=in_use", "status=lost", "status=cancelled", "ends=over", "ends=3",
                   "ends=12", f"q={quote(NAME)}", f"q={quote(COMPANY)}"),
    "letters:desk": (f"q={quote(COMPANY)}",),
    "department_times": ("year=2020", "year=2023"),
    "accounts:user_list": (f"q={quote(NAME)}", "q=agent7", "role=enterprise_agent",
                           "is_active=false"),
    "accounts:lock_list": (f"q={quote(NAME)}",),
    "accounts:audit_list": (f"who={quote(NAME)}", "action=opinion.sign",
                            "object_type=reviews.opinion", f"object_label={quote(NAME)}",
                            "since=2023-01-01&until=2023-02-01"),
    "notices:delivery_list": ("state=failed", "state=sent", "state=queued", "channel=email",
                              "kind=task", f"who={quote(NAME)}",
                              "since=2023-01-01&until=2023-02-01"),
    "outreach:handing_list": ("all=1",),
}  # fmt: skip
OF_STATION: Final = (
    "cards:radar", "cards:followup_month", "cards:missing_reports", "cards:breach_list",
    "cards:feedback_list", "ledger:coverage", "outreach:consultation_list",
    "outreach:call_back_list", "outreach:article_list", "outreach:question_list",
    "outreach:briefing_list", "outreach:symposium_list", "outreach:opinion_list",
    "outreach:visit_list", "outreach:plan_meetings", "outreach:plan_talks", "reason_counts",
    "stage:yearly",
)  # fmt: skip
VARIANTS_OF_STATION: Final[dict[str, tuple[str, ...]]] = {
    "outreach:consultation_list": ("closed=1", "mine=1"),
    "outreach:call_back_list": ("closed=1",),
    "outreach:briefing_list": ("over=1",),
    "outreach:opinion_list": ("answered=1",),
    "outreach:visit_list": ("over=1",),
    "cards:breach_list": ("all=1",),
    "ledger:coverage": ("by=town",),
    "stage:yearly": ("year=2023",),
}
OF_OFFICER: Final = (
    "cards:card_new", "ledger:new", "applications:reasons", "letters:template_list",
    "outreach:desk_new", "outreach:topic_list",
)  # fmt: skip
# Open to everybody: looked at by the agent.
PUBLIC: Final = ("outreach:news", "outreach:briefings", "outreach:ask", "outreach:self_test",
                 "reviews:verify")  # fmt: skip


@dataclass(frozen=True)
class Look:
    """Somebody looks at one address. `name` is the same for every number of cases."""

    who: str
    name: str
    path: str

    @property
    def is_narrowed(self) -> bool:
        return "?" in self.path

    @property
    def key(self) -> tuple[str, str]:
        return self.who, self.name


class Cast:
    """One person of each role, and the objects that they look at."""

    def __init__(self) -> None:
        newest = Application.objects.filter(pk__gte=FIRST).order_by("-pk")
        self.in_review = first(newest.filter(status=Status.IN_REVIEW, tables__isnull=False))
        self.submitted = first(newest.filter(status=Status.SUBMITTED, kind="new"))
        self.endorsed = first(
            Application.objects.filter(pk__gte=FIRST, afterwards=Turn.OVER).order_by("pk")
        )
        self.agent = self.in_review.created_by
        self.enterprise = self.in_review.enterprise
        own = Application.objects.filter(enterprise=self.enterprise, pk__gte=FIRST, kind="new")
        self.own_endorsed = first(own.filter(afterwards=Turn.OVER).order_by("pk"))
        self.officer = User.objects.officers().order_by("pk")[0]
        table = first(ReviewTable.objects.filter(application=self.in_review, status="open"))
        self.open_table = table
        self.tax = User.objects.liaisons().filter(department__code="tax").order_by("pk")[0]
        self.last = User.objects.liaisons().filter(department__signs_last=True).order_by("pk")[0]
        supervisors = User.objects.filter(role=Role.SUPERVISOR).order_by("pk")
        self.head = first(supervisors.filter(department__isnull=True))
        self.department_head = first(supervisors.filter(department__isnull=False))
        self.administrators = [
            first(User.objects.filter(role=role).order_by("pk"))
            for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR)
        ]

    def people(self) -> list[tuple[str, User]]:
        return [
            ("经办人", self.agent),
            ("专员", self.officer),
            ("联络员", self.tax),
            ("最后签署的联络员", self.last),
            ("站长", self.head),
            ("部门领导", self.department_head),
            *((str(one.get_role_display()), one) for one in self.administrators),
        ]

    def looks(self, who: str, user: User) -> Iterator[Look]:
        """All that this person looks at, without the deeper pages of lists."""
        for item in items_for(user):
            yield from with_variants(who, item.url_name, VARIANTS)
        if user.is_of_station:
            for name in OF_STATION:
                yield from with_variants(who, name, VARIANTS_OF_STATION)
        for name in OF_OFFICER if user.is_officer else ():
            yield Look(who, name, reverse(name))
        for name in PUBLIC if user.is_agent else ():
            yield Look(who, name, reverse(name))
        for name, path in self._objects(user):
            yield Look(who, name, path)
        if user.is_of_station or user.is_liaison:
            for what, words in (("姓名", NAME), ("企业", COMPANY), ("电话", NUMBER),
                                ("电话尾号", NUMBER[-4:]), ("一个字", NAME[0])):  # fmt: skip
                yield Look(who, f"find {what}", f"{reverse('find')}?{urlencode({'q': words})}")

    def _objects(self, user: User) -> Iterator[tuple[str, str]]:
        if user.is_agent:
            yield from self._of_agent()
        if user.is_officer:
            yield from self._of_officer()
        if user.is_of_station:
            yield from self._of_station()
        if user.is_liaison or user.is_supervisor or user.is_officer:
            yield "审核表", reverse("reviews:table_detail", args=[self.open_table.pk])
            over = first(ReviewTable.objects.filter(status="concluded", pk__gte=FIRST))
            yield "办结的审核表", reverse("reviews:table_detail", args=[over.pk])
            yield "审核表用时", reverse("reviews:table_time", args=[over.pk])
        if user.is_liaison:
            own = Opinion.objects.visible_to(user).filter(table__status="open", pk__gte=FIRST)
            unsigned = first(own.filter(signed_at=None, lapsed_at=None).order_by("-pk"))
            yield "意见", reverse("reviews:opinion_edit", args=[unsigned.pk])
            handing = ConsultationHanding.objects.filter(department=user.department).first()
            if handing:
                yield "咨询转办", reverse("outreach:handing", args=[handing.pk])

    def _of_agent(self) -> Iterator[tuple[str, str]]:
        own = self.enterprise
        yield "申请", reverse("applications:detail", args=[self.in_review.pk])
        yield "办结的申请", reverse("applications:detail", args=[self.own_endorsed.pk])
        yield "材料8", reverse("applications:material", args=[self.in_review.pk, 8])
        for name in ("filing", "board", "early_print", "national"):
            yield name, reverse(f"cards:{name}", args=[self.own_endorsed.pk])
        card = Card.objects.filter(enterprise=own).order_by("-pk").first()
        if card:
            yield "一张卡", reverse("cards:card", args=[card.pk])
            yield "一张卡的服务", reverse("cards:services", args=[card.pk])
        for name in ("cards:enterprise_duty", "cards:register", "letters:of_enterprise"):
            yield name, reverse(name, args=[own.pk])
        report = first(PeriodReport.objects.filter(enterprise=own))
        yield "登记表", reverse("cards:period_report", args=[report.pk])

    def _of_officer(self) -> Iterator[tuple[str, str]]:
        yield "预审", reverse("applications:pre_review", args=[self.submitted.pk])
        code = "exports:export"
        yield "导出申请", reverse(code, args=["applications"])
        if consultation := Consultation.objects.open().first():
            yield "一条咨询", reverse("outreach:consultation", args=[consultation.pk])
        briefing = first(Briefing.objects.order_by("pk"))
        for part in ("briefing", "briefing_sign_ups", "briefing_attendance", "briefing_invitations",
                     "briefing_questions"):  # fmt: skip
            yield part, reverse(f"outreach:{part}", args=[briefing.pk])
        article = first(Article.objects.filter(is_important=True))
        yield "一篇要传达的文章", reverse("outreach:article_edit", args=[article.pk])
        yield "一次座谈会", reverse("outreach:symposium", args=[first(Symposium.objects.all()).pk])

    def _of_station(self) -> Iterator[tuple[str, str]]:
        yield "全程", reverse("case", args=[self.endorsed.pk])
        yield "全程（审核中）", reverse("case", args=[self.in_review.pk])
        yield "企业档案", reverse("dossier", args=[self.enterprise.pk])
        yield "企业档案（全部）", reverse("dossier", args=[self.enterprise.pk]) + "?all=1"
        yield (
            "一户台账",
            reverse(
                "ledger:detail", args=[first(Demand.objects.filter(enterprise=self.enterprise)).pk]
            ),
        )
        station = reverse("enterprises:station_detail", args=[self.enterprise.pk])
        yield "一家企业", station
        yield "办结的填报", reverse("cards:filing", args=[self.endorsed.pk])
        for name, rows in (
            ("cards:card", Card.objects.filter(pk__gte=FIRST)),
            ("cards:lending", Lending.objects.all()),
            ("cards:visit", Visit.objects.all()),
            ("cards:breach", Breach.objects.all()),
            ("cards:cancellation", Cancellation.objects.all()),
            ("letters:letter", WrittenLetter.objects.all()),
            ("outreach:visit", CompanyVisit.objects.all()),
        ):
            if row := rows.order_by("-pk").first():
                yield name, reverse(name, args=[row.pk])
        for name in ("cards:enterprise_duty", "cards:register", "letters:of_enterprise"):
            yield name, reverse(name, args=[self.enterprise.pk])
        last_year = timezone.localdate() - timedelta(days=365)
        period = {"from": f"{last_year:%Y-01-01}", "to": f"{last_year:%Y-12-31}"}
        for code in ("applications.submitted", "times.concluded", "cards.issued"):
            path = reverse("stage:cases", args=[code])
            yield f"报告数字 {code}", f"{path}?{urlencode(period)}"


def first(rows: "QuerySet[Row]") -> Row:
    """The first row; a seeding without any is a fault of the seeding."""
    row = rows.first()
    if row is None:
        raise LookupError(f"no {rows.model._meta.label} that fits: {rows.query}")
    return row


def with_variants(who: str, name: str, variants: dict[str, tuple[str, ...]]) -> Iterator[Look]:
    path = reverse(name)
    yield Look(who, name, path)
    for query in variants.get(name, ()):
        yield Look(who, f"{name} {unquote(query)}", f"{path}?{query}")


def deeper(look: Look, content: str) -> Iterator[Look]:
    """The next and the last page of a list, where its page leads there."""
    links = {
        text.strip(): html.unescape(address)
        for address, text in re.findall(r'<a [^>]*href="(\?[^"]*)"[^>]*>([^<]*)</a>', content)
    }
    base = look.path.partition("?")[0]
    onward = next((links[text] for text in TO_NEXT if text in links), None)
    if onward:
        yield Look(look.who, f"{look.name} {NEXT}", base + onward)
    last = next((links[text] for text in TO_LAST if text in links), None)
    count = re.search(r"共(\d+)页", content)
    if last is None and onward and count:
        last = re.sub(r"page=\d+", f"page={count[1]}", onward)
    if last:
        yield Look(look.who, f"{look.name} {LAST}", base + last)


def signed_in(user: User) -> Client:
    client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
    client.force_login(user, backend="accounts.backends.PeopleBackend")
    return client
