"""Requests about one's own data: asked, answered, refused, and deletion by two people (ADR 81)."""

import secrets
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from accounts.audit import done_by, record
from accounts.models import User
from applications.deleting import DeletionRefused, delete_applicant, delete_draft
from applications.models import Applicant, Application, ConsentPage, MaterialPage, Repair
from core import text
from core.crypto import keyed_hash
from core.personal_data import registers
from core.versions import claim
from enterprises.models import StandingPage
from files.models import Recognition, StoredFile
from files.ownerless import without_owner
from files.services import discard
from letters.models import LetterPerson, WrittenLetter
from notices.services import notify
from outreach.texting.sending import send_text, takes_texts
from parameters.values import number
from rights.models import RequestEvent, RightsLink, RightsRequest, Tombstone
from rights.person import rows_of_person
from rights.planning import PlanLine, as_data, plan_for
from workdays.calendar import load_calendar

Kind, Way, State = RightsRequest.Kind, RightsRequest.Way, RightsRequest.State
HIMSELF: Final = "本人（凭链接）"
DIGITS: Final = 4
LINK_DAYS: Final = 7
TOKEN_BYTES: Final = 24
COMPLAIN: Final = (
    "对答复有意见的，可以向本站提出，也可以向网信部门投诉、举报，或者向人民法院起诉"
    "（个人信息保护法第50条、第65条）。"
)


class RightsRefused(Exception):
    """It cannot be done now; the text says why and what to do."""


class RightsLinkRefused(Exception):
    """Unknown, too old or revoked: all the same to who opens it."""

    def __init__(self) -> None:
        super().__init__("这个链接已经失效：可能过期了，或者被换成了新的。可以重新申请一个。")


def due_on(asked: date) -> date:
    """By which day the person is to have an answer; the day of asking is not counted."""
    return load_calendar().add_working_days(asked, number("rights.answer_days"))


@transaction.atomic
def ask(
    kind: str,
    *,
    way: str,
    words: str,
    nonce: str,
    applicant: Applicant | None = None,
    user: User | None = None,
    seen: str = "",
    by: User | None = None,
) -> RightsRequest:
    """Take a request down; sent twice it is one. Exactly one of applicant and user is given."""
    row, is_new = RightsRequest.objects.get_or_create(
        nonce=nonce,
        defaults={
            "kind": kind,
            "way": way,
            "applicant": applicant,
            "user": user,
            "words": words,
            "seen": seen,
            "due_on": due_on(timezone.localdate()),
            "taken_by": by if way == Way.COUNTER else None,
        },
    )
    if is_new:
        with done_by(HIMSELF if by is None else ""):
            record("rights.ask", row, by=by, after={"way": row.get_way_display()})
        _step(row, "提出请求", by)
        if way != Way.COUNTER:
            _tell_officers(row)
    return row


def _tell_officers(row: RightsRequest) -> None:
    """At once: who withdraws his consent must not wait until the answer is nearly due."""
    notify(
        User.objects.officers(),
        cause=f"rights:asked:{row.pk}",
        template="rights/email/asked.txt",
        context={"row": row},
        path=row.get_absolute_url(),
        action_label="去办理",
        short="有新的个人信息请求",
    )


@transaction.atomic
def answer(row: RightsRequest, *, words: str, by: User) -> None:
    """Close a request with what the person is told. Raises Overtaken, RightsRefused."""
    if row.kind == Kind.DELETE:
        raise RightsRefused("删除要先做方案，再由另一个人复核。不能删除的，请写明理由，不予办理。")
    _close(row, State.DONE, words, by=by)
    record("rights.answer", row, by=by)
    _step(row, "答复，办结", by)


@transaction.atomic
def refuse(row: RightsRequest, *, reason: str, by: User) -> None:
    """Close it with the reason why not; how to complain stands in the letter. Raises Overtaken."""
    _close(row, State.REFUSED, reason, by=by)
    record("rights.refuse", row, by=by)
    _step(row, "不予办理，说明理由", by)


