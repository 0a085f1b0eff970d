"""Enterprises, who acts for them, and their standing documents (materials 1 to 4 of Annex 3)."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.dates import day_words
from core.fields import EncryptedLineField, EncryptedTextField, MailboxField, NameField
from core.validators import credit_code
from files.models import Page
from finding.models import Findable
from finding.words import company_core
from materials.catalogue import ENTERPRISE_NUMBERS, NAMING_NUMBERS, get, validity_of
from materials.numbers import MaterialNumber
from materials.rules.validity import Standing, Stated

# What may be left to the licence when an enterprise signs up, by the fields' names.
FROM_LICENCE = ("registration_authority", "address")


def of_visible(user: User, way: str = "enterprise") -> Q:
    """What belongs to an enterprise that this person sees, where `way` leads to it, never to none.

    For the station a condition on that row: of a subquery of all enterprises the database knows
    neither that it is nearly all of them nor where to begin.
    """
    if user.is_of_station:
        return Q(**{f"{way}__released_at__isnull": True})
    if user.is_agent:
        # His own, of which there is one.
        return Q(**{f"{way}__agents__user": user})
    return Q(**{f"{way}__in": Enterprise.objects.none()})


class EnterpriseQuerySet(models.QuerySet["Enterprise"]):
    def visible_to(self, user: User) -> "EnterpriseQuerySet":
        """An agent's own; all for the station; none for others, who see facts on the table."""
        if user.is_of_station:
            return self.in_use()
        if user.is_agent:
            return self.filter(agents__user=user)
        return self.none()

    def in_use(self) -> "EnterpriseQuerySet":
        """Without sign-ups that gave their credit code free (enterprises/released.py)."""
        return self.filter(released_at__isnull=True)

    def awaiting_verification(self) -> "EnterpriseQuerySet":
        """To be verified: the agent's mailbox is confirmed, the licence and its facts are there."""
        licence = StandingPage.objects.current().filter(
            document__enterprise=models.OuterRef("pk"),
            document__kind=MaterialNumber.LICENCE,
        )
        pending = self.in_use().filter(status=Enterprise.Status.PENDING)
        pending = pending.exclude(Q(registration_authority="") | Q(address=""))
        return pending.filter(models.Exists(licence), models.Exists(_confirmed()))

    def by_urgency(self) -> tuple["EnterpriseQuerySet", "EnterpriseQuerySet"]:
        """Parts of a list: those that wait for the station, the oldest on top; then the newest."""
        waiting = Q(status=Enterprise.Status.PENDING)
        return self.filter(waiting).order_by("pk"), self.exclude(waiting).order_by("-pk")


def _confirmed() -> "models.QuerySet[EnterpriseAgent]":
    """Of the enterprise of the outer query, those who act for it with a confirmed mailbox."""
    return EnterpriseAgent.objects.acting().filter(enterprise=models.OuterRef("pk"))


