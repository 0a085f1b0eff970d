"""Signing an enterprise up, verifying it, and keeping its standing documents."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from django.db import transaction
from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.audit import record
from accounts.mailboxes import provisional_name, send_confirmation
from accounts.models import AuditEvent, Role, User
from core.versions import Overtaken, claim
from enterprises.ledger.matching import follow
from enterprises.ledger.stages import advance
from enterprises.models import (
    Enterprise,
    EnterpriseAgent,
    Stage,
    StandingDocument,
    StandingPage,
)
from enterprises.quota import require_room
from enterprises.released import release, require_free_code
from enterprises.time_limits import settle_waiting
from files.models import Page, Recognition, StoredFile
from files.pictures import Picture
from files.services import ask_recognition
from materials.catalogue import get, validity_of
from materials.findings import Report
from materials.numbers import MaterialNumber
from materials.rules.validity import Stated
from materials.stack import PageRefused, PageStack
from notices.services import notify

# What an officer has compared with the licence: a change of these is verified anew.
VERIFIED_FACTS = frozenset(
    {"name", "credit_code", "kind", "registration_authority", "address", "licence"}
)


# Of these, what changes with a new licence: the old one shows the enterprise as it was.
ON_NEW_LICENCE = frozenset({"name", "credit_code"})
# Deadlines of the same row move by themselves, and are not written with what was typed.
TYPED = (*(VERIFIED_FACTS - {"licence"}), "contact_name", "contact_phone")


class DecisionRefused(Exception):
    """The decision cannot be made now; the text says why."""


@transaction.atomic
def sign_up(*, account: dict[str, str], enterprise: Enterprise) -> User:
    """Create the agent's account and the enterprise, and mail the confirmation link.

    `account` has name, email, phone and password. Nothing here depends on whether somebody has
    this mailbox already: the mail says so to him alone. Raises IntegrityError when the credit code
    was taken by somebody else in the same moment.
    """
    release(enterprise.credit_code)
    user: User = User.objects.create_user(
        username=provisional_name(),
        password=account["password"],
        name=account["name"],
        email=account["email"],
        phone=account["phone"],
        role=Role.ENTERPRISE_AGENT,
    )
    enterprise.save()
    EnterpriseAgent.objects.create(user=user, enterprise=enterprise)
    record("enterprise.sign_up", enterprise, by=user, after={"credit_code": enterprise.credit_code})
    advance(enterprise=enterprise, to=Stage.INTERESTED, by=user)
    send_confirmation(user)
    return user


@transaction.atomic
def save_enterprise(enterprise: Enterprise, *, changed: list[str], by: User) -> None:
    """Save corrected facts. Raises Overtaken.

    A refused enterprise goes back to be verified, and so does a verified one whose facts on the
    licence have changed.
    """
    claim(enterprise)
    before = {"status": enterprise.status}
    if enterprise.is_verified and ON_NEW_LICENCE & set(changed):
        enterprise.licence_wanted_since = timezone.now()
    if enterprise.status == Enterprise.Status.REFUSED or VERIFIED_FACTS & set(changed):
        # The reason of an earlier refusal stays until the next decision, for whoever decides.
        enterprise.status = Enterprise.Status.PENDING
    release(enterprise.credit_code, besides=enterprise)
    enterprise.save(update_fields=[*TYPED, "status", "licence_wanted_since", "version"])
    settle_waiting(enterprise)
    record(
        "enterprise.change",
        enterprise,
        by=by,
        before=before,
        after={"status": enterprise.status, "fields": changed},
    )
    if ON_NEW_LICENCE & set(changed):
        follow(enterprise, by=by)


@transaction.atomic
def decide(
    enterprise: Enterprise,
    *,
    verified: bool,
    reason: str = "",
    by: User,
    seen_version: int | None = None,
) -> None:
    """Verify the enterprise, or refuse it with a reason; its agents are told.

    `seen_version` is what the officer looked at; a later one is not decided on unseen.
    """
    locked = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    target = Enterprise.Status.VERIFIED if verified else Enterprise.Status.REFUSED
    if locked.status != Enterprise.Status.PENDING:
        if locked.status == target and locked.decided_by_id == by.pk:
            return
        raise DecisionRefused(
            f"{locked.name}已由{locked.decided_by}核验为“{locked.get_status_display()}”，请刷新页面。"
        )
    if seen_version is not None and seen_version != locked.version:
        raise DecisionRefused(
            "您打开这一页之后，企业修改过登记信息，没有办理。请按下面现在的内容重新核对。"
        )
    if verified and not _has_licence(locked):
        raise DecisionRefused("企业还没有上传营业执照，不能通过核验。可以写明原因，请企业补上。")
    if verified and locked.blanks:
        raise DecisionRefused(f"企业还没有填写{'、'.join(locked.blanks)}，不能通过核验。")
    if verified and not locked.has_confirmed_agent:
        raise DecisionRefused(
            "经办人还没有确认邮箱，不能通过核验：无法确认是谁登记的，以后的通知也送不到。"
            "请等经办人确认，或写明原因，请企业改正。"
        )
    if not verified and not reason.strip():
        raise DecisionRefused("不通过核验时，请写明原因，企业会收到这段文字。")
    locked.status = target
    locked.refusal_reason = "" if verified else reason.strip()
    locked.decided_by, locked.decided_at = by, timezone.now()
    if verified:
        locked.licence_wanted_since = None
    locked.version += 1
    locked.save()
    settle_waiting(locked)
    record(
        "enterprise.verify" if verified else "enterprise.refuse",
        locked,
        by=by,
        before={"status": Enterprise.Status.PENDING},
        after={"status": target, "reason": locked.refusal_reason},
    )
    notify(
        locked.people(),
        cause=f"enterprises:{locked.pk}:decision:{locked.version}",
        template="enterprises/email/verified.txt" if verified else "enterprises/email/refused.txt",
        context={"enterprise": locked},
        path=reverse("home") if verified else reverse("enterprises:detail", args=[locked.pk]),
        action_label="开始办理" if verified else "修改后重新提交",
    )


def _has_licence(enterprise: Enterprise) -> bool:
    licence = enterprise.current_document(MaterialNumber.LICENCE)
    return licence is not None and licence.pages.current().exists()


class DocumentStack(PageStack):
    """The pages of a standing document's current version; a frozen version is copied first."""

    def __init__(self, enterprise: Enterprise, number: int) -> None:
        self.enterprise, self.kind = enterprise, get(number)
        self.address = reverse("enterprises:document", args=[enterprise.pk, number])
        self.page_address = f"{enterprise.get_absolute_url()}pages/"
        self.owner_address, self.owner_label = enterprise.get_absolute_url(), "本单位"

    def versions(self) -> "QuerySet[StandingDocument]":
        """The current version, or nothing."""
        current = self.enterprise.documents.current().filter(kind=self.kind.number)
        return current.order_by("-version")[:1]

    def current(self) -> Sequence[StandingPage]:
        pages = StandingPage.objects.current().filter(document__in=self.versions())
        return list(pages.select_related("file", "document"))

    def require_unlocked(self) -> None:
        """An enterprise may change its documents at any time."""

    def require_room(self, more: int) -> None:
        require_room(self.enterprise, more)

    def lock(self) -> Sequence[StandingPage]:
        Enterprise.objects.select_for_update().get(pk=self.enterprise.pk)
        return self.current()

    def open(self) -> Sequence[StandingPage]:
        self.document = self.editable()
        return self.current()

    def editable(self) -> StandingDocument:
        """The current version, or when that is frozen (or missing) a new one with its pages."""
        Enterprise.objects.select_for_update().get(pk=self.enterprise.pk)
        current = self.versions().first()
        if current is not None and current.frozen_at is None:
            return current
        version = _next_version(self.enterprise, self.kind.number)
        if current is None:
            return _first_version(self.enterprise, self.kind.number, version)
        return _copy(current, version)

    def put(
        self,
        stored: StoredFile,
        *,
        position: int,
        warnings: list[Any],
        original: StoredFile | None,
        by: User,
    ) -> StandingPage:
        return StandingPage.objects.create(
            document=self.document, file=stored, position=position, warnings=warnings
        )

    def added(self, page: Page, *, by: User) -> None:
        after = {"sha256": page.file.sha256}
        record("document.add_page", self.document, by=by, after=after)
        if self.kind.number == MaterialNumber.LICENCE:
            ask_recognition(page.file, Recognition.Kind.TEXT, turn=self.enterprise.pk)
            Enterprise.objects.filter(pk=self.enterprise.pk).update(licence_wanted_since=None)
            _ask_again(self.enterprise, by=by)
            settle_waiting(self.enterprise)

    def moved(self, page: Page, *, place: int, by: User) -> None:
        after = {"page": page.pk, "place": place}
        record("document.move_page", self.document, by=by, after=after)

    def removed(self, page: Page, *, by: User) -> None:
        before = {"sha256": page.file.sha256}
        record("document.remove_page", self.document, by=by, before=before)
        if self.kind.number == MaterialNumber.LICENCE:
            _unverify_without_licence(self.enterprise, by=by)
            settle_waiting(self.enterprise)

    def loses(self, page: Page) -> str:
        is_licence = self.kind.number == MaterialNumber.LICENCE
        if not (is_licence and self.enterprise.is_verified and len(self.current()) == 1):
            return ""
        return (
            "这是本单位唯一的一页营业执照。删除后本单位不再是“已核验”：要重新上传执照，"
            "由服务站再次核验，核验通过前不能提交申请。要换新的执照，请用“换这页”。"
        )

    def put_back(self, page: Page) -> Page:
        """In a version that was begun since, it is a page anew."""
        assert isinstance(page, StandingPage)  # noqa: S101 - its owner found it
        if page.document_id == self.document.pk:
            return super().put_back(page)
        return StandingPage.objects.create(
            document=self.document,
            file_id=page.file_id,
            position=page.position,
            warnings=page.warnings,
        )

    def restored(self, page: Page, *, removed_at: datetime, by: User) -> None:
        after = {"sha256": page.file.sha256}
        record("document.restore_page", self.document, by=by, after=after)
        if self.kind.number == MaterialNumber.LICENCE:
            if len(self.current()) == 1:
                _verify_as_before(self.enterprise, since=removed_at, by=by)
            settle_waiting(self.enterprise)

    def refused(self, report: Report, *, by: User) -> None:
        codes = [finding.code for finding in report.problems]
        after = {"material": self.kind.number, "codes": codes}
        record("document.refuse", self.enterprise, by=by, after=after)

    def sent_again(self) -> None:
        """Nothing follows: what is asked for is an application's matter."""

    def require_another(self, picture: Picture) -> None:
        """Of papers any page will do."""

    def viewed(self, page: Page, *, by: User) -> None:
        document = cast(StandingPage, page).document
        record("material.view", document, by=by, after={"page": page.pk})

    def file_name(self, page: Page) -> str:
        return f"{self.kind.name}-{page.position}"


