"""The report of November 2026: every figure counted by hand, and every one with its cases."""

import json
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine

from accounts.models import User
from reports.department_times import months
from reports.stage.building import build
from reports.stage.content import ReportContent, Table, read_content
from reports.stage.counting import COUNTED
from reports.stage.periods import Period
from reports.stage.yearly import yearly_form
from tests.reports.stage_world import at, build_world

pytestmark = pytest.mark.django_db
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
# By code, of November and of October.
EXPECTED = {
    "coverage.qualified": (3, 3), "coverage.told": (2, 1), "coverage.applied": (1, 0),
    "coverage.holding": (0, 0), "coverage.told_share": (67, 33),
    "coverage.applied_share": (33, 0), "coverage.holding_share": (0, 0),
    "coverage.newly_told": (1, 1), "coverage.signed_up": (1, 1), "coverage.verified": (1, 1),
    "applications.begun": (5, 2), "applications.submitted": (5, 1),
    "applications.returned": (1, 0), "applications.circulated": (3, 1),
    "applications.concluded": (2, 1), "applications.endorsed": (1, 1),
    "applications.declined": (1, 0), "applications.withdrawn": (1, 0),
    "applications.open": (2, 0),
    "times.concluded": (2, 1), "times.middle": (3.5, 2.0), "times.mean": (3.5, 2.0),
    "times.eightieth": (4, 2), "times.longest": (4, 2), "times.share": (50, 100),
    "times.within": (1, 1), "times.late": (1, 0), "times.open": (1, 0),
    "times.paused": (0, 0), "times.overdue": (1, 0),
    "departments.signed": (11, 5), "departments.late": (1, 0), "departments.open": (3, 0),
    "departments.overdue": (3, 0),
    "returns.told": (2, 0), "returns.filed": (1, 0), "returns.city": (1, 0),
    "cards.issued": (1, 1), "cards.live": (2, 3), "cards.lapsed": (1, 0), "cards.lost": (1, 0),
    "cards.cancelled": (1, 0), "cards.collected": (0, 0), "cards.granted": (0, 0),
    "cards.services": (1, 0),
    "outreach.articles": (1, 0), "outreach.told": (1, 0), "outreach.read": (1, 0),
    "outreach.briefings": (1, 0), "outreach.attended": (1, 0), "outreach.heads": (3, 0),
    "outreach.visits": (1, 1), "outreach.visit_tasks": (1, 0),
    "opinions.symposia": (1, 0), "opinions.raised": (2, 0), "opinions.answered": (1, 0),
    "opinions.told": (0, 0), "opinions.open": (1, 0),
    "consultations.asked": (3, 1), "consultations.answered": (3, 0),
    "consultations.in_time": (2, 0), "consultations.share": (67, None),
    "consultations.open": (1, 1),
    "call_backs.asked": (1, 0), "call_backs.answered": (0, 0), "call_backs.in_time": (0, 0),
    "call_backs.open": (1, 0),
    "follow_up.visits": (1, 0), "follow_up.overdue": (1, 0), "follow_up.findings": (1, 0),
    "follow_up.open_findings": (1, 0), "follow_up.breaches": (1, 0),
    "follow_up.measures": (1, 0), "follow_up.feedback": (0, 0),
}  # fmt: skip


@pytest.fixture
def content(officer: User) -> ReportContent:
    """Counted on 5 December, when what happened in December is known too."""
    build_world(officer)
    with time_machine.travel(at(12, 5), tick=False):
        return build(NOVEMBER)


def table_of(content: ReportContent, title: str) -> Table:
    tables = {table.title: table for section in content.sections for table in section.tables}
    return tables[title]


def shown(table: Table) -> list[list[str]]:
    return [[cell.shown for cell in row] for row in table.rows]


def test_every_figure_is_what_was_counted_by_hand(content: ReportContent) -> None:
    assert {one.code: (one.value, one.earlier) for one in content.figures} == EXPECTED


def test_every_counted_figure_leads_to_as_many_cases(content: ReportContent, officer: User) -> None:
    """But for a draft, which counts and is nobody's but the enterprise's."""
    with time_machine.travel(at(12, 5), tick=False):
        for figure in content.figures:
            if (counted := COUNTED.get(figure.code)) is None:
                continue
            cases = [counted.source.case(row) for row in counted.cases(officer, NOVEMBER)]
            hidden = 1 if figure.code == "applications.begun" else 0
            assert len(cases) + hidden == figure.value, figure.code
            assert all(case.label and case.path for case in cases), figure.code


def test_every_number_in_a_table_leads_to_as_many_cases(
    content: ReportContent, officer: User
) -> None:
    looked_at = 0
    with time_machine.travel(at(12, 5), tick=False):
        for section in content.sections:
            for cell in (cell for table in section.tables for row in table.rows for cell in row):
                if not cell.is_number or not cell.path:
                    continue
                address = urlsplit(cell.path)
                code = address.path.rstrip("/").rpartition("/")[2]
                part = parse_qs(address.query).get("part", [""])[0]
                cases = COUNTED[code].cases(officer, NOVEMBER, part)
                assert cases.count() == cell.value, cell.path
                looked_at += 1
    assert looked_at > 20


