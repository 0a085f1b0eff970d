"""Certificates of the station's own authority, of the station, and of the departments."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Department, Role, User
from files.models import StoredFile


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def visible_to(self, user: User) -> "CertificateQuerySet":
        """All for security administrators, none for anybody else."""
        return self.all() if user.role == Role.SECURITY_ADMIN else self.none()

    def valid(self, now: datetime | None = None) -> "CertificateQuerySet":
        """Certificates in their term, neither revoked nor replaced by a newer one."""
        now = now or timezone.now()
        return self.filter(
            not_before__lte=now,
            not_after__gt=now,
            revoked_at__isnull=True,
            superseded_at__isnull=True,
        )


class Certificate(models.Model):
    """A certificate; its private key lies in a PKCS#12 file or a token, outside the database."""

    class Kind(models.TextChoices):
        AUTHORITY = "ca", "签发机构"
        STATION = "station", "服务站"
        DEPARTMENT = "department", "部门"

    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="certificates"
    )
    common_name = models.CharField("名称", max_length=120)
    serial = models.CharField("序列号（十六进制）", max_length=40)
    not_before = models.DateTimeField("生效")
    not_after = models.DateTimeField("失效")
    certificate_pem = models.TextField("证书（PEM）")
    # Its issuers, the nearest first and the root last; empty for what the station issued itself.
    chain_pem = models.TextField("证书链（PEM）", blank=True)
    keystore = models.CharField("密钥文件", max_length=120, blank=True)
    seal_image = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField("吊销时间", null=True, blank=True)
    revoked_reason = models.CharField("吊销原因", max_length=200, blank=True)
    superseded_at = models.DateTimeField("被替换时间", null=True, blank=True)
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "证书"
        constraints = [
            models.CheckConstraint(
                name="certificate_department_fits_kind",
                condition=Q(kind="department", department__isnull=False)
                | (~Q(kind="department") & Q(department__isnull=True)),
            ),
            # Roots from outside number their own as they like.
            models.UniqueConstraint(
                fields=["serial"],
                condition=~Q(keystore=""),
                name="certificate_serial_once_where_it_signs",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.common_name}（{self.serial[-8:]}）"

    @property
    def is_from_outside(self) -> bool:
        """Whether an authority outside issued it, which alone can renew it."""
        return self.chain_pem != ""

    def is_valid_at(self, now: datetime) -> bool:
        """As the QuerySet's `valid` has it: in its term, neither revoked nor replaced."""
        is_current = self.revoked_at is None and self.superseded_at is None
        return is_current and self.not_before <= now < self.not_after

    @property
    def standing(self) -> str:
        if self.revoked_at:
            return "已吊销"
        if self.superseded_at:
            return "已被替换"
        return "已过期" if self.not_after <= timezone.now() else "有效"

    @property
    def badge(self) -> str:
        """Class of the status tag that shows `standing`."""
        return {"有效": "done", "已吊销": "late"}.get(self.standing, "void")
