"""登记表: asked when a period is over, filled from the register, corrected, sent, and kept."""

from datetime import date

import pypdfium2
import pytest
import time_machine
from django.urls import reverse

from cards.duty.periods import periods_over, periods_under_way
from cards.duty.reporting import fill_report, open_periods, send_report
from cards.models import PeriodReport, ReportPeriod
from notices.models import Notice
from parameters.values import load_parameters
from tests.cards.duty_parts import card_of, keeper_of, lent, period, report_of, returned
from tests.conftest import ClientOf
from tests.factories import EnterpriseFactory, agent_of
from tests.reviews.conftest import on

pytestmark = pytest.mark.django_db


def spans(day: date, months: int = 3):
    found = periods_over(day, months=months, due_days=10, year_due_days=20)
    return [(span.label, span.starts_on, span.ends_on, span.due_on) for span in found]


def test_the_quarter_and_the_year_that_are_over_with_their_last_days() -> None:
    assert spans(date(2027, 1, 1)) == [
        ("2026年第四季度", date(2026, 10, 1), date(2026, 12, 31), date(2027, 1, 10)),
        ("2026年度", date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 20)),
    ]
    assert spans(date(2026, 11, 23))[0][:3] == (
        "2026年第三季度",
        date(2026, 7, 1),
        date(2026, 9, 30),
    )


@pytest.mark.parametrize(
    ("months", "label"),
    [(1, "2026年10月"), (2, "2026年9月至10月"), (4, "2026年5月至8月"), (6, "2026年上半年")],
)
def test_how_often_is_a_parameter(months, label) -> None:
    assert spans(date(2026, 11, 23), months)[0][0] == label


def test_twelve_months_are_the_year_alone_and_what_does_not_divide_it_is_a_quarter() -> None:
    assert [span[0] for span in spans(date(2026, 11, 23), 12)] == ["2025年度"]
    assert spans(date(2026, 11, 23), 5)[0][0] == "2026年第三季度"


def test_who_had_a_card_in_the_period_is_asked_once(enterprise, other_enterprise, agent) -> None:
    card_of(enterprise)
    card_of(enterprise, holder="王样例")
    card_of(other_enterprise, holder="李样例", issued_on=date(2027, 1, 2))
    for day in (date(2027, 1, 2), date(2027, 1, 3)):
        with time_machine.travel(on(23, 10).replace(year=2027, month=1, day=day.day)):
            open_periods(day, load_parameters(day))
    asked = PeriodReport.objects.order_by("pk").values_list("enterprise", "period__label")
    assert list(asked) == [(enterprise.pk, "2026年第四季度"), (enterprise.pk, "2026年度")]


def test_when_the_time_to_report_is_over_nobody_is_asked_any_more(enterprise) -> None:
    card_of(enterprise)
    day = date(2026, 11, 23)
    assert open_periods(day, load_parameters(day)) == []


@pytest.fixture
def report(enterprise, agent) -> PeriodReport:
    """Of a quarter in which one card was out twice, once late; the other never."""
    keeper = keeper_of(enterprise, agent)
    used, unused = card_of(enterprise), card_of(enterprise, holder="李样例")
    with time_machine.travel("2026-07-06 10:00+08:00", tick=False):
        lent(used, keeper, agent)
    with time_machine.travel("2026-08-03 10:00+08:00", tick=False):
        returned(used, keeper, agent)
        lent(used, keeper, agent)
    with time_machine.travel("2026-08-07 10:00+08:00", tick=False):
        returned(used, keeper, agent)
    with time_machine.travel("2026-10-05 10:00+08:00", tick=False):
        lent(unused, keeper, agent)
    return report_of(enterprise)


def test_one_click_fills_it_from_the_register(report, agent, client_of: ClientOf) -> None:
    client_of(agent).post(reverse("cards:report_fill", args=[report.pk]))
    report.refresh_from_db()
    shown = [(r["holder"], r["uses"], r["economies"], r["late"]) for r in report.rows]
    assert shown == [("张样例", 2, "日本", 1), ("李样例", 0, "", 0)]
    assert all("*" in row["number"] for row in report.rows)