def test_departments_are_timed_from_their_own_turn(content: ReportContent) -> None:
    """The tax bureau took 7, 28 (31 without a pause of 3) and 7 hours; foreign affairs 19 and 9, in
    October 11.
    """
    lines = {row[0]: row[1:] for row in shown(table_of(content, "各部门用时"))}
    assert lines["区税务局"] == [
        "3份", "0份", "7.0小时", "7.0小时", "28.0小时", "28.0小时", "0份", "0份",
    ]  # fmt: skip
    assert lines["区政府外办"][:6] == [
        "2份", "1份", "14.0小时", "11.0小时", "19.0小时", "19.0小时",
    ]  # fmt: skip
    assert lines["区公安局"][-2:] == ["1份", "1份"]


def test_the_times_are_those_of_the_departments_own_page(
    content: ReportContent, officer: User
) -> None:
    """Two ways to the same hours: day by day there, by place on a line here."""
    with time_machine.travel(at(12, 5), tick=False):
        november = next(one for one in months(officer, 2026) if one.month == 11)
    longest = {row[0]: row[6] for row in shown(table_of(content, "各部门用时"))}
    for line in november.lines:
        if line.department in longest:
            assert longest[line.department] == f"{line.longest}小时"


def test_the_slowest_table_says_why(content: ReportContent) -> None:
    slowest, next_one = shown(table_of(content, "用时最长的审核表"))
    assert slowest[2:5] == ["4个工作日", "37.0小时", "1次，1个工作日：请补护照"]
    assert slowest[5].endswith("，28.0小时")
    assert next_one[2:] == ["3个工作日", "26.0小时", "没有", "区政府外办，19.0小时"]


def test_reasons_here_and_at_the_city(content: ReportContent) -> None:
    here = shown(table_of(content, "本站预审退回的原因"))
    assert [row[1:] for row in here] == [["1条", "0条"], ["1条", "0条"]]
    city = shown(table_of(content, "市外办退回的原因"))
    assert [row[1:] for row in city] == [["1次", "0次"]]


def test_opinions_stand_beside_their_answers(content: ReportContent) -> None:
    assert shown(table_of(content, "企业的意见和答复")) == [
        ["办得太慢", "十一月座谈会", "已改为三天办结"],
        ["材料太多", "十一月座谈会", "还没有答复"],
    ]


def test_consultations_by_topic_and_by_channel(content: ReportContent) -> None:
    """That of 30 October counts there, though it was noted on 1 November."""
    assert shown(table_of(content, "咨询，按主题")) == [
        ["资格条件", "2件", "0件"],
        ["材料准备", "0件", "1件"],
        ["未分主题", "1件", "0件"],
    ]
    assert shown(table_of(content, "咨询，按渠道")) == [
        ["电话", "2件", "0件"],
        ["来访", "1件", "0件"],
        ["网上提问", "0件", "1件"],
    ]


def test_coverage_by_trade(content: ReportContent) -> None:
    assert shown(table_of(content, "覆盖情况，按行业")) == [
        ["柑橘", "2户", "2户", "100%", "1户", "50%", "0户", "0%"],
        ["机械", "1户", "0户", "0%", "0户", "0%", "0户", "0%"],
    ]


def test_the_words_say_what_the_figures_do(content: ReportContent) -> None:
    assert "收到首次提交的申请5件，办结审核表2张，平均用时3.5个工作日" in content.words
    assert "上期指2026年10月" in content.words
    by_code = {section.code: section.words for section in content.sections}
    assert "首次提交申请5件，比上期多4件" in by_code["applications"]
    assert "发卡1张，与上期持平" in by_code["cards"]


def test_what_is_kept_is_what_was_counted(content: ReportContent) -> None:
    kept = json.dumps(content.as_json())
    assert json.dumps(read_content(json.loads(kept)).as_json()) == kept


def test_the_yearly_form(officer: User) -> None:
    build_world(officer)
    with time_machine.travel(at(12, 5), tick=False):
        form = yearly_form(2026)
    private = {row[0]: row[1:] for row in shown(form.by_enterprise)}["非公有制企业"]
    # Verified 2, submitted 6, endorsed 3, declined 1, issued 2, live 2 of one enterprise.
    assert private == ["2", "6", "3", "1", "2", "2", "1"]
    assert shown(form.by_enterprise)[-1] == ["合计", *private]
    kinds = {row[0]: row[1:] for row in shown(form.by_kind)}
    assert kinds["新办"] == ["5", "3", "1", "1"]
    assert kinds["续办"] == ["1", "0", "0", "0"]
    economies = {row[0]: row[2] for row in shown(form.by_economy)}
    economies |= {row[3]: row[5] for row in shown(form.by_economy)}
    assert (economies["日本"], economies["越南"], economies["泰国"]) == ("2", "1", "0")
    # Of October 2 working days, of November 3 and 4, of December 7; two were late.
    assert shown(form.times) == [["4张", "4.0个工作日", "50%", "2张"]]