def _unverify_without_licence(enterprise: Enterprise, *, by: User) -> None:
    """Its licence is what an enterprise was verified by: without one it waits for that again."""
    locked = Enterprise.objects.get(pk=enterprise.pk)
    if locked.is_verified and not _has_licence(locked):
        save_enterprise(locked, changed=["licence"], by=by)


def _verify_as_before(enterprise: Enterprise, *, since: datetime, by: User) -> None:
    """The licence that an enterprise was verified by is back, and nothing else has changed."""
    locked = Enterprise.objects.get(pk=enterprise.pk)
    events = AuditEvent.objects.about(locked).filter(
        action__in=["enterprise.change", "enterprise.verify", "enterprise.refuse"],
        at__gte=since,
    )
    verified = {"status": Enterprise.Status.VERIFIED}
    if [(event.before, event.after.get("fields")) for event in events] != [(verified, ["licence"])]:
        return
    locked.status = Enterprise.Status.VERIFIED
    locked.version += 1
    locked.save(update_fields=["status", "version"])
    after = {**verified, "fields": ["licence"]}
    record("enterprise.change", locked, by=by, before={"status": "pending"}, after=after)


def _ask_again(enterprise: Enterprise, *, by: User) -> None:
    """A refused enterprise that sends its licence anew goes back to be verified."""
    locked = Enterprise.objects.get(pk=enterprise.pk)
    if locked.status == Enterprise.Status.REFUSED:
        save_enterprise(locked, changed=[], by=by)


