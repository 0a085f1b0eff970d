"""Facts printed on a review table, and where each department's cell and seal come from."""

from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.urls import reverse

from accounts.models import Department
from applications.models import Application
from reviews.annex4 import section_of
from reviews.models import Opinion, ReviewTable
from reviews.pdf import MM, CellFacts, TableFacts, render_cell
from reviews.signatures.fields import Box
from reviews.signatures.models import Certificate

# A cell's width in points, as table.css has it.
CELL_WIDTH: Final = 422


def facts_of(application: Application) -> dict[str, Any]:
    """What the table states of enterprise and applicant, kept with the table as circulated."""
    enterprise, applicant = application.enterprise, application.applicant
    return {
        "enterprise_kind": enterprise.kind,
        "enterprise_name": enterprise.name,
        "credit_code": enterprise.credit_code,
        "contact": f"{enterprise.contact_name}　{enterprise.contact_phone}",
        "applicant_name": applicant.name,
        "post": applicant.post,
        "id_number": applicant.id_number,
        "phone": applicant.phone,
    }


def table_facts(table: ReviewTable) -> TableFacts:
    path = reverse("reviews:verify_code", args=[table.verification_code])
    return TableFacts(
        number=table.number,
        round=table.round,
        verification_code=table.verification_code,
        verify_url=f"{settings.SITE_URL}{path}",
        district=settings.DISTRICT_NAME,
        sections=tuple(
            section_of(opinion.department)
            for opinion in table.opinions.order_by("department__position").select_related(
                "department"
            )
        ),
        trusted_time=bool(settings.TSA_URL),
        **table.facts,
    )


def cell_box(opinion: Opinion) -> Box:
    """Where the department's cell lies on its table."""
    return Box(**opinion.table.boxes[opinion.department.code])


def sample_cell(department: Department, seal: bytes, at: datetime) -> bytes:
    """The department's cell with invented words under this seal, as a PDF, to look at the seal."""
    section = section_of(department)
    cell = CellFacts(
        department=department.code,
        section=section,
        unit=department.full_name,
        sentence=section.sentence({}),
        words="（样例）情况属实，同意申办。",
        conclusion=Opinion.Conclusion.AGREE.label,
        signer="样例",
        signed_at=at,
        certificate_serial="0" * 16,
        applicant_name="样例",
    )
    return render_cell(cell, Box(0, 0, CELL_WIDTH, round(section.height * MM)), seal)


def seal_of(certificate: Certificate) -> bytes | None:
    """The picture of the official seal registered with the certificate, where there is one."""
    if certificate.seal_image is None:
        return None
    with certificate.seal_image.content.open("rb") as file:
        return bytes(file.read())
