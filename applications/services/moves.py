"""The moves of agents and officers, each with what it needs and what goes with it.

The moves of the review (circulate, recall, conclude …) belong to the room `reviews`.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from applications.dossier.dossier import Dossier
from applications.dossier.loading import load_dossier
from applications.dossier.pre_review import load_pre_review
from applications.dossier.sheets import Sheet
from applications.kinds import CARD_MAKING
from applications.models import Application, StatusChange
from applications.presence import was_opened
from applications.services.comparing import require_compared
from applications.services.consents import NO_CONSENT
from applications.services.perform import MoveRefused, lock_for, perform
from applications.workflow import Action
from enterprises.models import Enterprise
from enterprises.services import freeze

# So long a submission waits for a machine that is reading; one that is dead holds nobody longer.
LONGEST_READING = timedelta(minutes=2)
ALREADY_OPENED = (
    "服务站已经打开这件申请，不能再撤回修改。"
    f"要改的内容，请打电话（{settings.HOTLINE}）请服务站退回补正，或撤回申请。"
)
NOTHING_NOTED = "还没有记下任何问题。请先在材料上写明要改什么，再退回补正。"


class SheetsUnread(MoveRefused):
    """Refusal to go on while sheets were not gone through rule by rule; `still` is the act."""

    still = "核准"

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self.sheets = sheets
        names = "、".join(sheet.title for sheet in sheets)
        super().__init__(f"还没有逐条核对：{names}。请先核对，或者确认不再核对、仍要{self.still}。")


@transaction.atomic
def submit(application: Application, *, by: User) -> StatusChange:
    """First submission: every material there, the applicant's consent, the enterprise verified."""
    locked = lock_for(application, Action.SUBMIT, by=by)
    _hold_documents(locked)
    _require_allowed(locked)
    dossier = load_dossier(locked)
    _require_materials(dossier)
    _require_read(dossier)
    consent = locked.consent
    if locked.lacks_consent:
        raise MoveRefused(NO_CONSENT)
    if not locked.enterprise.is_verified:
        raise MoveRefused(
            "贵单位尚未通过服务站核验，暂不能提交。核验通过后会发邮件通知您，已填的内容都会保留。"
        )
    given_at = consent.given_at if consent else None
    locked.consented_processing_at = given_at
    locked.consented_sharing_at = given_at if locked.needs_table else None
    locked.submitted_at = timezone.now()
    locked.save(update_fields=["consented_processing_at", "consented_sharing_at", "submitted_at"])
    _pin_documents(dossier)
    return perform(application, Action.SUBMIT, by=by)


@transaction.atomic
def send_back(
    application: Application, *, by: User, seen: Collection[int] | None = None, why: str = ""
) -> StatusChange:
    """Return the application with everything that was noted, all at once (一次性告知).

    `seen` are the corrections that the officer read before deciding; when a colleague has noted
    or dropped one since, nothing is sent. `why` is said in the letter: why something was not told
    the last time. What an officer's page asks for beforehand is in `telling.py`.
    """
    locked = lock_for(application, Action.RETURN, by=by)
    noted = locked.corrections.noted()
    found = set(noted.values_list("pk", flat=True))
    if not found:
        raise MoveRefused(NOTHING_NOTED)
    if seen is not None and set(seen) != found:
        raise MoveRefused(
            "您打开这一页之后，要补正的问题有增减，没有退回。请核对下面的清单，再退回补正。"
        )
    noted.update(sent_at=timezone.now())
    return perform(application, Action.RETURN, by=by, reason=why)


@transaction.atomic
def resubmit(application: Application, *, by: User) -> StatusChange:
    """Submit again when every ticked item was replaced or answered."""
    _require_allowed(application)
    return _answer_corrections(application, Action.RESUBMIT, by=by)


@transaction.atomic
def answer_supplement(application: Application, *, by: User, due_at: datetime) -> StatusChange:
    """Hand in what a department asked for; `reviews` resumes the clock before this.

    `due_at` is the review table's deadline, now that the clock goes on.
    """
    return _answer_corrections(application, Action.SUPPLEMENT, by=by, due_at=due_at)


@transaction.atomic
def drop_supplement(
    application: Application, *, reason: str, by: User, due_at: datetime
) -> StatusChange:
    """Ask no more for what was to be supplemented; `reviews` resumes the clock before this.

    What the enterprise has replaced by then stays as it is.
    """
    locked = lock_for(application, Action.DROP_SUPPLEMENT, by=by)
    locked.corrections.open().update(resolved_at=timezone.now(), is_dropped=True)
    dossier = load_dossier(locked)
    if dossier.missing:
        raise MoveRefused(
            f"企业正在更换材料，现在取消会缺材料：{dossier.gaps}请等企业补充提交，或先与企业联系。"
        )
    _pin_documents(dossier)
    return perform(application, Action.DROP_SUPPLEMENT, by=by, reason=reason, due_at=due_at)


@transaction.atomic
def withdraw(application: Application, *, reason: str, by: User) -> StatusChange:
    """The enterprise takes back what the departments do not have yet.

    `reviews` does the same for an application under review, and voids its table.
    """
    locked = Application.objects.select_for_update().get(pk=application.pk)
    if locked.is_under_review:
        raise MoveRefused("这件申请刚刚送部门审核，没有撤回。请刷新页面，再决定是否撤回。")
    return perform(application, Action.WITHDRAW, by=by, reason=reason)


