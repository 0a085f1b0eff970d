"""The pages of an application's materials: whose they are, when they may change, what follows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Min, Q
from django.urls import reverse

from accounts.audit import record
from accounts.models import User
from applications.models import Application, MaterialPage, Repair
from applications.services.intake import (
    IntakeRefused,
    mark_replaced,
    mark_unreplaced,
    require_unlocked,
    set_by_review_table,
    unlocked_material,
)
from applications.services.naming import NamingStack
from enterprises.quota import require_room
from enterprises.services import DocumentStack
from files.likeness import looks_like
from files.models import Page, Recognition, StoredFile
from files.pictures import Picture
from files.services import ask_recognition
from materials.catalogue import get
from materials.findings import MaterialFacts, Report
from materials.numbers import MaterialNumber
from materials.stack import PageStack

SAME_AGAIN = (
    "这个文件和原来的一模一样，没有替换。请换成改正后的文件；不用换的，请在申请页写明说明。"
)


def stack_of(application: Application, number: int) -> "MaterialStack":
    """Raises UnknownMaterial."""
    kind = SharedStack if get(number).is_enterprises else MaterialStack
    return kind(application, number)


class MaterialStack(PageStack):
    """The pages of one material of the applicant's own."""

    def __init__(self, application: Application, number: int) -> None:
        self.application, self.kind = application, get(number)
        self.address = reverse("applications:material", args=[application.pk, number])
        self.page_address = f"{self.address}pages/"
        self.owner_address = application.get_absolute_url()
        self.owner_label = application.title

    def current(self) -> Sequence[Page]:
        own = MaterialPage.objects.current().filter(
            material__application=self.application, material__number=self.kind.number
        )
        return list(own.select_related("file"))

    def require_unlocked(self) -> None:
        require_unlocked(self.application, self.kind.number)

    def require_room(self, more: int) -> None:
        require_room(self.application.enterprise, more)

    def lock(self) -> Sequence[Page]:
        self.material = unlocked_material(self.application, self.kind.number)
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
        if self.kind.recognition is not None:
            reader = Recognition.Kind(self.kind.recognition.reader)
            ask_recognition(stored, reader, turn=self.application.enterprise_id)
        if self.kind.number == MaterialNumber.PHOTO and self.material.facts:
            # Another photo, another day: what was confirmed was said of the one before.
            self.material.facts = {}
            self.material.save(update_fields=["facts"])
        return MaterialPage.objects.create(
            material=self.material,
            file=stored,
            position=position,
            warnings=warnings,
            original=original,
        )

    def added(self, page: Page, *, by: User) -> None:
        after = self._noted(sha256=page.file.sha256, bytes=page.file.size)
        record("material.add_page", self.application, by=by, after=after)
        self._take_back_offers()
        self._correct()

    def moved(self, page: Page, *, place: int, by: User) -> None:
        after = self._noted(page=page.pk, place=place)
        record("material.move_page", self.application, by=by, after=after)

    def removed(self, page: Page, *, by: User) -> None:
        record("material.remove_page", self.application, by=by, after=self._noted(page=page.pk))
        self._correct()

    def restored(self, page: Page, *, removed_at: datetime, by: User) -> None:
        record("material.restore_page", self.application, by=by, after=self._noted(page=page.pk))
        if self._is_as_told():
            mark_unreplaced(self.application, self.kind.number, since=removed_at)

    def refused(self, report: Report, *, by: User) -> None:
        after = self._noted(codes=[finding.code for finding in report.problems])
        record("material.refuse", self.application, by=by, after=after)

    def sent_again(self) -> None:
        """What was asked to be corrected is not corrected by the very file that was faulted."""
        asked_for = self.application.corrections.open().filter(number=self.kind.number)
        if asked_for.filter(replaced_at__isnull=True).exists():
            raise IntakeRefused(SAME_AGAIN)
        self._take_back_offers()

    def require_another(self, picture: Picture) -> None:
        """Saved anew, renamed or uploaded again after it was removed, it is the same picture."""
        if self.kind.single_picture and any(looks_like(p.file, picture) for p in self._told()):
            raise IntakeRefused(SAME_AGAIN)

    def _told(self) -> Sequence[Page]:
        """The pages that stood here when something of this material was asked to be corrected."""
        told = self.application.corrections.open().filter(number=self.kind.number)
        since = told.aggregate(since=Min("sent_at"))["since"]
        if since is None:
            return []
        pages = MaterialPage.objects.filter(
            Q(superseded_at__isnull=True) | Q(superseded_at__gt=since),
            material__application=self.application,
            material__number=self.kind.number,
            file__created_at__lte=since,
        )
        return list(pages.select_related("file"))

    def _is_as_told(self) -> bool:
        told, now = self._told(), self.current()
        return {page.file.sha256 for page in told} == {page.file.sha256 for page in now}

    def _correct(self) -> None:
        """Other pages correct what was asked for; the very ones that were faulted do not.

        Where facts were typed meanwhile, they may be what corrects it.
        """
        if not self._is_as_told():
            mark_replaced(self.application, self.kind.number)
        elif not self.material.facts:
            mark_unreplaced(self.application, self.kind.number)

    def viewed(self, page: Page, *, by: User) -> None:
        record("material.view", self.application, by=by, after=self._noted(page=page.pk))

    def _noted(self, **what: Any) -> dict[str, Any]:
        return {"material": self.kind.number, **what}

    def _take_back_offers(self) -> None:
        """Nobody wants the review table now, nor a repair of the picture that was refused."""
        self.application.repairs.pending().filter(number=self.kind.number).update(
            state=Repair.State.REJECTED
        )
        set_by_review_table(self.material, False)

    def file_name(self, page: Page) -> str:
        return f"{self.application.reference}-材料{self.kind.number}-{page.position}"

    def facts(self) -> MaterialFacts:
        return self.application.applicant.typed


class SharedStack(MaterialStack):
    """The pages of one of materials 1 to 4, which this application shares with others.

    Of a letter only those of the one that names the applicant.
    """

    def __init__(self, application: Application, number: int) -> None:
        super().__init__(application, number)
        self.documents = (
            NamingStack(application, number)
            if self.kind.names_applicants
            else DocumentStack(application.enterprise, number)
        )

    def current(self) -> Sequence[Page]:
        return self.documents.current()

    def _told(self) -> Sequence[Page]:
        """Those of the version that was submitted."""
        pinned = self.application.materials.get(number=self.kind.number).document
        return list(pinned.pages.current().select_related("file")) if pinned else []

    def lock(self) -> Sequence[Page]:
        super().lock()
        return self.documents.lock()

    def open(self) -> Sequence[Page]:
        return self.documents.open()

    def put(self, stored: StoredFile, **kept: Any) -> Page:
        return self.documents.put(stored, **kept)

    def added(self, page: Page, *, by: User) -> None:
        self.documents.added(page, by=by)
        super().added(page, by=by)

    def moved(self, page: Page, *, place: int, by: User) -> None:
        self.documents.moved(page, place=place, by=by)
        super().moved(page, place=place, by=by)

    def removed(self, page: Page, *, by: User) -> None:
        self.documents.removed(page, by=by)
        super().removed(page, by=by)

    def loses(self, page: Page) -> str:
        return self.documents.loses(page)

    def put_back(self, page: Page) -> Page:
        return self.documents.put_back(page)

    def restored(self, page: Page, *, removed_at: datetime, by: User) -> None:
        self.documents.restored(page, removed_at=removed_at, by=by)
        super().restored(page, removed_at=removed_at, by=by)
