"""An enterprise's shared documents as people see them, and what it has to do next."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from accounts.models import User
from enterprises.licence import read_pages
from enterprises.models import Enterprise, StandingPage
from materials.catalogue import SHARED_NUMBERS, get
from materials.faults import fault_names
from materials.kind import MaterialKind
from materials.numbers import MaterialNumber
from materials.rules.validity import Standing


@dataclass(frozen=True)
class Shelf:
    """One that serves all its applications: its current version's pages, and what is wrong."""

    kind: MaterialKind
    pages: Sequence[StandingPage]
    faults: Sequence[str] = ()

    @property
    def hint(self) -> str:
        return self.kind.shelf_hint

    @property
    def standing(self) -> Standing | None:
        """How long it serves; nothing to say of what was not uploaded."""
        return self.pages[0].document.standing if self.pages else None

    @property
    def label(self) -> str:
        if self.faults:
            return "、".join(self.faults)
        return f"已上传{len(self.pages)}页" if self.pages else "待上传"

    @property
    def badge(self) -> str:
        return "done" if self.pages and not self.faults else "act"


LICENCE_WANTED = (
    "单位名称或信用代码改过了，请上传变更后的营业执照，服务站据此重新核验。"
    "只是更正填错的字、执照没有变更的，不用再传，等服务站核验即可。"
)


@dataclass(frozen=True)
class NextStep:
    what: str
    who: str
    when: str = ""


def load_shelves(enterprise: Enterprise) -> tuple[Shelf, ...]:
    """All in order, in one query; what names applicants stands with their applications."""
    pages: dict[int, list[StandingPage]] = defaultdict(list)
    for page in (
        StandingPage.objects.current()
        .filter(document__enterprise=enterprise, document__superseded_at__isnull=True)
        .select_related("file__recognition", "document")
    ):
        pages[page.document.kind].append(page)
    return tuple(
        Shelf(get(number), pages[number], _faults(enterprise, number, pages[number]))
        for number in SHARED_NUMBERS
    )


def _faults(enterprise: Enterprise, number: int, pages: Sequence[StandingPage]) -> list[str]:
    """What is known to be wrong with the pages, and of a licence that it says otherwise."""
    codes = [warning["code"] for page in pages for warning in page.warnings]
    if number == MaterialNumber.LICENCE and read_pages(enterprise, pages).needs_confirmation:
        codes.append("licence_differs")
    return fault_names(codes)


def shelf_of(shelves: Sequence[Shelf], number: int) -> Shelf:
    return next(shelf for shelf in shelves if shelf.kind.number == number)


def has_licence(shelves: Sequence[Shelf]) -> bool:
    return bool(shelf_of(shelves, MaterialNumber.LICENCE).pages)


def next_step(enterprise: Enterprise, shelves: Sequence[Shelf], *, agent: User) -> NextStep:
    """What the agent reads on top of the enterprise's page."""
    if enterprise.is_verified:
        return NextStep("贵单位已通过核验，可以登记申请人，准备并提交申请。", "贵单位经办人")
    if enterprise.status == Enterprise.Status.REFUSED:
        return NextStep(
            "请按上面的原因修改登记信息；执照照片有问题的，在“本单位”的材料2重新上传。"
            "保存或上传后会自动重新提交核验，已填的内容都会保留。",
            "贵单位经办人",
        )
    if enterprise.licence_wanted_since:
        return NextStep(LICENCE_WANTED, "贵单位经办人", "上传后由服务站重新核验")
    other = _other_code(enterprise, shelves)
    if other:
        return NextStep(
            f"上传的营业执照上读到的信用代码是{other}，登记的是{enterprise.credit_code}。"
            "传成别的单位的执照了，请到材料2换成本单位的；登记填错了，请修改登记信息；"
            "执照没错而读错了，请在材料2确认以填写的为准。",
            "贵单位经办人",
            "服务站核验之前",
        )
    missing = _missing(enterprise, shelves, agent=agent)
    if missing:
        return NextStep(
            f"请{'，再'.join(missing)}，然后由服务站核验。现在就可以开始准备申请。",
            "贵单位经办人",
            f"邮件发出后{settings.EMAIL_CONFIRMATION_DAYS}天内"
            if agent.email_confirmed_at is None
            else "",
        )
    return NextStep(
        "服务站核对营业执照和登记信息，结果会发邮件通知您。等待期间可以先准备申请。",
        "服务站专员",
        station_promise("verification"),
    )


def _other_code(enterprise: Enterprise, shelves: Sequence[Shelf]) -> str:
    """The credit code read on the licence, where it is another than was typed; "" otherwise."""
    read = read_pages(enterprise, shelf_of(shelves, MaterialNumber.LICENCE).pages)
    if not read.needs_confirmation:
        return ""
    codes = (row.read for row in read.differences if row.field == "credit_code")
    return next(codes, "")


def _missing(enterprise: Enterprise, shelves: Sequence[Shelf], *, agent: User) -> list[str]:
    """What the enterprise has to do before the station can verify it, in the order of doing it."""
    missing = []
    if agent.email_confirmed_at is None:
        missing.append(f"打开{agent.email}收到的邮件，点击链接确认邮箱")
    if not has_licence(shelves):
        hint = "（确认邮箱之后才能上传，可以先把照片准备好）" if missing else ""
        missing.append(f"上传营业执照{hint}")
    if enterprise.blanks:
        missing.append(f"填写{'、'.join(enterprise.blanks)}（上传执照后可以按读出的内容填入）")
    return missing


def station_promise(step: str) -> str:
    """By when the station means to have done its own step; empty where it promises nothing."""
    days = settings.STATION_DAYS[step]
    return f"力争{days}个工作日内" if days else ""
