"""The demand ledger (需求台账): every enterprise that may need cards, signed up or not. ADR 55."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.dates import day_words
from core.fields import EncryptedTextField, NameField
from core.masks import mask_phone
from enterprises.models.enterprises import Enterprise
from enterprises.models.ledger_filters import NARROWING
from finding.models import Findable
from finding.search import entries_with
from finding.words import company_core
from materials.economies import NAMES

# Where there is no next step with a day, a row stands behind all that have one.
NO_DAY: Final = date(9999, 12, 31)
# Between former names.
NAMES_APART: Final = "、"

if TYPE_CHECKING:
    Line = models.CharField[str, str]
else:
    Line = models.CharField


class CoreField(Line):
    """Core of the row's name, by which the same company is found however it was written."""

    def pre_save(self, instance: models.Model, add: bool) -> Any:
        value = company_core(instance.name)  # type: ignore[attr-defined]
        setattr(instance, self.attname, value)
        return value

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


class DemandQuerySet(models.QuerySet["Demand"]):
    def visible_to(self, user: User) -> "DemandQuerySet":
        """The whole ledger to the station's own, nothing to anybody else."""
        return self if user.is_of_station else self.none()

    def in_queue(self) -> "DemandQuerySet":
        """The earliest next step first, then those without a day, the newest on top."""
        return self.order_by("queue_on", "-pk")

    def qualifying(self) -> "DemandQuerySet":
        """All that may have cards: also those nobody has checked, and those who want none now."""
        return self.exclude(is_qualified=False)

    def to_be_told(self) -> "DemandQuerySet":
        """Who qualifies and was never told of the card."""
        untold = self.qualifying().filter(told_at__isnull=True)
        return untold.exclude(stage=Demand.Stage.NOT_NEEDED)

    def unheard_for(self, days: int) -> "DemandQuerySet":
        """With whom there was no contact for so many days; not those who want no card."""
        since = timezone.now() - timedelta(days=days)
        silent = Q(heard_at__lt=since) | Q(heard_at__isnull=True, added_at__lt=since)
        return self.filter(silent).exclude(stage=Demand.Stage.NOT_NEEDED)

    def due_by(self, day: date) -> "DemandQuerySet":
        """Whose next step is due on this day, or was before."""
        return self.filter(next_on__lte=day)

    def dealing_with(self, economies: Iterable[str]) -> "DemandQuerySet":
        """Who deals with any of these economies, by their codes."""
        wanted = Q(pk__in=[])
        for code in economies:
            wanted |= Q(economies_text__contains=f'"{code}"')
        return self.alias(economies_text=Cast("economies", models.TextField())).filter(wanted)

    def matching(self, words: str) -> "DemandQuerySet":
        """Found by a part of a name, initials, the credit code or a phone number."""
        entries = entries_with(words, kinds=[Demand._meta.label_lower])
        return self.filter(pk__in=entries.values("object_id"))

    def of_filters(self, filters: Mapping[str, Any]) -> "DemandQuerySet":
        """Rows that fit these filters, by name; what is empty or unknown narrows nothing.

        `stage`, `kind`, `trade`, `town`, `economy`: a value or several, `BLANK` where it is not
        filled in; `owner`: a user's number or `BLANK`; `qualified`: yes, no, open; `key`, `pilot`,
        `group`, `signed_up`: yes, no; `unheard`: days; `next`: overdue, today, week, none;
        `reached`: qualified, told, untold, applied, holding; `q`: words.
        """
        rows = self
        for name, narrow in NARROWING.items():
            if value := filters.get(name):
                rows = narrow(rows, value)
        return rows


