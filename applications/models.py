"""Applicants, applications, their materials, and the corrections asked for."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Coalesce, TruncMonth
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from applications.workflow import (
    BADGES,
    BALL,
    EDITABLE,
    FINAL,
    MOVES,
    PUBLIC_LABELS,
    UNDER_REVIEW,
    Action,
    Status,
)
from core.fields import EncryptedJSONField, EncryptedTextField
from core.validators import id_number, passport_number
from enterprises.models import Enterprise, StandingDocument
from files.models import Page, StoredFile
from materials.catalogue import CATALOGUE, get, item_name
from materials.examples import named
from materials.kind import MaterialKind
from materials.rules.examples import Example

REPLACEABLE = [int(kind.number) for kind in CATALOGUE if kind.replaceable]


class ApplicantQuerySet(models.QuerySet["Applicant"]):
    def visible_to(self, user: User) -> "ApplicantQuerySet":
        return self.filter(enterprise__in=Enterprise.objects.visible_to(user))

    def with_open_application(self) -> "ApplicantQuerySet":
        """Prefetches `open_applications`: the one in progress, or none."""
        opened = Application.objects.open()
        return self.prefetch_related(
            models.Prefetch("applications", opened, to_attr="open_applications")
        )


class Applicant(models.Model):
    """The person who is to hold the card. Numbers are encrypted; the hash finds a duplicate."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="applicants")
    name = models.CharField("姓名", max_length=50)
    # As the passport prints them; never derived from the Chinese name (吕 is LYU, LV or LU).
    surname = models.CharField("姓（拼音）", max_length=39, blank=True)
    given_names = models.CharField("名（拼音）", max_length=39, blank=True)
    post = models.CharField("职务", max_length=60)
    id_number = EncryptedTextField("身份证号码", validators=[id_number])
    id_number_hash = models.CharField(max_length=64, editable=False)
    phone = EncryptedTextField("联系电话")
    passport_number = EncryptedTextField("护照号码", validators=[passport_number])
    passport_expires_on = models.DateField("护照有效期至")
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = ApplicantQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "申请人"
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "id_number_hash"], name="applicant_once_per_enterprise"
            )
        ]

    def __str__(self) -> str:
        return self.name


def _count(rows: "models.QuerySet[Any]") -> Coalesce:
    """How many of these belong to the application at hand."""
    counted = rows.order_by().values("application").annotate(count=models.Count("pk"))
    return Coalesce(models.Subquery(counted.values("count")), 0)


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, user: User) -> "ApplicationQuerySet":
        """The agent's own enterprise's; the station sees all but drafts."""
        visible = self.filter(enterprise__in=Enterprise.objects.visible_to(user))
        return visible if user.is_agent else visible.exclude(status=Status.DRAFT)

    def open(self) -> "ApplicationQuerySet":
        return self.exclude(status__in=FINAL)

    def awaiting_pre_review(self) -> "ApplicationQuerySet":
        return self.filter(status=Status.SUBMITTED).order_by("status_since")

    def awaiting_agent(self) -> "ApplicationQuerySet":
        return self.filter(status__in=EDITABLE).order_by("status_since")

    def in_order_of_urgency(self, waiting: Collection[Status]) -> "ApplicationQuerySet":
        """First what waits for the reader, then what is under way, in both what is due soonest and
        then the longest wait on top; at the end what is over, the newest on top.
        """
        turn = Case(When(status__in=waiting, then=0), When(status__in=FINAL, then=2), default=1)
        waiting_since = Case(When(status__in=FINAL, then=None), default=F("status_since"))
        return self.order_by(
            turn, F("due_at").asc(nulls_last=True), waiting_since, "-status_since", "-id"
        )

    def with_resubmission(self) -> "ApplicationQuerySet":
        """Adds `is_resubmitted`: the enterprise has answered corrections before."""
        resubmissions = StatusChange.objects.filter(
            application=models.OuterRef("pk"), action=Action.RESUBMIT
        )
        return self.annotate(is_resubmitted=models.Exists(resubmissions))

    def drafts(self) -> "ApplicationQuerySet":
        """The oldest first."""
        return self.filter(status=Status.DRAFT).order_by("pk")

    def with_progress(self) -> "ApplicationQuerySet":
        """Adds `read_count`, the sheets gone through, and `noted_count`, the problems noted."""
        noted = Correction.objects.noted().filter(application=models.OuterRef("pk"))
        read = SheetReading.objects.filter(application=models.OuterRef("pk"))
        return self.annotate(read_count=_count(read), noted_count=_count(noted))

    def with_people(self) -> "ApplicationQuerySet":
        return self.select_related("enterprise", "applicant")


