"""A card, the economies on its back, its pictures, and every event of its life (ADR 0047)."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Least
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from applications.models import Applicant, Application
from core.fields import EncryptedLineField, EncryptedTextField, NameField
from core.masks import mask_card, mask_passport
from enterprises.models import Enterprise, of_visible
from files.models import Page
from finding.models import Findable
from materials.economies import NAMES

ECONOMY_CHOICES = tuple(NAMES.items())


class Custody(models.TextChoices):
    """Who keeps the card; cities differ, and the enterprise's own rules say which it is."""

    ENTERPRISE = "enterprise", "企业集中保管"
    HOLDER = "holder", "持卡人本人"
    STATION = "station", "服务站代存"
    HANDED_IN = "handed_in", "已交回"


class CardQuerySet(models.QuerySet["Card"]):
    def visible_to(self, user: User) -> "CardQuerySet":
        """An agent's own enterprise's; all for the station and its head; none for others."""
        if user.is_of_station:
            return self
        if user.is_agent:
            return self.filter(of_visible(user))
        return self.none()

    def live(self) -> "CardQuerySet":
        """Not cancelled: also those that are lost, or whose end has passed."""
        return self.exclude(status=Card.Status.CANCELLED)

    def ending_by(self, day: date) -> "CardQuerySet":
        """Live ones of which something ends by this day and is not dealt with, the next first."""
        return self.live().filter(first_end_on__lte=day).order_by("first_end_on", "id")

    def with_people(self) -> "CardQuerySet":
        return self.select_related("enterprise", "applicant")

    def with_economies(self) -> "CardQuerySet":
        return self.prefetch_related("economies")


