"""The questions that people ask most, with their answers, and what stood there before."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User


class QuestionQuerySet(models.QuerySet["Question"]):
    def on_show(self) -> "QuestionQuerySet":
        return self.filter(is_shown=True)

    def unwritten(self) -> "QuestionQuerySet":
        """Asked of the desk and without an answer of the station yet."""
        return self.filter(answer="")

    def saying(self, words: list[str]) -> "QuestionQuerySet":
        """On show, with each of the words in question or answer."""
        found = self.on_show()
        for word in words:
            found = found.filter(Q(text__icontains=word) | Q(answer__icontains=word))
        return found

    def to_review(self, today: date) -> "QuestionQuerySet":
        """Whose answer was to be looked over by now, the longest overdue first."""
        return self.on_show().filter(review_by__lt=today).order_by("review_by", "pk")

    def visible_to(self, user: User) -> "QuestionQuerySet":
        """Officers and the station's head see all of them, also drafts; nobody else any."""
        return self if user.is_of_station else self.none()


class Question(models.Model):
    """One question with its answer in Markdown; `{code}` stands for a parameter's value."""

    position = models.PositiveSmallIntegerField("次序")
    text = models.CharField("问题", max_length=120)
    answer = models.TextField("回答", max_length=3000)
    source = models.CharField("来源", max_length=200)
    source_on = models.DateField("来源的日期", null=True, blank=True)
    is_confirmed = models.BooleanField("已向市政府外办确认", default=False)
    review_by = models.DateField("哪天前再核对")
    is_shown = models.BooleanField("公开显示", default=True)
    # Internal addresses in the answer that lead nowhere, as the last sweep found them.
    dead_links: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = "常见问题"

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("outreach:question_edit", args=[self.pk])


class QuestionVersion(models.Model):
    """What a question and its answer said from one save to the next; never changed."""

    question = models.ForeignKey(Question, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("版本")
    text = models.CharField("问题", max_length=120)
    answer = models.TextField("回答")
    source = models.CharField("来源", max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="修改人"
    )
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        verbose_name = "常见问题的旧版"
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="question_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.question}第{self.number}版"