def _next_version(enterprise: Enterprise, kind: int) -> int:
    """Counted over all papers of this kind."""
    newest: int | None = enterprise.documents.filter(kind=kind).aggregate(n=Max("version"))["n"]
    return (newest or 0) + 1


def _first_version(enterprise: Enterprise, kind: int, version: int) -> StandingDocument:
    return StandingDocument.objects.create(
        enterprise=enterprise,
        kind=kind,
        version=version,
        valid_until=validity_of(kind).last_day(Stated(), timezone.localdate()),
    )


def _copy(current: StandingDocument, version: int) -> StandingDocument:
    """The next version of a frozen one, with what was stated of it and its pages."""
    current.superseded_at = timezone.now()
    current.save(update_fields=["superseded_at"])
    following = StandingDocument.objects.create(
        enterprise_id=current.enterprise_id,
        kind=current.kind,
        version=version,
        dated_on=current.dated_on,
        tax_year=current.tax_year,
        ends_on=current.ends_on,
        is_endless=current.is_endless,
        valid_until=current.valid_until,
    )
    StandingPage.objects.bulk_create(
        StandingPage(
            document=following, file_id=page.file_id, position=page.position, warnings=page.warnings
        )
        for page in current.pages.current()
    )
    return following


@transaction.atomic
def state_validity(
    stack: DocumentStack, *, stated: Stated, by: User, seen: str = ""
) -> StandingDocument:
    """Keep what the enterprise says of a document's date, year or term; a frozen one is copied.

    `seen` is the fingerprint of what the page showed. Raises Overtaken where a colleague stated
    something else meanwhile, PageRefused when there is no page yet of which to say anything.
    """
    stack.lock()
    current = stack.versions().first()
    if current is None or not current.pages.current().exists():
        raise PageRefused("还没有上传这份材料。请先上传，再填写日期。")
    if current.stated == stated:
        return current
    if seen and seen != current.stated.seen:
        raise Overtaken(current)
    document = stack.editable()
    document.dated_on, document.tax_year = stated.dated_on, stated.tax_year
    document.ends_on, document.is_endless = stated.ends_on, stated.is_endless
    uploaded_on = timezone.localdate(document.created_at)
    document.valid_until = validity_of(document.kind).last_day(stated, uploaded_on)
    document.save(update_fields=["dated_on", "tax_year", "ends_on", "is_endless", "valid_until"])
    valid_until = document.valid_until.isoformat() if document.valid_until else ""
    record("document.state", document, by=by, after={"valid_until": valid_until})
    return document


