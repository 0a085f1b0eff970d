"""People, their roles and departments, and the audit trail."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import models
from django.db.models import Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Lower
from django.utils import timezone

from accounts import entry_models  # noqa: F401 - where Django looks for this room's tables
from core import text
from core.dates import moment_label
from core.fields import (
    EncryptedJSONField,
    EncryptedLineField,
    EncryptedTextField,
    LoginNameField,
    MailboxField,
    NameField,
    TrailJSONField,
)
from finding.models import Findable


class Role(models.TextChoices):
    ENTERPRISE_AGENT = "enterprise_agent", "企业经办人"
    STATION_OFFICER = "station_officer", "服务站专员"
    LIAISON = "liaison", "部门联络员"
    SUPERVISOR = "supervisor", "分管领导"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDITOR = "auditor", "审计管理员"


# The three that watch one another (三员): no person holds two of them.
OFFICES = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})


class Department(models.Model):
    """One of those that fill in the review table, in its order.

    `section` says which blanks of Annex 4 it fills in (`reviews.annex4`), and `materials` which it
    reads, where these are not the section's own (ADR 62).
    """

    code = models.CharField("代码", max_length=30, unique=True)
    name = models.CharField("名称", max_length=60)
    section = models.CharField("审核表栏目", max_length=30, default="opinion")
    materials = models.JSONField("核查的材料", default=list, blank=True)
    position = models.PositiveSmallIntegerField("次序", unique=True)
    # The others are asked at once; this one when they have signed, and its conclusion decides.
    signs_last = models.BooleanField("最后签署并决定", default=False)

    class Meta:
        ordering = ["position"]
        verbose_name = "部门"
        constraints = [
            models.UniqueConstraint(
                fields=["signs_last"],
                condition=Q(signs_last=True),
                name="department_one_signs_last",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def full_name(self) -> str:
        """With the district: 区税务局 is 万州区税务局, 县税务局 that of a county."""
        district = settings.DISTRICT_NAME
        return f"{district}{self.name.removeprefix(district[-1:])}"


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: "User") -> "UserQuerySet":
        """Everybody to those who look after accounts, to others themselves."""
        if user.role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN):
            return self.all()
        return self.filter(pk=user.pk)

    def with_second_factor(self) -> "UserQuerySet":
        return self.filter(Q(totpdevice__confirmed=True) | Q(passkeys__isnull=False)).distinct()

    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True)

    def officers(self) -> "UserQuerySet":
        return self.active().filter(Q(role=Role.STATION_OFFICER) | Q(is_also_officer=True))

    def security_administrators(self) -> "UserQuerySet":
        return self.active().filter(role=Role.SECURITY_ADMIN)

    def liaisons(self) -> "UserQuerySet":
        return self.active().filter(role=Role.LIAISON)

    def able_to_sign_in(self) -> "UserQuerySet":
        """Without those who were invited and have not set a password yet."""
        return self.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)

    def liaisons_of(self, department: Department) -> "UserQuerySet":
        return self.liaisons().filter(department=department)

    def in_order_of_duty(self) -> "UserQuerySet":
        """A department's first liaison (主联络员) before the others, these by their accounts."""
        return self.order_by("department__position", "-is_primary", "pk")

    def staff(self) -> "UserQuerySet":
        """Those who work on cases: the station, the liaisons and who supervises them."""
        return self.active().filter(role__in=[Role.STATION_OFFICER, Role.LIAISON, Role.SUPERVISOR])

    def supervisors_of(self, department: Department | None) -> "UserQuerySet":
        """Of a department, or with None the station's head."""
        return self.active().filter(role=Role.SUPERVISOR, department=department)


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, username: str | None) -> "User":
        user: User = self.get(username__iexact=text.compact(username or ""))
        return user

    def create_user(self, username: str, password: str, **fields: Any) -> "User":
        user: User = self.model(username=username, **fields)
        user.set_password(password)
        user.full_clean()
        user.save()
        return user


