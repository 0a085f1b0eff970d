"""A stored file: what it is never changes; replacing adds another."""

from datetime import datetime
from typing import Any, Self, TypeVar

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.fields import EncryptedJSONField, EncryptedLineField
from files.recognition import Reading
from files.recognition_packages import is_available
from files.refusals import readable_size


class StoredFile(models.Model):
    """Bytes in private storage with what was found about them on arrival."""

    content = models.FileField("内容", upload_to="%Y/%m", max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    size = models.PositiveBigIntegerField("字节数")
    media_type = models.CharField("类型（按内容）", max_length=100)
    width = models.PositiveIntegerField("宽（像素）", null=True, blank=True)
    height = models.PositiveIntegerField("高（像素）", null=True, blank=True)
    original_name = EncryptedLineField("原文件名", max_length=200)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="上传人"
    )
    created_at = models.DateTimeField("上传时间", auto_now_add=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "文件"

    def __str__(self) -> str:
        return self.original_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("文件入库后不可改动；请另存新文件。")
        super().save(*args, **kwargs)

    @property
    def extension(self) -> str:
        return EXTENSIONS[self.media_type]

    @property
    def facts(self) -> str:
        """What really arrived, in words: JPG，550×733像素，812 KB."""
        pixels = f"，{self.width}×{self.height}像素" if self.width else ""
        return f"{self.extension.upper()}{pixels}，{readable_size(self.size)}"

    @property
    def recognised(self) -> "Recognition | None":
        """What a machine read in it, or is to read; lists fetch it with `file__recognition`."""
        try:
            return self.recognition
        except Recognition.DoesNotExist:
            return None


class RecognitionQuerySet(models.QuerySet["Recognition"]):
    def due(self, now: datetime | None = None) -> "RecognitionQuerySet":
        """Queued, and at a time when an attempt may be made: nobody holds a lease on it."""
        queued = Recognition.State.QUEUED
        due = self.filter(state=queued, next_attempt_at__lte=now or timezone.now())
        return due.exclude(_removed())

    def in_turn(self) -> "RecognitionQuerySet":
        """Whoever had the last picture read longest ago comes first; of one, the oldest picture."""
        served = Recognition.objects.filter(turn=models.OuterRef("turn"), taken_at__isnull=False)
        last = models.Subquery(served.order_by("-taken_at").values("taken_at")[:1])
        order = models.F("last_served").asc(nulls_first=True)
        return self.annotate(last_served=last).order_by(order, "pk")


def _removed() -> Q:
    """Of a picture that was a page of something, and is one no more."""
    was, still = Q(), Q()
    for model in apps.get_models():
        if issubclass(model, Page):
            pages = model._default_manager.filter(file=models.OuterRef("file"))
            was |= Q(models.Exists(pages))
            still |= Q(models.Exists(pages.filter(superseded_at__isnull=True)))
    return was & ~still


class Recognition(models.Model):
    """What a machine read in one picture, or is to read. Only what it says is kept, encrypted.

    What follows from it is worked out where it is shown, since what was typed may be corrected
    later. As with a delivery, `next_attempt_at` is also the lease of the worker that took it.
    """

    class Kind(models.TextChoices):
        TEXT = "text", "文字"
        FACE = "face", "人脸"

    class State(models.TextChoices):
        QUEUED = "queued", "等待识别"
        DONE = "done", "已识别"
        FAILED = "failed", "没能识别"

    file = models.OneToOneField(
        StoredFile, models.PROTECT, related_name="recognition", verbose_name="文件"
    )
    kind = models.CharField("内容", max_length=4, choices=Kind.choices)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    next_attempt_at = models.DateTimeField("下次尝试", default=timezone.now)
    told_at = models.DateTimeField("交给任务队列", null=True, blank=True)
    taken_at = models.DateTimeField("最近一次开始识别", null=True, blank=True)
    # Whose picture it is: a number for each enterprise, so that they take turns.
    turn = models.PositiveBigIntegerField("轮流的一方", null=True, blank=True)
    data = EncryptedJSONField("读到的内容", default=dict, blank=True)
    done_at = models.DateTimeField("识别时间", null=True, blank=True)
    last_error = models.CharField("最近的错误", max_length=300, blank=True)
    # A person has compared the picture with what was typed, and what was typed stands.
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField("企业确认时间", null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    checked_at = models.DateTimeField("人工核对时间", null=True, blank=True)

    objects = RecognitionQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = "识别"
        constraints = [
            models.CheckConstraint(
                name="recognition_done_has_time",
                condition=Q(state="done", done_at__isnull=False)
                | (~Q(state="done") & Q(done_at__isnull=True)),
            )
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"], name="recognition_queued", condition=Q(state="queued")
            ),
            models.Index(fields=["turn", "-taken_at"], name="recognition_turns"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.file}"

    @property
    def reading(self) -> Reading | None:
        """None until it is done."""
        return Reading.from_json(self.data) if self.state == self.State.DONE else None

    @property
    def is_awaited(self) -> bool:
        """It will be read soon."""
        return self.state == self.State.QUEUED and is_available()


AnyPage = TypeVar("AnyPage", bound="Page")


class PageQuerySet(models.QuerySet[AnyPage]):
    def current(self) -> Self:
        """Without those that another has taken the place of."""
        return self.filter(superseded_at__isnull=True)


class Page(models.Model):
    """A picture in its place within a material. Replacing one supersedes it and adds another."""

    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")
    position = models.PositiveSmallIntegerField("页序")
    warnings = models.JSONField("提示", default=list, blank=True)
    superseded_at = models.DateTimeField("被替换时间", null=True, blank=True)

    objects = PageQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["position", "id"]


EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}
