"""Results of a search by kind: each a line that leads somewhere. Writes nothing."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.models import Role, User
from applications.models import Applicant, Application
from cards.models import Card, Filing
from core.dates import day_words
from core.text import compact
from enterprises.ledger.matching import near_rows
from enterprises.models import Demand, Enterprise
from finding.search import Hit, Rank, find, find_near
from reports.finding.cases import cases_of_hits
from reports.finding.economies import economies
from reports.finding.numbers import application_number, table_numbers
from reports.finding.result import Result, ResultGroup
from reviews.models import ReviewTable

# Of each kind so many; who sees as many narrows his words.
SHOWN: Final = 10
INDEXED: Final = (
    "enterprises.enterprise",
    "enterprises.demand",
    "applications.applicant",
    "accounts.user",
    "cards.card",
)


def search(words: str, *, by: User) -> list[ResultGroup]:
    """What `by` may see of what these words find, the kinds in a fixed order.

    Near names only where nothing else was found.
    """
    hits = find(words, kinds=INDEXED)
    groups = [group for group in _groups(words, hits, by) if group.results]
    if groups or by.department_id is not None:
        return groups
    near = [
        *_enterprises(find_near(words, kind="enterprises.enterprise"), by),
        *_near_demands(words, by),
    ]
    return [ResultGroup("相近的企业", near)] if near else []


def _groups(words: str, hits: Sequence[Hit], by: User) -> Iterator[ResultGroup]:
    """Whoever belongs to a department finds its tables; the station finds everything."""
    if by.department_id is not None:
        yield _cut("审核表", _tables_of(words, hits, by))
        return
    yield _cut("企业", _enterprises(hits, by))
    yield _cut("他们正在办理的申请", cases_of_hits(hits, by, most=SHOWN + 1))
    yield _cut("需求台账", _demands(hits, by))
    yield _cut("申请人", _applicants(hits, by))
    yield _cut("经办人", _agents(hits, by))
    yield _cut("申请", _applications(words, by))
    yield _cut("审核表", _tables(ReviewTable.objects.filter(_numbered(words)), by))
    yield _cut("旅行卡", _cards(hits, by))
    yield _cut("国家系统申请", _filings(words, by))
    yield _cut("经济体", economies(words, by))


def _cut(title: str, results: Sequence[Result]) -> ResultGroup:
    return ResultGroup(title, results[:SHOWN], is_cut=len(results) > SHOWN)


def _in_order(
    hits: Iterable[Hit], kind: str, rows: QuerySet[Any], to_result: Callable[[Any, Hit], Result]
) -> list[Result]:
    """These rows' results in the order of the hits; what the person may not see is left out."""
    wanted = {hit.object_id: hit for hit in hits if hit.kind == kind}
    found = rows.in_bulk(list(wanted)) if wanted else {}
    return [to_result(found[pk], hit) for pk, hit in wanted.items() if pk in found]


def _enterprises(hits: Iterable[Hit], by: User) -> list[Result]:
    visible = Enterprise.objects.visible_to(by)
    return _in_order(hits, "enterprises.enterprise", visible, _enterprise)


def _enterprise(enterprise: Enterprise, hit: Hit) -> Result:
    detail = f"{enterprise.get_status_display()}　{enterprise.credit_code}{_by_tail(hit)}"
    url = reverse("enterprises:station_detail", args=[enterprise.pk])
    return Result("企业", enterprise.name, url, detail)


def _demands(hits: Sequence[Hit], by: User) -> list[Result]:
    """Rows of the ledger; not those whose enterprise was found by the same words."""
    shown = [hit.object_id for hit in hits if hit.kind == "enterprises.enterprise"]
    visible = Demand.objects.visible_to(by).exclude(enterprise__in=shown)
    return _in_order(hits, "enterprises.demand", visible, _demand)


def _near_demands(words: str, by: User) -> list[Result]:
    """Of those without an account; the others are among the enterprises."""
    if not by.is_of_station:
        return []
    return [
        _demand(row, Hit("enterprises.demand", row.pk, Rank.NEAR))
        for row in near_rows(words)
        if row.enterprise_id is None
    ]


def _demand(demand: Demand, hit: Hit) -> Result:
    detail = f"{demand.get_stage_display()}　{demand.contact_name}{_by_tail(hit)}"
    return Result("台账", demand.name, demand.get_absolute_url(), detail)


