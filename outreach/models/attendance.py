"""Who signed up for a briefing, who came, and whom the door's code did not let through."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.fields import EncryptedLineField, EncryptedNameField, EncryptedTextField, NameField
from core.masks import mask_phone
from enterprises.models import Demand
from outreach.models.briefings import Briefing
from outreach.models.station_rows import StationQuerySet
from outreach.models.texts import OutwardText


class Guest(models.Model):
    """Common to a sign-up and an attendance: of which enterprise, who, and how many."""

    demand = models.ForeignKey(
        Demand, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="台账"
    )
    enterprise_name = NameField("单位名称", max_length=120)
    name = EncryptedNameField("姓名", max_length=50, blank=True)
    phone = EncryptedTextField("手机号码", blank=True)
    phone_hash = models.CharField(max_length=64, blank=True)
    heads = models.PositiveSmallIntegerField("人数", default=1)

    class Meta:
        abstract = True

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone)


class SignUpQuerySet(StationQuerySet["BriefingSignUp"]):
    def standing(self) -> "SignUpQuerySet":
        return self.filter(cancelled_at__isnull=True)

    def with_place(self) -> "SignUpQuerySet":
        return self.standing().filter(state=BriefingSignUp.State.PLACE)

    def waiting(self) -> "SignUpQuerySet":
        """Who waits for a place, the longest first."""
        return self.standing().filter(state=BriefingSignUp.State.WAITING).order_by("pk")

    def to_be_told(self) -> "SignUpQuerySet":
        """Who has moved up from the waiting list, and whom no message has told."""
        unsent = Q(text__isnull=True) | Q(text__state=OutwardText.State.FAILED)
        moved = self.with_place().filter(moved_up_at__isnull=False, told_at__isnull=True)
        return moved.filter(unsent)


class BriefingSignUp(Guest):
    """An enterprise's wish to come, with a place or on the waiting list."""

    class State(models.TextChoices):
        PLACE = "place", "有名额"
        WAITING = "waiting", "候补"

    briefing = models.ForeignKey(Briefing, models.PROTECT, related_name="sign_ups")
    state = models.CharField("名额", max_length=7, choices=State.choices)
    moved_up_at = models.DateTimeField("候补转正", null=True, blank=True)
    told_at = models.DateTimeField("转正已告知", null=True, blank=True)
    # The message that says so, where one was sent.
    text = models.ForeignKey(
        OutwardText, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="短信"
    )
    cancelled_at = models.DateTimeField("取消报名", null=True, blank=True)
    created_at = models.DateTimeField("报名时间", auto_now_add=True)
    # A page that is sent twice is one row of its briefing.
    nonce = models.CharField(max_length=36)

    objects = SignUpQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = "宣讲会报名"
        constraints = [
            models.UniqueConstraint(
                fields=["briefing", "phone_hash"],
                condition=Q(cancelled_at__isnull=True) & ~Q(phone_hash=""),
                name="briefing_sign_up_once_a_phone",
            ),
            models.UniqueConstraint(fields=["briefing", "nonce"], name="briefing_sign_up_once"),
            models.CheckConstraint(name="briefing_sign_up_of_somebody", condition=Q(heads__gte=1)),
        ]
        indexes = [
            models.Index(
                fields=["briefing", "state"],
                name="briefing_sign_up_standing",
                condition=Q(cancelled_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_name}报名{self.briefing}"

    @property
    def is_to_be_told(self) -> bool:
        if self.moved_up_at is None or self.told_at or self.cancelled_at:
            return False
        return self.text is None or self.text.state == OutwardText.State.FAILED

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def state_words(self) -> str:
        if self.cancelled_at:
            return "已取消"
        if self.is_to_be_told:
            return "候补转正，请告知"
        return str(self.get_state_display())


class AttendanceQuerySet(StationQuerySet["Attendance"]):
    def standing(self) -> "AttendanceQuerySet":
        """Without those that were taken back."""
        return self.filter(undone_at__isnull=True)

    def between(self, first: date, last: date) -> "AttendanceQuerySet":
        """Of briefings on one of these days."""
        found = self.standing().within("briefing__starts_at", first, last)
        return found.filter(briefing__cancelled_at__isnull=True)


class Attendance(Guest):
    """Somebody who came. Taken back by a later word, never deleted."""

    class Way(models.TextChoices):
        DOOR = "door", "扫码签到"
        WALK_IN = "walk_in", "现场登记"
        OFFICER = "officer", "专员代签"
        LATE = "late", "事后补登"
        PAPER = "paper", "纸质名单"

    briefing = models.ForeignKey(Briefing, models.PROTECT, related_name="attendances")
    sign_up = models.ForeignKey(
        BriefingSignUp, models.PROTECT, null=True, blank=True, related_name="attendances"
    )
    way = models.CharField("怎样签到", max_length=7, choices=Way.choices)
    # The phone's hash, or that of enterprise and name: nobody is counted twice at one briefing.
    person_key = models.CharField(max_length=64)
    at = models.DateTimeField("到场时间")
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    undo_words = models.CharField("撤销的原因", max_length=200, blank=True)
    # A page that is sent twice is one row of its briefing.
    nonce = models.CharField(max_length=36)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = "到场"
        constraints = [
            models.UniqueConstraint(
                fields=["briefing", "person_key"],
                condition=Q(undone_at__isnull=True),
                name="attendance_once_a_person",
            ),
            models.UniqueConstraint(fields=["briefing", "nonce"], name="attendance_once"),
            models.CheckConstraint(
                name="attendance_undone_by_somebody",
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
            models.CheckConstraint(name="attendance_of_somebody", condition=Q(heads__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_name}到场{self.briefing}"


class DoorAttempt(models.Model):
    """A scan that did not count, and why; kept so that it can be answered a year later."""

    class Reason(models.TextChoices):
        CANCELLED = "cancelled", "宣讲会已取消"
        OTHER_DAY = "other_day", "不是宣讲会当天"
        TOO_EARLY = "too_early", "还没有开始签到"
        OVER = "over", "宣讲会已结束"
        TWICE = "twice", "已经签到过"
        UNKNOWN = "unknown", "名单里没有"
        SEVERAL = "several", "同一单位报名的不止一位"
        WAITING = "waiting", "还在候补"
        FULL = "full", "名额已满"
        UNREADABLE = "unreadable", "没有填清楚"

    briefing = models.ForeignKey(Briefing, models.PROTECT, related_name="door_attempts")
    reason = models.CharField("原因", max_length=10, choices=Reason.choices)
    # The enterprise's name as typed; of a phone only its mask.
    typed = EncryptedLineField("填的是", max_length=120, blank=True)
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        ordering = ["-id"]
        verbose_name = "没有签上的扫码"

    def __str__(self) -> str:
        return f"{self.briefing}：{self.get_reason_display()}"