@transaction.atomic
def prepare_deletion(row: RightsRequest, *, by: User) -> list[PlanLine]:
    """Keep the plan for the second person. Raises Overtaken, RightsRefused."""
    _claim_open(row)
    applicant = _applicant_of(row)
    lines = plan_for(applicant)
    if not any(line.is_deleted for line in lines):
        raise RightsRefused("现在没有可以删除的：各项都有继续留存的依据。请不予办理，并说明理由。")
    row.plan, row.prepared_by, row.state = as_data(lines), by, State.PREPARED
    row.save()
    record("rights.prepare", row, by=by)
    _step(row, "做出删除方案，请另一个人复核", by)
    return lines


@transaction.atomic
def send_back(row: RightsRequest, *, by: User) -> None:
    """The plan is not agreed to; it is made anew. Raises Overtaken."""
    _claim_open(row)
    row.plan, row.prepared_by, row.state = [], None, State.ASKED
    row.save()
    record("rights.send_back", row, by=by)
    _step(row, "退回删除方案", by)


@transaction.atomic
def finalise_deletion(row: RightsRequest, *, by: User) -> None:
    """Delete what the plan names, if it still holds. Raises Overtaken, RightsRefused."""
    _claim_open(row)
    if row.state != State.PREPARED or row.prepared_by is None:
        raise RightsRefused("还没有删除方案。")
    if row.prepared_by_id == by.pk:
        raise RightsRefused("方案是您做的，要由另一个人复核。")
    applicant = _applicant_of(row)
    lines = plan_for(applicant)
    if as_data(lines) != row.plan:
        raise RightsRefused("做方案以后情况变了，请退回，重新做方案。")
    goes = [line for line in lines if line.is_deleted]
    _delete(rows_of_person(applicant), goes, by=by)
    for line in goes:
        Tombstone.objects.create(
            request=row,
            table=line.table,
            object_id=line.object_id,
            columns=_columns(line.table),
            ground=line.ground,
            prepared_by=row.prepared_by,
            deleted_by=by,
        )
    words = "已删除：" + "；".join(line.what for line in goes) + "。"
    stays = [f"{line.what}：{line.ground}" for line in lines if not line.is_deleted]
    if stays:
        words += "留存：" + "；".join(stays) + "。"
    row.refresh_from_db(fields=["applicant"])
    row.state, row.answer, row.closed_by, row.answered_at = State.DONE, words, by, timezone.now()
    if not stays:
        # What he wrote, and what of him was looked at, goes with him.
        row.words = row.seen = ""
    row.save()
    record("rights.delete", row, by=by, after={"rows": len(goes)})
    _step(row, "复核同意，已删除", by)


def _delete(people: Iterable[Applicant], goes: list[PlanLine], *, by: User) -> None:
    drafts = [line.object_id for line in goes if line.table == Application._meta.label]
    persons = [line.object_id for line in goes if line.table == Applicant._meta.label]
    people = [person for person in people if person.pk in persons]
    files = set(_files_of(drafts, persons))
    _forget_letters(drafts, persons)
    try:
        for draft in Application.objects.filter(pk__in=drafts):
            delete_draft(draft, by=by)
        for person in people:
            delete_applicant(person, by=by)
    except DeletionRefused as refused:
        raise RightsRefused(str(refused)) from refused
    # At once, not with the sweep of the night: thumbnails are drawn from the file and not kept.
    for stored in without_owner(StoredFile.objects.filter(pk__in=files)):
        Recognition.objects.filter(file=stored).delete()
        discard(stored)


def _forget_letters(drafts: list[int], persons: list[int]) -> None:
    """Letters of these cases, and such as name nobody else, go; in others he is named no more.

    Before their cases: a letter outlives its case, and its own event would name people.
    """
    of_persons = LetterPerson.objects.filter(letter=OuterRef("pk"), applicant__in=persons)
    others = LetterPerson.objects.filter(letter=OuterRef("pk")).exclude(applicant__in=persons)
    naming = WrittenLetter.objects.filter(Exists(of_persons))
    naming.exclude(Exists(others)).delete()
    WrittenLetter.objects.filter(application__in=drafts).delete()
    for letter in naming:
        typed = letter.values.get("people", {})
        letter.values["people"] = {pk: one for pk, one in typed.items() if int(pk) not in persons}
        letter.save(update_fields=["values"])


