"""Drafting and signing a department's opinion."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from applications.services.perform import perform
from applications.workflow import Action, Status
from core.dates import near_moment_words, time_words
from core.faults import fault_words
from files.refusals import FileRefused
from notices.models import Notice
from notices.services import notify
from reviews.cells import Cell, Preview, PreviewStale
from reviews.drafts import Draft
from reviews.models import Opinion, ReviewTable
from reviews.pdf import RenderingFailed
from reviews.revisions import RevisionAltered, load, report_altered
from reviews.self_check_alarms import report_self_check
from reviews.services.circulation import add_revision, tell_department
from reviews.signatures.certificates.keystore import AuthorityError
from reviews.signatures.certificates.register import certificate_of
from reviews.signatures.identities import (
    SelfCheckFailed,
    SignatureIdentity,
    SigningFailed,
    identity_for,
)
from reviews.signatures.signing import sign_cell
from reviews.time_limits import due_at, due_when_signed, spans
from reviews.times.closing import reopen_if_past
from reviews.times.first_responses import first_response
from workdays.calendar import load_calendar


class OpinionRefused(Exception):
    """Refusal to save or sign an opinion; the text says why and what to do."""


class DraftStale(OpinionRefused):
    """Refusal of a draft older than the stored one; `stored` is what stands there now."""

    def __init__(self, stored: Opinion, by: User) -> None:
        self.stored = stored
        at = time_words(stored.drafted_at)
        if stored.drafted_by == by:
            what = f"您在另一个页面（{at}）保存过这份意见"
        else:
            what = f"{stored.drafted_by}在您打开之后修改过这份意见（{at}）"
        words = f"现在存着的办理意见是“{stored.words}”。" if stored.words else ""
        super().__init__(f"{what}，没有用这一页的内容覆盖。{words}")


@transaction.atomic
def save_draft(
    opinion: Opinion,
    draft: Draft,
    *,
    by: User,
    seen_version: int | None,
    is_automatic: bool = False,
) -> Opinion:
    """Keep what was filled in. Raises DraftStale where it was saved elsewhere in between.

    The same content again, as by a double click, changes nothing.
    """
    locked = _lock(opinion, by=by)
    if locked.is_signed:
        raise OpinionRefused(f"{answered_words(locked)}，不能再修改。")
    words = draft.words.strip()
    if locked.drafted_by == by and (locked.answers, locked.words, locked.conclusion) == (
        draft.answers,
        words,
        draft.conclusion,
    ):
        return locked
    if seen_version is not None and seen_version != locked.version:
        raise DraftStale(locked, by)
    # A draft saves itself every few seconds: the trail keeps that somebody began, and each save
    # by hand.
    is_worth_a_line = not is_automatic or locked.drafted_by != by
    locked.answers, locked.words = draft.answers, words
    locked.conclusion = draft.conclusion
    locked.drafted_at, locked.drafted_by = timezone.now(), by
    locked.version += 1
    locked.save(
        update_fields=["answers", "words", "conclusion", "drafted_at", "drafted_by", "version"]
    )
    if is_worth_a_line:
        record("opinion.draft", locked, by=by)
    return locked


def sign(opinion: Opinion, *, by: User, preview: Preview | None = None) -> Opinion:
    """Sign the opinion into the table's newest revision; the caller has re-authenticated `by`.

    With `preview` the cell comes out exactly as it was shown, printed second and all; without,
    it says this moment. One step: either the revision, the opinion and (for the last) the
    conclusion are stored, or nothing is. Signing again by the same person returns the signed
    opinion. Raises OpinionRefused.
    """
    try:
        # What does not depend on the others' signatures is made ready while they may still sign.
        identity = identity_for(opinion.department)
        at = preview.at if preview else timezone.now()
        cell = Cell(opinion, identity.certificate, by, at)
        if preview:
            cell.require_unchanged(preview)
        drawn = cell.draw()
        with transaction.atomic():
            return _sign(cell, drawn, identity)
    except RevisionAltered as error:
        report_altered(error, by=by)
        raise OpinionRefused(f"没有签署，您填写的内容还在：{error}") from error
    except SelfCheckFailed as error:
        report_self_check(opinion, str(error), by=by)
        raise OpinionRefused(f"没有签署，您填写的内容还在：{error}已通知安全管理员。") from error
    except (
        RenderingFailed,
        SigningFailed,
        AuthorityError,
        PreviewStale,
        FileRefused,
    ) as error:
        raise OpinionRefused(f"没有签署，您填写的内容还在：{error}") from error
    except OSError as error:
        raise OpinionRefused(f"没有签署，您填写的内容还在：{fault_words(error)}。") from error


def _sign(cell: Cell, drawn: bytes, identity: SignatureIdentity) -> Opinion:
    by = cell.signer
    locked = _lock(cell.opinion, by=by)
    if locked.is_signed and locked.signed_by == by and not locked.is_on_paper:
        return locked
    _require_signable(locked)
    # Drawn before the lock: a colleague or the security administrator may have been quicker.
    certificate = certificate_of(locked.department)
    replace(cell, opinion=locked, certificate=certificate).require_unchanged(cell.preview)
    _require_timely(locked, cell.at)
    newest = locked.table.newest_revision()
    signed = sign_cell(
        load(newest),
        department=locked.department.code,
        stamp=drawn,
        identity=identity,
        reason=f"{locked.department} {by.name} 意见编号{locked.number}：{cell.facts.spoken}",
        name=f"{locked.department} {by.name}",
        last=locked.is_last,
    )
    locked.signed_at, locked.signed_by = cell.at, by
    locked.certificate = identity.certificate
    locked.due_at = due_when_signed(locked, cell.at)
    locked.responded_at = first_response(locked, cell.at)
    locked.version += 1
    locked.save(
        update_fields=[
            "signed_at",
            "signed_by",
            "certificate",
            "due_at",
            "responded_at",
            "version",
        ]
    )
    added = add_revision(locked.table, signed, after=newest, opinion=locked, by=by)
    record(
        "opinion.sign",
        locked,
        by=by,
        after={"conclusion": locked.conclusion, "sha256": added.sha256},
    )
    after_answer(locked)
    return locked


@transaction.atomic
def has_signed(opinion: Opinion, *, by: User) -> bool:
    """Whether `by` has signed it, once a signature that is being made has come to its end.

    The second click of a double click fails on its used-up code while the first still signs.
    """
    ReviewTable.objects.select_for_update().get(pk=opinion.table_id)
    own = Opinion.objects.filter(pk=opinion.pk, signed_by=by, paper_scan__isnull=True)
    return own.exists()


def _lock(opinion: Opinion, *, by: User) -> Opinion:
    """The table's row first: those who sign one table queue for it."""
    ReviewTable.objects.select_for_update().get(pk=opinion.table_id)
    locked: Opinion = Opinion.objects.with_case().get(pk=opinion.pk)
    if not by.is_liaison or by.department_id != locked.department_id:
        raise OpinionRefused(f"这是{locked.department}的意见，只能由该部门的联络员办理。")
    if not locked.table.is_open and not locked.is_signed:
        raise OpinionRefused("这份审核表已经作废或办结，不能再填写或签署。")
    return locked