@transaction.atomic
def take_back(application: Application, *, by: User) -> StatusChange:
    """The enterprise goes on with what it submitted, before anybody at the station opened it.

    Nothing is lost, the applicant's consent neither; materials 1 to 4 are again the current ones.
    """
    locked = lock_for(application, Action.TAKE_BACK, by=by)
    if was_opened(locked):
        raise MoveRefused(ALREADY_OPENED)
    locked.materials.update(document=None)
    locked.consented_processing_at = locked.consented_sharing_at = locked.submitted_at = None
    locked.save(update_fields=["consented_processing_at", "consented_sharing_at", "submitted_at"])
    return perform(application, Action.TAKE_BACK, by=by)


@transaction.atomic
def approve(
    application: Application, *, by: User, despite_unread: Collection[int] = ()
) -> StatusChange:
    """The station agrees by itself, where the kind needs no review table.

    `despite_unread` numbers the sheets that the officer knows were not gone through. Raises
    SheetsUnread for any other.
    """
    locked = lock_for(application, Action.APPROVE, by=by)
    if locked.needs_table:
        raise MoveRefused(f"{locked.title}要送各部门审核，不能由服务站直接核准。请点“送部门审核”。")
    require_compared(locked)
    if locked.corrections.noted().exists():
        raise MoveRefused("已勾选了要补正的内容。请先退回补正，或取消勾选，再核准。")
    if not locked.enterprise.is_verified:
        raise MoveRefused("企业改过登记信息，还没有重新核验。请先核验企业，再核准。")
    unread = load_pre_review(locked).unread
    if not {sheet.number for sheet in unread} <= set(despite_unread):
        raise SheetsUnread(unread)
    if unread:
        numbers = [sheet.number for sheet in unread]
        record("application.approve_unread", locked, by=by, after={"unread": numbers})
    return perform(application, Action.APPROVE, by=by)


def require_with_table(application: Application) -> None:
    """Raises MoveRefused where the station agrees alone, and no department is asked."""
    if not application.needs_table:
        raise MoveRefused(
            f"{application.title}不用送部门审核，由服务站核准。请在预审页点“材料齐全，核准”。"
        )


def decline(application: Application, *, reason: str, by: User) -> StatusChange:
    return perform(application, Action.DECLINE, by=by, reason=reason)


def _answer_corrections(
    application: Application, action: Action, *, by: User, due_at: datetime | None = None
) -> StatusChange:
    locked = lock_for(application, action, by=by)
    _hold_documents(locked)
    dossier = load_dossier(locked)
    _require_materials(dossier)
    _require_read(dossier)
    if locked.has_lost_consent:
        raise MoveRefused(NO_CONSENT)
    waiting = [c.item_name for c in dossier.facts_corrections if not c.is_met]
    if waiting:
        raise MoveRefused(f"还有未改正的内容：{'、'.join(waiting)}。请修改或写明说明后再提交。")
    # Of the enterprise's documents a newer version is what replaces them.
    renewed = [item.number for item in dossier.items if item.is_replaced]
    unmarked = locked.corrections.open().filter(number__in=renewed, replaced_at__isnull=True)
    unmarked.update(replaced_at=timezone.now())
    _pin_documents(dossier)
    locked.corrections.open().update(resolved_at=timezone.now())
    return perform(application, action, by=by, due_at=due_at)


def _hold_documents(application: Application) -> None:
    """Until the move is made nobody changes the enterprise's papers, nor whom they name."""
    Enterprise.objects.select_for_update().get(pk=application.enterprise_id)


def _require_allowed(application: Application) -> None:
    """What the departments ask for meanwhile is answered all the same (`answer_supplement`).

    A suspended enterprise gets no further card; one that is there it may and must still cancel.
    """
    enterprise = Enterprise.objects.get(pk=application.enterprise_id)
    if enterprise.is_suspended and application.kind in CARD_MAKING:
        raise MoveRefused(enterprise.suspended_words)


def _require_materials(dossier: Dossier) -> None:
    if dossier.missing:
        raise MoveRefused(dossier.gaps)


def _require_read(dossier: Dossier) -> None:
    """What was just uploaded may turn out to differ, which a locked case could not mend."""
    since = timezone.now() - LONGEST_READING
    reading = [
        f"材料{item.number}"
        for item in dossier.items
        if not item.kind.is_enterprises
        and item.recognised is not None
        and item.recognised.is_awaited
        and item.pages[-1].file.created_at > since
    ]
    if reading:
        raise MoveRefused(f"正在识别刚上传的{'、'.join(reading)}，请等几十秒再提交。")


def _pin_documents(dossier: Dossier) -> None:
    """From here on the application keeps the versions of materials 1 to 4 that it shows now."""
    for item in dossier.items:
        if item.kind.owner != "enterprise" or item.material.by_review_table:
            continue
        document = item.document
        if document is not None and item.material.document_id != document.pk:
            freeze(document)
            item.material.document = document
            item.material.save(update_fields=["document"])
