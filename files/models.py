"""A stored file: what it is never changes; replacing adds another."""

from typing import Any

from django.conf import settings
from django.db import models

from files.refusals import readable_size


class StoredFile(models.Model):
    """Bytes in private storage with what was found about them on arrival."""

    content = models.FileField("内容", upload_to="%Y/%m", max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    size = models.PositiveBigIntegerField("字节数")
    media_type = models.CharField("类型（按内容）", max_length=60)
    width = models.PositiveIntegerField("宽（像素）", null=True, blank=True)
    height = models.PositiveIntegerField("高（像素）", null=True, blank=True)
    original_name = models.CharField("原文件名", max_length=200)
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


class Page(models.Model):
    """A picture in its place within a material. Replacing one supersedes it and adds another."""

    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")
    position = models.PositiveSmallIntegerField("页序")
    warnings = models.JSONField("提示", default=list, blank=True)
    superseded_at = models.DateTimeField("被替换时间", null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["position", "id"]


EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}
