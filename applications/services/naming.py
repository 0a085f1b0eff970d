"""Naming of applicants: whom a letter of application (material 1) names, and so whom it serves."""

from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from applications.models import Applicant, Application, NamedApplicant
from applications.services.intake import IntakeRefused, unlocked_material
from enterprises.models import Enterprise, StandingDocument, StandingPage
from enterprises.services import DocumentStack


class NamingStack(DocumentStack):
    """The newest paper that names this applicant; what comes without one is a paper of his own."""

    def __init__(self, application: Application, number: int) -> None:
        super().__init__(application.enterprise, number)
        self.applicant = application.applicant

    def versions(self) -> "QuerySet[StandingDocument]":
        current = self.enterprise.documents.current().filter(kind=self.kind.number)
        return current.filter(named_applicants__applicant=self.applicant).order_by("-version")[:1]

    def editable(self) -> StandingDocument:
        """A copy names whom the frozen version names."""
        before = self.versions().first()
        people = named_in(before) if before else [self.applicant]
        document = super().editable()
        if before is None or document.pk != before.pk:
            _name(document, people)
        return document


def named_in(document: StandingDocument) -> list[Applicant]:
    """In the order in which they were named."""
    rows = NamedApplicant.objects.filter(document=document).select_related("applicant")
    return [row.applicant for row in rows]


@transaction.atomic
def name_applicants(
    application: Application,
    number: int,
    *,
    applicants: Collection[int],
    seen: Collection[int],
    by: User,
) -> list[Applicant]:
    """State whom the paper of this case names, by key; a submitted version is copied first.

    `seen` are those it named when the agent looked. Raises IntakeRefused.
    """
    unlocked_material(application, number)
    stack = NamingStack(application, number)
    if not stack.lock():
        raise IntakeRefused("还没有上传公函。请先上传，再勾选公函写明的申请人。")
    document = stack.versions().get()
    before = named_in(document)
    if {person.pk for person in before} != set(seen):
        raise IntakeRefused("您打开这一页之后，公函写明的申请人已有改动，没有保存。请核对后再改。")
    chosen = Applicant.objects.filter(enterprise=stack.enterprise, pk__in=applicants)
    people = list(chosen.order_by("pk"))
    if not people:
        raise IntakeRefused("公函至少写明一位申请人，没有保存。不要这份公函的，请删除它的各页。")
    if {person.pk for person in people} == set(seen):
        return before
    _rename(stack.editable(), people, by=by)
    return people


@transaction.atomic
def adopt(application: Application, number: int, *, document_pk: int, by: User) -> None:
    """This paper of the enterprise names the applicant as well. Twice does no harm."""
    unlocked_material(application, number)
    Enterprise.objects.select_for_update().get(pk=application.enterprise_id)
    current = application.enterprise.documents.current().filter(kind=number, pk=document_pk)
    document = current.first()
    if document is None or not StandingPage.objects.current().filter(document=document).exists():
        raise IntakeRefused("这份公函刚刚有改动，没有采用。请核对下面的公函后再选。")
    people = named_in(document)
    if any(person.pk == application.applicant_id for person in people):
        return
    stack = OnePaper(document)
    _rename(stack.editable(), [*people, application.applicant], by=by)


class OnePaper(DocumentStack):
    """One paper that counts now, whomever it names."""

    def __init__(self, document: StandingDocument) -> None:
        super().__init__(document.enterprise, document.kind)
        self.paper = document

    def versions(self) -> "QuerySet[StandingDocument]":
        return self.enterprise.documents.current().filter(pk=self.paper.pk)


def _rename(document: StandingDocument, people: Iterable[Applicant], *, by: User) -> None:
    people = list(people)
    before = [person.name for person in named_in(document)]
    NamedApplicant.objects.filter(document=document).delete()
    _name(document, people)
    _retire_what_serves_nobody(document)
    record(
        "document.name_applicants",
        document,
        by=by,
        before={"applicants": before},
        after={"applicants": [person.name for person in people]},
    )


def _name(document: StandingDocument, people: Iterable[Applicant]) -> None:
    NamedApplicant.objects.bulk_create(
        NamedApplicant(document=document, applicant=person) for person in people
    )


def _retire_what_serves_nobody(newest: StandingDocument) -> None:
    """An older paper counts no more when each whom it names has a newer one."""
    rows = NamedApplicant.objects.filter(
        document__enterprise=newest.enterprise_id,
        document__kind=newest.kind,
        document__superseded_at__isnull=True,
    ).select_related("document")
    newest_of: dict[int, int] = {}
    for row in rows:
        version = row.document.version
        newest_of[row.applicant_id] = max(version, newest_of.get(row.applicant_id, 0))
    serving = {
        row.document_id for row in rows if newest_of[row.applicant_id] == row.document.version
    }
    retired = {row.document_id for row in rows} - serving
    StandingDocument.objects.filter(pk__in=retired).update(superseded_at=timezone.now())
