"""Letters as they are written, whom each names, and the station's templates by version."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from applications.models import Applicant, Application
from core.fields import EncryptedJSONField, EncryptedTextField
from enterprises.models import Enterprise, of_visible
from files.models import StoredFile
from letters.codes import LetterCode


class WrittenLetterQuerySet(models.QuerySet["WrittenLetter"]):
    def visible_to(self, user: User) -> "WrittenLetterQuerySet":
        """The enterprise's own; all for the station. What the station writes is read by both."""
        return self.filter(of_visible(user))

    def serving(self, application: Application) -> "WrittenLetterQuerySet":
        """Those that may be used in this case: they name its applicant, or nobody."""
        ours = self.filter(enterprise=application.enterprise_id)
        names_nobody = ~models.Exists(LetterPerson.objects.filter(letter=models.OuterRef("pk")))
        names_him = models.Exists(
            LetterPerson.objects.filter(
                letter=models.OuterRef("pk"), applicant=application.applicant_id
            )
        )
        # What was written in a case is that case's: a statement tells of one card.
        in_case = models.Q(application=application) | models.Q(application__isnull=True)
        shared = models.Q(code__in=SHARED)
        return ours.filter(names_nobody | names_him).filter(in_case | shared)

    def with_people(self) -> "WrittenLetterQuerySet":
        people = models.Prefetch("people", LetterPerson.objects.select_related("applicant"))
        related = "enterprise", "application__applicant", "created_by", "changed_by"
        return self.select_related(*related).prefetch_related(people)

    def for_lists(self) -> "WrittenLetterQuerySet":
        """Without what was written, which a list does not show."""
        return self.with_people().defer("values", "body", "person_line")


# What speaks of the enterprise, or of all whom it names, whichever case it was begun in.
SHARED = [
    LetterCode.APPLICATION,
    LetterCode.PROFILE,
    LetterCode.COMMITMENT,
    LetterCode.RULES,
    LetterCode.AUTHORISATION,
    LetterCode.INSURANCE,
]


class WrittenLetter(models.Model):
    """A letter as it is being written: values and texts, from which both forms are made.

    Values and texts are encrypted, as they may hold numbers of persons; those that the portal
    knows stand in the texts as places, and are filled in when it is printed.
    """

    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="letters", verbose_name="企业"
    )
    # The case in which it was begun; a draft case may be deleted, the letter stays.
    application = models.ForeignKey(
        Application,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name="申请",
    )
    code = models.CharField("种类", max_length=16, choices=LetterCode.choices)
    # By field's name; those of an applicant under his key.
    values = EncryptedJSONField("填写的内容", default=dict, blank=True)
    body = EncryptedTextField("正文")
    person_line = EncryptedTextField("每位申请人的一段", blank=True)
    nonce = models.CharField(max_length=64, null=True, blank=True, unique=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="起草人"
    )
    created_at = models.DateTimeField("起草时间", auto_now_add=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="修改人"
    )
    changed_at = models.DateTimeField("修改时间", default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects = WrittenLetterQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-id"]
        verbose_name = "函件"
        indexes = [
            models.Index(fields=["enterprise", "-changed_at"], name="letter_of_enterprise"),
            models.Index(fields=["-changed_at", "-id"], name="letter_by_change"),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise}的{self.get_code_display()}"

    def get_absolute_url(self) -> str:
        return reverse("letters:letter", args=[self.pk])

    @property
    def applicants(self) -> list[Applicant]:
        """Whom it names, in order; `with_people` spares the queries."""
        return [row.applicant for row in self.people.all()]

    @property
    def names_words(self) -> str:
        return "、".join(person.name for person in self.applicants)

    def serves(self, application: Application) -> bool:
        return WrittenLetter.objects.serving(application).filter(pk=self.pk).exists()


class LetterPerson(models.Model):
    """An applicant whom a letter names, and so serves."""

    letter = models.ForeignKey(WrittenLetter, models.CASCADE, related_name="people")
    applicant = models.ForeignKey(Applicant, models.CASCADE, related_name="+")

    class Meta:
        ordering = ["id"]
        verbose_name = "函件写明的申请人"
        constraints = [
            models.UniqueConstraint(fields=["letter", "applicant"], name="letter_names_once")
        ]

    def __str__(self) -> str:
        return f"{self.letter} {self.applicant}"


class LetterTemplateQuerySet(models.QuerySet["LetterTemplate"]):
    def visible_to(self, user: User) -> "LetterTemplateQuerySet":
        """The station's own; what is set in them stands with whose letter it is."""
        return self if user.is_officer else self.none()

    def newest(self, code: str) -> "LetterTemplate | None":
        """What holds now; None while the station has never put one in its place."""
        rows = self.filter(code=code).select_related("file", "created_by")
        return rows.order_by("-version").first()


class LetterTemplate(models.Model):
    """One version of the Word template of a kind. Going back is another version.

    Without a file it is the portal's own template, which its code draws.
    """

    code = models.CharField("种类", max_length=16, choices=LetterCode.choices)
    version = models.PositiveSmallIntegerField("版本")
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="文件"
    )
    fields = models.JSONField("用到的字段", default=list, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    # None where the station's file brought it.
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="更换人",
    )
    created_at = models.DateTimeField("更换时间", auto_now_add=True)

    objects = LetterTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["code", "-version"]
        verbose_name = "函件模板"
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="letter_template_version")
        ]

    def __str__(self) -> str:
        return f"{self.get_code_display()}模板 第{self.version}版"

    @property
    def by_words(self) -> str:
        return self.created_by.name if self.created_by else "服务站的设置文件"

    @property
    def has_whole_text(self) -> bool:
        """Whether the text that was edited stands in it; else it has words of its own."""
        return self.file_id is None or "正文" in self.fields
