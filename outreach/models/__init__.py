"""The outreach room's tables."""

from outreach.models.articles import Article, ArticleReading, ArticleVersion
from outreach.models.desk import CallBack, Consultation
from outreach.models.flows import Flow, PreCheck
from outreach.models.questions import Question, QuestionVersion

__all__ = [
    "Article",
    "ArticleReading",
    "ArticleVersion",
    "CallBack",
    "Consultation",
    "Flow",
    "PreCheck",
    "Question",
    "QuestionVersion",
]
