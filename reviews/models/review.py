"""The review table of Annex 4: its rounds, opinions, pauses, and the chain of PDFs."""

from enum import Enum
from functools import cached_property

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, When
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.models import Department, User
from applications.models import Application
from applications.workflow import Status
from core.fields import EncryptedJSONField, EncryptedTextField
from core.numerals import chinese_number
from files.models import StoredFile
from reviews.annex4 import KINDS, section_of
from reviews.readers import reads_every_opinion
from reviews.signatures.models import Certificate


class ReviewTableQuerySet(models.QuerySet["ReviewTable"]):
    def visible_to(self, user: User) -> "ReviewTableQuerySet":
        """The station's, the agent's own, and those on which one's department has an opinion."""
        if user.department_id is not None:
            return self.filter(opinions__department_id=user.department_id)
        return self.filter(application__in=Application.objects.visible_to(user))

    def downloadable_by(self, user: User) -> "ReviewTableQuerySet":
        """Whose PDF, with all five opinions in it, this person gets.

        Of an enterprise's own those that all have signed; of the others' all that they see, where
        they may read every opinion.
        """
        if user.is_agent:
            return self.visible_to(user).filter(status=ReviewTable.Status.CONCLUDED)
        return self.visible_to(user) if reads_every_opinion(user) else self.none()

    def with_downloads(self, user: User) -> "ReviewTableQuerySet":
        """Adds `is_downloadable`: this person may have the table's PDF."""
        own = ReviewTable.objects.downloadable_by(user).filter(pk=models.OuterRef("pk"))
        return self.annotate(is_downloadable=models.Exists(own))

    def open(self) -> "ReviewTableQuerySet":
        return self.filter(status=ReviewTable.Status.OPEN)

    def with_people(self) -> "ReviewTableQuerySet":
        return self.select_related("application__enterprise", "application__applicant")

    def awaiting(self, department: Department) -> "ReviewTableQuerySet":
        """Open ones that this department may sign now, its clock running."""
        own = Opinion.objects.ready().on_the_clock().filter(department=department)
        return self.filter(models.Exists(own.filter(table=models.OuterRef("pk"))))

    def over(self) -> "ReviewTableQuerySet":
        return self.exclude(status=ReviewTable.Status.OPEN)

    def open_by_urgency(self) -> "ReviewTableQuerySet":
        """Open ones by what is due first on them, as `first_due`.

        A deadline of the whole table counts while its clock runs.
        """
        running = Opinion.objects.ready().on_the_clock().filter(table=models.OuterRef("pk"))
        first = models.Subquery(running.order_by("due_at").values("due_at")[:1])
        whole = Case(When(application__status=Status.IN_REVIEW, then="due_at"))
        ordered = self.open().annotate(first_due=Coalesce(first, whole))
        return ordered.order_by(models.F("first_due").asc(nulls_last=True), "-id")

    def by_urgency(self) -> tuple["ReviewTableQuerySet", "ReviewTableQuerySet"]:
        """Parts of a list: open ones by what is due first; then the others, the newest first."""
        return self.open_by_urgency(), self.over().order_by("-id")


