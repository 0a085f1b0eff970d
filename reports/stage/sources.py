"""Rows that the report's figures count, and how each is shown in a list of cases."""

from typing import Final

from applications.models import Application, Correction, StatusChange
from cards.models import (
    Breach,
    Card,
    CardEvent,
    EconomyApproval,
    Feedback,
    Filing,
    FilingEvent,
    Measure,
    Visit,
    VisitFinding,
)
from core.text import brief
from enterprises.models import Demand, Enterprise
from outreach.models import (
    Article,
    ArticleReading,
    Attendance,
    Briefing,
    CallBack,
    CompanyVisit,
    CompanyVisitTask,
    Consultation,
    Symposium,
    SymposiumOpinion,
)
from reports.stage.counting import Case, CaseSource
from reviews.models import Opinion, ReviewTable


def _application(one: Application) -> Case:
    words = f"{one.enterprise}，{one.get_kind_display()}，{one.get_status_display()}"
    return Case(
        f"{one.reference} {one.applicant}", words, one.submitted_at or one.created_at,
        one.get_absolute_url(),
    )  # fmt: skip


def _change(one: StatusChange) -> Case:
    case = one.application
    words = f"{case.enterprise}，{one.get_action_display()}"
    return Case(f"{case.reference} {case.applicant}", words, one.at, case.get_absolute_url())


def _correction(one: Correction) -> Case:
    case = one.application
    words = f"{case.reference} {case.applicant}，{case.enterprise}"
    return Case(f"{one.item_name}：{one.words}", words, one.sent_at, case.get_absolute_url())


def _table(one: ReviewTable) -> Case:
    case = one.application
    words = f"{case.enterprise}，{case.applicant}，{one.get_status_display()}"
    return Case(str(one), words, one.concluded_at or one.circulated_at, one.get_absolute_url())


def _opinion(one: Opinion) -> Case:
    words = f"{one.table.application.enterprise}，{one.table.application.applicant}"
    when = one.signed_at or one.due_at
    return Case(f"{one.department} {one.table}", words, when, one.table.get_absolute_url())


def _filing_event(one: FilingEvent) -> Case:
    case = one.filing.application
    words = "，".join(filter(None, [str(case.enterprise), one.get_step_display(), one.words]))
    return Case(f"{case.reference} {case.applicant}", words, one.on, one.filing.get_absolute_url())


def _filing(one: Filing) -> Case:
    case = one.application
    words = f"{case.enterprise}，{one.get_stage_display()}"
    label = f"{case.reference} {case.applicant}"
    return Case(label, words, one.filed_on, one.get_absolute_url())


def _approval(one: EconomyApproval) -> Case:
    case = one.filing.application
    label = f"{one.get_economy_display()} {case.applicant}"
    return Case(label, str(case.enterprise), one.on, one.filing.get_absolute_url())


def _card(one: Card) -> Case:
    words = f"{one.enterprise}，{one.masked_number}，{one.status_words}"
    return Case(str(one), words, one.issued_on, one.get_absolute_url())


def _card_event(one: CardEvent) -> Case:
    words = "，".join(filter(None, [str(one.card.enterprise), one.get_kind_display(), one.detail]))
    return Case(str(one.card), words, one.effective_at, one.card.get_absolute_url())


def _enterprise(one: Enterprise) -> Case:
    words = f"{one.get_kind_display()}，{one.get_status_display()}"
    return Case(str(one), words, one.created_at, one.get_absolute_url())


def _visit(one: Visit) -> Case:
    words = f"{one.get_kind_display()}，{one.get_why_display()}，{one.state_words}"
    return Case(str(one.enterprise), words, one.day, one.get_absolute_url())


def _finding(one: VisitFinding) -> Case:
    return Case(
        one.words, f"{one.enterprise}，{one.state_words}", one.created_at, one.get_absolute_url()
    )


def _breach(one: Breach) -> Case:
    words = f"{one.get_kind_display()}，{'未办结' if one.is_open else '已办结'}"
    return Case(str(one.enterprise), words, one.happened_on, one.get_absolute_url())


def _measure(one: Measure) -> Case:
    words = f"{one.get_kind_display()}：{one.words}"
    return Case(str(one.breach.enterprise), words, one.decided_at, one.breach.get_absolute_url())