def _require_signable(opinion: Opinion) -> None:
    if opinion.is_signed:
        raise OpinionRefused(f"{answered_words(opinion)}，无需再签。")
    if not opinion.conclusion or not opinion.words:
        raise OpinionRefused("请先填写办理意见和结论，并保存。")
    require_turn(opinion)


def require_turn(opinion: Opinion) -> None:
    """Raises OpinionRefused where the last department still waits for somebody."""
    if opinion.is_last:
        waiting = opinion.table.opinions.awaiting_signature().parallel()
        names = [str(other.department) for other in waiting.select_related("department")]
        if names:
            raise OpinionRefused(f"{opinion.department}最后签署，还要等：{'、'.join(names)}。")
        if opinion.table.application.status != Status.IN_REVIEW:
            raise OpinionRefused("企业正在补充材料，补充提交之后才能签署结论。")


def _require_timely(opinion: Opinion, printed: datetime) -> None:
    """The printed moment counts as that of signing, so it may not hide what came since."""
    if printed <= opinion.due_at < timezone.now():
        raise PreviewStale("预览之后时限已过，不能再印预览时的时间。请核对新的预览，再签署。")
    others = opinion.table.opinions.signed()
    if opinion.is_last and others.filter(signed_at__gt=printed).exists():
        raise PreviewStale("预览之后又有部门签署。请核对新的预览，再签署。")


def answered_words(opinion: Opinion) -> str:
    """Who answered when, for a sentence that refuses a second answer."""
    when = near_moment_words(opinion.signed_at)
    return f"{opinion.signed_by}已于{when}{opinion.manner}这份意见"


def after_answer(opinion: Opinion) -> None:
    """What an answer brings about: the last department's turn, or the table's conclusion."""
    if opinion.signed_at is not None:
        reopen_if_past(opinion.table, opinion.signed_at)
    if opinion.is_last:
        _conclude(opinion)
        return
    table = opinion.table
    if not table.opinions.awaiting_signature().parallel().exists():
        _give_turn(table.opinions.with_case().get(department__signs_last=True))


def _give_turn(opinion: Opinion) -> None:
    """To whoever signs last: the clock of his own starts, and, unless it is held, he is told.

    What is held is told of when the enterprise has supplemented.
    """
    table, department, calendar = opinion.table, opinion.department, load_calendar()
    pauses, now = spans(table, department), timezone.now()
    opinion.due_at, opinion.due_moved_at = due_at(table, department, calendar, pauses, now), now
    opinion.save(update_fields=["due_at", "due_moved_at"])
    if not opinion.is_held:
        tell_department(opinion)


def _conclude(opinion: Opinion) -> None:
    table = opinion.table
    table.status = ReviewTable.Status.CONCLUDED
    table.concluded_at = opinion.signed_at
    table.save(update_fields=["status", "concluded_at"])
    perform(
        table.application,
        Action.CONCLUDE,
        by=None,
        outcome=Status.ENDORSED if opinion.agrees else Status.DECLINED,
        reason="" if opinion.agrees else opinion.words,
    )
    notify(
        User.objects.officers(),
        cause=f"reviews:table:{table.pk}:concluded",
        template="reviews/email/concluded.txt",
        context={"table": table, "opinion": opinion, "application": table.application},
        path=reverse("reviews:table_detail", args=[table.pk]),
        kind=Notice.Kind.INFO,
        short=f"审核表{table.number}{table.department_count}个部门已签齐，结论为{opinion.get_conclusion_display()}",
    )