class Card(Findable):
    """One plastic card. Its status is written by `cards.holding.services.mark` alone."""

    finding_fields = frozenset({"holder_name", "number", "passport_number"})

    class Status(models.TextChoices):
        IN_USE = "in_use", "在用"
        LOST = "lost", "已挂失"
        CANCELLING = "cancelling", "待注销"
        CANCELLED = "cancelled", "已注销"

    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="cards", verbose_name="企业"
    )
    applicant = models.ForeignKey(
        Applicant,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cards",
        verbose_name="申请人",
    )
    # The application it came from; none for a card from before the portal.
    application = models.OneToOneField(
        Application,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="card",
        verbose_name="申请",
    )
    holder_name = NameField("持卡人", max_length=50)
    # Of the identity number where it is known, else of the passport: one person, one live card.
    holder_hash = models.CharField(max_length=64, editable=False)
    number = EncryptedTextField("卡号")
    number_hash = models.CharField(max_length=64, editable=False, unique=True)
    passport_number = EncryptedTextField("绑定的护照号码")
    passport_hash = models.CharField(max_length=64, editable=False, db_index=True)
    issued_on = models.DateField("发卡日期")
    card_until = models.DateField("卡面有效期至")
    passport_until = models.DateField("护照有效期至", null=True, blank=True)
    # The earlier of the two above; kept, so that lists filter and sort by it.
    ends_on = models.DateField("实际有效期至", editable=False)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.IN_USE)
    custody = models.CharField(
        "保管", max_length=10, choices=Custody.choices, default=Custody.ENTERPRISE
    )
    custody_note = models.CharField("保管人和地点", max_length=100, blank=True)
    replaced_by = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaces",
        verbose_name="换发的新卡",
    )
    # What ends first of card, passport and economies, of what nobody has dealt with.
    first_end_on = models.DateField("最先到期", null=True, blank=True, editable=False)
    # The next day on which the radar has something to say of it; none when all is said.
    next_radar_on = models.DateField("下次提醒", null=True, blank=True, editable=False)
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = CardQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "商务旅行卡"
        constraints = [
            models.UniqueConstraint(
                fields=["holder_hash"],
                condition=~Q(status="cancelled"),
                name="card_one_live_a_person",
            ),
            models.UniqueConstraint(
                fields=["passport_hash"],
                condition=~Q(status="cancelled"),
                name="card_one_live_a_passport",
            ),
            models.CheckConstraint(
                name="card_ends_after_issue",
                condition=Q(card_until__gt=F("issued_on")) & Q(ends_on__gte=F("issued_on")),
            ),
            models.CheckConstraint(
                name="card_ends_with_the_earlier",
                condition=Q(
                    ends_on=Least("card_until", Coalesce(F("passport_until"), F("card_until")))
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "ends_on", "id"], name="card_status_by_end"),
            models.Index(fields=["enterprise", "ends_on", "id"], name="card_enterprise_by_end"),
            models.Index(fields=["-issued_on", "-id"], name="card_issued"),
            # The lists show live ones unless something else is asked for.
            models.Index(
                fields=["ends_on", "id"], name="card_live_by_end", condition=~Q(status="cancelled")
            ),
            models.Index(
                fields=["first_end_on", "id"],
                name="card_first_end",
                condition=~Q(status="cancelled"),
            ),
            # Holds what the radar will speak of, and nothing that is said or over.
            models.Index(
                fields=["next_radar_on"],
                name="card_radar",
                condition=Q(next_radar_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder_name}的商务旅行卡"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.reckon()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "ends_on"}
        super().save(*args, **kwargs)

    def finding_words(self) -> list[str]:
        return [self.holder_name]

    def finding_names(self) -> list[str]:
        return [self.holder_name]

    def finding_numbers(self) -> list[str]:
        return [self.number, self.passport_number]

    def get_absolute_url(self) -> str:
        return reverse("cards:card", args=[self.pk])

    def reckon(self) -> None:
        """Set the effective end; rows written in bulk ask for it themselves."""
        self.ends_on = min(self.card_until, self.passport_until or self.card_until)

    @property
    def masked_number(self) -> str:
        return mask_card(self.number)

    @property
    def masked_passport(self) -> str:
        return mask_passport(self.passport_number)

    @property
    def economy_codes(self) -> list[str]:
        """On its back, in the order of the list of economies; `with_economies` spares the query."""
        found = {one.economy for one in self.economies.all()}
        return [code for code in NAMES if code in found]

    @property
    def is_live(self) -> bool:
        return self.status in LIVE

    @property
    def is_over(self) -> bool:
        """Its end has passed; the last day itself still counts."""
        return self.ends_on < timezone.localdate()

    @property
    def is_lendable(self) -> bool:
        """In use and with the enterprise; whether it is lent out already, its register says."""
        return self.status == self.Status.IN_USE and self.custody != Custody.HANDED_IN

    @property
    def badge(self) -> str:
        if self.status == self.Status.IN_USE and self.is_over:
            return BADGE_OVER
        return BADGES[self.Status(self.status)]

    @property
    def status_words(self) -> str:
        """Its status, and 已到期 for one that is in use and over."""
        if self.status == self.Status.IN_USE and self.is_over:
            return "已到期"
        return str(self.get_status_display())


LIVE = (Card.Status.IN_USE, Card.Status.LOST, Card.Status.CANCELLING)
BADGES = {
    Card.Status.IN_USE: "done",
    Card.Status.LOST: "late",
    Card.Status.CANCELLING: "act",
    Card.Status.CANCELLED: "void",
}
BADGE_OVER = "late"


class CardEconomy(models.Model):
    """An economy on the card's back; without a day of its own it ends with the card."""

    card = models.ForeignKey(Card, models.CASCADE, related_name="economies")
    economy = models.CharField("经济体", max_length=3, choices=ECONOMY_CHOICES)
    valid_until = models.DateField("该经济体有效期至", null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "卡上的经济体"
        constraints = [
            models.UniqueConstraint(fields=["card", "economy"], name="card_economy_once")
        ]

    def __str__(self) -> str:
        return f"{self.card} {self.get_economy_display()}"

    @property
    def ends_on(self) -> date:
        """Its own day, and never after the card's end."""
        return min(self.valid_until or self.card.ends_on, self.card.ends_on)


class EventKind(models.TextChoices):
    """What can happen to a card; those that change its status are in `cards.holding.moves`."""

    ISSUED = "issued", "发卡登记"
    IMPORTED = "imported", "由表格导入"
    CORRECTED = "corrected", "更正信息"
    PICTURED = "pictured", "更换照片"
    MOVED = "moved", "变更保管"
    LINK_GIVEN = "link_given", "给持卡人链接"
    LINK_REVOKED = "link_revoked", "作废持卡人链接"
    RADAR_SETTLED = "radar_settled", "到期提醒已处理"
    LENT = "lent", "领用"
    BORROWED = "borrowed", "领用人确认收到"
    LENDING_REFUSED = "lending_refused", "不予领用"
    RETURNED = "returned", "归还"
    TAKEN_BACK = "taken_back", "保管人确认收回"
    LOST = "lost", "挂失"
    FOUND = "found", "找回"
    LEFT = "left", "持卡人离职或身份变化"
    CANCEL_ASKED = "cancel_asked", "申请注销"
    CANCEL_DROPPED = "cancel_dropped", "撤回注销"
    HANDED_IN = "handed_in", "交回卡片"
    CANCELLED = "cancelled", "注销"
    REPLACED = "replaced", "换发新卡"


class CardEventQuerySet(models.QuerySet["CardEvent"]):
    def visible_to(self, user: User) -> "CardEventQuerySet":
        return self.filter(card__in=Card.objects.visible_to(user))


class CardEvent(models.Model):
    """One thing that happened to a card, or was refused. Rows are added and never changed."""

    card = models.ForeignKey(Card, models.PROTECT, related_name="events")
    kind = models.CharField("事件", max_length=20, choices=EventKind.choices)
    effective_at = models.DateTimeField("发生时间")
    recorded_at = models.DateTimeField("登记时间", default=timezone.now)
    # Empty for what the portal did itself, and for whoever has no account (then `actor` says who).
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="登记人",
    )
    actor = EncryptedLineField("非账户人员", max_length=60, blank=True)
    detail = EncryptedLineField("说明", max_length=500, blank=True)
    # What makes it impossible to enter the same twice; none where that does not matter.
    nonce = models.CharField(max_length=64, null=True, blank=True, unique=True, editable=False)
    # A refused attempt is a row too, with a reason from a closed list.
    ok = models.BooleanField("办成", default=True)
    reason_code = models.CharField("未办成的原因", max_length=30, blank=True)

    objects = CardEventQuerySet.as_manager()

    class Meta:
        ordering = ["effective_at", "id"]
        verbose_name = "卡片记录"
        constraints = [
            models.CheckConstraint(
                name="card_event_refused_with_reason", condition=Q(ok=True) | ~Q(reason_code="")
            )
        ]
        indexes = [models.Index(fields=["card", "effective_at"], name="card_event_in_time")]

    def __str__(self) -> str:
        return f"{self.card} {self.get_kind_display()}"

    @property
    def who(self) -> str:
        return self.actor or (self.by.title if self.by else "系统")


class CardPage(Page):
    """A picture of one side of a card."""

    class Side(models.TextChoices):
        FRONT = "front", "正面"
        BACK = "back", "背面"

    card = models.ForeignKey(Card, models.PROTECT, related_name="pages")
    side = models.CharField("哪一面", max_length=5, choices=Side.choices)

    class Meta(Page.Meta):
        verbose_name = "卡片照片"
        constraints = [
            models.UniqueConstraint(
                fields=["card", "side"],
                condition=Q(superseded_at__isnull=True),
                name="card_page_one_a_side",
            )
        ]

    def __str__(self) -> str:
        return f"{self.card} {self.get_side_display()}"
