"""The filing in the national system: how it stands, what was entered, the sixteen economies."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from applications.models import Application, ReturnReason
from applications.workflow import Turn
from cards.workflow import BADGES, BALL, FINAL, IN_HAND, PUBLIC_LABELS, TURN, Stage, StepCode
from core.fields import (
    EncryptedJSONField,
    EncryptedLineField,
    EncryptedNameField,
    EncryptedTextField,
)
from files.models import Page
from materials.economies import ECONOMIES, NAMES


class Source(models.TextChoices):
    """Where somebody saw what he enters."""

    SYSTEM = "system", "国家系统（消息中心）"
    MAIL = "mail", "邮件或短信"
    PHONE = "phone", "电话告知"
    PAPER = "paper", "书面或当面告知"


class FilingQuerySet(models.QuerySet["Filing"]):
    def visible_to(self, user: User) -> "FilingQuerySet":
        """The agent's own enterprise's; all for the station and its head.

        Only endorsed applications have one, and these the station sees without exception.
        """
        if user.is_of_station:
            return self.all()
        return self.filter(application__in=Application.objects.visible_to(user))

    def open(self) -> "FilingQuerySet":
        return self.exclude(stage__in=FINAL)

    def stale(self, days: int) -> "FilingQuerySet":
        """Open, and nobody entered anything for so many days; the longest on top."""
        before = timezone.now() - timedelta(days=days)
        return self.open().filter(last_entry_at__lt=before).order_by("last_entry_at", "pk")

    def due(self, today: date) -> "FilingQuerySet":
        """Whose enterprise is to be reminded of something today."""
        return self.filter(next_nudge_on__lte=today).order_by("next_nudge_on", "pk")

    def with_people(self) -> "FilingQuerySet":
        return self.select_related("application__enterprise", "application__applicant")


class Filing(models.Model):
    """What is read from its events; `cards.filing.services` is the only writer.

    Days are those that people saw in the national system, moments those of their entries.
    """

    application = models.OneToOneField(
        Application, models.PROTECT, related_name="filing", verbose_name="申请"
    )
    stage = models.CharField(
        "进度", max_length=12, choices=Stage.choices, default=Stage.TO_REGISTER
    )
    # The day from which the stage holds; nothing later can have happened before it.
    stage_on = models.DateField("这一步起于")
    national_number = models.CharField("国家系统申请编号", max_length=40, blank=True, db_index=True)
    registered_on = models.DateField("账户可用", null=True, blank=True)
    filed_on = models.DateField("在国家系统提交", null=True, blank=True)
    returned_on = models.DateField("市外办退回", null=True, blank=True)
    accepted_on = models.DateField("市外办审核通过", null=True, blank=True)
    paid_on = models.DateField("缴费", null=True, blank=True)
    invoiced_on = models.DateField("收到发票", null=True, blank=True)
    passed_on = models.DateField("外交部审核通过", null=True, blank=True)
    printed_on = models.DateField("制卡", null=True, blank=True)
    ready_on = models.DateField("可以领卡", null=True, blank=True)
    ready_place = models.CharField("领卡地点", max_length=120, blank=True)
    collected_on = models.DateField("领卡", null=True, blank=True)
    collected_by = EncryptedNameField("领卡人", max_length=50, blank=True)
    issued_on = models.DateField("交付持卡人", null=True, blank=True)
    stopped_on = models.DateField("办理终止", null=True, blank=True)
    granted_count = models.PositiveSmallIntegerField("已批准的经济体", default=0)
    # Until then the invoice should be there; empty before payment and once it came.
    invoice_due_on = models.DateField("发票应到", null=True, blank=True)
    last_entry_at = models.DateTimeField("最近一次登记", default=timezone.now)
    # The card that it led to is entered. Kept here, so that those whose card is not are found
    # without reading all that are over (ADR 63).
    has_card = models.BooleanField("已登记旅行卡", default=False, editable=False)
    # The day of the next reminder; empty where there is nothing to remind of.
    next_nudge_on = models.DateField("下次提醒", null=True, blank=True)

    objects = FilingQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "国家系统填报"
        constraints = [
            models.CheckConstraint(
                name="filing_counts_economies",
                condition=Q(granted_count__gte=0, granted_count__lte=len(ECONOMIES)),
            ),
            models.UniqueConstraint(
                Upper("national_number"),
                condition=~Q(national_number=""),
                name="filing_national_number_once",
            ),
        ]
        indexes = [
            models.Index(fields=["stage", "last_entry_at"], name="filing_by_stage"),
            # As the station's list turns its pages: what is open, and what is over.
            models.Index(
                fields=["last_entry_at", "id"],
                name="filing_stale",
                condition=~Q(stage__in=["issued", "stopped"]),
            ),
            # Holds those whose card is to be entered, and nothing that is over.
            models.Index(
                fields=["application"],
                name="filing_without_card",
                condition=Q(has_card=False, stage__in=[str(stage) for stage in IN_HAND]),
            ),
            models.Index(
                fields=["-last_entry_at", "-id"],
                name="filing_over",
                condition=Q(stage__in=["issued", "stopped"]),
            ),
            models.Index(
                fields=["next_nudge_on"],
                name="filing_nudge",
                condition=Q(next_nudge_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} 国家系统填报"

    def get_absolute_url(self) -> str:
        return reverse("cards:filing", args=[self.application_id])

    @property
    def at(self) -> Stage:
        return Stage(self.stage)

    @property
    def turn(self) -> Turn:
        return TURN[self.at]

    @property
    def ball(self) -> str:
        return BALL[self.at]

    @property
    def badge(self) -> str:
        return "void" if self.at == Stage.STOPPED else BADGES[self.turn]

    @property
    def public_label(self) -> str:
        return PUBLIC_LABELS[self.at]

    @property
    def is_open(self) -> bool:
        return self.at not in FINAL

    @property
    def awaits_invoice(self) -> bool:
        return self.invoice_due_on is not None and self.invoiced_on is None

    @classmethod
    def of(cls, application: Application) -> "Filing":
        """The filing of an endorsed application, or what it is before anybody entered anything."""
        try:
            return application.filing
        except cls.DoesNotExist:
            endorsed_at = application.status_since
            return cls(
                application=application,
                stage_on=timezone.localtime(endorsed_at).date(),
                last_entry_at=endorsed_at,
            )


FACTS = {"number": "申请编号", "place": "领卡地点", "person": "领卡人"}


class FilingEventQuerySet(models.QuerySet["FilingEvent"]):
    def standing(self) -> "FilingEventQuerySet":
        """Without those that were taken back, and without the taking back."""
        return self.filter(takes_back__isnull=True, taken_back_by__isnull=True)


class FilingEvent(models.Model):
    """One entry: what happened, on which day, who saw it where. Nothing in it changes."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="events")
    step = models.CharField("登记的事项", max_length=12, choices=StepCode.choices)
    from_stage = models.CharField("原进度", max_length=12, choices=Stage.choices)
    to_stage = models.CharField("新进度", max_length=12, choices=Stage.choices)
    on = models.DateField("日期")
    source = models.CharField("来源", max_length=6, choices=Source.choices)
    words = EncryptedTextField("说明", max_length=500, blank=True)
    # Number, place and person, where the step asks for them.
    facts = EncryptedJSONField("内容", default=dict, blank=True)
    reasons = models.ManyToManyField(
        ReturnReason, related_name="national_returns", verbose_name="退回原因", blank=True
    )
    takes_back = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="taken_back_by",
        verbose_name="撤销的登记",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人"
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)
    # Of the page that was sent: the same page sent twice is entered once.
    nonce = models.CharField(max_length=40, unique=True, null=True, blank=True, editable=False)

    objects = FilingEventQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = "填报进度登记"
        indexes = [models.Index(fields=["step", "on"], name="filing_event_of_step")]

    def __str__(self) -> str:
        return f"{self.get_step_display()} {self.filing}"

    @property
    def is_taken_back(self) -> bool:
        """Lists fetch it with `taken_back_by`."""
        return hasattr(self, "taken_back_by")

    @property
    def stands(self) -> bool:
        return self.takes_back_id is None and not self.is_taken_back

    @property
    def told(self) -> list[tuple[str, str]]:
        """What was typed beside the day, with its label."""
        return [(FACTS[name], value) for name, value in self.facts.items() if name in FACTS]


