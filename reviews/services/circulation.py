"""Opening a round of the review table, pausing it for a supplement, and recalling it."""

from collections.abc import Collection
from dataclasses import asdict

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.audit import record
from accounts.models import Department, User
from applications.dossier.pre_review import load_pre_review
from applications.models import Application
from applications.services import moves
from applications.services.comparing import require_compared
from applications.services.corrections import tell_now
from applications.services.perform import MoveRefused, lock_for, perform
from applications.workflow import Action
from core.text import sentences
from files.refusals import FileRefused
from files.services import store
from materials.catalogue import get, item_name
from materials.numbers import MaterialNumber
from notices.models import Notice
from notices.quiet_hours import next_open_moment
from notices.services import notify
from reviews.annex4 import KINDS, section_of
from reviews.assignments import Roster, assign_new, hands_of, load_roster, who_is_missing
from reviews.conditions import while_in_hand
from reviews.models import Opinion, Pause, ReviewTable, Revision
from reviews.numbering import new_code, next_number
from reviews.pdf import RenderingFailed, render_base
from reviews.self_check_alarms import report_failed_certification
from reviews.signatures.certificates.keystore import AuthorityError
from reviews.signatures.identities import SelfCheckFailed, SigningFailed, identity_for
from reviews.signatures.signing import certify
from reviews.table_facts import facts_of, table_facts
from reviews.time_limits import deadline_words, due_at, recompute, target_days
from reviews.times.closing import reopen
from workdays.calendar import load_calendar


class NotGoneThrough(moves.SheetsUnread):
    """Refusal to circulate while sheets were not gone through rule by rule."""

    still = "送审"


def circulate(
    application: Application,
    *,
    by: User,
    despite_unread: Collection[int] = (),
    is_one_of_several: bool = False,
) -> ReviewTable:
    """Open the next round: the certified table, an opinion for each department, the clock.

    `despite_unread` numbers the sheets (0: the typed facts) that the officer knows were not gone
    through and sends all the same; the trail keeps them. Raises NotGoneThrough for any other.
    Where it `is_one_of_several` sent at once, a liaison has them all in one mail.
    """
    try:
        return _circulate(
            application, by=by, despite_unread=despite_unread, together=is_one_of_several
        )
    except SelfCheckFailed as error:
        report_failed_certification(application, str(error), by=by)
        raise MoveRefused(f"审核表没有生成，申请仍在待预审：{error}已通知安全管理员。") from error


@transaction.atomic
def _circulate(
    application: Application, *, by: User, despite_unread: Collection[int], together: bool
) -> ReviewTable:
    locked = lock_for(application, Action.CIRCULATE, by=by)
    moves.require_with_table(locked)
    require_compared(locked)
    if locked.corrections.noted().exists():
        raise MoveRefused("已勾选了要补正的内容。请先退回补正，或取消勾选，再送部门审核。")
    if not locked.enterprise.is_verified:
        raise MoveRefused("企业改过登记信息，还没有重新核验。请先核验企业，再送部门审核。")
    unread = load_pre_review(locked).unread
    if not {sheet.number for sheet in unread} <= set(despite_unread):
        raise NotGoneThrough(unread)
    departments = list(Department.objects.all())
    roster = load_roster(timezone.localdate())
    _require_hands(departments, roster)
    table = _open_table(locked, departments, by=by)
    assign_new(table.opinions.with_case(), roster, by=by, at=table.circulated_at)
    _store_certified(table)
    record(
        "review.circulate",
        table,
        by=by,
        after={
            "number": table.number,
            "round": table.round,
            "unread": [sheet.number for sheet in unread],
        },
    )
    perform(application, Action.CIRCULATE, by=by, due_at=table.due_at)
    for opinion in table.opinions.parallel().with_case():
        tell_department(opinion, together=together)
    return table


def _require_hands(departments: list[Department], roster: Roster) -> None:
    """Every department has somebody to sign and something to sign with, or it is said which not."""
    for department in departments:
        if department.section not in KINDS:
            raise MoveRefused(f"附件4里没有{department}一栏，不能送审。请联系系统管理员。")
        missing = who_is_missing(roster, department)
        if missing:
            raise MoveRefused(missing)
        try:
            identity_for(department)
        except AuthorityError as error:
            raise MoveRefused(f"{department}不能签署：{error}") from error


