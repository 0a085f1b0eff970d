"""What was asked before and at a briefing, with the answers, and what people said of it after."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.fields import EncryptedLineField, EncryptedNameField, EncryptedTextField
from outreach.models.attendance import Attendance, BriefingSignUp
from outreach.models.briefings import Briefing
from outreach.models.questions import Question
from outreach.models.station_rows import StationQuerySet


class BriefingQuestionQuerySet(StationQuerySet["BriefingQuestion"]):
    def open(self) -> "BriefingQuestionQuerySet":
        return self.filter(answered_at__isnull=True)

    def answered(self) -> "BriefingQuestionQuerySet":
        return self.filter(answered_at__isnull=False)


class BriefingQuestion(models.Model):
    """A question with its answer; the asker reads it on the page of his sign-up or attendance."""

    briefing = models.ForeignKey(Briefing, models.PROTECT, related_name="questions")
    sign_up = models.ForeignKey(
        BriefingSignUp, models.PROTECT, null=True, blank=True, related_name="questions"
    )
    attendance = models.ForeignKey(
        Attendance, models.PROTECT, null=True, blank=True, related_name="questions"
    )
    asked_by = EncryptedNameField("谁问的", max_length=120, blank=True)
    text = EncryptedTextField("问题", max_length=1000)
    asked_at = models.DateTimeField("提问时间", auto_now_add=True)
    answer = EncryptedTextField("答复", max_length=3000, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The common question that was made of it.
    question = models.OneToOneField(
        Question, models.PROTECT, null=True, blank=True, related_name="briefing_question"
    )
    nonce = models.CharField(max_length=36)
    version = models.PositiveIntegerField(default=1)

    objects = BriefingQuestionQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = "宣讲会提问"
        constraints = [
            models.CheckConstraint(
                name="briefing_question_answered_by_somebody",
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
            ),
            models.UniqueConstraint(fields=["briefing", "nonce"], name="briefing_question_once"),
        ]

    def __str__(self) -> str:
        return f"{self.briefing}的提问"


class BriefingFeedback(models.Model):
    """Three answers of somebody who was there; pages show them without his name."""

    class Clear(models.TextChoices):
        YES = "yes", "听明白了"
        PARTLY = "partly", "大致明白，还有疑问"
        NO = "no", "没有听明白"

    class Plan(models.TextChoices):
        SOON = "soon", "准备申办"
        LATER = "later", "以后再说"
        NOT = "not", "暂不需要"
        UNSURE = "unsure", "还不清楚能不能办"

    briefing = models.ForeignKey(Briefing, models.PROTECT, related_name="feedbacks")
    # Who came by the door's code answers once; whoever has the event's link, once a page.
    attendance = models.OneToOneField(
        Attendance, models.PROTECT, null=True, blank=True, related_name="feedback"
    )
    clear = models.CharField("听明白了吗", max_length=6, choices=Clear.choices)
    plan = models.CharField("单位接下来怎么打算", max_length=6, choices=Plan.choices)
    words = EncryptedLineField("意见和建议", max_length=500, blank=True)
    given_at = models.DateTimeField("反馈时间", auto_now_add=True)
    nonce = models.CharField(max_length=36)

    class Meta:
        ordering = ["-id"]
        verbose_name = "宣讲会反馈"
        constraints = [
            models.UniqueConstraint(fields=["briefing", "nonce"], name="briefing_feedback_once")
        ]

    def __str__(self) -> str:
        return f"{self.briefing}的反馈"
