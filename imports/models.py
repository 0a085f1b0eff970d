"""A batch of imported rows: what came, what it would do, what it did, and whether it was undone."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.fields import EncryptedJSONField, EncryptedListField
from imports.kinds import OTHER

# How long a worker may be silent before another takes the batch up.
LEASE: Final = timedelta(minutes=10)


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    def visible_to(self, user: User) -> "ImportBatchQuerySet":
        """The station's officers'; nobody else imports."""
        return self if user.is_officer else self.none()

    def waiting(self, now: datetime) -> "ImportBatchQuerySet":
        """With work to be done that nobody does just now."""
        free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
        return self.filter(free, state__in=WORKING)


class ImportBatch(models.Model):
    class State(models.TextChoices):
        MAPPING = "mapping", "待核对列名"
        CHECKING = "checking", "检查中"
        CHECKED = "checked", "已检查，待写入"
        WRITING = "writing", "写入中"
        WRITTEN = "written", "已写入"
        UNDOING = "undoing", "撤销中"
        UNDONE = "undone", "已撤销"
        DROPPED = "dropped", "已放弃"

    kind = models.CharField("内容", max_length=30)
    state = models.CharField("状态", max_length=10, choices=State.choices)
    file_name = models.CharField("文件名", max_length=200, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64)
    sheet = models.CharField("工作表", max_length=100, blank=True)
    # As they stand in the file; rows of titles above them come back with the problems.
    heads = models.JSONField("表头", default=list)
    head_line = models.PositiveIntegerField("表头所在行", default=1)
    head_hash = models.CharField(max_length=64)
    places = models.JSONField("各列的位置", default=dict)
    notes = models.JSONField("读取时的说明", default=list, blank=True)
    # What stopped it the last time, in words.
    trouble = models.CharField("没有办成的原因", max_length=500, blank=True)
    row_count = models.PositiveIntegerField("行数", default=0)
    new_count = models.PositiveIntegerField("新增", default=0)
    changed_count = models.PositiveIntegerField("更改", default=0)
    same_count = models.PositiveIntegerField("相同", default=0)
    error_count = models.PositiveIntegerField("有问题的行", default=0)
    asked_count = models.PositiveIntegerField("要您答复的行", default=0)
    kept_count = models.PositiveIntegerField("撤销时保留的行", default=0)
    # Of the step that is under way.
    done_count = models.PositiveIntegerField("已办", default=0)
    leased_until = models.DateTimeField("办理到", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="上传人"
    )
    created_at = models.DateTimeField("上传时间", default=timezone.now)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    written_at = models.DateTimeField("写入时间", null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "导入批次"
        constraints = [
            models.CheckConstraint(
                name="import_written_has_time",
                condition=~Q(state__in=["written", "undoing", "undone"])
                | Q(written_at__isnull=False),
            )
        ]
        indexes = [
            models.Index(fields=["kind", "-id"], name="import_of_kind"),
            models.Index(
                fields=["leased_until"],
                name="import_working",
                condition=Q(state__in=["checking", "writing", "undoing"]),
            ),
        ]

    def __str__(self) -> str:
        return f"第{self.pk}批导入"

    def get_absolute_url(self) -> str:
        return reverse("imports:batch", args=[self.pk])

    @property
    def is_working(self) -> bool:
        return self.state in WORKING

    @property
    def has_errors(self) -> bool:
        return self.error_count > 0

    @property
    def has_questions(self) -> bool:
        return self.asked_count > 0

    @property
    def would_write(self) -> int:
        return self.new_count + self.changed_count

    @property
    def who(self) -> str:
        return self.created_by.name if self.created_by else "命令行"

    @property
    def badge(self) -> str:
        return BADGES[ImportBatch.State(self.state)]


WORKING = (ImportBatch.State.CHECKING, ImportBatch.State.WRITING, ImportBatch.State.UNDOING)
BADGES = {
    ImportBatch.State.MAPPING: "act",
    ImportBatch.State.CHECKING: "wait",
    ImportBatch.State.CHECKED: "act",
    ImportBatch.State.WRITING: "wait",
    ImportBatch.State.WRITTEN: "done",
    ImportBatch.State.UNDOING: "wait",
    ImportBatch.State.UNDONE: "void",
    ImportBatch.State.DROPPED: "void",
}


class ImportRowQuerySet(models.QuerySet["ImportRow"]):
    def of_interest(self) -> "ImportRowQuerySet":
        """Rows with problems first, then changes, then what is new; in the file's order."""
        place = models.Case(
            *(models.When(outcome=outcome, then=place) for place, outcome in enumerate(INTEREST)),
            default=len(INTEREST),
        )
        return self.annotate(place=place).order_by("place", "line")