def _open_table(
    application: Application, departments: list[Department], *, by: User
) -> ReviewTable:
    now, calendar = timezone.now(), load_calendar()
    previous = application.tables.order_by("-round").first()
    table = ReviewTable(
        application=application,
        number=previous.number if previous else next_number(),
        round=previous.round + 1 if previous else 1,
        verification_code=new_code(),
        facts=facts_of(application),
        circulated_by=by,
        circulated_at=now,
        department_days=target_days("departments"),
        whole_days=target_days("whole"),
    )
    table.due_at = due_at(table, None, calendar)
    table.save()
    Opinion.objects.bulk_create(
        Opinion(table=table, department=department, due_at=due_at(table, department, calendar))
        for department in departments
    )
    return table


def _store_certified(table: ReviewTable) -> None:
    try:
        base, boxes = render_base(table_facts(table))
        certified = certify(base, boxes, identity_for(None))
        table.boxes = {code: asdict(box) for code, box in boxes.items()}
        table.save(update_fields=["boxes"])
        add_revision(table, certified, after=None, by=table.circulated_by)
    except SelfCheckFailed:
        raise
    except (RenderingFailed, SigningFailed, AuthorityError, FileRefused) as error:
        raise MoveRefused(f"审核表没有生成，申请仍在待预审：{error}") from error


def add_revision(
    table: ReviewTable,
    pdf: bytes,
    *,
    after: Revision | None,
    opinion: Opinion | None = None,
    by: User,
) -> Revision:
    """Store the next link of the chain of PDFs; `after` is the one before."""
    sequence = after.sequence + 1 if after else 0
    stored = store(pdf, media_type="application/pdf", name=f"{table.number}-{sequence}.pdf", by=by)
    return Revision.objects.create(
        table=table, sequence=sequence, opinion=opinion, file=stored, sha256=stored.sha256
    )


def tell_department(opinion: Opinion, *, together: bool = False) -> None:
    """Tell whoever acts for the department that the opinion waits for him; once a round.

    `together` with the others that are circulated in the same act, in one mail; so is what waits
    for the office to open.
    """
    due, now = deadline_words(opinion.due_at, load_calendar()), timezone.now()
    notify(
        hands_of(opinion),
        cause=f"reviews:opinion:{opinion.pk}:opened",
        template="reviews/email/opened.txt",
        context={"opinion": opinion, "application": opinion.table.application, "due": due},
        path=reverse("reviews:opinion_edit", args=[opinion.pk]),
        action_label="填写并签署",
        kind=Notice.Kind.DEADLINE,
        short=f"请签署审核表{opinion.table.number}，{opinion.department}意见",
        condition=while_in_hand(opinion),
        together=together or next_open_moment(now) > now,
    )


@transaction.atomic
def ask_supplement(table: ReviewTable, items: dict[int, str], *, by: User) -> Pause:
    """Name what must be supplemented; the clock of what waits for it stands still.

    Departments that need nothing of it go on.
    """
    lock_tables(table.application)
    lock_for(table.application, Action.ASK_SUPPLEMENT, by=by)
    if not items:
        raise MoveRefused("请至少选择一项材料，并写明要补充什么。")
    _require_own_materials(items, by=by)
    tell_now(table.application, items, by=by)
    wanted = "、".join(f"材料{number}（{get(number).name}）" for number in sorted(items))
    pause = Pause.objects.create(
        table=table, by=by, started_at=timezone.now(), reason=f"等企业补充{wanted}"
    )
    pause.going_on.set(_needing_nothing_of(items, by=by))
    perform(table.application, Action.ASK_SUPPLEMENT, by=by, reason=sentences(*items.values()))
    record("review.pause", table, by=by, after={"items": sorted(items)})
    if not by.is_officer:
        _tell_officers_of_pause(pause, items)
    return pause


def _needing_nothing_of(items: Collection[int], *, by: User) -> list[Department]:
    """Departments that verify none of these materials, and did not ask for them.

    Whoever signs last decides on everything, and so waits.
    """
    return [
        department
        for department in Department.objects.filter(signs_last=False)
        if department.pk != by.department_id
        and not set(items) & set(section_of(department).materials)
    ]


def _tell_officers_of_pause(pause: Pause, items: dict[int, str]) -> None:
    """The firm calls the station about what a department asked for."""
    table = pause.table
    notify(
        User.objects.officers(),
        cause=f"reviews:pause:{pause.pk}",
        template="reviews/email/supplement_asked.txt",
        context={
            "table": table,
            "application": table.application,
            "by": pause.by,
            "items": [(item_name(number), words) for number, words in sorted(items.items())],
        },
        path=reverse("reviews:table_detail", args=[table.pk]),
        kind=Notice.Kind.INFO,
        short=f"审核表{table.number}有部门要求补充材料，时限暂停",
    )


