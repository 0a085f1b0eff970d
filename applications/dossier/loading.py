"""The materials of an application, read from the database for whoever looks at them."""

from collections import defaultdict
from collections.abc import Sequence
from typing import cast

from django.db.models import Q
from django.utils import timezone

from applications.dossier.dossier import Dossier
from applications.dossier.items import Item
from applications.dossier.naming import LettersOfApplication, Naming
from applications.dossier.recognised import recognise_material
from applications.models import Application, Correction, Material, MaterialPage
from enterprises.models import StandingDocument, StandingPage
from files.models import Page
from materials.catalogue import SHARED_NUMBERS
from materials.numbers import MaterialNumber


def load_dossier(application: Application, said: Sequence[Correction] | None = None) -> Dossier:
    """All its materials, always in the same number of queries.

    `said` are all corrections of this application, where the caller has read them already.
    """
    return load_dossiers([application], said)[0]


def load_dossiers(
    applications: Sequence[Application], said: Sequence[Correction] | None = None
) -> list[Dossier]:
    """The same of several, in as many queries as of one. Fetch them `with_people`."""
    materials: dict[int, dict[int, Material]] = defaultdict(dict)
    for material in Material.objects.filter(application__in=applications).select_related(
        "document"
    ):
        materials[material.application_id][material.number] = material
    corrections: dict[int, dict[int, list[Correction]]] = defaultdict(lambda: defaultdict(list))
    open_ones = Correction.objects.open().filter(application__in=applications)
    for correction in open_ones if said is None else said:
        if correction.sent_at and not correction.resolved_at:
            corrections[correction.application_id][correction.number].append(correction)
    further = {
        one.pk: one.enterprise_id for one in applications if _looks_further(one, materials[one.pk])
    }
    wanted = [material for each in materials.values() for material in each.values()]
    submitted = {material.document_id for material in wanted if material.document_id}
    letters = LettersOfApplication(set(further.values()), submitted)
    found = [letters.newest_for(one.applicant) for one in applications if one.pk in further]
    serving = {letter.pk for letter in found if letter}
    standing = _standing_pages(submitted | serving, set(further.values()))
    current = _current_documents(standing)
    own = _applicant_pages(applications)
    return [
        _dossier(
            application,
            materials[application.pk],
            corrections[application.pk],
            current[application.enterprise_id] if application.pk in further else {},
            letters,
            standing,
            own,
        )
        for application in applications
    ]


def _dossier(
    application: Application,
    materials: dict[int, Material],
    corrections: dict[int, list[Correction]],
    current: dict[int, StandingDocument],
    letters: LettersOfApplication,
    standing: dict[int, list[Page]],
    own: dict[int, list[Page]],
) -> Dossier:
    """`standing` are pages by document, `own` by material."""
    items = []
    today = timezone.localdate()
    for number in sorted(materials):
        material, kind = materials[number], materials[number].kind
        unlocked = application.unlocks(is_asked_for=bool(corrections[kind.number]))
        document = None
        if kind.names_applicants:
            document = _letter(application, material, letters, unlocked)
        elif kind.is_enterprises:
            document = _document(material, current, unlocked)
        all_pages = standing[document.pk] if document else own[material.pk]
        pages = [page for page in all_pages if page.superseded_at is None]
        items.append(
            Item(
                material=material,
                kind=kind,
                pages=pages,
                earlier=[page for page in all_pages if page.superseded_at is not None],
                corrections=corrections[kind.number],
                document=document,
                is_unlocked=unlocked,
                recognised=recognise_material(application, kind.number, pages, today=today),
                fact_warnings=kind.fact_warnings(
                    material.facts if pages and not material.by_review_table else {},
                    enterprise=application.enterprise.name,
                    today=today,
                ),
                submitted=[
                    page
                    for page in standing.get(material.document_id or 0, ())
                    if page.superseded_at is None
                ],
                naming=Naming(application.applicant, document, letters)
                if kind.names_applicants
                else None,
            )
        )
    return Dossier(application, tuple(items), tuple(corrections[MaterialNumber.FACTS]))


def _looks_further(application: Application, materials: dict[int, Material]) -> bool:
    """Whether the enterprise's current documents count, and not only those submitted with this."""
    return application.is_editable or any(
        material.kind.is_enterprises
        and material.document_id is None
        and not material.by_review_table
        for material in materials.values()
    )


def _applicant_pages(applications: Sequence[Application]) -> dict[int, list[Page]]:
    pages: dict[int, list[Page]] = defaultdict(list)
    for page in MaterialPage.objects.filter(material__application__in=applications).select_related(
        "file__recognition"
    ):
        pages[page.material_id].append(page)
    return pages


def _current_documents(standing: dict[int, list[Page]]) -> dict[int, dict[int, StandingDocument]]:
    """By enterprise and kind, of those that serve every application and hold a page."""
    documents: dict[int, dict[int, StandingDocument]] = defaultdict(dict)
    for page in (pages[0] for pages in standing.values()):
        document = cast(StandingPage, page).document
        if document.superseded_at is None and document.kind in SHARED_NUMBERS:
            documents[document.enterprise_id][document.kind] = document
    return documents


def _letter(
    application: Application, material: Material, letters: LettersOfApplication, unlocked: bool
) -> StandingDocument | None:
    """The one submitted with this case; while it may change, the newest that names him."""
    if unlocked or material.document is None:
        return letters.newest_for(application.applicant)
    return material.document


def _document(
    material: Material, current: dict[int, StandingDocument], unlocked: bool
) -> StandingDocument | None:
    if unlocked or material.document is None:
        return current.get(material.number)
    return material.document


def _standing_pages(documents: set[int], enterprises: set[int]) -> dict[int, list[Page]]:
    """Of these documents, and of what counts now for every application of these enterprises."""
    current = Q(enterprise__in=enterprises, superseded_at__isnull=True, kind__in=SHARED_NUMBERS)
    # Of the documents first: of pages that hang on one or the other, all would be read.
    found = StandingDocument.objects.filter(current | Q(pk__in=documents)).order_by()
    pages: dict[int, list[Page]] = defaultdict(list)
    for page in StandingPage.objects.filter(document__in=found.values("pk")).select_related(
        "document", "file__recognition"
    ):
        pages[page.document_id].append(page)
    return pages