class ReviewTable(models.Model):
    """One round of the review table. `facts` is what was printed when it was circulated."""

    class Status(models.TextChoices):
        OPEN = "open", "尚未签齐"
        CONCLUDED = "concluded", "有效"
        VOID = "void", "已作废"

    class VoidCause(models.TextChoices):
        """Why a round is void, as anybody may read it."""

        CORRECTED = "corrected", "表上的信息要更正"
        WITHDRAWN = "withdrawn", "企业撤回了申请"

    class Use(Enum):
        """What its files are good for, in the words of the buttons that hand them out."""

        FILING = "上传国家系统用"
        RECORD = "结论为不同意，只供存档"
        UNFINISHED = "还没有签齐，只供查看"
        VOID = "印有“作废”字样"

    application = models.ForeignKey(Application, models.PROTECT, related_name="tables")
    number = models.CharField("编号", max_length=40)
    round = models.PositiveSmallIntegerField("轮次", default=1)
    verification_code = models.CharField("验证码", max_length=20, unique=True)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.OPEN)
    facts = EncryptedJSONField("表内信息")
    boxes = models.JSONField("签章格位置（pt）", default=dict)
    circulated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="送审人"
    )
    circulated_at = models.DateTimeField("送审时间")
    # The targets in force when it was circulated: a deadline must add up after they change.
    department_days = models.PositiveSmallIntegerField("部门时限（工作日）", default=2)
    whole_days = models.PositiveSmallIntegerField("办结时限（工作日）", default=3)
    due_at = models.DateTimeField("办结时限")
    # When the deadline last moved; empty since circulation. Calendars on phones are told by it.
    due_moved_at = models.DateTimeField("时限变更时间", null=True, blank=True)
    concluded_at = models.DateTimeField("办结时间", null=True, blank=True)
    voided_at = models.DateTimeField("作废时间", null=True, blank=True)
    void_cause = models.CharField(
        "作废类别", max_length=10, choices=VoidCause.choices, default=VoidCause.CORRECTED
    )
    # In somebody's own words, for those who have to do with the case.
    void_reason = EncryptedTextField("作废原因", blank=True)

    objects = ReviewTableQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "审核表"
        constraints = [
            models.UniqueConstraint(fields=["number", "round"], name="review_table_number_round"),
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(status="open"),
                name="review_table_one_open_per_application",
            ),
            models.CheckConstraint(
                name="review_table_void_says_why",
                condition=~Q(status="void") | (Q(voided_at__isnull=False) & ~Q(void_reason="")),
            ),
            models.CheckConstraint(
                name="review_table_concluded_has_time",
                condition=~Q(status="concluded") | Q(concluded_at__isnull=False),
            ),
        ]
        # What a leader's home counts of the last weeks and months.
        indexes = [
            models.Index(
                fields=["circulated_at"],
                include=["id", "status", "concluded_at", "voided_at", "due_at"],
                name="review_table_circulated_at",
            ),
            models.Index(fields=["concluded_at"], name="review_table_concluded"),
            models.Index(
                fields=["voided_at"],
                name="review_table_voided",
                condition=Q(voided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} 第{self.round}轮" if self.round > 1 else self.number

    def get_absolute_url(self) -> str:
        return reverse("reviews:table_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN

    @property
    def is_concluded(self) -> bool:
        return self.status == self.Status.CONCLUDED

    @property
    def is_void(self) -> bool:
        return self.status == self.Status.VOID

    @property
    def use(self) -> Use:
        """By its own status and its application's."""
        if self.is_void:
            return self.Use.VOID
        if self.is_open:
            return self.Use.UNFINISHED
        endorsed = self.application.status == Status.ENDORSED
        return self.Use.FILING if endorsed else self.Use.RECORD

    @property
    def is_for_filing(self) -> bool:
        return self.use is self.Use.FILING

    @property
    def last_days(self) -> int:
        """Working days that the department that signs last has from its turn on, at the least."""
        return max(self.whole_days - self.department_days, 1)

    def target_days(self, department: Department | None) -> int:
        """Working days for one department's opinion, or with None for the whole table."""
        is_whole = department is None or department.signs_last
        return self.whole_days if is_whole else self.department_days

    @property
    def department_count(self) -> str:
        """How many departments sign this table, in a Chinese numeral."""
        return chinese_number(len(self.boxes))

    def newest_revision(self) -> "Revision":
        return self.revisions.select_related("file").order_by("-sequence")[0]


# Of opinions `with_clock`: the departments hold the case, or a pause leaves this one going on.
CLOCK_RUNS = Q(table__application__status=Status.IN_REVIEW) | Q(clock_goes_on=True)


class OpinionQuerySet(models.QuerySet["Opinion"]):
    def visible_to(self, user: User) -> "OpinionQuerySet":
        """A department's own; the station reads all; nobody else any."""
        if user.department_id is not None:
            return self.filter(department_id=user.department_id)
        if user.is_officer or user.is_supervisor:
            return self
        return self.none()

    def readable_by(self, user: User) -> "OpinionQuerySet":
        """Whose words this person may read: every department's, or a liaison his own alone."""
        if reads_every_opinion(user):
            return self
        if user.is_liaison and user.department_id is not None:
            return self.filter(department_id=user.department_id)
        return self.none()

    def with_readability(self, user: User) -> "OpinionQuerySet":
        """Adds `is_readable`: this person may read its words."""
        readable = Opinion.objects.readable_by(user).filter(pk=models.OuterRef("pk"))
        return self.annotate(is_readable=models.Exists(readable))

    def of_open_tables(self) -> "OpinionQuerySet":
        return self.filter(table__status=ReviewTable.Status.OPEN)

    def unsigned(self) -> "OpinionQuerySet":
        """As the partial index on the deadline holds them: neither signed nor of a void round."""
        return self.filter(signed_at__isnull=True, lapsed_at__isnull=True)

    def awaiting_signature(self) -> "OpinionQuerySet":
        return self.of_open_tables().unsigned()

    def ready(self) -> "OpinionQuerySet":
        """May be signed now: by the last department only when the others have signed."""
        others = Opinion.objects.filter(
            table=models.OuterRef("table"), signed_at__isnull=True, lapsed_at__isnull=True
        )
        return self.awaiting_signature().filter(
            Q(department__signs_last=False) | ~models.Exists(others.parallel())
        )

    def with_clock(self) -> "OpinionQuerySet":
        """Adds `clock_goes_on`: an open pause leaves its department's clock running."""
        going_on = Pause.going_on.through.objects.filter(
            pause__table=models.OuterRef("table"),
            pause__ended_at__isnull=True,
            department=models.OuterRef("department"),
        )
        return self.annotate(clock_goes_on=models.Exists(going_on))

    def on_the_clock(self) -> "OpinionQuerySet":
        """Whose clock runs: of a case that the departments hold, or that a pause leaves out."""
        return self.with_clock().filter(CLOCK_RUNS)

    def parallel(self) -> "OpinionQuerySet":
        """Of the departments that are asked at once, without the one that signs last."""
        return self.filter(department__signs_last=False)

    def in_hands_of(self, user: User) -> "OpinionQuerySet":
        """Assigned to this person, or to nobody by name."""
        return self.filter(Q(assignee=user) | Q(assignee__isnull=True))

    def signed(self) -> "OpinionQuerySet":
        """Answered, electronically or on paper."""
        return self.filter(signed_at__isnull=False)

    def electronic(self) -> "OpinionQuerySet":
        return self.signed().filter(paper_scan__isnull=True)

    def with_case(self) -> "OpinionQuerySet":
        return self.select_related(
            "department",
            "owner",
            "assignee",
            "table__application__enterprise",
            "table__application__applicant",
        )


class Opinion(models.Model):
    """What one department says on one table; its own alone, and unchangeable once signed."""

    class Conclusion(models.TextChoices):
        AGREE = "agree", "同意"
        DISAGREE = "disagree", "不同意"

    table = models.ForeignKey(ReviewTable, models.PROTECT, related_name="opinions")
    department = models.ForeignKey(Department, models.PROTECT, related_name="opinions")
    answers = EncryptedJSONField("核实内容")
    words = EncryptedTextField("办理意见", blank=True)
    conclusion = models.CharField("结论", max_length=10, choices=Conclusion.choices, blank=True)
    due_at = models.DateTimeField("时限")
    due_moved_at = models.DateTimeField("时限变更时间", null=True, blank=True)
    # Whose it is, and who acts now: somebody else only while the owner is away. Without either,
    # as before assignments were kept, it is every liaison's of the department.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assigned_opinions",
    )
    drafted_at = models.DateTimeField("草稿时间", null=True, blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The round was voided before the opinion was signed: it waits for nobody any more.
    lapsed_at = models.DateTimeField("失效时间", null=True, blank=True)
    # When the department has answered, and by whom: signed electronically by its liaison, or, with
    # `paper_scan`, recorded by the station from the stamped sheet, which is no signature of theirs.
    signed_at = models.DateTimeField("签署时间", null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # When the department first did something about this round, as the trail said when it signed.
    responded_at = models.DateTimeField("首次响应时间", null=True, blank=True)
    certificate = models.ForeignKey(
        Certificate, models.PROTECT, null=True, blank=True, related_name="+"
    )
    paper_scan = models.ForeignKey(
        "reviews.WetScan",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="opinions",
        verbose_name="盖章扫描件",
    )
    stamped_on = models.DateField("盖章日期（纸上）", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = OpinionQuerySet.as_manager()

    class Meta:
        ordering = ["department__position"]
        verbose_name = "部门意见"
        constraints = [
            models.UniqueConstraint(fields=["table", "department"], name="opinion_once_per_table"),
            models.CheckConstraint(
                name="opinion_signed_is_whole",
                condition=Q(signed_at__isnull=True, signed_by__isnull=True)
                | (Q(signed_at__isnull=False, signed_by__isnull=False) & ~Q(conclusion="")),
            ),
            # Of a stamp on paper no certificate of the department's may be kept.
            models.CheckConstraint(
                name="opinion_on_paper_is_no_signature",
                condition=Q(paper_scan__isnull=True, stamped_on__isnull=True)
                | Q(
                    paper_scan__isnull=False,
                    stamped_on__isnull=False,
                    signed_at__isnull=False,
                    certificate__isnull=True,
                ),
            ),
        ]
        indexes = [
            # Holds what waits and nothing else, so that the sweep costs what is due.
            models.Index(
                fields=["due_at"],
                name="opinion_due",
                condition=Q(signed_at__isnull=True, lapsed_at__isnull=True),
            ),
            # With what a report asks of very many, so that their cipher text is not read.
            models.Index(
                fields=["signed_at"],
                include=["table", "department", "due_at"],
                name="opinion_signed_in",
            ),
            # What a department has signed, the newest first: also of one that has signed nothing.
            models.Index(
                fields=["department", "signed_at", "id"],
                name="opinion_signed_by",
                condition=Q(signed_at__isnull=False),
            ),
            models.Index(fields=["due_at", "department"], name="opinion_due_of_all"),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.department}意见"

    def get_absolute_url(self) -> str:
        return reverse("reviews:opinion_edit", args=[self.pk])

    @property
    def is_signed(self) -> bool:
        return self.signed_at is not None

    @property
    def is_on_paper(self) -> bool:
        """Answered by a stamp on paper, of which the station keeps the scan."""
        return self.paper_scan_id is not None

    @property
    def manner(self) -> str:
        """What `signed_by` did at `signed_at`, after these in a sentence."""
        return "按纸质盖章件录入" if self.is_on_paper else "签署"

    @property
    def agrees(self) -> bool:
        return self.conclusion == self.Conclusion.AGREE

    @property
    def is_last(self) -> bool:
        return self.department.signs_last

    @cached_property
    def goes_on(self) -> bool:
        """An open pause leaves this department's clock running; `with_clock` spares the query."""
        known: bool | None = self.__dict__.get("clock_goes_on")
        if known is not None:
            return known
        pauses = Pause.objects.filter(table=self.table_id, ended_at__isnull=True)
        return pauses.filter(going_on=self.department_id).exists()

    @property
    def is_held(self) -> bool:
        """Its clock stands still: what it waits for is to come from the enterprise."""
        return self.table.application.status == Status.SUPPLEMENTING and not self.goes_on

    @property
    def acts_by_name(self) -> User | None:
        """Who acts for the department; None where it is every liaison's of the department."""
        acting = self.assignee
        if acting is None or not acting.is_active or acting.department_id != self.department_id:
            return None
        return acting

    @property
    def is_stood_in_for(self) -> bool:
        """Does somebody act in the owner's place?"""
        return self.owner_id is not None and self.owner_id != self.assignee_id

    @property
    def stated(self) -> list[tuple[str, str]]:
        """What the department has verified: label and words of each blank of its section."""
        if self.department.section not in KINDS:
            return []
        return section_of(self.department).stated(self.answers)

    @property
    def number(self) -> str:
        """Opinion number: the table's, its round, and the department's place in Annex 4."""
        return f"{self.table.number}-{self.table.round}-{self.department.position}"


class Pause(models.Model):
    """The clock stands still while the enterprise supplements materials.

    It does so for the whole table and for every department but those in `going_on`, which need
    nothing of what was asked for.
    """

    table = models.ForeignKey(ReviewTable, models.PROTECT, related_name="pauses")
    reason = EncryptedTextField("原因")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    going_on = models.ManyToManyField(
        Department, related_name="+", blank=True, verbose_name="不受影响的部门"
    )
    started_at = models.DateTimeField("开始")
    ended_at = models.DateTimeField("结束", null=True, blank=True)

    class Meta:
        ordering = ["started_at"]
        verbose_name = "暂停"
        constraints = [
            models.UniqueConstraint(
                fields=["table"], condition=Q(ended_at__isnull=True), name="pause_one_at_a_time"
            ),
            models.CheckConstraint(
                name="pause_ends_after_start",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=models.F("started_at")),
            ),
        ]
        # Those of a span of time, of the very many that are over.
        indexes = [models.Index(fields=["ended_at"], name="pause_ended")]

    def __str__(self) -> str:
        return f"{self.table} 暂停"


class Revision(models.Model):
    """One link of the chain of PDFs: the certified table, then one for each signature."""

    table = models.ForeignKey(ReviewTable, models.PROTECT, related_name="revisions")
    sequence = models.PositiveSmallIntegerField("次序")
    opinion = models.OneToOneField(
        Opinion, models.PROTECT, null=True, blank=True, related_name="revision"
    )
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    created_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        ordering = ["table", "sequence"]
        verbose_name = "审核表版本"
        constraints = [
            models.UniqueConstraint(fields=["table", "sequence"], name="revision_in_order")
        ]

    def __str__(self) -> str:
        return f"{self.table} 版本{self.sequence}"

    @property
    def what(self) -> str:
        """What its opinion came by, in a revision that has one."""
        on_paper = self.opinion is not None and self.opinion.is_on_paper
        return "盖章件录入" if on_paper else "签署"


class NumberSequence(models.Model):
    """The last number given out in one series; its row is locked while the next one is taken."""

    series = models.CharField("系列", max_length=40, unique=True)
    last = models.PositiveIntegerField("最后编号", default=0)

    class Meta:
        verbose_name = "编号"

    def __str__(self) -> str:
        return f"{self.series} {self.last}"
