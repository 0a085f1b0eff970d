"""The materials of an application: their pages, and the repairs offered for refused pictures."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import User
from applications.models.applications import Applicant, Application
from core.fields import EncryptedJSONField
from enterprises.models import Enterprise, StandingDocument
from files.models import Page, PageQuerySet, StoredFile
from materials.catalogue import CATALOGUE, LATER_NUMBERS, get, item_name
from materials.kind import MaterialKind

# Plain numbers: they stand in a constraint of the database.
REPLACEABLE = [int(kind.number) for kind in CATALOGUE if kind.replaceable]


class Material(models.Model):
    """One of the materials that its kind asks for, in one application.

    Materials 1 to 4 are the enterprise's: `document` is the version submitted with this
    application (None while it is being prepared, when the current version counts; of material 1
    the newest that names the applicant).
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
                name="material_number_in_annex",
                condition=Q(number__gte=1, number__lte=10) | Q(number__in=LATER_NUMBERS),
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


class MaterialPage(Page):
    material = models.ForeignKey(Material, models.PROTECT, related_name="pages")
    # What the picture was cropped or compressed from, where it was repaired on the spot.
    original = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="原图"
    )

    class Meta(Page.Meta):
        verbose_name = "申请人材料页"


class ProposedPassportQuerySet(PageQuerySet["ProposedPassport"]):
    def waiting_of(self, user: User) -> "ProposedPassportQuerySet":
        """What this person uploaded for an applicant who is not entered yet."""
        return self.current().filter(
            by=user, enterprise__in=Enterprise.objects.visible_to(user), applicant__isnull=True
        )

    def expired(self, now: datetime) -> "ProposedPassportQuerySet":
        """Nobody was entered with it in time, or nothing was begun for who was."""
        untied = Q(applicant__isnull=True, file__created_at__lt=now - ProposedPassport.LIFE)
        tied = Q(file__created_at__lt=now - ProposedPassport.LIFE_OF_TIED)
        return self.filter(untied | tied | Q(superseded_at__isnull=False))


class ProposedPassport(Page):
    """A passport that is uploaded first, so that what it says need not be typed.

    `applicant` is who was entered with it; his application takes the picture over as material 10.
    """

    LIFE = timedelta(hours=24)
    LIFE_OF_TIED = timedelta(days=30)

    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="proposed_passports", verbose_name="企业"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人"
    )
    applicant = models.ForeignKey(
        Applicant,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="proposed_passports",
        verbose_name="申请人",
    )

    objects = ProposedPassportQuerySet.as_manager()  # type: ignore[misc] # as its base class does

    class Meta(Page.Meta):
        verbose_name = "先上传的护照"
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "by"],
                condition=Q(superseded_at__isnull=True, applicant__isnull=True),
                name="proposed_passport_one_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.enterprise} {self.file}"


class NamedApplicant(models.Model):
    """An applicant whom a paper of the enterprise names (material 1): it serves nobody else."""

    document = models.ForeignKey(
        StandingDocument, models.PROTECT, related_name="named_applicants", verbose_name="公函"
    )
    applicant = models.ForeignKey(
        Applicant, models.PROTECT, related_name="named_in", verbose_name="写明的申请人"
    )

    class Meta:
        ordering = ["id"]
        verbose_name = "公函写明的申请人"
        constraints = [
            models.UniqueConstraint(fields=["document", "applicant"], name="applicant_named_once")
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.applicant}"


class RepairQuerySet(models.QuerySet["Repair"]):
    def pending(self) -> "RepairQuerySet":
        return self.filter(state__in=[Repair.State.OFFERED, Repair.State.PROPOSED])

    def with_people(self) -> "RepairQuerySet":
        return self.select_related("application__enterprise", "application__applicant")

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
