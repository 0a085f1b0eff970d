"""The plan's work: its phases, what is to be done in each, meetings, and talks with the city."""

from datetime import date
from typing import Final, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from outreach.models.articles import Article
from parameters.models import Parameter

PlanRow = TypeVar("PlanRow", bound=models.Model)


class PlanQuerySet(models.QuerySet[PlanRow]):
    """Rows of the plan; the station's officers and its head see all of them, nobody else any."""

    def visible_to(self, user: User) -> Self:
        return self if user.is_of_station else self.none()


class PlanPhaseQuerySet(PlanQuerySet["PlanPhase"]):
    pass


class PlanPhase(models.Model):
    """One of the plan's phases, with its days; one without an end is the standing one."""

    number = models.PositiveSmallIntegerField("次序", unique=True)
    name = models.CharField("名称", max_length=40)
    text = models.TextField("方案里的要求", max_length=1000)
    begins_on = models.DateField("从哪天起")
    ends_on = models.DateField("到哪天止", null=True, blank=True)
    result = models.TextField("做得怎么样", max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = PlanPhaseQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        verbose_name = "方案的阶段"
        constraints = [
            models.CheckConstraint(
                name="plan_phase_ends_after_it_begins",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("begins_on")),
            )
        ]

    def __str__(self) -> str:
        return f"第{self.number}阶段　{self.name}"

    def get_absolute_url(self) -> str:
        return f"{reverse('outreach:plan')}#phase-{self.number}"

    def is_under_way(self, today: date) -> bool:
        return self.begins_on <= today and not self.is_over(today)

    def is_over(self, today: date) -> bool:
        return self.ends_on is not None and self.ends_on < today


class PlanMeetingQuerySet(PlanQuerySet["PlanMeeting"]):
    pass


class PlanMeeting(models.Model):
    """A meeting that looks at how the work goes (定期研判); what it decided are tasks."""

    held_on = models.DateField("哪天开的")
    title = models.CharField("会议", max_length=80)
    attendees = models.CharField("谁参加", max_length=300, blank=True)
    matters = models.TextField("研判了什么", max_length=3000)
    decisions = models.TextField("议定事项", max_length=3000, blank=True)
    next_on = models.DateField("下次哪天", null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="记录人"
    )
    nonce = models.CharField(max_length=36, unique=True)
    version = models.PositiveIntegerField(default=1)

    objects = PlanMeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "-pk"]
        verbose_name = "研判会议"

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("outreach:plan_meeting", args=[self.pk])


class PlanTalkQuerySet(PlanQuerySet["PlanTalk"]):
    pass


class PlanTalk(models.Model):
    """What was asked of an office of the city and what was learned; it only leads on from here."""

    class Office(models.TextChoices):
        FOREIGN = "foreign", "市政府外办"
        COMMERCE = "commerce", "市商务委"
        OTHER = "other", "其他单位"

    class Way(models.TextChoices):
        CALL = "call", "电话"
        MEETING = "meeting", "会议、座谈"
        LETTER = "letter", "来函、去函"
        PERSON = "person", "上门"
        ONLINE = "online", "网上、工作群"

    office = models.CharField("与谁对接", max_length=10, choices=Office.choices)
    whom = models.CharField("处室、联系人", max_length=80, blank=True)
    way = models.CharField("方式", max_length=10, choices=Way.choices, default=Way.CALL)
    held_on = models.DateField("哪天")
    asked = models.TextField("问了什么", max_length=2000)
    learned = models.TextField("得到什么答复、新的政策", max_length=3000, blank=True)
    # Where it led: to a text for the enterprises, to a value that holds from now on.
    article = models.ForeignKey(
        Article, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="写成的文章"
    )
    parameter = models.ForeignKey(
        Parameter,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="改了的参数",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="记录人"
    )
    nonce = models.CharField(max_length=36, unique=True)
    version = models.PositiveIntegerField(default=1)

    objects = PlanTalkQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "-pk"]
        verbose_name = "对接记录"

    def __str__(self) -> str:
        return f"与{self.get_office_display()}对接"

    def get_absolute_url(self) -> str:
        return reverse("outreach:plan_talk", args=[self.pk])

    @property
    def is_answered(self) -> bool:
        return self.learned != ""


class PlanTaskQuerySet(PlanQuerySet["PlanTask"]):
    def open(self) -> Self:
        return self.filter(state__in=OPEN)


class PlanTask(models.Model):
    """One thing to be done: of a phase, or decided by a meeting, or begun by a talk."""

    class State(models.TextChoices):
        TODO = "todo", "未开始"
        DOING = "doing", "进行中"
        DONE = "done", "已完成"
        DROPPED = "dropped", "不再办"

    phase = models.ForeignKey(
        PlanPhase, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name="阶段"
    )
    meeting = models.ForeignKey(
        PlanMeeting,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tasks",
        verbose_name="会议",
    )
    talk = models.ForeignKey(
        PlanTalk, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name="对接"
    )
    position = models.PositiveSmallIntegerField("次序", default=100)
    title = models.CharField("做什么", max_length=120)
    unit = models.CharField("责任单位", max_length=60, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="负责人",
    )
    begins_on = models.DateField("从哪天起", null=True, blank=True)
    due_on = models.DateField("哪天前完成", null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.TODO)
    # Which of the portal's figures shows it (outreach.plan.figures), and how much is wanted.
    figure = models.CharField("用门户的哪个数说明", max_length=30, blank=True)
    goal = models.PositiveIntegerField("要达到多少", null=True, blank=True)
    result = models.CharField("结果或原因", max_length=500, blank=True)
    done_on = models.DateField("哪天完成的", null=True, blank=True)
    # One page sent twice makes one row; the plan's own tasks have none.
    nonce = models.CharField(max_length=36, null=True, blank=True, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)

    objects = PlanTaskQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = "推进任务"
        constraints = [
            models.CheckConstraint(
                name="plan_task_belongs_somewhere",
                condition=Q(phase__isnull=False) | Q(meeting__isnull=False) | Q(talk__isnull=False),
            ),
            models.CheckConstraint(
                name="plan_task_done_has_day",
                condition=Q(state="done", done_on__isnull=False)
                | ~Q(state="done") & Q(done_on__isnull=True),
            ),
            models.CheckConstraint(
                name="plan_task_dropped_says_why", condition=~Q(state="dropped") | ~Q(result="")
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"], name="plan_task_open", condition=Q(state__in=["todo", "doing"])
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("outreach:plan_task", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_late(self) -> bool:
        return self.is_open and self.due_on is not None and self.due_on < timezone.localdate()

    @property
    def badge(self) -> str:
        return "late" if self.is_late else BADGES[PlanTask.State(self.state)]

    @property
    def state_words(self) -> str:
        return "逾期" if self.is_late else self.get_state_display()

    @property
    def home(self) -> "PlanPhase | PlanMeeting | PlanTalk":
        """Where it belongs."""
        home = self.phase or self.meeting or self.talk
        if home is None:
            raise LookupError(f"task {self.pk} belongs nowhere")
        return home


OPEN: Final = (PlanTask.State.TODO, PlanTask.State.DOING)
BADGES: Final = {
    PlanTask.State.TODO: "void",
    PlanTask.State.DOING: "wait",
    PlanTask.State.DONE: "done",
    PlanTask.State.DROPPED: "void",
}