def correct(report: PeriodReport, **changed: str) -> dict[str, str]:
    typed = {"remarks": "", "seen_version": str(report.version)}
    for row in report.rows:
        for key in ("uses", "economies", "late", "note"):
            typed[f"card{row['card']}-{key}"] = str(row[key])
    return typed | changed


def test_a_correction_stands_beside_what_the_register_gave(
    report, agent, officer, client_of
) -> None:
    desk = client_of(agent)
    desk.post(reverse("cards:report_fill", args=[report.pk]))
    report.refresh_from_db()
    key = f"card{report.rows[1]['card']}"
    typed = correct(report, **{f"{key}-uses": "1", f"{key}-note": "补登九月一次", "remarks": "无"})
    assert desk.post(report.get_absolute_url(), typed).status_code == 302
    report.refresh_from_db()
    row = report.rows[1]
    assert (row["uses"], row["note"], row["register"]["uses"]) == (1, "补登九月一次", 0)
    assert "还没有报送" in client_of(officer).get(report.get_absolute_url()).content.decode()
    # The station does not read what is not sent.
    assert "补登九月一次" not in client_of(officer).get(report.get_absolute_url()).content.decode()


def test_sent_it_is_kept_as_it_was_with_its_pdf(report, agent, officer, client_of) -> None:
    desk = client_of(agent)
    desk.post(reverse("cards:report_fill", args=[report.pk]))
    for _ in range(2):
        desk.post(reverse("cards:report_send", args=[report.pk]))
    report.refresh_from_db()
    first = report.file.sha256
    desk.post(reverse("cards:report_fill", args=[report.pk]))
    report.refresh_from_db()
    assert (report.file.sha256, report.remind_on, report.version) == (first, None, 3)
    pdf = client_of(officer).get(reverse("cards:report_pdf", args=[report.pk])).getvalue()
    document = pypdfium2.PdfDocument(pdf)
    words = document[0].get_textpage().get_text_range()
    document.close()
    assert "张样例" in words
    assert "2026年第三季度" in words


def test_a_correction_after_sending_is_another_report_and_the_first_stays(
    report, agent, client_of
) -> None:
    desk = client_of(agent)
    send_report(fill_report(report, by=agent), by=agent)
    for _ in range(2):
        desk.post(reverse("cards:report_again", args=[report.pk]))
    following = PeriodReport.objects.get(sequence=2)
    assert following.rows == PeriodReport.objects.get(sequence=1).rows
    assert not PeriodReport.objects.missing().exists()
    send_report(following, by=agent)
    assert PeriodReport.objects.filter(sent_at__isnull=False).count() == 2


def test_what_is_not_filled_is_not_sent(report, agent, client_of) -> None:
    answer = client_of(agent).post(reverse("cards:report_send", args=[report.pk]), follow=True)
    assert "还没有生成" in answer.content.decode()


def test_of_two_agents_who_correct_the_second_is_told(report, agent, client_of) -> None:
    desk = client_of(agent)
    desk.post(reverse("cards:report_fill", args=[report.pk]))
    report.refresh_from_db()
    old = correct(report, remarks="甲")
    desk.post(report.get_absolute_url(), correct(report, remarks="乙"))
    answer = desk.post(report.get_absolute_url(), old)
    assert answer.status_code == 422
    assert "同事改过登记表" in answer.content.decode()
    report.refresh_from_db()
    assert report.remarks == "乙"
    stale = desk.post(
        reverse("cards:report_send", args=[report.pk]), {"seen_version": "1"}, follow=True
    )
    assert "没有报送" in stale.content.decode()


@pytest.mark.parametrize("text", ["-1", "²", "9" * 5000, "1.5"])
def test_a_hostile_count_is_a_sentence(report, agent, client_of, text) -> None:
    desk = client_of(agent)
    desk.post(reverse("cards:report_fill", args=[report.pk]))
    report.refresh_from_db()
    key = f"card{report.rows[0]['card']}-uses"
    answer = desk.post(report.get_absolute_url(), correct(report, **{key: text}))
    assert answer.status_code == 422


# Who has not sent -------------------------------------------------------------------------------


