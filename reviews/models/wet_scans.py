"""The wet-seal way: the table printed, stamped by hand, and scanned, beside the signed one."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from files.models import StoredFile
from reviews.models.review import ReviewTable

RESTORABLE = timedelta(hours=1)


class WetScanQuerySet(models.QuerySet["WetScan"]):
    def visible_to(self, user: User) -> "WetScanQuerySet":
        """To the station; to others who may see the table, once it is confirmed."""
        found = self.filter(table__in=ReviewTable.objects.visible_to(user))
        return found if user.is_officer else found.filter(confirmed_at__isnull=False)

    def current(self) -> "WetScanQuerySet":
        return self.filter(superseded_at__isnull=True)

    def restorable(self) -> "WetScanQuerySet":
        """Removed by hand, and not long ago."""
        return self.filter(removed_by__isnull=False, superseded_at__gt=timezone.now() - RESTORABLE)


class WetScan(models.Model):
    """One scan of a stamped table. A newer one supersedes it; once confirmed it stays on record."""

    table = models.ForeignKey(
        ReviewTable, models.PROTECT, related_name="scans", verbose_name="审核表"
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人"
    )
    uploaded_at = models.DateTimeField("上传时间", default=timezone.now)
    # An officer has compared number and round on the scan with those of the table.
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="确认人",
    )
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    # This round's QR code stands on it; otherwise number and round were compared by eye.
    is_code_read = models.BooleanField("已读出二维码", default=False)
    # Replaced by a newer one or, where somebody removed it, by none.
    superseded_at = models.DateTimeField("被替换时间", null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="删除人",
    )

    objects = WetScanQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "盖章扫描件"
        constraints = [
            models.UniqueConstraint(
                fields=["table"],
                condition=Q(superseded_at__isnull=True),
                name="wet_scan_one_current_per_table",
            ),
            models.CheckConstraint(
                name="wet_scan_confirmed_by_somebody",
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table} 盖章扫描件"


class WetScanPage(models.Model):
    """One picture of a scan, in its place."""

    scan = models.ForeignKey(
        WetScan, models.PROTECT, related_name="pages", verbose_name="盖章扫描件"
    )
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")
    position = models.PositiveSmallIntegerField("页序")

    class Meta:
        ordering = ["position"]
        verbose_name = "盖章扫描件的一页"
        constraints = [
            models.UniqueConstraint(fields=["scan", "position"], name="wet_scan_page_in_order")
        ]

    def __str__(self) -> str:
        return f"{self.scan} 第{self.position}页"
