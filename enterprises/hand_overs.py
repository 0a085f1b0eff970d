"""Hand-over of an enterprise's agency by the station, on proof, where nobody else can invite.

The agents whom the station knows are told by mail and may object for some working days;
who objects stops it, and the officer decides anew. Without any agent it takes effect at once.
"""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.audit import record
from accounts.closing import replace_agent
from accounts.models import AuditEvent, User
from core.sweeping import each
from enterprises.agents import add_agent, send_invitation
from enterprises.models import Enterprise, HandOver, ProofPage
from files.pages import needs_pages, to_pages
from files.refusals import FileRefused
from files.services import Cleared, clear_picture, write
from notices.models import Notice
from notices.services import notify
from workdays.calendar import load_calendar
from workdays.clock import deadline

SALT = "enterprises.hand_overs"
MOST_FILES = 5
MOST_PAGES = 10


class HandOverRefused(Exception):
    """The hand-over cannot be begun, stopped or made; the text says why and what to do."""


def read_proof(files: Sequence[tuple[str, bytes]]) -> list[Cleared]:
    """Each page of each file (name, content), looked at before anything is written.

    Raises files.refusals.FileRefused, and HandOverRefused where there are too many.
    """
    pages: list[tuple[str, bytes]] = []
    for name, data in files:
        parts = to_pages(data, max_bytes=settings.MAX_UPLOAD_BYTES) if needs_pages(data) else [data]
        pages += [(name, part) for part in parts]
    if len(pages) > MOST_PAGES:
        raise HandOverRefused(
            f"授权文件一共{len(pages)}页，最多{MOST_PAGES}页。请只上传盖章的那几页。"
        )
    return [clear_picture(data, name=name) for name, data in pages]


@transaction.atomic
def begin(hand_over: HandOver, *, proof: Sequence[Cleared], by: User) -> HandOver:
    """Keep the proof, tell both sides, and wait. Raises HandOverRefused."""
    enterprise = Enterprise.objects.select_for_update(no_key=True).get(pk=hand_over.enterprise_id)
    if enterprise.hand_overs.open().exists():
        raise HandOverRefused("这个企业已有一次移交在等待生效。请先办完或取消，再发起新的。")
    if enterprise.agents.acting().filter(user__email=hand_over.email).exists():
        raise HandOverRefused("这个邮箱已经是该企业的经办人，不用移交。")
    former = [agency.user for agency in enterprise.agents.acting().select_related("user")]
    now = timezone.now()
    hand_over.asked_by = by
    hand_over.takes_effect_at = end_of_wait(now) if former else now
    hand_over.save()
    for position, page in enumerate(proof, start=1):
        try:
            stored = write(page, by=by)
        except FileRefused as error:
            raise HandOverRefused(str(error)) from error
        ProofPage.objects.create(hand_over=hand_over, file=stored, position=position)
    after = {"pages": len(proof), "effective": hand_over.takes_effect_at.isoformat()}
    record("enterprise.begin_hand_over", enterprise, by=by, after=after)
    for person in former:
        _tell_former(hand_over, person)
    if former:
        _tell_new(hand_over)
    else:
        _make(hand_over)
    return hand_over


def end_of_wait(now: datetime) -> datetime:
    """Until when a hand-over that begins now may be objected to."""
    return deadline(now, settings.HAND_OVER_DAYS, load_calendar())


def _tell_former(hand_over: HandOver, person: User) -> None:
    notify(
        [person],
        cause=f"enterprises:hand-over:{hand_over.pk}",
        template="enterprises/email/hand_over_begun.txt",
        context={"hand_over": hand_over},
        path=objection_path(hand_over, person),
        action_label="我不同意，提出异议",
        kind=Notice.Kind.ACCOUNT,
    )


def _tell_new(hand_over: HandOver) -> None:
    """He has no account yet: the mail is the officer's, sent to his mailbox."""
    notify(
        [hand_over.asked_by],
        cause=f"enterprises:hand-over:{hand_over.pk}:new",
        template="enterprises/email/hand_over_to_new.txt",
        context={"hand_over": hand_over},
        kind=Notice.Kind.ACCOUNT,
        address=hand_over.email,
    )


# Objecting ---------------------------------------------------------------------------------------


def objection_path(hand_over: HandOver, person: User) -> str:
    """Where this agent objects, without signing in: he may have forgotten how."""
    token = signing.dumps([hand_over.pk, person.pk], salt=SALT)
    return reverse("enterprises:hand_over_object", args=[token])


def objecting_by(token: str) -> tuple[HandOver, User]:
    """Which hand-over, and who. Raises HandOverRefused."""
    try:
        hand_over_pk, person_pk = signing.loads(token, salt=SALT)
        hand_over = HandOver.objects.select_related("enterprise").get(pk=hand_over_pk)
        person: User = User.objects.get(pk=person_pk)
    except (
        signing.BadSignature, HandOver.DoesNotExist, User.DoesNotExist, ValueError, TypeError
    ) as error:  # fmt: skip
        raise HandOverRefused("这个链接不完整，请从邮件中重新打开。") from error
    if not hand_over.is_open:
        raise HandOverRefused(
            f"这次移交{hand_over.get_outcome_display()}，不能再提出异议。有疑问的，请拨打咨询热线。"
        )
    _require_acting(hand_over, person)
    return hand_over, person


