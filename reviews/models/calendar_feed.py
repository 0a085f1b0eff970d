"""The private address under which a person's calendar program reads his deadlines."""

from django.conf import settings
from django.db import models


class CalendarToken(models.Model):
    """One a person. The address itself is shown once and kept nowhere; this is its keyed hash."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="用户"
    )
    token_hash = models.CharField("地址的散列", max_length=64, unique=True)
    created_at = models.DateTimeField("创建时间")

    class Meta:
        verbose_name = "日历订阅地址"

    def __str__(self) -> str:
        return f"{self.user}的日历订阅"
