"""Applicants, their applications, and every move of an application."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from applications.kinds import (
    BESIDE,
    CARD_MAKING,
    SERVICES,
    WITHOUT_CONSENT,
    Kind,
    Service,
)
from applications.workflow import (
    AFTERWARDS_BALL,
    BADGES,
    BALL,
    EDITABLE,
    FINAL,
    FOR_AGENT,
    MOVES,
    PUBLIC_LABELS,
    UNDER_REVIEW,
    Action,
    Status,
    Turn,
)
from core.declarations import declared
from core.fields import EncryptedTextField, NameField
from core.identifiers import birth_date_of, sex_of
from core.validators import id_number, passport_number
from enterprises.models import Enterprise, of_visible
from finding.models import Findable
from materials.findings import MaterialFacts

if TYPE_CHECKING:
    from applications.models.consents import Consent


class ApplicantQuerySet(models.QuerySet["Applicant"]):
    def visible_to(self, user: User) -> "ApplicantQuerySet":
        return self.filter(of_visible(user))

    def with_open_application(self) -> "ApplicantQuerySet":
        """Prefetches `open_applications`: the one in progress, or none."""
        opened = Application.objects.open()
        return self.prefetch_related(
            models.Prefetch("applications", opened, to_attr="open_applications")
        )

    def with_endorsement(self) -> "ApplicantQuerySet":
        """Adds `endorsed_at`: when the newest application that was endorsed was, or None."""
        endorsed = Application.objects.filter(
            applicant=models.OuterRef("pk"), status=Status.ENDORSED, kind__in=CARD_MAKING
        ).order_by("-status_since")
        return self.annotate(endorsed_at=models.Subquery(endorsed.values("status_since")[:1]))


class Applicant(Findable):
    """The person who is to hold the card. Numbers are encrypted; the hash finds a duplicate."""

    finding_fields = frozenset(
        {"name", "surname", "given_names", "id_number", "phone", "passport_number"}
    )

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="applicants")
    name = NameField("姓名", max_length=50)
    # As the passport prints them; never derived from the Chinese name (吕 is LYU, LV or LU).
    surname = models.CharField("姓（拼音）", max_length=39, blank=True)
    given_names = models.CharField("名（拼音）", max_length=39, blank=True)
    post = NameField("职务", max_length=60)
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

    def finding_words(self) -> list[str]:
        return [self.name, f"{self.surname}{self.given_names}"]

    def finding_names(self) -> list[str]:
        return [self.name]

    def finding_numbers(self) -> list[str]:
        return [self.id_number, self.phone, self.passport_number]

    def __str__(self) -> str:
        return self.name

    @property
    def typed(self) -> MaterialFacts:
        """What was typed, for the checks that compare a picture with it."""
        return MaterialFacts(
            surname=self.surname,
            given_names=self.given_names,
            birth_date=birth_date_of(self.id_number),
            sex=sex_of(self.id_number),
            passport_number=self.passport_number,
            passport_expires_on=self.passport_expires_on,
        )


ENTERPRISES_MOVE = Q(status=Status.ENDORSED, afterwards__in=["", Turn.AGENT])
OTHERS_MOVE = Q(status=Status.ENDORSED, afterwards=Turn.OTHERS)


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, user: User) -> "ApplicationQuerySet":
        """The agent's own enterprise's; the station sees all but drafts."""
        visible = self.filter(of_visible(user))
        return visible if user.is_agent else visible.exclude(status=Status.DRAFT)

    def known_to(self, user: User) -> "ApplicationQuerySet":
        """Of which this person may know that they are there: the station of drafts as well.

        What a draft holds stays the enterprise's until it is submitted (ADR 59).
        """
        return self.filter(of_visible(user))

    def open(self) -> "ApplicationQuerySet":
        return self.exclude(status__in=FINAL)

    def for_a_card(self) -> "ApplicationQuerySet":
        """Without those that may be under way beside another, as a cancellation may."""
        return self.exclude(kind__in=BESIDE)

    def awaiting_pre_review(self) -> "ApplicationQuerySet":
        return self.filter(status=Status.SUBMITTED).order_by("status_since")

    def awaiting_filing(self) -> "ApplicationQuerySet":
        """Endorsed, and the enterprise's move in the national system. The newest first."""
        found = self.filter(ENTERPRISES_MOVE, kind__in=CARD_MAKING)
        return found.order_by("-status_since", "-id")

    def filed(self) -> "ApplicationQuerySet":
        """Endorsed, and in the hands of others beyond the portal. The newest first."""
        under_way = self.filter(OTHERS_MOVE, kind__in=CARD_MAKING)
        return under_way.order_by("-status_since", "-id")

    def services_of_agent(self) -> "ApplicationQuerySet":
        """Approved, without a filing of their own, and the enterprise's move."""
        return self.filter(ENTERPRISES_MOVE).exclude(kind__in=CARD_MAKING)

    def services_of_others(self) -> "ApplicationQuerySet":
        """The same in the hands of the station or of the city office."""
        return self.filter(OTHERS_MOVE).exclude(kind__in=CARD_MAKING)

    def nobodys(self) -> "ApplicationQuerySet":
        """Over, with nothing left to do for anybody."""
        endorsed = Q(status=Status.ENDORSED)
        return self.filter((Q(status__in=FINAL) & ~endorsed) | (endorsed & Q(afterwards=Turn.OVER)))

    def endorsed(self) -> "ApplicationQuerySet":
        """For a card; the newest first, wherever the filing stands."""
        found = self.filter(status=Status.ENDORSED, kind__in=CARD_MAKING)
        return found.order_by("-status_since", "-id")

    def by_urgency_for_station(self) -> tuple["ApplicationQuerySet", ...]:
        """Parts of a list: what waits for the station, what is under way, what is over.

        What is open by what is due soonest and then the longest wait; what is over, the newest
        first.
        """
        open_order = (F("due_at").asc(nulls_last=True), "status_since", "id")
        waiting = self.filter(status=Status.SUBMITTED)
        # Named one by one: "none of those that are over" would read the whole table.
        under_way = self.filter(status__in=[Status.RETURNED, *UNDER_REVIEW])
        over = self.filter(status__in=FINAL)
        return (
            waiting.order_by(*open_order),
            under_way.order_by(*open_order),
            over.order_by("-status_since", "-id"),
        )

    def in_order_for_agent(self) -> "ApplicationQuerySet":
        """What is endorsed and the enterprise's move, the newest on top; then what else waits for
        it, then what others hold, in both what is due soonest and then the longest wait on top; at
        the end what is over, the newest on top.

        Of one enterprise, so that no index has to serve it.
        """
        turn = Case(
            When(ENTERPRISES_MOVE, then=Value(0)),
            When(OTHERS_MOVE, then=Value(2)),
            When(status__in=FINAL, then=Value(3)),
            When(status__in=FOR_AGENT, then=Value(1)),
            default=Value(2),
        )
        waiting_since = Case(When(status__in=FINAL, then=None), default=F("status_since"))
        ordered = self.annotate(turn=turn, waiting_since=waiting_since)
        due = F("due_at").asc(nulls_last=True)
        return ordered.order_by("turn", due, "waiting_since", "-status_since", "-id")

    def drafts(self) -> "ApplicationQuerySet":
        """The oldest first."""
        return self.filter(status=Status.DRAFT).order_by("pk")

    def with_progress(self) -> "ApplicationQuerySet":
        """Adds `read_count`, the sheets gone through, and `noted_count`, the problems noted."""
        noted = Q(corrections__sent_at__isnull=True)
        return self.annotate(
            read_count=models.Count("readings", distinct=True),
            noted_count=models.Count("corrections", filter=noted, distinct=True),
        )

    def with_people(self) -> "ApplicationQuerySet":
        return self.select_related("enterprise", "applicant__enterprise")

    def with_consents(self) -> "ApplicationQuerySet":
        return self.prefetch_related("consents")

    def with_case_pages(self, user: User) -> "ApplicationQuerySet":
        """With what the links to a case's other pages need, which the room of these declares."""
        [beside] = declared("beside_a_case")
        return self.annotate(**beside(user))