class ImportRow(models.Model):
    """One row of the file: as it came, what it makes of which object, and what that was before."""

    class Outcome(models.TextChoices):
        UNCHECKED = "unchecked", "未检查"
        NEW = "new", "新增"
        CHANGED = "changed", "更改"
        SAME = "same", "相同"
        ERROR = "error", "有问题"
        # It may be one that is there already, and only people can tell.
        ASKED = "asked", "要您答复"
        # Of an undone batch: changed by somebody since, so that it stays as it is.
        KEPT = "kept", "撤销时保留"

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField("行号")
    raw = EncryptedJSONField("原样", default=dict)
    outcome = models.CharField(
        "结果", max_length=10, choices=Outcome.choices, default=Outcome.UNCHECKED
    )
    # Of a row that is right: what people should know of it. They quote what stood in the cells.
    problems = EncryptedListField("问题", default=list, blank=True)
    # Each a key and a label.
    candidates = models.JSONField("可能是", default=list, blank=True)
    answer = models.CharField("答复", max_length=20, blank=True)
    # The primary key in the kind's own table.
    target = models.PositiveBigIntegerField("对象", null=True, blank=True)
    before = EncryptedJSONField("之前", default=dict, blank=True)
    after = EncryptedJSONField("之后", default=dict, blank=True)
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        ordering = ["line"]
        verbose_name = "导入的一行"
        constraints = [
            models.UniqueConstraint(fields=["batch", "line"], name="import_row_once"),
            models.CheckConstraint(
                name="import_changed_has_target",
                condition=~Q(outcome="changed") | Q(target__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["batch", "outcome", "line"], name="import_row_report")]

    def __str__(self) -> str:
        return f"{self.batch} 第{self.line}行"

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Answers to what is asked of this row; the likeliest candidate first."""
        same = [(key, f"同一家：{label}") for key, label in self.candidates]
        return [*same, (OTHER, "另一家")] if same else []

    @property
    def cells(self) -> list[Any]:
        kept: list[Any] = self.raw.get("cells", [])
        return kept


INTEREST = (
    ImportRow.Outcome.ERROR,
    ImportRow.Outcome.ASKED,
    ImportRow.Outcome.KEPT,
    ImportRow.Outcome.CHANGED,
    ImportRow.Outcome.NEW,
)


class ImportTitle(models.Model):
    """A row above the head, so that the file can be given back as it was."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="titles")
    line = models.PositiveIntegerField("行号")
    cells = EncryptedListField("内容", default=list)

    class Meta:
        ordering = ["line"]
        verbose_name = "表头以上的一行"

    def __str__(self) -> str:
        return f"{self.batch} 第{self.line}行"


class ImportMapping(models.Model):
    """Which column holds what, as somebody chose it for a head that the portal did not know."""

    kind = models.CharField("内容", max_length=30)
    head_hash = models.CharField(max_length=64)
    places = models.JSONField("各列的位置")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("时间", auto_now=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "记住的列名"
        constraints = [
            models.UniqueConstraint(fields=["kind", "head_hash"], name="import_mapping_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.head_hash[:8]}"
