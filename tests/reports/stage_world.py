"""One small world of autumn 2026, whose figures of November and October are counted by hand."""

from datetime import date, datetime
from typing import Any

from accounts.models import User
from applications.kinds import Kind
from applications.models import Application, Correction, ReturnReason, StatusChange
from applications.workflow import Action, Status
from cards.models import (
    Breach,
    Card,
    CardEvent,
    EventKind,
    Filing,
    FilingEvent,
    Measure,
    Visit,
    VisitFinding,
)
from cards.workflow import Stage, StepCode
from enterprises.models import Demand, Enterprise
from outreach.models import (
    ArticleReading,
    Attendance,
    CompanyVisitTask,
    ConsultationTopic,
    SymposiumOpinion,
)
from reviews.models import Pause, ReviewTable
from tests.factories import (
    ApplicantFactory,
    ApplicationFactory,
    CardFactory,
    DemandFactory,
    EnterpriseFactory,
    ReviewTableFactory,
    agent_of,
)
from tests.outreach.factories import (
    ArticleFactory,
    BriefingFactory,
    CallBackFactory,
    CompanyVisitFactory,
    ConsultationFactory,
    SymposiumFactory,
)
from workdays.calendar import STATION_TIME

S, A = Status, Action


def at(month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=STATION_TIME)


def build_world(officer: User) -> None:
    """November is reported; October is the month before; something happens in December, too."""
    ledger()
    enterprise = enterprises()
    cases = applications(enterprise)
    tables(cases, officer)
    returns(cases, officer)
    cards(enterprise)
    desk(enterprise, officer)
    follow_up(enterprise, officer)
    events(officer)


def ledger() -> None:
    """Three may have cards at the end of both months; one does not, one came later."""
    DemandFactory.create(trade="柑橘", added_at=at(9, 1), told_at=at(10, 10), applied_at=at(11, 3))
    DemandFactory.create(trade="柑橘", added_at=at(9, 1), told_at=at(11, 5))
    DemandFactory.create(trade="机械", added_at=at(10, 20))
    DemandFactory.create(added_at=at(9, 1), told_at=at(9, 2), is_qualified=False)
    DemandFactory.create(added_at=at(12, 1), told_at=at(12, 1))


def enterprises() -> Enterprise:
    """One signed up in each month."""
    old, new = EnterpriseFactory.create(), EnterpriseFactory.create()
    for one, month in ((old, 10), (new, 11)):
        Enterprise.objects.filter(pk=one.pk).update(
            created_at=at(month, 5), decided_at=at(month, 6)
        )
    agent_of(old)
    # Signing up makes a row of the ledger; only those above are counted here.
    Demand.objects.exclude(enterprise=None).delete()
    return old


def applications(enterprise: Enterprise) -> dict[str, Application]:
    moves = {
        "october": ((10, 8), (10, 9), S.ENDORSED, [
            (A.SUBMIT, S.SUBMITTED, 10, 9), (A.CIRCULATE, S.IN_REVIEW, 10, 12),
            (A.CONCLUDE, S.ENDORSED, 10, 14),
        ]),
        "returned": ((10, 28), (11, 2), S.ENDORSED, [
            (A.SUBMIT, S.SUBMITTED, 11, 2), (A.RETURN, S.RETURNED, 11, 3),
            (A.RESUBMIT, S.SUBMITTED, 11, 4), (A.CIRCULATE, S.IN_REVIEW, 11, 5),
            (A.CONCLUDE, S.ENDORSED, 11, 10),
        ]),
        "declined": ((11, 6), (11, 9), S.DECLINED, [
            (A.SUBMIT, S.SUBMITTED, 11, 9), (A.CIRCULATE, S.IN_REVIEW, 11, 9),
            (A.CONCLUDE, S.DECLINED, 11, 16),
        ]),
        "withdrawn": ((11, 16), (11, 17), S.WITHDRAWN, [
            (A.SUBMIT, S.SUBMITTED, 11, 17), (A.WITHDRAW, S.WITHDRAWN, 11, 18),
        ]),
        "december": ((11, 20), (11, 23), S.ENDORSED, [
            (A.SUBMIT, S.SUBMITTED, 11, 23), (A.CIRCULATE, S.IN_REVIEW, 11, 24),
            (A.CONCLUDE, S.ENDORSED, 12, 3),
        ]),
        "draft": ((11, 25), None, S.DRAFT, []),
        "renewal": ((11, 10), (11, 12), S.SUBMITTED, [(A.SUBMIT, S.SUBMITTED, 11, 12)]),
    }  # fmt: skip
    found = {}
    for name, (created, submitted, status, changes) in moves.items():
        one = ApplicationFactory.create(
            applicant=ApplicantFactory.create(enterprise=enterprise),
            kind=Kind.RENEW if name == "renewal" else Kind.NEW,
            consented_processing_at=at(9, 1),
            consented_sharing_at=at(9, 1),
        )
        Application.objects.filter(pk=one.pk).update(
            created_at=at(*created), status=status, submitted_at=submitted and at(*submitted)
        )
        for action, to, month, day in changes:
            made = StatusChange.objects.create(
                application=one, action=action, from_status=S.DRAFT, to_status=to
            )
            StatusChange.objects.filter(pk=made.pk).update(at=at(month, day))
        one.refresh_from_db()
        found[name] = one
    return found