def has_objected(hand_over: HandOver, person: User) -> bool:
    """Whether the trail holds an objection of his to this one."""
    return (
        AuditEvent.objects.about(hand_over.enterprise)
        .filter(action="enterprise.object_hand_over", actor=person, at__gte=hand_over.asked_at)
        .exists()
    )


@transaction.atomic
def object_to(hand_over: HandOver, *, words: str, by: User) -> None:
    """Stop it until the officer has decided. A second agent's words are added to the first's.

    Objecting again changes nothing and is told to nobody. Raises HandOverRefused.
    """
    locked = _open(hand_over)
    _require_acting(locked, by)
    if has_objected(locked, by):
        return
    said = f"{by.name}：{words.strip()}"
    locked.objection = f"{locked.objection}\n{said}" if locked.objection else said
    locked.objected_by = locked.objected_by or by
    locked.save(update_fields=["objection", "objected_by"])
    record("enterprise.object_hand_over", locked.enterprise, by=by)
    notify(
        User.objects.officers(),
        cause=f"enterprises:hand-over:{locked.pk}:objection:{by.pk}",
        template="enterprises/email/hand_over_objected.txt",
        context={"hand_over": locked, "person": by},
        path=reverse("enterprises:station_detail", args=[locked.enterprise_id]),
        action_label="核实情况",
    )


def _require_acting(hand_over: HandOver, person: User) -> None:
    if not hand_over.enterprise.agents.acting().filter(user=person).exists():
        raise HandOverRefused("您已不是这个企业的经办人，不能提出异议。有疑问的，请拨打咨询热线。")


# Ending ------------------------------------------------------------------------------------------


@transaction.atomic
def drop(hand_over: HandOver, *, by: User) -> None:
    """Leave the agency where it is; the agents are told. Twice does no harm."""
    locked = HandOver.objects.select_for_update(of=("self",)).get(pk=hand_over.pk)
    if not locked.is_open:
        return
    _end(locked, HandOver.Outcome.DROPPED)
    record("enterprise.drop_hand_over", locked.enterprise, by=by)
    notify(
        locked.enterprise.people(),
        cause=f"enterprises:hand-over:{locked.pk}:dropped",
        template="enterprises/email/hand_over_dropped.txt",
        context={"hand_over": locked},
        path=locked.enterprise.get_absolute_url(),
        kind=Notice.Kind.INFO,
    )


def complete_due() -> int:
    """Make those whose wait is over and to which nobody objected; returns how many."""
    due = HandOver.objects.open().filter(takes_effect_at__lte=timezone.now(), objection="")
    return len(each(due.order_by("pk"), complete, what="经办移交"))


@transaction.atomic
def complete(hand_over: HandOver) -> None:
    locked = _open(hand_over)
    if not locked.is_objected_to and locked.takes_effect_at <= timezone.now():
        _make(locked)


def _make(hand_over: HandOver) -> None:
    """The new agent is invited, everybody else is closed, and their work is his.

    An account with his mailbox is no exception: somebody else may have signed up with it and know
    its password. Who is to act comes in by the invitation alone.
    """
    enterprise, by = _lock_with_people(hand_over), hand_over.asked_by
    _end(hand_over, HandOver.Outcome.DONE)
    record("enterprise.hand_over", enterprise, by=by)
    former = list(enterprise.agents.select_related("user"))
    heir = add_agent(
        enterprise, name=hand_over.name, email=hand_over.email, phone=hand_over.phone, by=by
    )
    for agency in former:
        replace_agent(agency.user, heir=heir, by=by)
    # Only now: while one of them has his mailbox, the invitation would be withheld.
    send_invitation(heir)


def _lock_with_people(hand_over: HandOver) -> Enterprise:
    """People before their enterprise, as an agent who closes his own account locks them."""
    people = User.objects.filter(agency__enterprise=hand_over.enterprise_id)
    list(people.select_for_update(no_key=True, of=("self",)).order_by("pk"))
    return Enterprise.objects.select_for_update(no_key=True).get(pk=hand_over.enterprise_id)


def _open(hand_over: HandOver) -> HandOver:
    locked = HandOver.objects.select_for_update(of=("self",)).get(pk=hand_over.pk)
    if not locked.is_open:
        raise HandOverRefused("这次移交已经结束，请刷新页面。")
    return locked


def _end(hand_over: HandOver, outcome: str) -> None:
    hand_over.outcome, hand_over.ended_at = outcome, timezone.now()
    hand_over.save(update_fields=["outcome", "ended_at"])