class FilingPage(Page):
    """A picture that goes with an entry: a receipt, an invoice, a message."""

    event = models.ForeignKey(FilingEvent, models.PROTECT, related_name="pages")

    class Meta(Page.Meta):
        verbose_name = "填报凭证的一页"


class EconomyApprovalQuerySet(models.QuerySet["EconomyApproval"]):
    def current(self) -> "EconomyApprovalQuerySet":
        """What holds of each economy; those without a row are unknown."""
        return self.filter(superseded_at__isnull=True)


class EconomyApproval(models.Model):
    """What was reported of one economy. A newer report supersedes it; nothing is overwritten.

    No row is no refusal: economies publish approvals alone.
    """

    class State(models.TextChoices):
        UNKNOWN = "unknown", "没有消息"
        GRANTED = "granted", "已批准"
        REFUSED = "refused", "据告未批准"
        NOT_APPLICABLE = "not_applicable", "不适用"

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="approvals")
    economy = models.CharField("经济体", max_length=3, choices=list(NAMES.items()))
    state = models.CharField("情况", max_length=14, choices=State.choices)
    on = models.DateField("日期", null=True, blank=True)
    valid_until = models.DateField("有效期至", null=True, blank=True)
    source = models.CharField("来源", max_length=6, choices=Source.choices)
    words = EncryptedLineField("说明", max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人"
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)
    superseded_at = models.DateTimeField("被更新时间", null=True, blank=True)

    objects = EconomyApprovalQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = "经济体审批情况"
        constraints = [
            models.UniqueConstraint(
                fields=["filing", "economy"],
                condition=Q(superseded_at__isnull=True),
                name="approval_one_in_force_an_economy",
            ),
            models.CheckConstraint(
                name="approval_granted_has_day",
                condition=~Q(state="granted") | Q(on__isnull=False),
            ),
            models.CheckConstraint(
                name="approval_until_is_of_granted",
                condition=Q(valid_until__isnull=True) | Q(state="granted"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_economy_display()} {self.get_state_display()}"
