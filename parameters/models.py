"""A parameter and its values in time: what the station may change without a programmer."""

from datetime import date
from decimal import Decimal
from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from core.dates import day_words


class Unit(models.TextChoices):
    """What a value counts; `text` counts nothing and holds words."""

    YUAN = "yuan", "元"
    DAYS = "days", "天"
    WORKDAYS = "workdays", "个工作日"
    MONTHS = "months", "个月"
    YEARS = "years", "年"
    PIECES = "pieces", "个"
    TEXT = "text", "文字"


# A value in every other unit is whole.
FRACTIONAL: Final = frozenset({Unit.YUAN})


class ParameterQuerySet(models.QuerySet["Parameter"]):
    def with_values(self) -> "ParameterQuerySet":
        """Prefetches all values, the newest first."""
        return self.prefetch_related("values")


class Parameter(models.Model):
    """One thing that the station may set; `code` is how the portal asks for it."""

    code = models.CharField("代码", max_length=60, unique=True)
    group = models.CharField("归类", max_length=30)
    name = models.CharField("名称", max_length=60)
    unit = models.CharField("单位", max_length=10, choices=Unit.choices)
    help = models.CharField("用在哪里", max_length=200, blank=True)
    # Bounds of a sensible value, in its unit; a slip of the finger is refused.
    least = models.DecimalField("最小", max_digits=12, decimal_places=2, default=0)
    most = models.DecimalField("最大", max_digits=12, decimal_places=2, default=100_000)
    version = models.PositiveIntegerField(default=1)

    objects = ParameterQuerySet.as_manager()

    class Meta:
        ordering = ["group", "id"]
        verbose_name = "参数"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("parameters:change", args=[self.pk])

    @property
    def is_text(self) -> bool:
        return self.unit == Unit.TEXT


class ParameterValue(models.Model):
    """What holds from a day on, and whoever said so; the next value ends it."""

    parameter = models.ForeignKey(Parameter, models.PROTECT, related_name="values")
    value = models.DecimalField("数值", max_digits=12, decimal_places=2, null=True, blank=True)
    text = models.CharField("文字", max_length=300, blank=True)
    valid_from = models.DateField("从哪天起")
    valid_to = models.DateField("到哪天止", null=True, blank=True)
    source = models.CharField("来源", max_length=200)
    source_on = models.DateField("来源的日期", null=True, blank=True)
    # Not confirmed by the city office: general knowledge or another place's practice.
    is_confirmed = models.BooleanField("已向市政府外办确认", default=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="填写人"
    )
    entered_at = models.DateTimeField("填写时间", auto_now=True)

    class Meta:
        ordering = ["-valid_from", "-id"]
        verbose_name = "参数值"
        constraints = [
            models.UniqueConstraint(fields=["parameter", "valid_from"], name="one_value_a_day"),
            models.CheckConstraint(
                name="parameter_value_or_text",
                condition=Q(value__isnull=False) | ~Q(text=""),
            ),
            models.CheckConstraint(
                name="parameter_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.parameter} {self.words}"

    @property
    def number(self) -> Decimal:
        if self.value is None:
            raise TypeError(f"参数“{self.parameter.code}”是文字，不是数。")
        return self.value

    @property
    def words(self) -> str:
        """720元, 6个月; a text as it stands."""
        if self.value is None:
            return self.text
        shown = f"{Decimal(self.value).normalize():f}"
        return f"{shown}{Unit(self.parameter.unit).label}"

    @property
    def source_words(self) -> str:
        """Where it is from and of which day, with a word where nobody confirmed it."""
        day = f"，{day_words(self.source_on)}" if self.source_on else ""
        doubt = "" if self.is_confirmed else "，未经市政府外办确认"
        return f"{self.source}{day}{doubt}"

    def has_lapsed(self, today: date) -> bool:
        return self.valid_to is not None and self.valid_to < today