def _files_of(drafts: list[int], persons: list[int]) -> Iterable[int]:
    pages = MaterialPage.objects.filter(material__application__in=drafts)
    for file, original in pages.values_list("file", "original"):
        yield from (pk for pk in (file, original) if pk)
    repairs = Repair.objects.filter(application__in=drafts)
    for pair in repairs.values_list("original", "proposal"):
        yield from (pk for pk in pair if pk)
    consents = ConsentPage.objects.filter(consent__application__in=drafts)
    yield from consents.values_list("file", flat=True)
    passports = Applicant.objects.filter(pk__in=persons, proposed_passports__isnull=False)
    yield from passports.values_list("proposed_passports__file", flat=True)
    # Of letters that name others as well the pages stay, and so do their files.
    letters = StandingPage.objects.filter(document__named_applicants__applicant__in=persons)
    yield from letters.values_list("file", flat=True)


def _columns(table: str) -> list[str]:
    """Which columns of personal data the register names there."""
    held = [held for one in registers() for held in one.held if held.model == table]
    return [column for one in held for column in one.personal_names]


def _applicant_of(row: RightsRequest) -> Applicant:
    if row.applicant is None:
        raise RightsRefused("这项请求不是申请人提出的；账户请按“注销账户”办理。")
    return row.applicant


def _claim_open(row: RightsRequest) -> None:
    stored = claim(row)
    if not stored.is_open:
        raise RightsRefused("这项请求已经办结，没有再改。")


def _close(row: RightsRequest, state: str, words: str, *, by: User) -> None:
    _claim_open(row)
    row.state, row.answer, row.closed_by, row.answered_at = state, words, by, timezone.now()
    row.save()


def _step(row: RightsRequest, words: str, by: User | None) -> None:
    RequestEvent.objects.create(request=row, words=words, by=by)


# Links ------------------------------------------------------------------------------------------


@transaction.atomic
def new_link(applicant: Applicant, *, by: User | None) -> tuple[str, RightsLink]:
    """The token, which is not stored, and the link; the one before ends."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    now = timezone.now()
    locked = Applicant.objects.select_for_update(of=("self",)).get(pk=applicant.pk)
    RightsLink.objects.filter(applicant=locked, revoked_at__isnull=True).update(revoked_at=now)
    link = RightsLink.objects.create(
        applicant=locked,
        token_hash=keyed_hash(token),
        created_by=by,
        expires_at=now + timedelta(days=LINK_DAYS),
    )
    return token, link


@transaction.atomic
def send_link(applicant: Applicant, *, by: User | None) -> bool:
    """Send the applicant an address to the telephone on file; the one before ends.

    False where the station sends no messages to that number; then nothing has changed.
    """
    if not takes_texts(applicant.phone):
        return False
    token, link = new_link(applicant, by=by)
    address = settings.SITE_URL + reverse("rights:link", args=[token])
    send_text(
        applicant.phone,
        f"查阅、更正或删除您的个人信息：{address}，{LINK_DAYS}天内有效，请勿转发。",
        cause=f"rights:link:{link.pk}",
    )
    with done_by(HIMSELF if by is None else ""):
        record("rights.send_link", link, by=by)
    return True


def applicant_by(id_number: str, phone: str) -> Applicant | None:
    """The newest row with this identity number and this telephone."""
    found = Applicant.objects.filter(id_number_hash=keyed_hash(id_number)).order_by("-pk")
    return next((one for one in found if one.phone == phone), None)


def link_of(token: str) -> RightsLink:
    """The link while it works. Raises RightsLinkRefused."""
    links = RightsLink.objects.filter(token_hash=keyed_hash(token))
    link = links.select_related("applicant__enterprise").first()
    if link is None or not link.is_live(timezone.now()):
        raise RightsLinkRefused
    return link


@transaction.atomic
def is_person(link: RightsLink, digits: str) -> bool:
    """Are these the last digits of his identity number? After too many others the link ends."""
    locked = RightsLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    if not locked.is_live(timezone.now()):
        raise RightsLinkRefused
    right = locked.applicant.id_number[-DIGITS:].upper()
    if secrets.compare_digest(right.encode(), text.compact(digits).upper().encode()):
        with done_by(HIMSELF):
            record("rights.confirm", locked, by=None)
        return True
    locked.wrong_count += 1
    if locked.wrong_count >= locked.MOST_WRONG:
        locked.revoked_at = timezone.now()
    locked.save(update_fields=["wrong_count", "revoked_at"])
    return False
