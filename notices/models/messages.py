"""Messages to people: one Notice a message and a recipient, one Delivery a channel it takes."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import Role, User
from core.fields import EncryptedTextField, MailboxField
from notices.models.channels import WecomRobot


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User) -> "NoticeQuerySet":
        return self.filter(recipient=user)

    def of_the_station(self, user: User) -> "NoticeQuerySet":
        """Whether each message arrived: for those who run the station, of everybody."""
        if user.role in (Role.STATION_OFFICER, Role.SYSTEM_ADMIN):
            return self
        return self.none()

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at__isnull=True)

    def read(self) -> "NoticeQuerySet":
        return self.filter(read_at__isnull=False)

    def unread_first(self) -> tuple["NoticeQuerySet", "NoticeQuerySet"]:
        """Parts of a list: unread above read, the newest first within each."""
        return self.unread().order_by("-id"), self.read().order_by("-id")

    def to_forget(self, now: datetime) -> "NoticeQuerySet":
        """Digests whose time is over, but for those whose mail carried along what stays."""
        leads = Delivery.objects.filter(leader__notice=OuterRef("pk"))
        staying = leads.exclude(notice__forget_at__lte=now)
        return self.filter(forget_at__lte=now).exclude(Exists(staying)).order_by("forget_at")

    def with_delivery(self, **narrowed: object) -> "NoticeQuerySet":
        """Those of which some delivery fits."""
        return self.filter(Exists(Delivery.objects.filter(notice=OuterRef("pk"), **narrowed)))


class Notice(models.Model):
    """What is told to one person. The row itself is the in-portal message."""

    class Kind(models.TextChoices):
        DEADLINE = "deadline", "时限提醒"
        TASK = "task", "待办"
        INFO = "info", "告知"
        # Its link is a key: sent at once, to this person alone, and read by nobody else.
        ACCOUNT = "account", "账户"

    # The cause names what happened once, such as "reviews:opinion:12:last-day".
    cause = models.CharField("缘由", max_length=120)
    kind = models.CharField("类别", max_length=10, choices=Kind.choices, default=Kind.TASK)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices", verbose_name="收件人"
    )
    # Another mailbox than the recipient's own: one that was his until just now.
    address = MailboxField("发往的邮箱", blank=True)
    subject = models.CharField("标题", max_length=120)
    body = EncryptedTextField("内容")
    # What may leave the portal by text message or group chat: no applicant, no enterprise.
    short = models.CharField("短讯", max_length=60, blank=True)
    # What must still hold when it is sent (notices/conditions.py), and of which rows; empty: it is
    # sent whatever has happened since.
    condition = models.CharField("仍须成立的条件", max_length=40, blank=True)
    about = models.JSONField("所指", default=list, blank=True)
    # Drawn pictures that go with a mail: [{"file": "example-8-good.png", "caption": "…"}].
    pictures = models.JSONField("图片", default=list, blank=True)
    # A link that proves a mailbox carries it, and is as long as that is.
    path = EncryptedTextField("页面", blank=True)
    action_label = models.CharField("按钮文字", max_length=40, default="查看")
    created_at = models.DateTimeField("时间", auto_now_add=True)
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)
    # Of a digest, which says what is due today and nothing that is not on record elsewhere.
    forget_at = models.DateTimeField("到期删除", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "通知"
        constraints = [
            models.UniqueConstraint(fields=["cause", "recipient"], name="notice_once_per_cause")
        ]
        indexes = [
            # Of one person, as his inbox turns its pages; and the ledger, by recipient.
            models.Index(
                fields=["recipient", "id"], name="notice_unread", condition=Q(read_at__isnull=True)
            ),
            models.Index(fields=["recipient", "id"], name="notice_of_recipient"),
            models.Index(fields=["-created_at", "-id"], name="notice_of_days"),
            models.Index(
                fields=["forget_at"], name="notice_forgotten", condition=Q(forget_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def paragraphs(self) -> list[str]:
        return [part.strip() for part in self.body.split("\n\n") if part.strip()]

    @property
    def portal_path(self) -> str:
        """Where the portal itself leads. A link that proves whose mailbox it is stands in the mail
        alone: who only holds the session must not confirm a mailbox or set a password by it."""
        return "" if self.kind == self.Kind.ACCOUNT else self.path

    @property
    def link(self) -> str:
        """Full address of the page that the notice is about, or an empty text."""
        return f"{settings.SITE_URL}{self.path}" if self.path else ""

    @property
    def outward(self) -> str:
        """What a text message or a group chat says of it."""
        return self.short or f"您有一条新的{self.get_kind_display()}"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def queued(self) -> "DeliveryQuerySet":
        """Still to be sent by themselves; what goes along with another is not."""
        return self.filter(state=Delivery.State.QUEUED, leader__isnull=True)

    def held_back(self, now: datetime) -> "DeliveryQuerySet":
        """Never tried yet: they wait for the office to open, or for the morning's digest."""
        return self.queued().filter(attempts=0, next_attempt_at__gt=now).order_by("next_attempt_at")

    def queued_along(self) -> "DeliveryQuerySet":
        """To be sent with the one that leads."""
        return self.filter(state=Delivery.State.QUEUED, leader__isnull=False).order_by("pk")

    def due(self, now: datetime | None = None) -> "DeliveryQuerySet":
        """Queued, and at a time when an attempt may be made: nobody holds a lease on it."""
        return self.queued().filter(next_attempt_at__lte=now or timezone.now())

    def failed(self) -> "DeliveryQuerySet":
        return self.filter(state=Delivery.State.FAILED)