def _feedback(one: Feedback) -> Case:
    words = "，".join(filter(None, [one.get_gate_display(), one.trouble]))
    return Case(str(one.card), words, one.given_at, one.card.get_absolute_url())


def _demand(one: Demand) -> Case:
    words = "，".join(filter(None, [one.get_stage_display(), one.trade, one.town]))
    return Case(str(one), words, one.told_at or one.added_at, one.get_absolute_url())


def _article(one: Article) -> Case:
    words = f"{one.get_kind_display()}，{one.get_state_display()}"
    return Case(one.title, words, one.published_at, one.get_absolute_url())


def _reading(one: ArticleReading) -> Case:
    words = f"{one.article}，{'已读' if one.read_at else '未读'}"
    return Case(
        str(one.enterprise), words, one.read_at or one.told_at, one.article.get_absolute_url()
    )


def _consultation(one: Consultation) -> Case:
    topic = one.topic.name if one.topic else ""
    state = "待答复" if one.is_open else "已答复"
    words = "，".join(filter(None, [one.name, one.get_channel_display(), topic, state]))
    return Case(brief(one.text, 60), words, one.asked_at, one.get_absolute_url())


def _call_back(one: CallBack) -> Case:
    words = "待回电" if one.is_open else "已回电"
    return Case(str(one), words, one.created_at, one.get_absolute_url())


def _briefing(one: Briefing) -> Case:
    words = f"{one.place}，{one.state_words}"
    return Case(str(one), words, one.starts_at, one.get_absolute_url())


def _attendance(one: Attendance) -> Case:
    words = f"{one.briefing}，{one.heads}人"
    path = one.briefing.get_absolute_url()
    return Case(one.enterprise_name, words, one.briefing.starts_at, path)


def _company_visit(one: CompanyVisit) -> Case:
    words = "，".join(filter(None, [one.purpose, one.state_words]))
    return Case(str(one.demand), words, one.done_at or one.planned_on, one.get_absolute_url())


def _visit_task(one: CompanyVisitTask) -> Case:
    words = f"{one.visit.demand}，{one.outcome or '待办'}"
    return Case(one.words, words, one.due_on, one.visit.get_absolute_url())


def _symposium(one: Symposium) -> Case:
    words = f"{one.place}，{one.state_words}"
    return Case(str(one), words, one.starts_at, one.get_absolute_url())


def _opinion_of_enterprise(one: SymposiumOpinion) -> Case:
    words = f"{one.symposium}，{one.state_words}"
    return Case(brief(one.words, 60), words, one.symposium.starts_at, one.get_absolute_url())


PEOPLE: Final = ("application__enterprise", "application__applicant")
FILED: Final = ("filing__application__enterprise", "filing__application__applicant")