class Application(models.Model):
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="applications")
    applicant = models.ForeignKey(Applicant, models.PROTECT, related_name="applications")
    status = models.CharField("状态", max_length=15, choices=Status.choices, default=Status.DRAFT)
    status_since = models.DateTimeField("状态起始", auto_now_add=True)
    # Of who holds it now, see time_limits.py; with the departments, `due_days` is empty.
    due_days = models.PositiveSmallIntegerField("时限（工作日）", null=True, blank=True)
    due_at = models.DateTimeField("时限", null=True, blank=True)
    consented_processing_at = models.DateTimeField("同意处理个人信息", null=True, blank=True)
    consented_sharing_at = models.DateTimeField("同意提供给五个部门", null=True, blank=True)
    submitted_at = models.DateTimeField("首次提交", null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("创建时间", auto_now_add=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "申请"
        constraints = [
            models.UniqueConstraint(
                fields=["applicant"],
                condition=~Q(status__in=["endorsed", "declined", "withdrawn"]),
                name="application_one_open_per_applicant",
            ),
            models.CheckConstraint(
                name="application_submitted_with_consents",
                condition=Q(submitted_at__isnull=True)
                | Q(consented_processing_at__isnull=False, consented_sharing_at__isnull=False),
            ),
            models.CheckConstraint(
                name="application_due_is_whole",
                condition=Q(due_days__isnull=True) | Q(due_days__gte=1, due_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "status_since"], name="application_queue"),
            # Holds what somebody is to act on by then, and nothing that is over.
            models.Index(
                fields=["due_at"], name="application_due", condition=Q(due_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.applicant}"

    def get_absolute_url(self) -> str:
        return reverse("applications:detail", args=[self.pk])

    @property
    def reference(self) -> str:
        """The number by which people speak of it: 万州-2026-00012."""
        return f"{settings.STATION_SHORT}-{timezone.localtime(self.created_at):%Y}-{self.pk:05d}"

    @property
    def names(self) -> dict[str, str]:
        """Whose it is, as forms of typed facts compare with it."""
        return {"enterprise_name": self.enterprise.name, "applicant_name": self.applicant.name}

    @property
    def state(self) -> Status:
        return Status(self.status)

    @property
    def public_label(self) -> str:
        return PUBLIC_LABELS[self.state]

    @property
    def badge(self) -> str:
        return BADGES[self.state]

    @property
    def ball(self) -> str:
        return BALL[self.state]

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE

    @property
    def is_open(self) -> bool:
        return self.state not in FINAL

    @property
    def is_under_review(self) -> bool:
        return self.state in UNDER_REVIEW

    @property
    def can_be_withdrawn(self) -> bool:
        return self.state in MOVES[Action.WITHDRAW].sources

    @property
    def is_over(self) -> bool:
        return self.state in FINAL


class StatusChange(models.Model):
    """One move in an application's life; the history that people read."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="changes")
    action = models.CharField("动作", max_length=15, choices=Action.choices)
    from_status = models.CharField("原状态", max_length=15, choices=Status.choices)
    to_status = models.CharField("新状态", max_length=15, choices=Status.choices)
    reason = models.TextField("说明", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "办理记录"

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.application}"


class Material(models.Model):
    """One of the ten of Annex 3 in one application.

    Materials 1 to 4 are the enterprise's: `document` is the version submitted with this
    application (None while it is being prepared, when the current version counts).
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="materials")
    number = models.PositiveSmallIntegerField("编号")
    by_review_table = models.BooleanField("由审核表替代", default=False)
    document = models.ForeignKey(
        StandingDocument, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # What was typed beside the pages: the form of the material's own module in materials.kinds.
    facts = EncryptedJSONField("填写的内容", default=dict, blank=True)

    class Meta:
        ordering = ["number"]
        verbose_name = "材料"
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="material_once"),
            models.CheckConstraint(
                name="material_number_in_annex", condition=Q(number__gte=1, number__lte=10)
            ),
            models.CheckConstraint(
                name="material_replaceable",
                condition=Q(by_review_table=False) | Q(number__in=REPLACEABLE),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application.reference} 材料{self.number} {self.kind.name}"

    @property
    def kind(self) -> MaterialKind:
        return get(self.number)


class MaterialPageQuerySet(models.QuerySet["MaterialPage"]):
    def current(self) -> "MaterialPageQuerySet":
        return self.filter(superseded_at__isnull=True)


class MaterialPage(Page):
    material = models.ForeignKey(Material, models.PROTECT, related_name="pages")
    # What the picture was cropped or compressed from, where it was repaired on the spot.
    original = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="原图"
    )

    objects = MaterialPageQuerySet.as_manager()

    class Meta(Page.Meta):
        verbose_name = "申请人材料页"


class RepairQuerySet(models.QuerySet["Repair"]):
    def pending(self) -> "RepairQuerySet":
        return self.filter(state__in=[Repair.State.OFFERED, Repair.State.PROPOSED])

    def expired(self, now: datetime) -> "RepairQuerySet":
        return self.filter(created_at__lt=now - Repair.LIFE)


class Repair(models.Model):
    """A refused picture that the portal can crop or compress, and what came of that.

    Whatever is not taken over by the agent is swept away with its files when its life ends.
    """

    LIFE = timedelta(hours=24)

    class State(models.TextChoices):
        OFFERED = "offered", "可以自动裁剪"
        PROPOSED = "proposed", "等企业决定"
        ACCEPTED = "accepted", "企业已采用"
        REJECTED = "rejected", "企业未采用"

    application = models.ForeignKey(Application, models.PROTECT, related_name="repairs")
    number = models.PositiveSmallIntegerField("材料编号")
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.OFFERED)
    original = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="原图")
    proposal = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="裁剪后"
    )
    problems = models.JSONField("裁剪后仍有的问题", default=list, blank=True)
    warnings = models.JSONField("裁剪后的提示", default=list, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("时间", auto_now_add=True)

    objects = RepairQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = "自动裁剪"
        constraints = [
            models.UniqueConstraint(
                fields=["application", "number"],
                condition=Q(state__in=["offered", "proposed"]),
                name="repair_one_pending_per_material",
            ),
            models.CheckConstraint(
                name="repair_proposed_has_picture",
                condition=Q(proposal__isnull=False) | Q(state__in=["offered", "rejected"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application.reference} {item_name(self.number)}"

    @property
    def is_proposed(self) -> bool:
        return self.state == self.State.PROPOSED

    @property
    def can_accept(self) -> bool:
        return self.is_proposed and not self.problems

    @property
    def expires_at(self) -> datetime:
        return self.created_at + self.LIFE


class ReturnReasonQuerySet(models.QuerySet["ReturnReason"]):
    def usual_for(self, number: int) -> "list[ReturnReason]":
        """The active ones that occur in this material (0: in the typed facts), by code."""
        return [reason for reason in self.filter(is_active=True) if number in reason.numbers]


class ReturnReason(models.Model):
    """A usual reason for returning an application; the station adds, rewords and retires them.

    What an enterprise was told keeps its words: a correction copies them.
    """

    code = models.CharField("编号", max_length=6, unique=True)
    numbers = models.JSONField("出现在哪些材料", help_text="材料编号的列表，0 表示填写的信息")
    defect = models.CharField("哪里不对", max_length=120)
    mend = models.CharField("怎么改", max_length=200)
    example = models.CharField("举例", max_length=120, blank=True)
    pictures = models.JSONField("样例图", default=list, blank=True)
    is_active = models.BooleanField("使用中", default=True)
    version = models.PositiveIntegerField(default=1)

    objects = ReturnReasonQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = "退回原因"

    def __str__(self) -> str:
        return f"{self.code} {self.defect}"

    def get_absolute_url(self) -> str:
        return reverse("applications:reason_edit", args=[self.pk])

    @property
    def number_names(self) -> str:
        return "、".join(item_name(number) for number in self.numbers)


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def noted(self) -> "CorrectionQuerySet":
        """Ticked by the officer and not yet told to the enterprise."""
        return self.filter(sent_at__isnull=True)

    def open(self) -> "CorrectionQuerySet":
        """Told to the enterprise and not yet resubmitted."""
        return self.filter(sent_at__isnull=False, resolved_at__isnull=True)

    def told(self) -> "CorrectionQuerySet":
        return self.filter(sent_at__isnull=False)

    def counts_by_month(self) -> "models.QuerySet[Any, Any]":
        """Told to enterprises: one dict a month, reason and material, with their `count`.

        `month` is the first moment of a month in Shanghai; `reason__code` is None for the
        officer's own words.
        """
        return (
            self.told()
            .annotate(month=TruncMonth("sent_at"))
            .values("month", "reason__code", "number")
            .annotate(count=models.Count("pk"))
            .order_by("month", "reason__code", "number")
        )


class Correction(models.Model):
    """What is wrong with one material (or with the typed facts), and what the agent answered."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="corrections")
    number = models.PositiveSmallIntegerField("材料编号", help_text="0 表示填写的信息")
    words = models.TextField("哪里不对", max_length=500)
    mend = models.TextField("怎么改", max_length=500, blank=True)
    example = models.TextField("举例", max_length=500, blank=True)
    pictures = models.JSONField("样例图", default=list, blank=True)
    reason = models.ForeignKey(
        ReturnReason, models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    told_in = models.ForeignKey(
        StatusChange, models.PROTECT, null=True, blank=True, related_name="told"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField("告知时间", null=True, blank=True)
    replaced_at = models.DateTimeField("已替换", null=True, blank=True)
    answer = models.TextField("企业说明", max_length=500, blank=True)
    resolved_at = models.DateTimeField("补正时间", null=True, blank=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["number", "id"]
        verbose_name = "补正事项"
        constraints = [
            models.CheckConstraint(
                name="correction_number_in_annex", condition=Q(number__gte=0, number__lte=10)
            )
        ]

    def __str__(self) -> str:
        return f"{self.item_name}：{self.words}"

    @property
    def item_name(self) -> str:
        return item_name(self.number)

    @property
    def full_words(self) -> str:
        """Defect and mend in one text, as the mail has it."""
        return self.words + self.mend

    @property
    def examples(self) -> list[Example]:
        """The drawn pictures that were sent with it."""
        return named(self.pictures)

    @property
    def is_met(self) -> bool:
        return self.replaced_at is not None or bool(self.answer)


class SheetReading(models.Model):
    """How far the station has gone through one material (0: the typed facts) in pre-review."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="readings")
    number = models.PositiveSmallIntegerField("材料编号", help_text="0 表示填写的信息")
    ticked = models.JSONField("核对过的要求", default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("核对时间")

    class Meta:
        ordering = ["number"]
        verbose_name = "预审核对"
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="sheet_reading_once")
        ]

    def __str__(self) -> str:
        return f"{self.application} {item_name(self.number)}"
