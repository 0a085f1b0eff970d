"""What backups and drills came to: a row a run, for the page of health."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.dates import moment_label


class BackupRunQuerySet(models.QuerySet["BackupRun"]):
    def good(self) -> "BackupRunQuerySet":
        return self.filter(is_good=True)

    def under_way(self) -> "BackupRunQuerySet":
        """Begun and not ended: at work, or killed."""
        return self.filter(ended_at__isnull=True)


class BackupRun(models.Model):
    """A run counts as good only from the moment at which everything of it was read again.

    One that was killed never ends; the next of its kind says so of it.
    """

    class Kind(models.TextChoices):
        BACKUP = "backup", "备份"
        DRILL = "drill", "恢复演练"

    kind = models.CharField("种类", max_length=6, choices=Kind.choices)
    snapshot = models.CharField("备份编号", max_length=40, blank=True)
    started_at = models.DateTimeField("开始", default=timezone.now)
    ended_at = models.DateTimeField("结束", null=True, blank=True)
    is_good = models.BooleanField("成功", default=False)
    rows = models.PositiveBigIntegerField("行数", default=0)
    files = models.PositiveBigIntegerField("文件数", default=0)
    size = models.PositiveBigIntegerField("字节数", default=0)
    words = models.CharField("说明", max_length=300, blank=True)

    objects = BackupRunQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "备份与演练"
        constraints = [
            models.CheckConstraint(
                name="backup_run_good_has_ended",
                condition=Q(is_good=False) | Q(ended_at__isnull=False),
            )
        ]
        indexes = [models.Index(fields=["kind", "-ended_at"], name="backup_run_latest")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {moment_label(self.started_at)}"