class Enterprise(Findable):
    finding_fields = frozenset({"name", "credit_code", "contact_name", "contact_phone"})

    class Kind(models.TextChoices):
        """The five boxes of Annex 4, in its order."""

        CENTRAL = "central", "央企"
        MUNICIPAL = "municipal", "市属国有企业"
        DISTRICT = "district", "区属国有企业"
        PRIVATE = "private", "非公有制企业"
        OTHER = "other", "其它"

    class Status(models.TextChoices):
        PENDING = "pending", "待核验"
        VERIFIED = "verified", "已核验"
        REFUSED = "refused", "未通过核验"

    name = NameField("单位名称", max_length=120)
    credit_code = models.CharField(
        "统一社会信用代码",
        max_length=18,
        validators=[credit_code],
    )
    kind = models.CharField("企业类型", max_length=10, choices=Kind.choices)
    registration_authority = NameField("登记机关", max_length=80)
    address = models.CharField("住所", max_length=160)
    contact_name = NameField("联系人", max_length=50)
    contact_phone = EncryptedTextField("联系电话")
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.PENDING)
    refusal_reason = EncryptedTextField("未通过的原因", blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("核验时间", null=True, blank=True)
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    # While it waits to be verified: since when, and what the station promised then.
    waiting_since = models.DateTimeField("等待核验起始", null=True, blank=True)
    due_days = models.PositiveSmallIntegerField("核验时限（工作日）", null=True, blank=True)
    due_at = models.DateTimeField("核验时限", null=True, blank=True)
    # A fact that a licence states was changed after the verification, and the licence was not.
    licence_wanted_since = models.DateTimeField("待换营业执照", null=True, blank=True)
    # A sign-up that nobody confirmed: since when another may sign up with its credit code.
    released_at = models.DateTimeField("让出信用代码的时间", null=True, blank=True)
    # By a measure of the station (中止、取消资格); without a last day it lasts until it is lifted.
    suspended_from = models.DateField("停办起始", null=True, blank=True)
    suspended_until = models.DateField("停办至（含当天）", null=True, blank=True)
    suspension_reason = EncryptedLineField("停办的原因", max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "企业"
        constraints = [
            models.UniqueConstraint(
                fields=["credit_code"],
                condition=Q(released_at__isnull=True),
                name="enterprise_one_in_use_a_code",
            ),
            models.CheckConstraint(
                name="enterprise_decision_is_whole",
                condition=Q(status="pending") | Q(decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="enterprise_refusal_has_reason",
                condition=~Q(status="refused") | ~Q(refusal_reason=""),
            ),
            models.CheckConstraint(
                name="enterprise_suspension_is_whole",
                condition=Q(suspended_from__isnull=True, suspended_until__isnull=True)
                | Q(suspended_from__isnull=False, suspended_until__isnull=True)
                | Q(suspended_until__gte=models.F("suspended_from")),
            ),
            models.CheckConstraint(
                name="enterprise_due_is_whole",
                condition=Q(due_days__isnull=True, due_at__isnull=True)
                | Q(due_days__gte=1, due_at__isnull=False, waiting_since__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "id"], name="enterprise_by_status"),
            # Holds what waits and nothing else: the home page's list, and what the calendar moves.
            models.Index(
                fields=["due_at"], name="enterprise_due", condition=Q(due_at__isnull=False)
            ),
        ]

    def finding_words(self) -> list[str]:
        return [self.name, self.credit_code, self.contact_name]

    def finding_names(self) -> list[str]:
        return [company_core(self.name), self.contact_name]

    def finding_numbers(self) -> list[str]:
        return [self.contact_phone]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("enterprises:detail", args=[self.pk])

    @property
    def is_verified(self) -> bool:
        return self.status == self.Status.VERIFIED

    @property
    def is_suspended(self) -> bool:
        """It may not begin or submit applications today; this ends by itself after the last day."""
        first, last, today = self.suspended_from, self.suspended_until, timezone.localdate()
        return first is not None and first <= today and (last is None or today <= last)

    @property
    def suspended_words(self) -> str:
        """Why it may not apply now, until when, and what to do; empty where it may."""
        if not self.is_suspended:
            return ""
        until = (
            f"到{day_words(self.suspended_until)}（含当天）为止，第二天起自动恢复"
            if self.suspended_until
            else "没有定期限，由服务站决定何时恢复"
        )
        return (
            f"贵单位{day_words(self.suspended_from)}起中止申办，{until}。"
            f"原因：{self.suspension_reason}。这期间不能开始或提交申请，已填的内容都会保留；"
            f"有异议的，请拨打咨询热线{settings.HOTLINE}，或在“用卡管理”里写明说明。"
        )

    @property
    def blanks(self) -> list[str]:
        """What its licence says and is not entered yet, as people call it."""
        fields = [one for one in self._meta.fields if one.name in FROM_LICENCE]
        return [str(field.verbose_name) for field in fields if not getattr(self, field.name)]

    @property
    def has_confirmed_agent(self) -> bool:
        """Somebody acts for it who has shown that he reads his mailbox."""
        return self.agents.acting().exists()

    @property
    def is_abandoned(self) -> bool:
        """Signed up long enough ago that the link is void, and nobody ever confirmed a mailbox."""
        age = timezone.now() - self.created_at
        return (
            not self.is_verified
            and age > timedelta(days=settings.EMAIL_CONFIRMATION_DAYS)
            and not self.agents.filter(user__email_confirmed_at__isnull=False).exists()
        )

    @property
    def district_hint(self) -> str:
        """Where neither place names the district: the station serves only its own enterprises."""
        if self.blanks or any(
            settings.STATION_SHORT in place for place in (self.address, self.registration_authority)
        ):
            return ""
        return (
            f"住所和登记机关里都没有“{settings.STATION_SHORT}”。服务站只办理注册地在"
            f"{settings.DISTRICT_NAME}的企业，请与营业执照核对。"
        )

    def people(self) -> models.QuerySet[User]:
        """Its agents, to whom notices go; somebody invited who has not come yet is none."""
        invited = Q(agency__invited_by__isnull=False, email_confirmed_at__isnull=True)
        people = User.objects.active().filter(agency__enterprise=self)
        return people.exclude(invited)  # type: ignore[no-any-return]

    def current_document(self, kind: int) -> "StandingDocument | None":
        """The version that counts; of what names applicants the newest paper, whomever it names."""
        return self.documents.current().filter(kind=kind).first()


class EnterpriseAgentQuerySet(models.QuerySet["EnterpriseAgent"]):
    def in_use(self) -> "EnterpriseAgentQuerySet":
        """Without those who have left."""
        return self.filter(user__is_active=True)

    def acting(self) -> "EnterpriseAgentQuerySet":
        """Of these, those who have confirmed their mailbox."""
        return self.in_use().filter(user__email_confirmed_at__isnull=False)


class EnterpriseAgent(models.Model):
    """A user acts for one enterprise; an enterprise may have several agents."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="agency")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="agents")
    # By whom, where he did not sign up himself.
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = EnterpriseAgentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = "经办人"

    def __str__(self) -> str:
        return f"{self.enterprise} {self.user}"

    @property
    def is_invited(self) -> bool:
        """He has not come yet by the link that was mailed to him."""
        return self.invited_by_id is not None and self.user.email_confirmed_at is None


# Plain numbers: they stand in a constraint of the database.
NAMING = [int(number) for number in NAMING_NUMBERS]


class StandingDocumentQuerySet(models.QuerySet["StandingDocument"]):
    def current(self) -> "StandingDocumentQuerySet":
        return self.filter(superseded_at__isnull=True)

    def lapsing_by(self, day: date) -> "StandingDocumentQuerySet":
        """Current ones whose last day is not after this one, and that hold a page."""
        pages = StandingPage.objects.current().filter(document=models.OuterRef("pk"))
        return self.current().filter(models.Exists(pages), valid_until__lte=day)


class StandingDocument(models.Model):
    """One version of a material that belongs to the enterprise and serves all its applicants.

    Of what names applicants (material 1) an enterprise may have several papers at a time, each a
    chain of versions; `applications` keeps whom each names, and it serves only those.

    A version that an application has been submitted with is frozen: changing a page of it
    makes the next version, and the application keeps what it had.
    """

    KINDS = tuple((int(number), get(number).name) for number in ENTERPRISE_NUMBERS)

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="documents")
    kind = models.PositiveSmallIntegerField("材料", choices=KINDS)
    version = models.PositiveSmallIntegerField("版本", default=1)
    created_at = models.DateTimeField("时间", auto_now_add=True)
    dated_on = models.DateField("落款或签署日期", null=True, blank=True)
    tax_year = models.PositiveSmallIntegerField("纳税年度", null=True, blank=True)
    ends_on = models.DateField("营业期限止", null=True, blank=True)
    is_endless = models.BooleanField("长期", default=False)
    valid_until = models.DateField("用到哪一天", null=True, blank=True)
    frozen_at = models.DateTimeField("已随申请提交", null=True, blank=True)
    superseded_at = models.DateTimeField("被替换时间", null=True, blank=True)

    objects = StandingDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "-version"]
        verbose_name = "企业常备材料"
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "kind", "version"], name="standing_document_version"
            ),
            models.UniqueConstraint(
                fields=["enterprise", "kind"],
                condition=Q(superseded_at__isnull=True) & ~Q(kind__in=NAMING),
                name="standing_document_one_current",
            ),
            models.CheckConstraint(
                name="standing_document_endless_has_no_end",
                condition=Q(is_endless=False) | Q(ends_on__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["valid_until"],
                name="standing_document_lapsing",
                condition=Q(superseded_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.enterprise} {self.get_kind_display()} 第{self.version}版"

    @property
    def stated(self) -> Stated:
        return Stated(self.dated_on, self.tax_year, self.ends_on, self.is_endless)

    @property
    def standing(self) -> Standing:
        return validity_of(self.kind).standing(self.stated, self.valid_until)

    @property
    def is_lapsed(self) -> bool:
        """Too old for a new application; one that was submitted with it keeps it."""
        return self.standing.is_lapsed


class StandingPage(Page):
    document = models.ForeignKey(StandingDocument, models.PROTECT, related_name="pages")

    class Meta(Page.Meta):
        verbose_name = "企业材料页"


class HandOverQuerySet(models.QuerySet["HandOver"]):
    def visible_to(self, user: User) -> "HandOverQuerySet":
        return self.filter(of_visible(user))

    def open(self) -> "HandOverQuerySet":
        return self.filter(ended_at__isnull=True)

    def objected_to(self) -> "HandOverQuerySet":
        """Open ones that wait for the officer, the oldest first."""
        return self.open().exclude(objection="").order_by("pk")


class HandOver(models.Model):
    """The station gives an enterprise's agency to somebody new, on proof, after a wait.

    While it waits the agents whom the station knows may object; then a person decides.
    """

    class Outcome(models.TextChoices):
        DONE = "done", "已移交"
        DROPPED = "dropped", "已取消"

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="hand_overs")
    name = NameField("新经办人姓名", max_length=50)
    email = MailboxField("新经办人邮箱")
    phone = EncryptedTextField("新经办人电话")
    reason = EncryptedLineField("移交的原因", max_length=200)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="发起人"
    )
    asked_at = models.DateTimeField("发起时间", auto_now_add=True)
    takes_effect_at = models.DateTimeField("生效时间")
    objected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The words of each who objected, a line each with his name; the first of them is `objected_by`.
    objection = EncryptedTextField("异议", blank=True)
    outcome = models.CharField("结果", max_length=8, choices=Outcome.choices, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)

    objects = HandOverQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "经办移交"
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise"],
                condition=Q(ended_at__isnull=True),
                name="hand_over_one_open",
            ),
            models.CheckConstraint(
                name="hand_over_end_is_whole",
                condition=Q(ended_at__isnull=True, outcome="")
                | (Q(ended_at__isnull=False) & ~Q(outcome="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise}经办移交"

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def is_objected_to(self) -> bool:
        return bool(self.objection)


class ProofPage(Page):
    """A page of the authorisation on which a hand-over rests."""

    hand_over = models.ForeignKey(HandOver, models.PROTECT, related_name="pages")

    class Meta(Page.Meta):
        verbose_name = "授权文件页"