def tables(cases: dict[str, Application], officer: User) -> None:
    """In October two working days; in November three, and four with one paused: late."""
    october = table(cases["october"], officer, at(10, 12), at(10, 15, 18))
    sign(october, officer, others=at(10, 13), last=at(10, 14, 16))
    returned = table(cases["returned"], officer, at(11, 5), at(11, 10, 18))
    sign(returned, officer, others=at(11, 6), last=at(11, 10, 17))
    declined = table(cases["declined"], officer, at(11, 9), at(11, 13, 18))
    sign(declined, officer, others=at(11, 13, 15), last=at(11, 16, 17))
    Pause.objects.create(
        table=declined, reason="请补护照", by=officer,
        started_at=at(11, 10, 9), ended_at=at(11, 10, 12),
    )  # fmt: skip
    december = table(cases["december"], officer, at(11, 24), at(11, 27, 18))
    sign(december, officer, others=at(12, 2), last=at(12, 3, 9))
    december.opinions.filter(department__code="tax").update(signed_at=at(11, 25))


def table(case: Application, by: User, circulated: datetime, due: datetime) -> ReviewTable:
    made: ReviewTable = ReviewTableFactory.create(
        application=case, circulated_by=by, circulated_at=circulated, due_at=due
    )
    return made


def sign(made: ReviewTable, by: User, *, others: datetime, last: datetime) -> None:
    signed: dict[str, Any] = {"signed_by": by, "conclusion": "agree"}
    made.opinions.parallel().update(signed_at=others, **signed)
    made.opinions.filter(department__signs_last=True).update(signed_at=last, **signed)
    ReviewTable.objects.filter(pk=made.pk).update(status="concluded", concluded_at=last)


def returns(cases: dict[str, Application], officer: User) -> None:
    """Two problems told in November, and one return by the city."""
    reasons = {one.code: one for one in ReturnReason.objects.all()}
    for code in ("R01", "R05"):
        Correction.objects.create(
            application=cases["returned"], number=8, words="照片要换。", created_by=officer,
            reason=reasons[code], sent_at=at(11, 3),
        )  # fmt: skip
    filing = Filing.objects.create(
        application=cases["october"], stage=Stage.RETURNED, stage_on=date(2026, 11, 6)
    )
    for step, day in ((StepCode.FILED, 2), (StepCode.RETURNED, 6)):
        event = FilingEvent.objects.create(
            filing=filing, step=step, from_stage=Stage.TO_FILE, to_stage=Stage.FILED,
            on=date(2026, 11, day), source="system", by=officer,
        )  # fmt: skip
    event.reasons.add(reasons["R01"])


def cards(enterprise: Enterprise) -> None:
    """One issued in each month; one that ended, one cancelled and one lost in November."""

    def card(issued: date, until: date, **facts: Any) -> Card:
        made: Card = CardFactory.create(
            applicant__enterprise=enterprise, issued_on=issued, card_until=until, **facts
        )
        return made

    lost = card(date(2026, 10, 20), date(2031, 10, 19), economies=["JPN", "VNM"])
    card(date(2026, 11, 12), date(2031, 11, 11), economies=["JPN"])
    card(date(2021, 11, 16), date(2026, 11, 15))
    gone = card(date(2025, 1, 10), date(2030, 1, 9), status="cancelled")
    for what, kind, day in ((lost, EventKind.LOST, 22), (gone, EventKind.CANCELLED, 20)):
        CardEvent.objects.create(card=what, kind=kind, effective_at=at(11, day))


