"""Visits: planned by rules, arranged, checked off on a phone, with findings that are put right."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cards.duty.breaches import state_breach, take_measure
from cards.followup import visiting
from cards.followup.history import SHOWN, history_of
from cards.followup.planning import plan_by_hand, plan_visits
from cards.holding.services import mark
from cards.models import EventKind, Visit, VisitFinding
from notices.models import Notice
from tests.cards.duty_parts import (
    MONDAY,
    TODAY,
    card_of,
    day,
    keeper_of,
    later,
    lent,
    period,
    report_of,
    visit_to,
)
from tests.conftest import ClientOf
from tests.factories import picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


def planned() -> list[tuple[str, str, date]]:
    return list(Visit.objects.order_by("pk").values_list("why", "kind", "due_on"))


# Rules ------------------------------------------------------------------------------------------


def test_thirty_days_after_a_card_is_issued_somebody_calls(enterprise, agent) -> None:
    card_of(enterprise, issued_on=day(-10))
    assert plan_visits() == 1
    assert plan_visits() == 0
    assert planned() == [("issued", "call", day(20))]


def test_a_card_that_is_issued_long_ago_is_not_called_about(enterprise, agent) -> None:
    card_of(enterprise, issued_on=day(-100))
    plan_visits()
    assert [why for why, *_ in planned()] == []


def test_every_half_year_after_the_last_visit_there_is_another(enterprise, agent, officer) -> None:
    card_of(enterprise)
    visit_to(enterprise, done_on=date(2026, 6, 10), done_by=officer)
    plan_visits()
    assert planned()[1:] == [("routine", "visit", date(2026, 12, 10))]
    with time_machine.travel(later(3), tick=False):
        assert plan_visits() == 0


def test_who_was_never_visited_is_visited_within_the_month(enterprise, agent) -> None:
    card_of(enterprise)
    plan_visits()
    assert planned() == [("routine", "visit", TODAY + timedelta(days=30))]


def test_a_routine_visit_that_was_dropped_is_not_planned_again_at_once(
    enterprise, agent, officer
) -> None:
    card_of(enterprise)
    plan_visits()
    visiting.drop(Visit.objects.get(), words="刚开过座谈会", by=officer)
    assert plan_visits() == 0
    with time_machine.travel(later(1), tick=False):
        assert plan_visits() == 0


def test_without_a_live_card_there_is_nothing_to_visit(enterprise, agent) -> None:
    mark(card_of(enterprise), kind=EventKind.CANCELLED, by=agent)
    plan_visits()
    assert planned() == []


def test_an_unreturned_card_a_missing_report_and_a_breach_are_risks(
    enterprise, agent, officer
) -> None:
    card, keeper = card_of(enterprise), keeper_of(enterprise, agent)
    visit_to(enterprise, done_on=day(0), done_by=officer)
    with time_machine.travel(later(-40), tick=False):
        lent(card, keeper, agent)  # back by day -26
    report_of(enterprise, period=period(due_on=day(-15)))
    breach = state_breach(
        enterprise, kind="other", happened_on=day(-1), facts="事实", card=card, by=officer
    )
    take_measure(
        breach, kind="talk", starts_on=day(0), ends_on=None, review_on=None, words="谈", by=officer
    )
    plan_visits()
    assert planned()[1:] == [
        ("unreturned", "call", day(7)),
        ("no_report", "call", day(7)),
        ("breach", "visit", day(30)),
    ]
    assert plan_visits() == 0


def test_risks_that_are_fresh_wait(enterprise, agent, officer) -> None:
    card, keeper = card_of(enterprise), keeper_of(enterprise, agent)
    visit_to(enterprise, done_on=day(0), done_by=officer)
    with time_machine.travel(later(-20), tick=False):
        lent(card, keeper, agent)  # back by day -6
    report_of(enterprise, period=period(due_on=day(-5)))
    assert plan_visits() == 0


# A visit ----------------------------------------------------------------------------------------


def test_an_arranged_day_is_told_to_the_enterprise(
    enterprise, agent, officer, client_of: ClientOf
) -> None:
    visit = visit_to(enterprise)
    assert client_of(agent).get(visit.get_absolute_url()).status_code == 404
    url = reverse("cards:visit_arrange", args=[visit.pk])
    typed = {"kind": "visit", "planned_for": "2026-11-26", "assigned_to": officer.pk}
    for _ in range(2):
        client_of(officer).post(url, typed)
    assert "2026年11月26日走访" in Notice.objects.get(recipient=agent).subject
    page = client_of(agent).get(visit.get_absolute_url())
    assert "约定2026年11月26日" in page.content.decode()
    past = client_of(officer).post(url, typed | {"planned_for": "2026-11-20"})
    assert "已经过了" in past.content.decode()


def test_the_check_list_is_kept_as_it_is_filled_and_finishes_when_whole(
    enterprise, agent, officer, client_of
) -> None:
    visit, desk = visit_to(enterprise), client_of(officer)
    page = desk.get(visit.get_absolute_url()).content.decode()
    assert "指定了保管人" in page
    finish = reverse("cards:visit_finish", args=[visit.pk])
    early = desk.post(finish, {"done_on": "2026-11-23"})
    assert "检查清单还有9项没有选" in early.content.decode()
    answers = {f"answer{n}": "yes" for n in range(9)} | {"answer3": "no", "note3": "没有第二本"}
    typed = {"seen_version": "1", "summary": "一切正常", "person_met": "王保管"}
    assert desk.post(reverse("cards:visit_checks", args=[visit.pk]), answers | typed).status_code
    for _ in range(2):
        desk.post(finish, {"done_on": "2026-11-23"})
    visit.refresh_from_db()
    assert (visit.done_on, visit.done_by, visit.checklist[3]["answer"]) == (TODAY, officer, "no")
    assert "没有第二本" in desk.get(visit.get_absolute_url()).content.decode()
    with pytest.raises(visiting.VisitRefused, match="已由"):
        visiting.drop(visit, words="不用", by=officer)


def test_finishing_too_early_keeps_what_was_ticked(enterprise, officer, client_of) -> None:
    visit, desk = visit_to(enterprise), client_of(officer)
    desk.get(visit.get_absolute_url())
    typed = {"seen_version": "1", "summary": "看了一半", "person_met": "王保管", "answer0": "yes"}
    together = typed | {"finish": "1", "done_on": "2026-11-23"}

    answer = desk.post(reverse("cards:visit_checks", args=[visit.pk]), together)

    assert "检查清单还有8项没有选" in answer.content.decode()
    visit.refresh_from_db()
    assert (visit.done_on, visit.summary) == (None, "看了一半")
    assert visit.checklist[0]["answer"] == "yes"


def test_all_ticked_is_kept_and_finished_by_one_button(enterprise, officer, client_of) -> None:
    visit, desk = visit_to(enterprise), client_of(officer)
    answers = {f"answer{n}": "yes" for n in range(9)}
    typed = {"seen_version": "1", "summary": "", "person_met": ""}
    desk.post(
        reverse("cards:visit_checks", args=[visit.pk]),
        answers | typed | {"finish": "1", "done_on": "2026-11-23"},
    )
    visit.refresh_from_db()
    assert (visit.done_on, visit.done_by) == (TODAY, officer)


def test_of_two_officers_the_second_is_told_and_nothing_is_overwritten(
    enterprise, officer, other_officer, client_of
) -> None:
    visit = visit_to(enterprise)
    url = reverse("cards:visit_checks", args=[visit.pk])
    typed = {"seen_version": "1", "person_met": ""}
    client_of(officer).post(url, typed | {"summary": "甲的记录"})
    answer = client_of(other_officer).post(url, typed | {"summary": "乙的记录"})
    assert answer.status_code == 422
    assert "别人已经修改过" in answer.content.decode()
    visit.refresh_from_db()
    assert visit.summary == "甲的记录"


def test_who_was_told_may_save_over_what_he_has_now_seen(enterprise, officer, client_of) -> None:
    visit = visit_to(enterprise)
    url = reverse("cards:visit_arrange", args=[visit.pk])
    typed = {"kind": "call", "planned_for": "2026-11-25", "seen_version": "0"}
    told = client_of(officer).post(url, typed)
    assert told.context["arrange_form"]["seen_version"].value() == str(visit.version)
    seen = {**typed, "seen_version": str(visit.version)}
    assert client_of(officer).post(url, seen).status_code == 302


def test_a_visit_by_hand_with_its_day_is_told(enterprise, agent, officer) -> None:
    for _ in range(2):
        plan_by_hand(
            enterprise,
            kind="visit",
            due_on=day(9),
            planned_for=day(3),
            assigned_to=officer,
            by=officer,
        )
    notice = Notice.objects.get(recipient=agent)
    assert "2026年11月26日走访" in notice.subject


def test_overdue_visits_over_fifty_are_counted_out_and_stand_in_their_month(
    enterprise, officer, client_of
) -> None:
    for _ in range(52):
        visit_to(enterprise, due_on=day(-3))
    page = client_of(officer).get(reverse("cards:followup_month"))
    assert "只列出最早的50件" in page.content.decode()
    assert page.context["page"].total == 2


def test_what_was_entered_in_one_moment_is_lost_between_no_pages(enterprise, officer) -> None:
    visit = visit_to(enterprise)
    for number in range(SHOWN * 2 + 5):
        visit.findings.create(enterprise=enterprise, words=f"问题{number}", due_on=day(1))
    seen: list[str] = []
    until, shown = None, 0
    for _ in range(3):
        entries, older = history_of(enterprise, until=until, shown=shown)
        seen += [entry.words for entry in entries]
        until, shown = older or (None, 0)
    assert (len(seen), len(set(seen)), older) == (SHOWN * 2 + 5, SHOWN * 2 + 5, None)


def test_a_visit_is_not_made_in_the_future(enterprise, officer, client_of) -> None:
    visit = visit_to(enterprise, checklist=[{"words": "有登记", "answer": "yes", "note": ""}])
    url = reverse("cards:visit_finish", args=[visit.pk])
    for text, words in (("2026-11-24", "还没有到"), ("9999-12-31", "核对年份"), ("²", "日期")):
        answer = client_of(officer).post(url, {"done_on": text})
        assert words in answer.content.decode()
    visit.refresh_from_db()
    assert visit.done_on is None


def test_pictures_are_the_station_s(enterprise, agent, officer, client_of) -> None:
    visit = visit_to(enterprise, planned_for=day(1))
    file = SimpleUploadedFile("现场.jpg", picture(5), "image/jpeg")
    url = reverse("cards:visit_pictures", args=[visit.pk])
    assert client_of(officer).post(url, {"files": [file]}).status_code == 302
    page = reverse("cards:visit_page", args=[visit.pages.get().pk])
    assert client_of(officer).get(page).getvalue() == picture(5)
    assert client_of(agent).get(page).status_code == 403
    empty = client_of(officer).post(url, {})
    assert "还没有选择文件" in empty.content.decode()


def test_a_visit_that_is_not_needed_says_why(enterprise, officer, client_of) -> None:
    visit = visit_to(enterprise)
    url = reverse("cards:visit_drop", args=[visit.pk])
    assert "请填写" in client_of(officer).post(url, {"words": ""}).content.decode()
    client_of(officer).post(url, {"words": "卡已全部注销"})
    visit.refresh_from_db()
    assert visit.state_words == "已取消"


# Findings ---------------------------------------------------------------------------------------


def test_a_finding_is_told_answered_asked_again_and_closed(
    enterprise, agent, officer, client_of
) -> None:
    visit, desk, own = visit_to(enterprise), client_of(officer), client_of(agent)
    new = reverse("cards:finding_new", args=[visit.pk])
    for _ in range(2):
        desk.post(new, {"words": "领用没有登记", "due_on": "2026-12-01"})
    finding = VisitFinding.objects.get()
    assert "领用没有登记" in own.get(finding.get_absolute_url()).content.decode()
    file = SimpleUploadedFile("登记簿.jpg", picture(5), "image/jpeg")
    answer = reverse("cards:finding_answer", args=[finding.pk])
    own.post(answer, {"words": "已补登", "files": [file]})
    finding.refresh_from_db()
    assert (finding.state_words, finding.remind_on) == ("企业已答复，待服务站核对", None)
    again = reverse("cards:finding_again", args=[finding.pk])
    desk.post(again, {"words": "还缺八月的", "due_on": "2026-12-10"})
    finding.refresh_from_db()
    assert (finding.answered_at, finding.due_on) == (None, date(2026, 12, 10))
    own.post(answer, {"words": "八月的也补了"})
    close = reverse("cards:finding_close", args=[finding.pk])
    for _ in range(2):
        desk.post(close, {"words": "已看过"})
    kinds = [entry.kind for entry in finding.entries.all()]
    assert kinds == ["told", "answered", "asked_again", "answered", "closed"]
    assert Notice.objects.filter(recipient=agent).count() == 2
    picture_page = reverse("cards:finding_page", args=[finding.entries.all()[1].pages.get().pk])
    assert desk.get(picture_page).getvalue() == picture(5)
    late = own.post(answer, {"words": "又补"})
    assert "已经销号" in late.content.decode()


def test_a_finding_is_due_today_or_later(enterprise, officer, client_of) -> None:
    new = reverse("cards:finding_new", args=[visit_to(enterprise).pk])
    for text, words in (("2026-11-22", "已经过了"), ("2028-01-01", "一年以后"), ("", "请填写")):
        answer = client_of(officer).post(new, {"words": "问题", "due_on": text})
        assert words in answer.content.decode()
    assert not VisitFinding.objects.exists()


# The officer's month ----------------------------------------------------------------------------


def test_the_month_stands_day_by_day_with_what_is_overdue_on_top(
    enterprise, officer, station_head, client_of
) -> None:
    visit_to(enterprise, due_on=day(-3))
    visit_to(enterprise, due_on=day(2), assigned_to=officer)
    visit_to(enterprise, due_on=date(2026, 12, 9))
    url = reverse("cards:followup_month")
    page = client_of(officer).get(url).content.decode()
    assert page.index("逾期") < page.index("2026年11月20日") < page.index("2026年11月25日")
    assert "2026年12月9日" not in page
    following = client_of(station_head).get(url, {"month": "2026-12"}).content.decode()
    assert "2026年12月9日" in following


@pytest.mark.parametrize("text", ["²", "9999-12", "0001-01", "2026-13", "1\0", "9" * 5000])
def test_a_month_that_is_none_is_this_one(officer, client_of, text) -> None:
    page = client_of(officer).get(reverse("cards:followup_month"), {"month": text})
    assert "2026年11月回访" in page.content.decode()


def test_the_month_costs_the_same_for_fifty(
    enterprise, officer, client_of, django_assert_max_num_queries
) -> None:
    for number in range(50):
        visit = visit_to(enterprise, due_on=day(number % 7), card=None, assigned_to=officer)
        visit.findings.create(enterprise=enterprise, words="问题", due_on=day(-1))
    with django_assert_max_num_queries(12):
        page = client_of(officer).get(reverse("cards:followup_month"))
    assert len(page.content) < 60 * 1024


def test_an_agent_s_menu_opens_the_duty_itself_in_few_queries(
    enterprise, agent, client_of, django_assert_max_num_queries
) -> None:
    own = client_of(agent)
    own.get(reverse("cards:duty"))  # the first page of a session also writes it
    with django_assert_max_num_queries(12):
        page = own.get(reverse("cards:duty"))
    assert page.status_code == 200
    assert reverse("cards:rules_new", args=[enterprise.pk]) in page.text


def test_of_two_officers_who_close_the_second_is_told(
    enterprise, agent, officer, other_officer, client_of
) -> None:
    visit = visit_to(enterprise)
    finding = visiting.add_finding(visit, words="补登", due_on=day(5), by=officer)
    visiting.close_finding(finding, words="已看过", by=officer)
    answer = client_of(other_officer).post(
        reverse("cards:finding_close", args=[finding.pk]), {"words": "看过"}
    )
    assert "专员甲已经销号" in answer.content.decode()
