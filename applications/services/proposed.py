"""Passports that are uploaded first: kept for their holder, and taken over by his application."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from applications.models import Applicant, Application, ProposedPassport
from applications.services.pages import MaterialStack
from enterprises.models import Enterprise
from enterprises.quota import require_room
from files.models import Page, Recognition, StoredFile
from files.pictures import Picture
from files.services import ask_recognition
from materials.catalogue import get
from materials.findings import Report
from materials.numbers import MaterialNumber
from materials.stack import PageStack


class ProposalStack(PageStack):
    """The one passport that an agent uploaded for an applicant who is not entered yet."""

    def __init__(self, enterprise: Enterprise, by: User) -> None:
        self.enterprise, self.by = enterprise, by
        self.kind = get(MaterialNumber.PASSPORT)
        self.address = reverse("applications:applicant_new")
        self.page_address = f"{self.address}passport/"
        self.owner_address, self.owner_label = reverse("applications:applicants"), "申请人"

    def current(self) -> Sequence[Page]:
        waiting = ProposedPassport.objects.waiting_of(self.by).filter(enterprise=self.enterprise)
        return list(waiting.select_related("file"))

    def require_unlocked(self) -> None:
        """Nothing relies on it yet."""

    def require_room(self, more: int) -> None:
        require_room(self.enterprise, more)

    def lock(self) -> Sequence[Page]:
        Enterprise.objects.select_for_update().get(pk=self.enterprise.pk)
        return self.current()

    def open(self) -> Sequence[Page]:
        return self.current()

    def put(
        self,
        stored: StoredFile,
        *,
        position: int,
        warnings: list[Any],
        original: StoredFile | None,
        by: User,
    ) -> Page:
        ask_recognition(stored, Recognition.Kind.TEXT, turn=self.enterprise.pk)
        return ProposedPassport.objects.create(
            enterprise=self.enterprise, by=by, file=stored, position=position, warnings=warnings
        )

    def added(self, page: Page, *, by: User) -> None:
        record("applicant.passport", self.enterprise, by=by, after={"sha256": page.file.sha256})

    def moved(self, page: Page, *, place: int, by: User) -> None:
        """There is one alone."""

    def removed(self, page: Page, *, by: User) -> None:
        """Nobody but who uploaded it has seen it; it is swept away."""

    def restored(self, page: Page, *, removed_at: datetime, by: User) -> None:
        """As it was uploaded."""

    def refused(self, report: Report, *, by: User) -> None:
        """Nothing is kept of it."""

    def sent_again(self) -> None:
        """A double click."""

    def require_another(self, picture: Picture) -> None:
        """Any passport will do."""

    def viewed(self, page: Page, *, by: User) -> None:
        record("applicant.passport_view", self.enterprise, by=by, after={"page": page.pk})

    def file_name(self, page: Page) -> str:
        return self.kind.name


def tie(applicant: Applicant, *, by: User) -> None:
    """The passport that waits is this applicant's, who was entered beside it."""
    waiting = ProposedPassport.objects.waiting_of(by).filter(enterprise=applicant.enterprise_id)
    waiting.update(applicant=applicant)


@transaction.atomic
def take_over(application: Application, *, by: User) -> bool:
    """Make the passport that came with the applicant material 10 of a draft that has none yet."""
    if not application.asks_for(MaterialNumber.PASSPORT):
        return False
    proposals = ProposedPassport.objects.current().filter(applicant=application.applicant_id)
    proposal = proposals.select_for_update(of=("self",)).select_related("file").last()
    if proposal is None:
        return False
    stack = MaterialStack(application, MaterialNumber.PASSPORT)
    if stack.lock():
        return False
    page = stack.put(proposal.file, position=1, warnings=proposal.warnings, original=None, by=by)
    stack.added(page, by=by)
    proposals.update(superseded_at=timezone.now())
    return True