class Delivery(models.Model):
    """One notice over one channel, with its attempts.

    `next_attempt_at` is also the lease: who takes the row moves it ahead before sending,
    so a second worker leaves it alone, and a worker that dies gives it back in time.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", "电子邮件"
        DIGEST = "digest", "汇总邮件"
        WECOM = "wecom", "企业微信群"
        SMS = "sms", "短信"

    class State(models.TextChoices):
        QUEUED = "queued", "待发送"
        SENT = "sent", "已发送"
        FAILED = "failed", "发送失败"
        NOT_NEEDED = "not_needed", "已在门户阅读，不再发送"
        WITHDRAWN = "withdrawn", "已撤回，不再需要"

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries")
    channel = models.CharField("渠道", max_length=10, choices=Channel.choices)
    robot = models.ForeignKey(
        WecomRobot, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="群机器人"
    )
    # Robot and cause: of a message to several people a group hears once.
    once = models.CharField("群内一次", max_length=160, null=True, blank=True, unique=True)
    # The delivery that carries this one along, in one mail, text or post.
    leader = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followers"
    )
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    next_attempt_at = models.DateTimeField("下次尝试", default=timezone.now)
    # Set from before sending until its outcome is known: what a killed worker leaves behind.
    sending_since = models.DateTimeField("正在发送", null=True, blank=True)
    repeats = models.PositiveSmallIntegerField("结果不明后重发", default=0)
    sent_at = models.DateTimeField("发送时间", null=True, blank=True)
    last_error = models.CharField("最近的错误", max_length=300, blank=True)
    withdrawn_because = models.CharField("撤回的原因", max_length=120, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = "投递"
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once_per_channel"),
            models.CheckConstraint(
                name="delivery_sent_has_time",
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="delivery_withdrawn_says_why",
                condition=(Q(state="withdrawn") & ~Q(withdrawn_because=""))
                | (~Q(state="withdrawn") & Q(withdrawn_because="")),
            ),
            models.CheckConstraint(
                name="delivery_robot_fits_channel",
                condition=Q(channel="wecom", robot__isnull=False, once__isnull=False)
                | (~Q(channel="wecom") & Q(robot__isnull=True, once__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"], name="delivery_queued", condition=Q(state="queued")
            ),
            models.Index(fields=["id"], name="delivery_failed", condition=Q(state="failed")),
            # The station's ledger, by how messages stand and which way they went.
            models.Index(fields=["state", "notice"], name="delivery_by_state"),
            models.Index(fields=["channel", "notice"], name="delivery_by_channel"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} · {self.notice}"

    @property
    def message_id(self) -> str:
        """The same for every attempt, so that a mailbox can tell a repetition."""
        if self.channel == self.Channel.DIGEST:
            return f"<digest-{self.pk}@{settings.EMAIL_DOMAIN}>"
        return f"<notice-{self.notice_id}@{settings.EMAIL_DOMAIN}>"

    @property
    def is_held_back(self) -> bool:
        """Not tried yet, because the office is closed or the morning's digest takes it along."""
        return not self.attempts and self.next_attempt_at > timezone.now()

    @property
    def reference(self) -> str:
        """The same for every attempt, for a gateway that can tell a repetition."""
        return f"{settings.EMAIL_DOMAIN}-{self.pk}"