def _applicants(hits: Iterable[Hit], by: User) -> list[Result]:
    visible = Applicant.objects.visible_to(by).select_related("enterprise")
    found = [hit for hit in hits if hit.kind == "applications.applicant"]
    newest = _newest_applications([hit.object_id for hit in found], by)

    def result(applicant: Applicant, hit: Hit) -> Result:
        case = newest.get(applicant.pk)
        stands = f"{case.state.label}　{case.reference}" if case else "没有办理中的申请"
        url = _case_page(case.pk) if case else _station_page(applicant.enterprise_id)
        return Result(
            "申请人",
            f"{applicant.name}（{applicant.post}）",
            url,
            f"{applicant.enterprise.name}　{stands}{_by_tail(hit)}",
        )

    return _in_order(found, "applications.applicant", visible, result)


def _newest_applications(applicants: Sequence[int], by: User) -> dict[int, Application]:
    """The newest that the person may know of, a draft too, by applicant."""
    if not applicants:
        return {}
    cases = Application.objects.known_to(by).filter(applicant__in=applicants).order_by("pk")
    return {case.applicant_id: case for case in cases}


def _agents(hits: Iterable[Hit], by: User) -> list[Result]:
    """Those who act for an enterprise; they are seen with it."""
    visible = User.objects.filter(
        role=Role.ENTERPRISE_AGENT,
        agency__enterprise__in=Enterprise.objects.visible_to(by),
    ).select_related("agency__enterprise")

    def result(agent: User, hit: Hit) -> Result:
        enterprise = agent.agency.enterprise
        detail = f"{enterprise.name}{_by_tail(hit)}"
        return Result("经办人", agent.name, _station_page(enterprise.pk), detail)

    return _in_order(hits, "accounts.user", visible, result)


def _applications(words: str, by: User) -> list[Result]:
    number = application_number(words)
    if number is None:
        return []
    cases = Application.objects.known_to(by).with_people().filter(pk=number)
    return [
        Result(
            "申请",
            f"{case.reference}　{case.applicant.name}",
            _case_page(case.pk),
            f"{case.enterprise.name}　{case.state.label}",
        )
        for case in cases
    ]


def _numbered(words: str) -> Q:
    return Q(number__in=list(table_numbers(words)))


def _tables_of(words: str, hits: Sequence[Hit], by: User) -> list[Result]:
    """Of a department, by the number, the enterprise or the applicant."""
    enterprises = [hit.object_id for hit in hits if hit.kind == "enterprises.enterprise"]
    applicants = [hit.object_id for hit in hits if hit.kind == "applications.applicant"]
    # Apart and then together: each has its index, and an "or" over three joins has none.
    tables = ReviewTable.objects.order_by().values("pk")
    wanted = tables.filter(_numbered(words)).union(
        tables.filter(application__in=_cases_with(enterprise__in=enterprises)),
        tables.filter(application__in=_cases_with(applicant__in=applicants)),
    )
    return _tables(ReviewTable.objects.filter(pk__in=wanted), by)


def _cases_with(**condition: object) -> "QuerySet[Any, Any]":
    return Application.objects.filter(**condition).values("pk")


def _tables(tables: QuerySet[ReviewTable], by: User) -> list[Result]:
    visible = ReviewTable.objects.visible_to(by).filter(pk__in=tables.values("pk"))
    rows = visible.select_related("application__applicant", "application__enterprise")
    return [
        Result(
            "审核表",
            f"{table}　{table.application.applicant.name}",
            table.get_absolute_url(),
            f"{table.application.enterprise.name}　{table.get_status_display()}",
        )
        for table in rows.order_by("-pk")[: SHOWN + 1]
    ]


def _cards(hits: Iterable[Hit], by: User) -> list[Result]:
    """By the holder, and by the card's or passport's number or its last digits."""
    visible = Card.objects.visible_to(by).select_related("enterprise")
    return _in_order(hits, "cards.card", visible, _card)


def _card(card: Card, hit: Hit) -> Result:
    until = f"到{day_words(card.ends_on)}"
    return Result(
        "卡",
        f"{card.holder_name}　{card.masked_number}",
        card.get_absolute_url(),
        f"{card.enterprise.name}　{card.get_status_display()}　{until}{_by_tail(hit)}",
    )


def _filings(words: str, by: User) -> list[Result]:
    number = compact(words)
    if not number:
        return []
    filings = Filing.objects.visible_to(by).filter(national_number=number)
    people = filings.select_related("application__applicant", "application__enterprise")
    return [
        Result(
            "国家系统申请",
            f"{filing.national_number}　{filing.application.applicant.name}",
            filing.get_absolute_url(),
            filing.application.enterprise.name,
        )
        for filing in people[: SHOWN + 1]
    ]


def _case_page(case: int) -> str:
    return reverse("case", args=[case])


def _station_page(enterprise: int) -> str:
    return reverse("enterprises:station_detail", args=[enterprise])


def _by_tail(hit: Hit) -> str:
    return f"　号码末{hit.tail}位相同" if hit.tail else ""
