"""An enterprise's rules of management, and the commitment of who collects its cards."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.fields import EncryptedLineField, EncryptedNameField, EncryptedTextField, NameField
from enterprises.models import Enterprise, of_visible
from files.models import Page


class ManagementRulesQuerySet(models.QuerySet["ManagementRules"]):
    def visible_to(self, user: User) -> "ManagementRulesQuerySet":
        return self.filter(of_visible(user))

    def in_force(self, day: date) -> "ManagementRulesQuerySet":
        """The version that holds on this day first; those that have not begun are left out."""
        return self.filter(in_force_since__lte=day).order_by("-in_force_since", "-version")


class ManagementRules(models.Model):
    """One version of an enterprise's rules of its cards. A change is another version."""

    class Way(models.TextChoices):
        TEMPLATE = "template", "按范本写成"
        UPLOAD = "upload", "上传本单位的文件"

    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="management_rules", verbose_name="企业"
    )
    version = models.PositiveSmallIntegerField("版本", default=1)
    way = models.CharField("来源", max_length=8, choices=Way.choices)
    keeper = NameField("保管部门和保管人", max_length=80, blank=True)
    place = models.CharField("存放地点", max_length=80, blank=True)
    return_days = models.PositiveSmallIntegerField("回国后几天内归还")
    loss = models.CharField("遗失怎么办", max_length=300, blank=True)
    leaving = models.CharField("离职、调岗怎么办", max_length=300, blank=True)
    # As it was written then, whatever became of the template since.
    text = models.TextField("全文", blank=True)
    template_version = models.PositiveSmallIntegerField("范本版本", null=True, blank=True)
    in_force_since = models.DateField("施行日期")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = ManagementRulesQuerySet.as_manager()

    class Meta:
        ordering = ["-version"]
        verbose_name = "用卡管理办法"
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "version"], name="management_rules_version"
            ),
            models.CheckConstraint(
                name="management_rules_written_has_text",
                condition=Q(way="template", template_version__isnull=False) & ~Q(text="")
                | Q(way="upload", template_version__isnull=True, text=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise}用卡管理办法 第{self.version}版"

    def get_absolute_url(self) -> str:
        return reverse("cards:rules", args=[self.pk])

    @property
    def is_coming(self) -> bool:
        return self.in_force_since > timezone.localdate()


class RulesPage(Page):
    """A picture of rules that the enterprise wrote itself, or of the signed print."""

    rules = models.ForeignKey(ManagementRules, models.PROTECT, related_name="pages")

    class Meta(Page.Meta):
        verbose_name = "用卡管理办法的一页"


class CollectionLetterQuerySet(models.QuerySet["CollectionLetter"]):
    def visible_to(self, user: User) -> "CollectionLetterQuerySet":
        return self.filter(of_visible(user))


class CollectionLetter(models.Model):
    """The commitment of the person who collects cards (领取使用商务旅行卡的承诺函)."""

    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="collection_letters", verbose_name="企业"
    )
    collector = EncryptedNameField("领卡人", max_length=50)
    post = EncryptedNameField("职务", max_length=60, blank=True)
    id_number = EncryptedTextField("领卡人身份证号码", blank=True)
    phone = EncryptedTextField("领卡人电话")
    holders = EncryptedLineField("领取谁的卡", max_length=200)
    collects_on = models.DateField("领卡日期")
    text = EncryptedTextField("全文")
    text_version = models.PositiveSmallIntegerField("承诺函版本")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = CollectionLetterQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "领卡承诺函"

    def __str__(self) -> str:
        return f"{self.collector}的领卡承诺函"


class KeeperQuerySet(models.QuerySet["Keeper"]):
    def visible_to(self, user: User) -> "KeeperQuerySet":
        return self.filter(of_visible(user))

    def acting(self) -> "KeeperQuerySet":
        return self.filter(ended_on__isnull=True)


class Keeper(models.Model):
    """Who keeps the enterprise's cards: a named person, with or without an account."""

    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="keepers", verbose_name="企业"
    )
    name = EncryptedNameField("保管人", max_length=50)
    post = EncryptedNameField("部门和职务", max_length=60, blank=True)
    phone = EncryptedTextField("联系电话")
    since = models.DateField("起始日期")
    ended_on = models.DateField("结束日期", null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = KeeperQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = "卡片保管人"
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "name"],
                condition=Q(ended_on__isnull=True),
                name="keeper_once_at_a_time",
            ),
            models.CheckConstraint(
                name="keeper_ends_after_start",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("since")),
            ),
        ]

    def __str__(self) -> str:
        return self.name
