"""What lets a person in beside his password: passkeys, what they are asked, recovery codes."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.fields import EncryptedTextField, NameField


class Passkey(models.Model):
    """A key in somebody's phone or computer (WebAuthn), which opens there by finger, face or PIN.

    `credential` is what the device gave when it was made: its number and its public key.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="passkeys", verbose_name="用户"
    )
    name = NameField("设备名称", max_length=40)
    credential = EncryptedTextField("凭据")
    credential_hash = models.CharField("凭据（散列）", max_length=64, unique=True)
    # How often the device says it has signed; one that never counts says 0 for ever.
    counter = models.PositiveBigIntegerField("签名计数", default=0)
    transports = models.JSONField("连接方式", default=list, blank=True)
    created_at = models.DateTimeField("添加时间", default=timezone.now)
    used_at = models.DateTimeField("最近使用", null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "通行密钥"

    def __str__(self) -> str:
        return self.name


class PasskeyChallenge(models.Model):
    """What a device is to sign: used up by the first answer, whatever becomes of it.

    `about` is the digest of what is thereby confirmed, `session` the keyed hash of the session in
    which it was asked.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    session = models.CharField("会话（散列）", max_length=64)
    about = models.CharField("确认的内容（散列）", max_length=64)
    challenge = models.CharField("质询", max_length=64, unique=True)
    expires_at = models.DateTimeField("失效时间", db_index=True)

    class Meta:
        verbose_name = "通行密钥质询"

    def __str__(self) -> str:
        return f"第{self.pk}号质询"


class RecoveryCode(models.Model):
    """A code on paper, for when the phone is not at hand; each serves once."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="recovery_codes", verbose_name="用户"
    )
    code_hash = models.CharField("恢复码（散列）", max_length=64)
    created_at = models.DateTimeField("生成时间", default=timezone.now)
    used_at = models.DateTimeField("使用时间", null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "备用恢复码"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "code_hash"], name="recovery_code_once_a_person"
            )
        ]

    def __str__(self) -> str:
        return f"第{self.pk}号恢复码"


class OwnSession(models.Model):
    """A sign-in that may still go on, as its owner sees it in his list.

    `key` finds the session, wherever sessions are kept; what it holds stands there alone.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="own_sessions", verbose_name="用户"
    )
    key = EncryptedTextField("会话")
    key_hash = models.CharField("会话（散列）", max_length=64, unique=True)
    device = models.CharField("设备", max_length=60)
    origin = models.CharField("来源地址", max_length=45, blank=True)
    began_at = models.DateTimeField("登录时间", default=timezone.now, db_index=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "登录"

    def __str__(self) -> str:
        return self.device


class FormerPassword(models.Model):
    """The hash of a password that was replaced, so that it does not come back too soon."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="用户"
    )
    password = EncryptedTextField("密码（散列）")
    replaced_at = models.DateTimeField("更换时间", default=timezone.now)

    class Meta:
        ordering = ["-id"]
        verbose_name = "用过的密码"

    def __str__(self) -> str:
        return f"第{self.pk}号用过的密码"


class OutsideIdentity(models.Model):
    """By which number a platform outside knows this person; bound by himself, once."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="outside_identity",
        verbose_name="用户",
    )
    issuer = models.CharField("平台", max_length=200)
    subject = EncryptedTextField("平台中的编号")
    subject_hash = models.CharField("平台和编号（散列）", max_length=64, unique=True)
    bound_at = models.DateTimeField("关联时间", default=timezone.now)

    class Meta:
        verbose_name = "统一身份认证"

    def __str__(self) -> str:
        return self.issuer