class Application(models.Model):
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="applications")
    applicant = models.ForeignKey(Applicant, models.PROTECT, related_name="applications")
    kind = models.CharField("种类", max_length=15, choices=Kind.choices, default=Kind.NEW)
    # Why a service is asked for: a code of its kind's causes.
    cause = models.CharField("事由", max_length=20, blank=True)
    # The station's setting for this kind when it was begun.
    needs_table = models.BooleanField("送部门审核", default=True)
    # Whose card or filing a service concerns, as far as that went through the portal.
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followed_by"
    )
    status = models.CharField("状态", max_length=15, choices=Status.choices, default=Status.DRAFT)
    status_since = models.DateTimeField("状态起始", auto_now_add=True)
    # Of who holds it now, see time_limits.py; with the departments, `due_days` is empty.
    due_days = models.PositiveSmallIntegerField("时限（工作日）", null=True, blank=True)
    due_at = models.DateTimeField("时限", null=True, blank=True)
    consented_processing_at = models.DateTimeField("同意处理个人信息", null=True, blank=True)
    consented_sharing_at = models.DateTimeField("同意提供给各部门", null=True, blank=True)
    submitted_at = models.DateTimeField("首次提交", null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # Whose work it is among the enterprise's agents; each of them may do it.
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="经办人",
    )
    created_at = models.DateTimeField("创建时间", auto_now_add=True)
    # Of what follows the table, entered by the room that follows (services/afterwards.py): whose
    # move it is, and how it stands in words for the enterprise.
    afterwards = models.CharField("审核通过之后", max_length=6, choices=Turn.choices, blank=True)
    afterwards_words = models.CharField("审核通过之后的进度", max_length=60, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "申请"
        constraints = [
            models.UniqueConstraint(
                fields=["applicant"],
                condition=~Q(status__in=["endorsed", "declined", "withdrawn"])
                & ~Q(kind__in=sorted(BESIDE)),
                name="application_one_open_per_applicant",
            ),
            models.UniqueConstraint(
                fields=["applicant", "kind"],
                condition=~Q(status__in=["endorsed", "declined", "withdrawn"])
                & Q(kind__in=sorted(BESIDE)),
                name="application_one_open_beside",
            ),
            models.CheckConstraint(
                name="application_submitted_with_consents",
                condition=Q(submitted_at__isnull=True)
                | Q(consented_processing_at__isnull=False, consented_sharing_at__isnull=False)
                | Q(consented_processing_at__isnull=False, needs_table=False)
                | Q(kind__in=sorted(WITHOUT_CONSENT), needs_table=False),
            ),
            models.CheckConstraint(
                name="application_due_is_whole",
                condition=Q(due_days__isnull=True) | Q(due_days__gte=1, due_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "status_since"], name="application_queue"),
            models.Index(fields=["status", "afterwards"], name="application_afterwards"),
            # What is over, as the station's list turns its pages.
            models.Index(
                fields=["-status_since", "-id"],
                name="application_over",
                condition=Q(status__in=["endorsed", "declined", "withdrawn"]),
            ),
            # Lists behind a report's figure.
            models.Index(
                fields=["-submitted_at", "-id"],
                name="application_submitted",
                condition=Q(submitted_at__isnull=False),
            ),
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
    def service(self) -> Service:
        """What is known of its kind."""
        return SERVICES[self.kind]

    @property
    def is_first(self) -> bool:
        """Whether it is for a first card, and not one of the later services."""
        return self.kind == Kind.NEW

    @property
    def is_for_a_card(self) -> bool:
        """Whether it is filed in the national system and ends with a card."""
        return self.service.makes_card

    @property
    def title(self) -> str:
        """What people call it: 张三的申请, 张三的换卡申请."""
        return f"{self.applicant.name}的{'' if self.is_first else self.service.label}申请"

    def asks_for(self, number: int) -> bool:
        """Whether this material is among its own; of a first application without a query."""
        if self.is_first:
            return number in self.service.materials
        return self.materials.filter(number=number).exists()

    @property
    def cause_label(self) -> str:
        cause = self.service.cause(self.cause)
        return cause.label if cause else ""

    @property
    def asks_consent(self) -> bool:
        """Whether the applicant himself agrees before it is submitted; with a table always."""
        return self.needs_table or self.service.asks_consent

    @property
    def lacks_consent(self) -> bool:
        return self.asks_consent and self.consent is None

    @property
    def public_label(self) -> str:
        if self.is_followed:
            return self.afterwards_words
        if self.state == Status.ENDORSED and not self.needs_table:
            return "服务站已核准，请按下一步办理"
        return str(PUBLIC_LABELS[self.state])

    @property
    def is_followed(self) -> bool:
        """Endorsed, and something was entered of what follows the table."""
        return self.state == Status.ENDORSED and self.afterwards_words != ""

    @property
    def badge(self) -> str:
        return BADGES[self.state]

    @property
    def waits_for_enterprise_afterwards(self) -> bool:
        """Endorsed, and the enterprise's move."""
        return self.state == Status.ENDORSED and self.afterwards in {"", Turn.AGENT}

    @property
    def ball(self) -> str:
        if self.state == Status.ENDORSED and self.afterwards:
            return AFTERWARDS_BALL[Turn(self.afterwards)]
        return BALL[self.state]

    @property
    def consent(self) -> "Consent | None":
        """The applicant's own that is in force; `with_consents` spares the query."""
        in_force = (one for one in self.consents.all() if one.superseded_at is None)
        return next(in_force, None)

    @property
    def has_lost_consent(self) -> bool:
        """It was given, and ended when another person was typed in; an old case never had one."""
        return self.consent is None and self.consents.exists()

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE

    def unlocks(self, *, is_asked_for: bool) -> bool:
        """Whether a material may change now, of which a correction is asked for, or is not."""
        return self.state == Status.DRAFT or (self.is_editable and is_asked_for)

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
    def can_be_deleted(self) -> bool:
        """A first draft, never submitted: the station has no record of it to keep.

        A service is part of its card's record, and is withdrawn instead.
        """
        return self.is_first and self.state == Status.DRAFT and not self.changes.exists()

    @property
    def can_be_begun_again(self) -> bool:
        """What the enterprise withdrew; of what was declined the reason stands in the way.

        A service is begun from its card, which may have another state by then.
        """
        return self.is_first and self.state == Status.WITHDRAWN

    @property
    def is_over_for_all(self) -> bool:
        """Over, and nothing follows that somebody has to do."""
        return self.is_over and (self.state != Status.ENDORSED or self.afterwards == Turn.OVER)

    @property
    def is_over(self) -> bool:
        return self.state in FINAL


class StatusChangeQuerySet(models.QuerySet["StatusChange"]):
    def visible_to(self, user: User) -> "StatusChangeQuerySet":
        return self.filter(application__in=Application.objects.visible_to(user))

    def with_people(self) -> "StatusChangeQuerySet":
        return self.select_related("application__enterprise", "application__applicant")


class StatusChange(models.Model):
    """One move in an application's life; the history that people read."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="changes")
    action = models.CharField("动作", max_length=15, choices=Action.choices)
    from_status = models.CharField("原状态", max_length=15, choices=Status.choices)
    to_status = models.CharField("新状态", max_length=15, choices=Status.choices)
    reason = EncryptedTextField("说明", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("时间", auto_now_add=True)
    # As its letter says it; `Application.due_at` follows the calendar from there.
    answer_by = models.DateTimeField("请企业答复的期限", null=True, blank=True)

    objects = StatusChangeQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = "办理记录"
        # What a report counts of a period's moves.
        indexes = [
            models.Index(
                fields=["at"], include=["action", "to_status"], name="status_change_moved_at"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.application}"