def desk(enterprise: Enterprise, officer: User) -> None:
    """A question of October, noted and answered in November; of November one answered in time, one
    late, one open.
    """
    who, papers = (ConsultationTopic.objects.get(name=name) for name in ("资格条件", "材料准备"))
    for asked, noted, due, closed, channel, topic in (
        (at(10, 30), at(11, 1), at(11, 3), at(11, 2), "web", papers),
        (at(11, 2), at(11, 2), at(11, 4), at(11, 3), "call", who),
        (at(11, 10), at(11, 10), at(11, 12), at(11, 20), "call", who),
        (at(11, 27), at(11, 27), at(12, 1), None, "counter", None),
    ):
        one = ConsultationFactory.create(
            asked_at=asked, due_at=due, closed_at=closed, closed_by=officer, channel=channel,
            topic=topic,
        )  # fmt: skip
        type(one).objects.filter(pk=one.pk).update(created_at=noted)
    call = CallBackFactory.create(due_at=at(11, 9))
    type(call).objects.filter(pk=call.pk).update(created_at=at(11, 5))
    article = ArticleFactory.create(published=True, published_at=at(11, 3))
    reading = ArticleReading.objects.create(
        article=article, enterprise=enterprise, read_at=at(11, 5), read_by=officer
    )
    ArticleReading.objects.filter(pk=reading.pk).update(told_at=at(11, 4))


def follow_up(enterprise: Enterprise, officer: User) -> None:
    """One visit done and one overdue; a finding, a breach and a measure."""
    done = Visit.objects.create(
        enterprise=enterprise, why="routine", due_on=date(2026, 11, 20),
        done_on=date(2026, 11, 13), done_by=officer,
    )  # fmt: skip
    late = Visit.objects.create(enterprise=enterprise, why="by_hand", due_on=date(2026, 11, 10))
    Visit.objects.filter(pk__in=[done.pk, late.pk]).update(created_at=at(10, 1))
    finding = VisitFinding.objects.create(
        visit=done, enterprise=enterprise, words="登记表缺页", due_on=date(2026, 11, 30)
    )
    VisitFinding.objects.filter(pk=finding.pk).update(created_at=at(11, 13))
    breach = Breach.objects.create(
        enterprise=enterprise, kind="not_returned", happened_on=date(2026, 11, 12),
        facts="卡逾期未交回。", statement_by=date(2026, 11, 20), created_by=officer,
    )  # fmt: skip
    Breach.objects.filter(pk=breach.pk).update(created_at=at(11, 14))
    measure = Measure.objects.create(
        breach=breach, kind="talk", starts_on=date(2026, 11, 15), words="约谈。", decided_by=officer
    )
    Measure.objects.filter(pk=measure.pk).update(decided_at=at(11, 15))


def events(officer: User) -> None:
    """A briefing to which one enterprise came with three; a visit a month; a symposium."""
    demand = Demand.objects.earliest("pk")
    briefing = BriefingFactory.create(starts_at=at(11, 17, 14))
    BriefingFactory.create(starts_at=at(11, 18), cancelled_at=at(11, 10), cancel_words="场地停电")
    coming = BriefingFactory.create(starts_at=at(12, 8))
    undone = {"undone_at": at(11, 17, 15), "undone_by": officer}
    for place, (one, heads, more) in enumerate(
        ((briefing, 3, {}), (briefing, 5, undone), (coming, 2, {}))
    ):
        Attendance.objects.create(
            briefing=one, enterprise_name="样例企业", heads=heads, way="officer",
            person_key=f"{place}", at=one.starts_at, nonce=f"attendance-{place:025d}", **more,
        )  # fmt: skip
    for day in (at(10, 15), at(11, 18)):
        visit = CompanyVisitFactory.create(demand=demand, done_at=day, done_by=officer)
    task = CompanyVisitTask.objects.create(
        visit=visit, words="送材料清单", owner=officer, due_on=date(2026, 11, 25), nonce="t" * 36
    )
    CompanyVisitTask.objects.filter(pk=task.pk).update(created_at=at(11, 18))
    symposium = SymposiumFactory.create(title="十一月座谈会", starts_at=at(11, 24))
    for words, answer in (("办得太慢", "已改为三天办结"), ("材料太多", "")):
        opinion = SymposiumOpinion.objects.create(
            symposium=symposium, words=words, owner=officer, due_on=date(2026, 12, 10),
            nonce=f"opinion-{words}", answer=answer, answered_at=at(11, 26) if answer else None,
            answered_by=officer if answer else None,
        )  # fmt: skip
        SymposiumOpinion.objects.filter(pk=opinion.pk).update(created_at=at(11, 24))