def _require_own_materials(items: dict[int, str], *, by: User) -> None:
    """A department asks for what it verifies; what is typed on the table needs a recall."""
    if by.department is None:
        return
    wanted = section_of(by.department).materials
    if not set(items) <= set(wanted):
        numbers = "、".join(str(number) for number in wanted)
        raise MoveRefused(
            f"{by.department}只能要求补充与本部门有关的材料（材料{numbers}）。"
            "填写的信息有误的，请联系服务站撤回审核表。"
        )


@transaction.atomic
def supplement(application: Application, *, by: User) -> None:
    """The enterprise has supplemented; the clock goes on, and who waits is told."""
    lock_tables(application)
    lock_for(application, Action.SUPPLEMENT, by=by)
    answered = [c.item_name for c in application.corrections.open()]
    pause, held = resume(application.tables.open().get(), by=by)
    moves.answer_supplement(application, by=by, due_at=pause.table.due_at)
    calendar = load_calendar()
    for opinion in held:
        notify(
            hands_of(opinion),
            cause=f"reviews:opinion:{opinion.pk}:supplemented:{pause.pk}",
            template="reviews/email/supplemented.txt",
            context={
                "opinion": opinion,
                "application": application,
                "answered": answered,
                "due": deadline_words(opinion.due_at, calendar),
            },
            path=reverse("reviews:opinion_edit", args=[opinion.pk]),
            action_label="查看并签署",
            short=f"材料已补充，请继续签署审核表{opinion.table.number}",
            condition=while_in_hand(opinion),
        )


def resume(table: ReviewTable, *, by: User) -> tuple[Pause, list[Opinion]]:
    """End the table's pause; returns it and what may be signed and was held by it.

    Part of the caller's move, which holds the table's lock.
    """
    pause = table.pauses.select_for_update().get(ended_at__isnull=True)
    ready = list(table.opinions.ready().with_clock())
    held = [opinion.pk for opinion in ready if not opinion.goes_on]
    pause.ended_at = timezone.now()
    pause.save(update_fields=["ended_at"])
    recompute(table, load_calendar())
    pause.table = table
    record("review.resume", table, by=by)
    return pause, list(table.opinions.filter(pk__in=held).with_case())


@transaction.atomic
def recall(
    table: ReviewTable, *, reason: str, by: User, items: dict[int, str] | None = None
) -> None:
    """Void the round because facts on the table are wrong; the enterprise corrects them."""
    lock_tables(table.application)
    lock_for(table.application, Action.RECALL, by=by)
    if not reason.strip():
        raise MoveRefused("撤回审核表需要写明原因，企业和各部门都会看到。")
    void(table, ReviewTable.VoidCause.CORRECTED, reason=reason)
    tell_now(table.application, items or {MaterialNumber.FACTS: reason}, by=by)
    perform(table.application, Action.RECALL, by=by, reason=reason)
    record("review.recall", table, by=by, after={"reason": reason})


@transaction.atomic
def withdraw(application: Application, *, reason: str, by: User) -> None:
    """The enterprise takes its application back; an open round is void."""
    lock_tables(application)
    perform(application, Action.WITHDRAW, by=by, reason=reason)
    for table in application.tables.open():
        void(table, ReviewTable.VoidCause.WITHDRAWN, reason=f"企业撤回申请：{reason}")
        record("review.void", table, by=by, after={"reason": reason})


def lock_tables(application: Application) -> None:
    """A table before its application: in this order signing and the calendar's change lock them."""
    list(application.tables.open().select_for_update().order_by("pk"))


def void(table: ReviewTable, cause: ReviewTable.VoidCause, *, reason: str) -> None:
    locked = ReviewTable.objects.select_for_update().get(pk=table.pk)
    now = timezone.now()
    locked.pauses.filter(ended_at__isnull=True).update(ended_at=now)
    locked.opinions.filter(signed_at__isnull=True).update(lapsed_at=now)
    locked.status = ReviewTable.Status.VOID
    locked.voided_at, locked.void_cause, locked.void_reason = now, cause, reason
    locked.save(update_fields=["status", "voided_at", "void_cause", "void_reason"])
    # What was signed on it counts for nobody any more, in whichever month it was.
    reopen(locked)
    notify(
        _people_of(locked),
        cause=f"reviews:table:{locked.pk}:void",
        template="reviews/email/void.txt",
        context={"table": locked, "application": locked.application},
        path=reverse("reviews:table_detail", args=[locked.pk]),
        kind=Notice.Kind.INFO,
        short=f"审核表{locked.number}已作废，不用再签署",
    )


def _people_of(table: ReviewTable) -> set[User]:
    """Who has signed, and who was to sign."""
    opinions = table.opinions.with_case().select_related("signed_by")
    return {
        person
        for opinion in opinions
        for person in (
            [opinion.signed_by]
            if opinion.signed_by and not opinion.is_on_paper
            else hands_of(opinion)
        )
    }
