"""Which keys the data needs, so that a start without one of them is refused."""

from django.db import models


class KeyInUse(models.Model):
    """A key that something was written with and that must be at hand. Never the key itself."""

    class Kind(models.TextChoices):
        FIELD = "field", "字段"
        FILE = "file", "文件"
        HASH = "hash", "散列"

    kind = models.CharField("用途", max_length=5, choices=Kind.choices)
    key_id = models.CharField("编号", max_length=64)
    # What only this key makes: another one under the same id is found out.
    proof = models.TextField("凭据")
    since = models.DateTimeField("启用时间", auto_now_add=True)

    class Meta:
        ordering = ["kind", "pk"]
        verbose_name = "在用的密钥"
        constraints = [models.UniqueConstraint(fields=["kind", "key_id"], name="key_in_use_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.key_id}"
