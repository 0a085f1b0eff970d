"""Pages of the materials that a department reads with its opinion."""

from applications.dossier.loading import load_dossier
from files.models import Page
from reviews.annex4 import section_of
from reviews.models import Opinion


def pages_to_read(opinion: Opinion, number: int) -> list[Page]:
    """While it is asked, what stands there; once it has signed, what stood there then.

    None of a material that does not concern the department, nor of a round that is void.
    """
    if number not in section_of(opinion.department).materials or opinion.table.is_void:
        return []
    item = load_dossier(opinion.table.application).find(number)
    if item is None:
        return []
    if opinion.signed_at is None:
        return list(item.pages) if opinion.table.is_open else []
    signed_at = opinion.signed_at
    return [
        page
        for page in (*item.pages, *item.earlier)
        if page.file.created_at <= signed_at
        and (page.superseded_at is None or page.superseded_at > signed_at)
    ]
