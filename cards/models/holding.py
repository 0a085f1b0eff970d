"""What goes with a card in use: the holder's own link, and what the radar said of its ends."""

from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cards.models.cards import Card
from materials.economies import NAMES

# Of what a card's ends are: the card itself, its passport, or an economy by its code.
CARD, PASSPORT = "card", "passport"
SUBJECTS: Final = {CARD: "卡", PASSPORT: "护照", **NAMES}


class HolderLinkQuerySet(models.QuerySet["HolderLink"]):
    def live(self) -> "HolderLinkQuerySet":
        """Not revoked, of a card that is not cancelled."""
        return self.filter(revoked_at__isnull=True).exclude(card__status=Card.Status.CANCELLED)


class HolderLink(models.Model):
    """An address that the holder opens without an account; its token is kept as a keyed hash.

    It works as long as the card, since it is about the card: a new one or a click ends it.
    """

    card = models.ForeignKey(Card, models.PROTECT, related_name="holder_links")
    token_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("创建时间", default=timezone.now)
    revoked_at = models.DateTimeField("作废时间", null=True, blank=True)

    objects = HolderLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "持卡人链接"
        constraints = [
            models.UniqueConstraint(
                fields=["card"],
                condition=Q(revoked_at__isnull=True),
                name="holder_link_one_a_card",
            )
        ]

    def __str__(self) -> str:
        return f"{self.card}的持卡人链接"


class RadarMark(models.Model):
    """What was said of one end of a card, or that somebody has dealt with it.

    It holds for this very day of the end: a corrected day begins anew.
    """

    class Kind(models.TextChoices):
        TOLD = "told", "已提醒"
        SETTLED = "settled", "已处理"

    card = models.ForeignKey(Card, models.CASCADE, related_name="radar_marks")
    subject = models.CharField("什么到期", max_length=8, choices=tuple(SUBJECTS.items()))
    ends_on = models.DateField("到期日")
    kind = models.CharField("内容", max_length=7, choices=Kind.choices)
    # How many months ahead it was said.
    months = models.PositiveSmallIntegerField("提前的月数", null=True, blank=True)
    marked_on = models.DateField("日期")
    reason = models.CharField("怎样处理的", max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # When the station's officers had it in their digest.
    officers_told_on = models.DateField("告知专员的日期", null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "到期提醒"
        constraints = [
            models.UniqueConstraint(
                fields=["card", "subject", "ends_on", "months"],
                condition=Q(kind="told"),
                name="radar_told_once",
            ),
            models.UniqueConstraint(
                fields=["card", "subject", "ends_on"],
                condition=Q(kind="settled"),
                name="radar_settled_once",
            ),
            models.CheckConstraint(
                name="radar_mark_is_whole",
                condition=Q(kind="told", months__isnull=False)
                | (Q(kind="settled") & ~Q(reason="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["card"],
                name="radar_for_officers",
                condition=Q(kind="told", officers_told_on__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.card} {self.get_subject_display()}{self.get_kind_display()}"
