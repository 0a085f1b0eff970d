"""A department's stock of wordings for its opinion."""

from django.db import models

from accounts.models import Department, User
from reviews.annex4 import WORDS_LIMIT
from reviews.models.review import Opinion


class PhraseQuerySet(models.QuerySet["Phrase"]):
    def visible_to(self, user: User) -> "PhraseQuerySet":
        """Those of one's own department: only its liaisons change them."""
        return self.filter(department=user.department) if user.is_liaison else self.none()

    def active(self) -> "PhraseQuerySet":
        return self.filter(is_active=True)


class Phrase(models.Model):
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="phrases", verbose_name="部门"
    )
    text = models.CharField("用语", max_length=WORDS_LIMIT)
    conclusion = models.CharField(
        "带出的结论", max_length=10, choices=Opinion.Conclusion.choices, blank=True
    )
    position = models.PositiveSmallIntegerField("次序", default=1)
    is_active = models.BooleanField("启用", default=True)
    version = models.PositiveIntegerField(default=1)

    objects = PhraseQuerySet.as_manager()

    class Meta:
        ordering = ["department__position", "position", "pk"]
        verbose_name = "常用语"
        constraints = [
            models.UniqueConstraint(
                fields=["department", "text"],
                name="phrase_once_a_department",
                violation_error_message="本部门已有这条常用语。",
            )
        ]

    def __str__(self) -> str:
        return self.text
