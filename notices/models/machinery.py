"""What keeps the periodic work going: who beats, and when it was last done."""

from django.db import models


class BeatLease(models.Model):
    """The one beat that may start work; another waits until this has expired."""

    name = models.CharField("名称", max_length=20, unique=True)
    holder = models.CharField("持有者", max_length=120)
    expires_at = models.DateTimeField("到期")
    renewed_at = models.DateTimeField("续期")

    class Meta:
        verbose_name = "定时进程租约"

    def __str__(self) -> str:
        return f"{self.name} {self.holder}"


class BeatRun(models.Model):
    """When a beat last started something that comes seldom."""

    name = models.CharField("任务", max_length=80, unique=True)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "定时任务的上次启动"

    def __str__(self) -> str:
        return self.name


class Heartbeat(models.Model):
    """When a worker last did what beat starts every minute: the whole way works."""

    name = models.CharField("名称", max_length=20, unique=True)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "心跳"

    def __str__(self) -> str:
        return self.name
