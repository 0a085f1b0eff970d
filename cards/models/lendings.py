"""The register of use: a card handed out and back, each confirmed by both sides."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from cards.models.cards import Card
from cards.models.rules import Keeper
from core.fields import EncryptedLineField, EncryptedNameField
from enterprises.models import Enterprise, of_visible
from materials.economies import NAMES


class RefusalReason(models.TextChoices):
    """Why a card was not handed out; kept with the refused attempt (CardEvent.reason_code)."""

    LENT = "lent", "卡已经领用，还没有归还"
    OVERLAPS = "overlaps", "和另一次领用的时间重叠"
    LOST = "lost", "卡已挂失"
    CANCELLING = "cancelling", "卡正在注销"
    CANCELLED = "cancelled", "卡已注销"
    OVER = "over", "卡已到期"
    ENDS_MEANWHILE = "ends_meanwhile", "卡在回国之前到期"
    NO_ECONOMY = "no_economy", "卡背没有这个经济体"
    ECONOMY_OVER = "economy_over", "这个经济体的有效期在回国之前结束"
    NOT_RETURNABLE = "not_returnable", "没有领用记录，不能登记归还"


# A card of which no return is asked for any more.
GONE = (Card.Status.LOST, Card.Status.CANCELLED)


class LendingQuerySet(models.QuerySet["Lending"]):
    def visible_to(self, user: User) -> "LendingQuerySet":
        return self.filter(of_visible(user))

    def out(self) -> "LendingQuerySet":
        """Not handed back yet, whoever has confirmed what."""
        return self.filter(back_at__isnull=True)

    def owed(self) -> "LendingQuerySet":
        """Out, and of a card that can still come back: neither lost nor cancelled."""
        return self.out().exclude(card__status__in=GONE)

    def overdue(self, day: date) -> "LendingQuerySet":
        """To be back before this day, and not back."""
        return self.owed().filter(return_by__lt=day)

    def with_card(self) -> "LendingQuerySet":
        return self.select_related("card", "enterprise", "keeper")


class Lending(models.Model):
    """One time that a card was handed out. Every step stands in the card's events as well."""

    class Way(models.TextChoices):
        """How the borrower confirmed, who mostly has no account."""

        PHONE = "phone", "在保管人的手机上当面确认"
        LINK = "link", "凭链接确认"

    card = models.ForeignKey(Card, models.PROTECT, related_name="lendings", verbose_name="卡")
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="lendings", verbose_name="企业"
    )
    keeper = models.ForeignKey(
        Keeper, models.PROTECT, related_name="lendings", verbose_name="经手的保管人"
    )
    borrower = EncryptedNameField("领用人", max_length=50)
    purpose = EncryptedLineField("出境事由", max_length=200)
    economies = models.JSONField("前往的经济体", default=list)
    trip_ends_on = models.DateField("预计回国日期")
    return_by = models.DateField("最晚归还日期")
    out_at = models.DateTimeField("领用时间")
    out_confirmed_at = models.DateTimeField("领用人确认收到", null=True, blank=True)
    out_way = models.CharField("怎样确认收到", max_length=5, choices=Way.choices, blank=True)
    back_at = models.DateTimeField("归还时间", null=True, blank=True)
    back_keeper = models.ForeignKey(
        Keeper,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="收回的保管人",
    )
    back_confirmed_at = models.DateTimeField("领用人确认归还", null=True, blank=True)
    back_way = models.CharField("怎样确认归还", max_length=5, choices=Way.choices, blank=True)
    back_note = EncryptedLineField("归还时的情况", max_length=200, blank=True)
    # The next day on which somebody is reminded that it is not back; none once it is.
    remind_on = models.DateField("下次提醒", null=True, blank=True, editable=False)
    station_told_on = models.DateField("告知服务站", null=True, blank=True, editable=False)
    # Of the form that entered it: a double click makes no second.
    nonce = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = LendingQuerySet.as_manager()

    class Meta:
        ordering = ["-out_at", "-id"]
        verbose_name = "领用"
        constraints = [
            models.UniqueConstraint(
                fields=["card"], condition=Q(back_at__isnull=True), name="lending_one_out_a_card"
            ),
            models.CheckConstraint(
                name="lending_back_after_out",
                condition=Q(back_at__isnull=True, back_keeper__isnull=True)
                | Q(back_at__gte=F("out_at"), back_keeper__isnull=False),
            ),
            models.CheckConstraint(
                name="lending_back_is_not_reminded",
                condition=Q(back_at__isnull=True) | Q(remind_on__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["enterprise", "-out_at"], name="lending_of_enterprise"),
            # Holds what is out and to be spoken of, and nothing that is back.
            models.Index(
                fields=["remind_on"],
                name="lending_reminders",
                condition=Q(remind_on__isnull=False),
            ),
            models.Index(
                fields=["return_by"], name="lending_out", condition=Q(back_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.borrower}领用商务旅行卡"

    def get_absolute_url(self) -> str:
        return reverse("cards:lending", args=[self.pk])

    @property
    def is_out(self) -> bool:
        return self.back_at is None

    @property
    def overdue_days(self) -> int:
        """Days past the last one on which it was to be back: until now, or until it was."""
        last = timezone.localdate(self.back_at) if self.back_at else timezone.localdate()
        return max(0, (last - self.return_by).days)

    @property
    def economy_names(self) -> str:
        return "、".join(NAMES[code] for code in self.economies if code in NAMES)

    @property
    def is_confirmed(self) -> bool:
        """The borrower has confirmed what happened last."""
        return bool(self.out_confirmed_at if self.is_out else self.back_confirmed_at)

    @property
    def state_words(self) -> str:
        if self.is_out:
            late = self.overdue_days
            return f"逾期{late}天未还" if late else "领用中"
        return "已归还" if self.back_confirmed_at else "已收回，等领用人确认"

    @property
    def badge(self) -> str:
        if self.is_out:
            return "late" if self.overdue_days else "wait"
        return "done" if self.back_confirmed_at else "act"


class ConfirmationLinkQuerySet(models.QuerySet["ConfirmationLink"]):
    def live(self) -> "ConfirmationLinkQuerySet":
        return self.filter(
            used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=timezone.now()
        )


class ConfirmationLink(models.Model):
    """An address by which a borrower confirms once. Its token is kept as a hash."""

    class What(models.TextChoices):
        OUT = "out", "收到卡"
        BACK = "back", "归还卡"

    lending = models.ForeignKey(Lending, models.PROTECT, related_name="links")
    what = models.CharField("确认什么", max_length=4, choices=What.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("创建时间", default=timezone.now)
    expires_at = models.DateTimeField("有效期至")
    used_at = models.DateTimeField("使用时间", null=True, blank=True)
    revoked_at = models.DateTimeField("作废时间", null=True, blank=True)

    objects = ConfirmationLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "领用确认链接"

    def __str__(self) -> str:
        return f"{self.lending} 确认{self.get_what_display()}的链接"
