"""Asking the applicant for his own consent, and keeping who gave it, how and when (ADR 0043)."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.audit import done_by, record
from accounts.models import User
from accounts.origin import current_origin
from applications.models import Application, Consent, ConsentLink, ConsentPage
from core import text
from core.crypto import keyed_hash
from enterprises.quota import require_room
from files.services import Cleared, write
from materials.stack import PageRefused

TOKEN_BYTES = 24
DIGITS = 4
# How the trail names somebody without an account.
APPLICANT = "申请人本人（凭链接）"
NO_CONSENT = (
    "还没有申请人本人的同意。请在“申请人的同意”页把链接发给本人，或上传本人签字的授权书，再提交。"
)


class ConsentRefused(PageRefused):
    """The consent cannot be asked for or given now; the text says why and what to do."""


class ConsentLinkRefused(Exception):
    """The address is unknown, too old, revoked, or of an application that was submitted.

    All the same to who opens it: the words tell nothing of anybody.
    """

    def __init__(self) -> None:
        super().__init__(
            "这个链接已经失效：可能过期了、被换成了新的，或者申请已经提交。"
            "请联系发给您链接的单位经办人，需要时请他重新发一个。"
        )


@transaction.atomic
def give_link(application: Application, *, by: User) -> str:
    """The token of a new link; the one before ends. It is not stored, and not shown again."""
    locked = _lock_editable(application)
    _end_links(locked)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = ConsentLink.objects.create(
        application=locked,
        token_hash=keyed_hash(token),
        created_by=by,
        expires_at=timezone.now() + timedelta(days=settings.CONSENT_LINK_DAYS),
    )
    after = {"until": link.expires_at.isoformat()}
    record("consent.give_link", locked, by=by, after=after)
    return token


@transaction.atomic
def revoke_link(application: Application, *, by: User) -> None:
    """The link stops working at once; doing it again changes nothing."""
    locked = Application.objects.select_for_update().get(pk=application.pk)
    if _end_links(locked):
        record("consent.revoke_link", locked, by=by)


def link_of(token: str) -> ConsentLink:
    """The link with this token while it works. Raises ConsentLinkRefused."""
    links = ConsentLink.objects.live(timezone.now()).filter(token_hash=keyed_hash(token))
    people = "application__applicant", "application__enterprise", "created_by"
    link = links.select_related(*people).first()
    if link is None or not link.application.is_editable or not link.created_by.is_active:
        raise ConsentLinkRefused
    return link


@transaction.atomic
def is_applicant(link: ConsentLink, digits: str) -> bool:
    """Whether these are the last digits of the applicant's identity number.

    After `MOST_WRONG` other answers the link ends. Raises ConsentLinkRefused.
    """
    locked = ConsentLink.objects.select_for_update().get(pk=link.pk)
    if not locked.is_live:
        raise ConsentLinkRefused
    application = link.application
    right = application.applicant.id_number[-DIGITS:].upper()
    if secrets.compare_digest(right.encode(), text.compact(digits).upper().encode()):
        with done_by(APPLICANT):
            record("consent.confirm", application, by=None)
        return True
    locked.wrong_count += 1
    if locked.wrong_count >= locked.MOST_WRONG:
        locked.revoked_at = timezone.now()
        with done_by(APPLICANT):
            record("consent.lock_link", application, by=None)
    locked.save(update_fields=["wrong_count", "revoked_at"])
    return False


@transaction.atomic
def consent_by_link(link: ConsentLink, *, words: str) -> Consent:
    """The applicant agrees to these words. Twice is once. Raises ConsentLinkRefused."""
    locked = Application.objects.select_for_update().get(pk=link.application_id)
    if not (locked.is_editable and ConsentLink.objects.get(pk=link.pk).is_live):
        raise ConsentLinkRefused
    standing = locked.consent
    if standing is not None and standing.link_id == link.pk:
        return standing
    consent = _keep(locked, way=Consent.Way.LINK, words=words, link=link)
    with done_by(APPLICANT):
        record("consent.give", locked, by=None, after={"way": consent.way})
    return consent


@transaction.atomic
def enter_paper(
    application: Application, pages: Sequence[Cleared], *, words: str, by: User
) -> Consent:
    """Keep the paper that the applicant signed. Raises ConsentRefused, PageRefused."""
    locked = _lock_editable(application)
    require_room(locked.enterprise, sum(len(page.data) for page in pages))
    consent = _keep(locked, way=Consent.Way.PAPER, words=words, entered_by=by)
    for position, page in enumerate(pages, start=1):
        ConsentPage.objects.create(consent=consent, file=write(page, by=by), position=position)
    record("consent.paper", locked, by=by, after={"pages": len(pages)})
    return consent


def end_consent(application: Application, *, by: User) -> None:
    """Another person was typed in: what the first one agreed to is no consent of this one."""
    in_force = application.consents.filter(superseded_at__isnull=True)
    consents, links = in_force.update(superseded_at=timezone.now()), _end_links(application)
    if consents or links:
        record("consent.end", application, by=by)


def _keep(application: Application, **how: object) -> Consent:
    now = timezone.now()
    application.consents.filter(superseded_at__isnull=True).update(superseded_at=now)
    return application.consents.create(
        person=application.applicant.name, given_at=now, origin=current_origin(), **how
    )


def _lock_editable(application: Application) -> Application:
    locked = Application.objects.select_for_update().get(pk=application.pk)
    if not locked.is_editable:
        raise ConsentRefused("申请已经提交，现在不用再征求申请人的同意。")
    return locked


def _end_links(application: Application) -> int:
    links = application.consent_links.filter(revoked_at__isnull=True)
    return links.update(revoked_at=timezone.now())
