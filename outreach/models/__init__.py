"""The outreach room's tables."""

from outreach.models.articles import Article, ArticlePost, ArticleReading, ArticleVersion
from outreach.models.desk import CallBack, Consultation, ConsultationHanding, ConsultationTopic
from outreach.models.flows import Flow, PreCheck
from outreach.models.plan import PlanMeeting, PlanPhase, PlanTalk, PlanTask
from outreach.models.questions import Question, QuestionVersion

__all__ = [
    "Article",
    "ArticlePost",
    "ArticleReading",
    "ArticleVersion",
    "CallBack",
    "Consultation",
    "ConsultationHanding",
    "ConsultationTopic",
    "Flow",
    "PlanMeeting",
    "PlanPhase",
    "PlanTalk",
    "PlanTask",
    "PreCheck",
    "Question",
    "QuestionVersion",
]
