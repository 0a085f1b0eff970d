"""Texts that the station words itself: the template of rules, the letter, the check list."""

from django.conf import settings
from django.db import models

from accounts.models import User


class StationTextQuerySet(models.QuerySet["StationText"]):
    def visible_to(self, user: User) -> "StationTextQuerySet":
        """The station's own; what is made from them stands with whom it was made for."""
        return self if user.is_officer else self.none()

    def newest(self, code: str) -> "StationText":
        """What holds now; the first version of each came with the portal."""
        return self.filter(code=code).order_by("-version")[0]


class StationText(models.Model):
    """One version of a text. A change is another version, so that what was written keeps its."""

    class Code(models.TextChoices):
        RULES = "rules", "用卡管理办法（范本）"
        COMMITMENT = "commitment", "领卡承诺函"
        CHECKLIST = "checklist", "回访检查清单"

    code = models.CharField("文本", max_length=12, choices=Code.choices)
    version = models.PositiveSmallIntegerField("版本", default=1)
    text = models.TextField("内容")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("时间", auto_now_add=True)

    objects = StationTextQuerySet.as_manager()

    class Meta:
        ordering = ["code", "-version"]
        verbose_name = "服务站文本"
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="station_text_version")
        ]

    def __str__(self) -> str:
        return f"{self.get_code_display()} 第{self.version}版"