class Demand(Findable):
    """One enterprise of the ledger, with or without an account here."""

    finding_fields = frozenset(
        {"name", "short_name", "former_names", "credit_code", "contact_name", "contact_phone"}
    )

    class Stage(models.TextChoices):
        """How far it has come, in order; the last stands beside the way."""

        UNTOUCHED = "untouched", "未联系"
        TOLD = "told", "已宣传"
        INTERESTED = "interested", "有意向"
        PREPARING = "preparing", "准备材料"
        SUBMITTED = "submitted", "已提交"
        CONCLUDED = "concluded", "已办结"
        HOLDING = "holding", "已领卡"
        NOT_NEEDED = "not_needed", "暂不需要"

    class Source(models.TextChoices):
        """How the station came to know of it."""

        LIST = "list", "部门名单"
        TOWN = "town", "镇街推荐"
        CALL = "call", "来电"
        COUNTER = "counter", "来访"
        VISIT = "visit", "走访"
        BRIEFING = "briefing", "宣讲会"
        SELF_TEST = "self_test", "资格自测"
        QUESTION = "question", "网上咨询"
        SIGN_UP = "sign_up", "自行注册"
        IMPORT = "import", "表格导入"
        OTHER = "other", "其他"

    enterprise = models.OneToOneField(
        Enterprise,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="demand",
        verbose_name="登记的企业",
    )
    name = NameField("单位名称", max_length=120)
    name_core = CoreField(max_length=120, editable=False, default="")
    short_name = NameField("简称", max_length=60, blank=True)
    former_names = NameField("曾用名", max_length=300, blank=True)
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    kind = models.CharField("企业类型", max_length=10, choices=Enterprise.Kind.choices, blank=True)
    trade = NameField("行业", max_length=40, blank=True)
    town = NameField("镇街", max_length=40, blank=True)
    address = models.CharField("地址", max_length=160, blank=True)
    # ISO 3166 alpha-3, as `materials.economies` has them.
    economies: "models.JSONField[list[str], list[str]]" = models.JSONField(
        "往来经济体", default=list, blank=True
    )
    intended_number = models.PositiveSmallIntegerField("拟办人数", null=True, blank=True)
    source = models.CharField("来源", max_length=10, choices=Source.choices)
    source_note = models.CharField("来源说明", max_length=200, blank=True)
    stage = models.CharField("阶段", max_length=10, choices=Stage.choices, default=Stage.UNTOUCHED)
    not_needed_reason = models.CharField("暂不需要的原因", max_length=200, blank=True)
    is_qualified = models.BooleanField("符合条件", null=True, blank=True)
    is_key = models.BooleanField("重点企业", default=False)
    is_pilot = models.BooleanField("试点企业", default=False)
    next_step = models.CharField("下一步", max_length=200, blank=True)
    next_on = models.DateField("下一步日期", null=True, blank=True)
    queue_on = models.GeneratedField(
        expression=Coalesce("next_on", models.Value(NO_DAY, output_field=models.DateField())),
        output_field=models.DateField(),
        db_persist=True,
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="负责人",
    )
    in_group_since = models.DateField("加入交流群", null=True, blank=True)
    contact_name = NameField("联系人", max_length=50, blank=True)
    contact_position = NameField("职务", max_length=50, blank=True)
    contact_phone = EncryptedTextField("联系电话", blank=True)
    # When it first came so far; coverage counts these days. Emptied when it is set back.
    told_at = models.DateTimeField("宣传时间", null=True, blank=True)
    applied_at = models.DateTimeField("首次提交", null=True, blank=True)
    held_at = models.DateTimeField("首次领卡", null=True, blank=True)
    heard_at = models.DateTimeField("最近联系", null=True, blank=True)
    added_at = models.DateTimeField("列入台账", default=timezone.now)
    # One page sent twice makes one row.
    nonce = models.CharField(max_length=40, null=True, blank=True, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)

    objects = DemandQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "台账企业"
        constraints = [
            models.UniqueConstraint(
                fields=["credit_code"], condition=~Q(credit_code=""), name="demand_one_a_code"
            ),
            models.CheckConstraint(
                name="demand_not_needed_says_why",
                condition=~Q(stage="not_needed") | ~Q(not_needed_reason=""),
            ),
            models.CheckConstraint(
                name="demand_day_has_step", condition=Q(next_on__isnull=True) | ~Q(next_step="")
            ),
        ]
        indexes = [
            models.Index(fields=["queue_on", "-id"], name="demand_queue"),
            models.Index(fields=["stage", "queue_on", "-id"], name="demand_stage"),
            models.Index(fields=["trade", "queue_on", "-id"], name="demand_trade"),
            models.Index(fields=["town", "queue_on", "-id"], name="demand_town"),
            models.Index(fields=["owner", "queue_on", "-id"], name="demand_owner"),
            # As rows are chosen from it: key enterprises first, then town by town.
            models.Index(fields=["-is_key", "town", "name", "id"], name="demand_choosing"),
            models.Index(fields=["name_core"], name="demand_core"),
            models.Index(fields=["heard_at"], name="demand_heard"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("ledger:detail", args=[self.pk])

    def finding_words(self) -> list[str]:
        return [
            self.name,
            self.short_name,
            *self.earlier_names,
            self.credit_code,
            self.contact_name,
        ]

    def finding_names(self) -> list[str]:
        cores = [company_core(name) for name in (self.name, *self.earlier_names)]
        return [*cores, self.short_name, self.contact_name]

    def finding_numbers(self) -> list[str]:
        return [self.contact_phone]

    @property
    def earlier_names(self) -> list[str]:
        return [name for name in self.former_names.split(NAMES_APART) if name]

    @property
    def economy_names(self) -> list[str]:
        return [NAMES[code] for code in self.economies if code in NAMES]

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.contact_phone)

    @property
    def owner_name(self) -> str:
        return self.owner.name if self.owner else "没有"

    @property
    def is_overdue(self) -> bool:
        return self.next_on is not None and self.next_on < timezone.localdate()

    @property
    def next_on_words(self) -> str:
        late = "，已过期" if self.is_overdue else "，今天" if self.is_due_today else ""
        return f"{day_words(self.next_on)}{late}"

    @property
    def is_due_today(self) -> bool:
        return self.next_on == timezone.localdate()

    @property
    def qualified_words(self) -> str:
        return {None: "未核", True: "符合", False: "不符合"}[self.is_qualified]

    @property
    def badge(self) -> str:
        return BADGES[Demand.Stage(self.stage)]


Stage = Demand.Stage
BADGES: Final = {
    Stage.UNTOUCHED: "act",
    Stage.TOLD: "wait",
    Stage.INTERESTED: "act",
    Stage.PREPARING: "wait",
    Stage.SUBMITTED: "wait",
    Stage.CONCLUDED: "done",
    Stage.HOLDING: "done",
    Stage.NOT_NEEDED: "void",
}