class User(Findable, AbstractBaseUser):
    """A named person; accounts are never shared. One role, and so at most one of the 三员."""

    finding_fields = frozenset({"name", "email", "phone"})

    username = LoginNameField(
        "登录名",
        max_length=150,
        unique=True,
        error_messages={"unique": "这个登录名已有人使用，请换一个。"},
    )
    name = NameField("姓名", max_length=50)
    email = MailboxField("电子邮箱")
    # Until it is confirmed, `email` goes on (accounts/mailboxes.py).
    wanted_email = MailboxField("待确认的新邮箱", blank=True, default="")
    phone = EncryptedTextField("联系电话", blank=True)
    role = models.CharField("角色", max_length=20, choices=Role.choices)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, verbose_name="部门"
    )
    # Of a liaison of the department at which the station is: 兼任服务站专员.
    is_also_officer = models.BooleanField("兼任服务站专员", default=False)
    duties = models.CharField("职责分工", max_length=200, blank=True)
    # New opinions go to him; a department without one has its oldest account do it.
    is_primary = models.BooleanField("主联络员", default=False)
    is_active = models.BooleanField("启用", default=True)
    email_confirmed_at = models.DateTimeField("邮箱确认时间", null=True, blank=True)
    # Each step ends the sessions that began before it.
    session_round = models.PositiveIntegerField("登录轮次", default=0)
    must_change_password = models.BooleanField("下次登录须改密码", default=False)
    password_set_at = models.DateTimeField("密码设置时间", null=True, blank=True)
    # Asked whether he still needs the account (accounts/idle_accounts.py).
    idle_asked_at = models.DateTimeField("久未登录询问时间", null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1)
    created_at = models.DateTimeField("创建时间", auto_now_add=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name", "email"]

    objects = UserManager()

    class Meta:
        ordering = ["username"]
        verbose_name = "用户"
        constraints = [
            models.CheckConstraint(
                name="user_department_fits_role",
                condition=Q(role=Role.LIAISON, department__isnull=False)
                | Q(role=Role.SUPERVISOR)
                | (~Q(role__in=[Role.LIAISON, Role.SUPERVISOR]) & Q(department__isnull=True)),
                violation_error_message="联络员必须属于一个部门；除分管领导外，其他角色不属于部门。",
            ),
            models.UniqueConstraint(Lower("username"), name="user_username_without_case"),
            models.CheckConstraint(
                name="user_primary_is_liaison",
                condition=Q(is_primary=False) | Q(role=Role.LIAISON),
                violation_error_message="只有部门联络员可以是主联络员。",
            ),
            models.CheckConstraint(
                name="user_also_officer_is_liaison",
                condition=Q(is_also_officer=False) | Q(role=Role.LIAISON),
                violation_error_message="只有部门联络员可以兼任服务站专员。",
            ),
            models.UniqueConstraint(
                fields=["department"],
                condition=Q(is_primary=True),
                name="user_one_primary_a_department",
            ),
        ]

    def finding_words(self) -> list[str]:
        return [self.name, self.email]

    def finding_names(self) -> list[str]:
        return [self.name]

    def finding_numbers(self) -> list[str]:
        return [self.phone]

    def __str__(self) -> str:
        return self.name

    def get_session_auth_hash(self) -> str:
        return self._in_round(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for former in super().get_session_auth_fallback_hash():
            yield self._in_round(former)

    def _in_round(self, session_hash: str) -> str:
        """As it is in the first round, so that sessions from before rounds were kept go on."""
        if not self.session_round:
            return session_hash
        return hashlib.sha256(f"{session_hash}:{self.session_round}".encode()).hexdigest()

    @property
    def title(self) -> str:
        """Name with department or role, as others see this person."""
        return f"{self.department or self.get_role_display()} {self.name}"

    def act_as_officer(self) -> None:
        """For one request, where he is officer as well; the stored account stays as it is."""
        if self.is_also_officer:
            self.role, self.department = Role.STATION_OFFICER, None

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Never whole while he acts in his other role: it would be stored as his own."""
        if self.is_also_officer and not self.is_liaison and not kwargs.get("update_fields"):
            raise TypeError("以另一身份办理时，不能保存整个账户。")
        super().save(*args, **kwargs)

    @property
    def other_role(self) -> Role | None:
        """The role in which he does not act now; None for who has one alone."""
        if not self.is_also_officer:
            return None
        return Role.STATION_OFFICER if self.is_liaison else Role.LIAISON

    @property
    def is_agent(self) -> bool:
        return self.role == Role.ENTERPRISE_AGENT

    @property
    def is_officer(self) -> bool:
        return self.role == Role.STATION_OFFICER

    @property
    def is_of_station(self) -> bool:
        """The station's own: an officer, or its head, who supervises no single department."""
        return self.is_officer or (self.is_supervisor and self.department_id is None)

    @property
    def is_liaison(self) -> bool:
        return self.role == Role.LIAISON

    @property
    def is_supervisor(self) -> bool:
        return self.role == Role.SUPERVISOR


class AccountRequestQuerySet(models.QuerySet["AccountRequest"]):
    def visible_to(self, user: User) -> "AccountRequestQuerySet":
        return self if user.role == Role.SECURITY_ADMIN else self.filter(asked_by=user)

    def waiting(self) -> "AccountRequestQuerySet":
        return self.filter(decided_at__isnull=True)

    def with_people(self) -> "AccountRequestQuerySet":
        return self.select_related("account__department", "asked_by__department", "decided_by")


class AccountRequest(models.Model):
    """What a system administrator wants of an account, until a second person has decided."""

    class Kind(models.TextChoices):
        CREATE = "create", "新建账户"
        CHANGE = "change", "修改账户"
        PASSWORD = "password", "重新设置密码"  # no password, the kind of a request

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="账户"
    )
    kind = models.CharField("事项", max_length=10, choices=Kind.choices)
    # The account's fields as they are to be, with the heir of its open work.
    wanted = EncryptedJSONField("修改为", default=dict)
    seen_version = models.PositiveIntegerField("提出时的版本")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提出人"
    )
    asked_at = models.DateTimeField("提出时间", default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="复核人"
    )
    decided_at = models.DateTimeField("复核时间", null=True, blank=True)
    is_agreed = models.BooleanField("同意", default=False)
    reason = EncryptedLineField("原因", max_length=200, blank=True)

    objects = AccountRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "账户复核"
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(decided_at__isnull=True),
                name="account_request_one_waits",
            ),
            models.CheckConstraint(
                name="account_request_decided_by_somebody",
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, is_agreed=False)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="account_request_agreed_by_another",
                condition=Q(is_agreed=False) | ~Q(decided_by=models.F("asked_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.account}"


class RateCount(models.Model):
    """How often one address did one thing within the span of time that began at `starts_at`.

    The address is kept as a keyed hash, and for an hour.
    """

    key = models.CharField("来源（散列）", max_length=64)
    starts_at = models.DateTimeField("起始", db_index=True)
    count = models.PositiveIntegerField("次数", default=0)

    class Meta:
        verbose_name = "访问次数"
        constraints = [
            models.UniqueConstraint(fields=["key", "starts_at"], name="rate_count_once_a_span")
        ]

    def __str__(self) -> str:
        return f"{self.count}次"


class ReauthenticationFailure(models.Model):
    """A wrong password or code of somebody signed in who was asked to prove who he is."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("时间", default=timezone.now)
    origin = models.CharField("来源地址", max_length=45, blank=True)
    # False once a success, or the lock that it led to, came after it.
    counts = models.BooleanField("计入连续失败", default=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "身份核验失败"
        indexes = [models.Index(fields=["user"], name="failure_counting", condition=Q(counts=True))]

    def __str__(self) -> str:
        return f"{self.user} {moment_label(self.at)}"


class SigningLockQuerySet(models.QuerySet["SigningLock"]):
    def visible_to(self, user: User) -> "SigningLockQuerySet":
        return self if user.role == Role.SECURITY_ADMIN else self.filter(user=user)

    def in_force(self, now: datetime | None = None) -> "SigningLockQuerySet":
        return self.filter(lifted_at__isnull=True, until__gt=now or timezone.now())


class SigningLock(models.Model):
    """After five failures in a row: this person proves nothing, and so signs nothing, `until`."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="signing_locks", verbose_name="用户"
    )
    locked_at = models.DateTimeField("锁定时间", default=timezone.now)
    until = models.DateTimeField("锁定到", db_index=True)
    lifted_at = models.DateTimeField("解除时间", null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="解除人"
    )

    objects = SigningLockQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "签署锁定"
        constraints = [
            models.CheckConstraint(
                name="signing_lock_lifted_by_somebody",
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}的签署锁定"


class OnlyGrows(models.QuerySet[Any]):
    """Rows are added and read. The database refuses the rest as well (see migrations)."""

    def visible_to(self, user: User) -> "OnlyGrows":
        return self if user.role == Role.AUDITOR else self.none()

    def update(self, **kwargs: Any) -> int:
        raise TypeError("审计记录只增不改。")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("审计记录只增不删。")


class AuditEventQuerySet(OnlyGrows):
    def about(self, obj: models.Model) -> "AuditEventQuerySet":
        """What was done on this object."""
        return self.about_any(type(obj), str(obj.pk))

    def about_any(self, model: type[models.Model], key: str | Combinable) -> "AuditEventQuerySet":
        """What was done on the object with this key, or with that of an outer query's row."""
        if isinstance(key, Combinable):
            key = Cast(key, models.CharField(max_length=40))
        return self.filter(object_type=model._meta.label_lower, object_id=key)


class AuditEvent(models.Model):
    """Who did what, on which object, when, from where, before and after."""

    # Its own index stays beside `audit_of_days`: to take one away, SQLite makes the table anew, and
    # the guard of the trail is gone.
    at = models.DateTimeField("时间", auto_now_add=True, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="操作人"
    )
    actor_label = models.CharField("操作人（当时）", max_length=120)
    action = models.CharField("动作", max_length=60, db_index=True)
    object_type = models.CharField("对象类型", max_length=60)
    object_id = models.CharField("对象编号", max_length=40)
    object_label = models.CharField("对象", max_length=200)
    origin = models.CharField("来源地址", max_length=45, blank=True)
    before = TrailJSONField("之前", default=dict)
    after = TrailJSONField("之后", default=dict)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "审计记录"
        indexes = [
            models.Index(fields=["object_type", "object_id"], name="audit_object"),
            # The newest of one person, also of one who has long gone.
            models.Index(fields=["actor", "-id"], name="audit_actor"),
            models.Index(fields=["-at", "-id"], name="audit_of_days"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_label} {self.action} {self.object_label}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("审计记录只增不改。")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("审计记录只增不删。")


class AuditSeal(models.Model):
    """A batch of audit rows under one digest, which also covers the digest before it."""

    first_event = models.ForeignKey(AuditEvent, models.PROTECT, related_name="+")
    last_event = models.OneToOneField(AuditEvent, models.PROTECT, related_name="+")
    count = models.PositiveIntegerField("行数")
    digest = models.CharField("SHA-256", max_length=64)
    sealed_at = models.DateTimeField("封存时间", auto_now_add=True)

    objects = OnlyGrows.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = "审计封存"

    def __str__(self) -> str:
        return f"第{self.pk}号封存"