APPLICATIONS: Final = CaseSource(
    Application.objects.all,
    lambda user: Application.objects.visible_to(user).with_people(),
    _application,
)
CHANGES: Final = CaseSource(
    StatusChange.objects.all,
    lambda user: StatusChange.objects.visible_to(user).with_people(),
    _change,
    moment="at",
)
CORRECTIONS: Final = CaseSource(
    Correction.objects.told,
    lambda user: (
        Correction.objects.told()
        .filter(application__in=Application.objects.visible_to(user))
        .select_related(*PEOPLE)
    ),
    _correction,
)
TABLES: Final = CaseSource(
    ReviewTable.objects.all,
    lambda user: ReviewTable.objects.visible_to(user).with_people(),
    _table,
)
OPINIONS: Final = CaseSource(
    lambda: Opinion.objects.exclude(table__status=ReviewTable.Status.VOID),
    lambda user: (
        Opinion.objects.visible_to(user).exclude(table__status=ReviewTable.Status.VOID).with_case()
    ),
    _opinion,
    moment="signed_at",
)
FILING_EVENTS: Final = CaseSource(
    FilingEvent.objects.standing,
    lambda user: (
        FilingEvent.objects.standing()
        .filter(filing__in=Filing.objects.visible_to(user))
        .select_related(*FILED)
    ),
    _filing_event,
)
FILINGS: Final = CaseSource(
    Filing.objects.all,
    lambda user: Filing.objects.visible_to(user).select_related(*PEOPLE),
    _filing,
)
APPROVALS: Final = CaseSource(
    EconomyApproval.objects.current,
    lambda user: (
        EconomyApproval.objects.current()
        .filter(filing__in=Filing.objects.visible_to(user))
        .select_related(*FILED)
    ),
    _approval,
)
CARDS: Final = CaseSource(
    Card.objects.all,
    lambda user: Card.objects.visible_to(user).with_people(),
    _card,
    ("-issued_on", "-pk"),
)
CARD_EVENTS: Final = CaseSource(
    lambda: CardEvent.objects.filter(ok=True),
    lambda user: (
        CardEvent.objects.visible_to(user).filter(ok=True).select_related("card__enterprise")
    ),
    _card_event,
)
ENTERPRISES: Final = CaseSource(
    Enterprise.objects.in_use, Enterprise.objects.visible_to, _enterprise
)
VISITS: Final = CaseSource(
    Visit.objects.all, lambda user: Visit.objects.visible_to(user).with_people(), _visit
)
FINDINGS: Final = CaseSource(
    VisitFinding.objects.all,
    lambda user: VisitFinding.objects.visible_to(user).select_related("enterprise"),
    _finding,
)
BREACHES: Final = CaseSource(
    Breach.objects.all,
    lambda user: Breach.objects.visible_to(user).select_related("enterprise"),
    _breach,
)
MEASURES: Final = CaseSource(
    Measure.objects.all,
    lambda user: Measure.objects.visible_to(user).select_related("breach__enterprise"),
    _measure,
)
FEEDBACKS: Final = CaseSource(
    Feedback.objects.all,
    lambda user: Feedback.objects.visible_to(user).select_related("card"),
    _feedback,
)
DEMANDS: Final = CaseSource(
    Demand.objects.qualifying, lambda user: Demand.objects.visible_to(user).qualifying(), _demand
)
ARTICLES: Final = CaseSource(Article.objects.all, Article.objects.visible_to, _article)
READINGS: Final = CaseSource(
    ArticleReading.objects.all,
    lambda user: ArticleReading.objects.filter(
        article__in=Article.objects.visible_to(user)
    ).select_related("article", "enterprise"),
    _reading,
)
CONSULTATIONS: Final = CaseSource(
    Consultation.objects.all,
    lambda user: Consultation.objects.visible_to(user).select_related("topic"),
    _consultation,
    ("-asked_at", "-pk"),
)
CALL_BACKS: Final = CaseSource(CallBack.objects.all, CallBack.objects.visible_to, _call_back)
BRIEFINGS: Final = CaseSource(
    lambda: Briefing.objects.filter(cancelled_at__isnull=True),
    lambda user: Briefing.objects.visible_to(user).filter(cancelled_at__isnull=True),
    _briefing,
)
ATTENDANCES: Final = CaseSource(
    lambda: Attendance.objects.standing().filter(briefing__cancelled_at__isnull=True),
    lambda user: (
        Attendance.objects.visible_to(user)
        .filter(undone_at__isnull=True, briefing__cancelled_at__isnull=True)
        .select_related("briefing")
    ),
    _attendance,
)
COMPANY_VISITS: Final = CaseSource(
    CompanyVisit.objects.all,
    lambda user: CompanyVisit.objects.visible_to(user).select_related("demand"),
    _company_visit,
)
VISIT_TASKS: Final = CaseSource(
    CompanyVisitTask.objects.all,
    lambda user: CompanyVisitTask.objects.visible_to(user).select_related("visit__demand"),
    _visit_task,
)
SYMPOSIA: Final = CaseSource(
    lambda: Symposium.objects.filter(cancelled_at__isnull=True),
    lambda user: Symposium.objects.visible_to(user).filter(cancelled_at__isnull=True),
    _symposium,
)
ENTERPRISE_OPINIONS: Final = CaseSource(
    lambda: SymposiumOpinion.objects.filter(symposium__cancelled_at__isnull=True),
    lambda user: (
        SymposiumOpinion.objects.visible_to(user)
        .filter(symposium__cancelled_at__isnull=True)
        .select_related("symposium", "text")
    ),
    _opinion_of_enterprise,
)
