"""Recording what a department answered on paper, with the scan of its stamp as proof (ADR 42)."""

import hashlib
from dataclasses import astuple, dataclass
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from core.faults import fault_words
from files.refusals import FileRefused
from notices.models import Notice
from notices.services import notify
from reviews.annex4 import section_of
from reviews.assignments import hands_of
from reviews.drafts import Draft
from reviews.models import Opinion, ReviewTable, WetScan
from reviews.pdf import CellFacts, RenderingFailed, render_cell
from reviews.revisions import RevisionAltered, load, report_altered
from reviews.self_check_alarms import report_self_check
from reviews.services.circulation import add_revision
from reviews.services.opinions import OpinionRefused, after_answer, answered_words, require_turn
from reviews.signatures.certificates.keystore import AuthorityError
from reviews.signatures.identities import (
    SelfCheckFailed,
    SignatureIdentity,
    SigningFailed,
    identity_for,
)
from reviews.signatures.signing import sign_cell
from reviews.table_facts import cell_box
from reviews.time_limits import due_when_signed
from reviews.times.first_responses import first_response

NOT_RECORDED = "没有录入，您填写的内容还在："


@dataclass(frozen=True)
class PaperAnswer:
    """What stands on the stamped sheet in the department's cell, and the day written there.

    `seen_scan` is the key of the scan that it was read off.
    """

    draft: Draft
    stamped_on: date
    seen_scan: int | None = None

    @property
    def digest(self) -> str:
        """Of all that is printed of it: the same answer has been looked at, or it has not."""
        return hashlib.sha256(repr(astuple(self)).encode()).hexdigest()


def record_paper(opinion: Opinion, answer: PaperAnswer, *, by: User) -> Opinion:
    """Take the department's answer over from its stamped sheet; `by` has re-authenticated.

    The station signs the cell, which says that the department stamped on paper. One step: the
    revision, the opinion and (for the last) the conclusion are stored, or nothing is. The same
    officer's second click returns the opinion. Raises OpinionRefused.
    """
    try:
        identity, at = identity_for(None), timezone.now()
        cell = _cell(opinion, answer, by, at)
        drawn = render_cell(cell, cell_box(opinion))
        with transaction.atomic():
            return _record(opinion, answer, drawn, identity, by=by, at=at, spoken=cell.spoken)
    except RevisionAltered as error:
        report_altered(error, by=by)
        raise OpinionRefused(f"{NOT_RECORDED}{error}") from error
    except SelfCheckFailed as error:
        report_self_check(opinion, str(error), by=by)
        raise OpinionRefused(f"{NOT_RECORDED}{error}已通知安全管理员。") from error
    except (RenderingFailed, SigningFailed, AuthorityError, FileRefused) as error:
        raise OpinionRefused(f"{NOT_RECORDED}{error}") from error
    except OSError as error:
        raise OpinionRefused(f"{NOT_RECORDED}{fault_words(error)}。") from error


def draw_paper(opinion: Opinion, answer: PaperAnswer, *, by: User) -> bytes:
    """A PDF of the cell as it would be recorded now, to be looked at. Raises OpinionRefused."""
    try:
        return render_cell(_cell(opinion, answer, by, timezone.now()), cell_box(opinion))
    except RenderingFailed as error:
        raise OpinionRefused(f"{NOT_RECORDED}{error}") from error


def _cell(opinion: Opinion, answer: PaperAnswer, by: User, at: datetime) -> CellFacts:
    section, draft = section_of(opinion.department), answer.draft
    name = opinion.table.facts["applicant_name"]
    return CellFacts(
        department=opinion.department.code,
        section=section,
        unit=opinion.department.full_name,
        sentence=section.sentence(draft.answers, applicant_name=name),
        words=draft.words,
        conclusion=Opinion.Conclusion(draft.conclusion).label,
        signer=by.name,
        signed_at=at,
        opinion_number=opinion.number,
        applicant_name=name,
        stamped_on=answer.stamped_on,
    )


def _record(
    opinion: Opinion,
    answer: PaperAnswer,
    drawn: bytes,
    identity: SignatureIdentity,
    *,
    by: User,
    at: datetime,
    spoken: str,
) -> Opinion:
    if not by.is_officer:
        raise OpinionRefused("按盖章件录入，由服务站专员办理。")
    ReviewTable.objects.select_for_update().get(pk=opinion.table_id)
    locked: Opinion = Opinion.objects.with_case().select_related("signed_by").get(pk=opinion.pk)
    if locked.is_on_paper and locked.signed_by == by:
        return locked
    scan = _require_recordable(locked)
    if answer.seen_scan not in (None, scan.pk):
        raise OpinionRefused(f"{NOT_RECORDED}扫描件刚刚换成了新的，请对照新的核对，再录入。")
    draft, newest = answer.draft, locked.table.newest_revision()
    signed = sign_cell(
        load(newest),
        department=locked.department.code,
        stamp=drawn,
        identity=identity,
        reason=f"服务站按纸质盖章件录入{locked.department}意见，编号{locked.number}：{spoken}",
        name=f"服务站 {by.name}",
        last=locked.is_last,
        on_paper=True,
    )
    locked.answers, locked.words, locked.conclusion = draft.answers, draft.words, draft.conclusion
    locked.signed_at, locked.signed_by = at, by
    locked.paper_scan, locked.stamped_on = scan, answer.stamped_on
    locked.due_at = due_when_signed(locked, at)
    locked.responded_at = first_response(locked, at)
    locked.version += 1
    locked.save()
    added = add_revision(locked.table, signed, after=newest, opinion=locked, by=by)
    after = {"conclusion": locked.conclusion, "scan": scan.pk, "sha256": added.sha256}
    record("opinion.paper", locked, by=by, after=after)
    _tell_department(locked)
    after_answer(locked)
    return locked


def _require_recordable(opinion: Opinion) -> WetScan:
    """The confirmed scan that proves it. Raises OpinionRefused."""
    if opinion.is_signed:
        raise OpinionRefused(f"{answered_words(opinion)}，不用再录入。")
    if not opinion.table.is_open:
        raise OpinionRefused("这份审核表已经作废或办结，不能再录入。")
    require_turn(opinion)
    scan = opinion.table.scans.current().filter(confirmed_at__isnull=False).first()
    if scan is None:
        raise OpinionRefused("还没有确认过的盖章扫描件。请先上传扫描件并确认，再录入。")
    return scan


def _tell_department(opinion: Opinion) -> None:
    """Its liaison need not sign any more, and says so where the record is not as on paper."""
    table = opinion.table
    notify(
        hands_of(opinion),
        cause=f"reviews:opinion:{opinion.pk}:paper",
        template="reviews/email/paper_recorded.txt",
        context={"opinion": opinion, "application": table.application},
        path=reverse("reviews:table_detail", args=[table.pk]),
        kind=Notice.Kind.INFO,
        short=f"审核表{table.number}已按纸质盖章件录入{opinion.department}意见，不用再签署",
    )
