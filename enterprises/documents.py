"""An enterprise's four standing documents as people see them, and what it has to do next."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from accounts.models import User
from enterprises.models import Enterprise, StandingDocument, StandingPage
from materials.validity import Standing

HINTS = {
    StandingDocument.Kind.LETTER: "用企业正式文头纸，写明企业基本情况和与APEC经济体的往来情况，"
    "加盖公章。参考模板在重庆市政府外办官网 zfwb.cq.gov.cn 下载。",
    StandingDocument.Kind.LICENCE: "正本或副本均可，在有效期内，文字和二维码清晰。",
    StandingDocument.Kind.TAX: "上一年度的纳税证明。也可以在申请时选择由审核表替代，不用上传。",
    StandingDocument.Kind.COMMITMENT: "两份文件，法定代表人签字并加盖公章。"
    "参考模板在重庆市政府外办官网 zfwb.cq.gov.cn 下载。",
}


@dataclass(frozen=True)
class Shelf:
    """One of the four, with the pages of its current version."""

    kind: StandingDocument.Kind
    pages: Sequence[StandingPage]

    @property
    def hint(self) -> str:
        return HINTS[self.kind]

    @property
    def standing(self) -> Standing | None:
        """How long it serves; nothing to say of what was not uploaded."""
        return self.pages[0].document.standing if self.pages else None

    @property
    def label(self) -> str:
        return f"已上传{len(self.pages)}页" if self.pages else "待上传"

    @property
    def badge(self) -> str:
        return "done" if self.pages else "act"


@dataclass(frozen=True)
class NextStep:
    what: str
    who: str
    when: str = ""


def load_shelves(enterprise: Enterprise) -> tuple[Shelf, ...]:
    """All four in order, in one query."""
    pages: dict[int, list[StandingPage]] = defaultdict(list)
    for page in StandingPage.objects.filter(
        document__enterprise=enterprise,
        document__superseded_at__isnull=True,
        superseded_at__isnull=True,
    ).select_related("file__recognition", "document"):
        pages[page.document.kind].append(page)
    return tuple(Shelf(kind, pages[kind]) for kind in StandingDocument.Kind)


def has_licence(shelves: Sequence[Shelf]) -> bool:
    return bool(shelves[StandingDocument.Kind.LICENCE - 1].pages)


def next_step(enterprise: Enterprise, shelves: Sequence[Shelf], *, agent: User) -> NextStep:
    """What the agent reads on top of the enterprise's page."""
    if enterprise.is_verified:
        return NextStep("贵单位已通过核验，可以登记申请人，准备并提交申请。", "贵单位经办人")
    if enterprise.status == Enterprise.Status.REFUSED:
        return NextStep(
            "请按上面的原因修改登记信息，或重新上传营业执照。保存或上传后会自动重新提交核验。",
            "贵单位经办人",
        )
    missing = []
    if not has_licence(shelves):
        missing.append("上传营业执照")
    if agent.email_confirmed_at is None:
        missing.append(f"打开{agent.email}收到的邮件，点击链接确认邮箱")
    if missing:
        return NextStep(
            f"请{'，并'.join(missing)}，然后由服务站核验。现在就可以开始准备申请。",
            "贵单位经办人",
        )
    return NextStep(
        "服务站核对营业执照和登记信息，结果会发邮件通知您。等待期间可以先准备申请。",
        "服务站专员",
        station_promise("verification"),
    )


def station_promise(step: str) -> str:
    """By when the station means to have done its own step; empty where it promises nothing."""
    days = settings.STATION_DAYS[step]
    return f"力争{days}个工作日内" if days else ""