def freeze(document: StandingDocument) -> None:
    """From now on an application relies on this version: it does not change any more."""
    if document.frozen_at is None:
        document.frozen_at = timezone.now()
        document.save(update_fields=["frozen_at"])


@transaction.atomic
def adopt_licence(enterprise: Enterprise, read: Mapping[str, str], *, by: User) -> None:
    """Enter what the licence says, by field.

    Raises ValidationError where that cannot be, such as a code that another enterprise has.
    """
    locked = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    changed = [field for field, value in read.items() if getattr(locked, field) != value]
    if not changed:
        return
    for field in changed:
        setattr(locked, field, read[field])
    others = {field.name for field in Enterprise._meta.get_fields()} - set(changed)
    locked.clean_fields(exclude=others)
    require_free_code(locked.credit_code, besides=locked)
    save_enterprise(locked, changed=changed, by=by)


def confirm_licence(recognition: Recognition, enterprise: Enterprise, *, by: User) -> None:
    """The agent has compared by eye: what was typed stands, and the machine misread."""
    if recognition.confirmed_at is None:
        recognition.confirmed_by, recognition.confirmed_at = by, timezone.now()
        recognition.save(update_fields=["confirmed_by", "confirmed_at"])
        record("enterprise.confirm_licence", enterprise, by=by)
