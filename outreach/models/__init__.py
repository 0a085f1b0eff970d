"""The outreach room's tables."""

from outreach.models.articles import Article, ArticlePost, ArticleReading, ArticleVersion
from outreach.models.attendance import Attendance, BriefingSignUp, DoorAttempt
from outreach.models.briefing_words import BriefingFeedback, BriefingQuestion
from outreach.models.briefings import Briefing, BriefingMaterial, Invitation
from outreach.models.company_visits import CompanyVisit, CompanyVisitPage, CompanyVisitTask
from outreach.models.desk import CallBack, Consultation, ConsultationHanding, ConsultationTopic
from outreach.models.flows import Flow, PreCheck
from outreach.models.plan import PlanMeeting, PlanPhase, PlanTalk, PlanTask
from outreach.models.questions import Question, QuestionVersion
from outreach.models.symposia import Symposium, SymposiumOpinion, SymposiumParticipant
from outreach.models.texts import OutwardText

__all__ = [
    "Article",
    "ArticlePost",
    "ArticleReading",
    "ArticleVersion",
    "Attendance",
    "Briefing",
    "BriefingFeedback",
    "BriefingMaterial",
    "BriefingQuestion",
    "BriefingSignUp",
    "CallBack",
    "CompanyVisit",
    "CompanyVisitPage",
    "CompanyVisitTask",
    "Consultation",
    "ConsultationHanding",
    "ConsultationTopic",
    "DoorAttempt",
    "Flow",
    "Invitation",
    "OutwardText",
    "PlanMeeting",
    "PlanPhase",
    "PlanTalk",
    "PlanTask",
    "PreCheck",
    "Question",
    "QuestionVersion",
    "Symposium",
    "SymposiumOpinion",
    "SymposiumParticipant",
]