def test_the_officer_sees_who_has_not_sent_and_reminds_all_in_one_act(
    officer, client_of, django_assert_max_num_queries
) -> None:
    quarter = period()
    for _ in range(3):
        made = EnterpriseFactory.create()
        agent_of(made)
        report_of(made, period=quarter)
    desk, url = client_of(officer), reverse("cards:missing_reports")
    with django_assert_max_num_queries(12):
        page = desk.get(url).content.decode()
    assert "还有3家没有报送" in page
    assert "023-58000000" not in page
    shown = desk.post(reverse("cards:missing_reveal"), {"period": quarter.pk})
    assert "023-58000000" in shown.content.decode()
    for _ in range(2):
        desk.post(reverse("cards:missing_remind"), {"period": quarter.pk, "all": "1"})
    assert Notice.objects.filter(cause__startswith="cards:report:").count() == 3


@pytest.mark.parametrize("value", ["²", str(2**63), "9" * 5000, "1\0", "-1", ""])
def test_a_period_that_is_none_leads_nowhere(officer, client_of, value) -> None:
    period()
    desk = client_of(officer)
    assert desk.get(reverse("cards:missing_reports"), {"period": value}).status_code == 200
    assert desk.post(reverse("cards:missing_remind"), {"period": value}).status_code == 404


def test_the_list_of_who_has_not_sent_costs_the_same_for_one_and_fifty(
    officer, client_of, django_assert_max_num_queries
) -> None:
    quarter = period()
    for _ in range(50):
        report_of(EnterpriseFactory.create(), period=quarter)
    with django_assert_max_num_queries(12):
        page = client_of(officer).get(reverse("cards:missing_reports"))
    assert len(page.content) < 60 * 1024
    assert ReportPeriod.objects.count() == 1


def test_the_page_of_duty_says_which_report_comes_next(enterprise, agent, client_of) -> None:
    with time_machine.travel("2026-11-23 10:00+08:00", tick=False):
        page = client_of(agent).get(reverse("cards:enterprise_duty", args=[enterprise.pk])).text
    assert "2026年第四季度登记表，2027年1月10日前报送，2027年1月1日起可以从登记簿生成" in page


@pytest.mark.parametrize(
    ("day", "months", "label"),
    [
        (date(2026, 12, 31), 3, "2026年第四季度"),
        (date(2027, 1, 1), 3, "2027年第一季度"),
        (date(2026, 11, 23), 6, "2026年下半年"),
        (date(2026, 11, 23), 12, "2026年度"),
        (date(2026, 11, 23), 5, "2026年第四季度"),
    ],
)
def test_the_next_to_be_reported_is_the_period_under_way(day, months, label) -> None:
    found = list(periods_under_way(day, months=months, due_days=10, year_due_days=20))
    assert found[0].label == label
    assert found[-1].label == f"{day.year}年度"
    assert all(span.opens_on > day for span in found)
    assert len({span.label for span in found}) == len(found)


def test_quarter_and_year_under_way_are_read_before_their_end_and_nothing_is_kept(
    enterprise, agent, client_of: ClientOf
) -> None:
    keeper, card = keeper_of(enterprise, agent), card_of(enterprise)
    card_of(enterprise, holder="李样例")
    with time_machine.travel("2026-07-06 10:00+08:00", tick=False):
        lent(card, keeper, agent)
    with time_machine.travel("2026-08-03 10:00+08:00", tick=False):
        returned(card, keeper, agent)
    with time_machine.travel("2026-11-16 10:00+08:00", tick=False):
        lent(card, keeper, agent)
    with time_machine.travel("2026-11-23 10:00+08:00", tick=False):
        desk = client_of(agent)
        page = desk.get(reverse("cards:reports_so_far", args=[enterprise.pk]))
        duty = desk.get(reverse("cards:enterprise_duty", args=[enterprise.pk])).text
    shown = [
        (span.label, [(row["uses"], row["late"]) for row in rows], unused)
        for span, rows, unused in page.context["found"]
    ]
    # In July it was back three weeks late; what is out now is not late yet.
    assert shown == [("2026年第四季度", [(1, 0)], 1), ("2026年度", [(2, 1)], 1)]
    assert page.text.count("另有1张卡这一期没有领用过。") == 2
    assert "2027年1月1日起可以从登记簿生成登记表，2027年1月20日前报送" in page.text
    assert "2026年度登记表，2027年1月20日前报送" in duty
    assert not PeriodReport.objects.exists()
