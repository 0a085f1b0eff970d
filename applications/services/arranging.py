"""The pages of one material: their order, and turning or replacing one of them."""

from django.conf import settings
from django.db import transaction

from accounts.audit import record
from accounts.models import User
from applications.dossier.loading import load_dossier
from applications.models import Application, MaterialPage
from applications.services import intake
from enterprises import services as enterprise_services
from enterprises.models import StandingPage
from files.arranging import put_at, turned
from files.models import Page
from materials.findings import Report


@transaction.atomic
def move_page(application: Application, number: int, page: Page, *, place: int, by: User) -> None:
    """Put a page at this place (the first is 1). Raises IntakeRefused and PageRefused."""
    item = intake.unlocked_item(application, number)
    if isinstance(page, StandingPage):
        enterprise_services.move_page(page, place=place, by=by)
    else:
        if page.pk not in {each.pk for each in item.pages}:
            raise intake.IntakeRefused("这一页刚刚已被替换或删除，不能移动。请看下面最新的各页。")
        put_at(item.pages, page, place)
    intake.mark_replaced(application, number)
    after = {"material": number, "page": page.pk, "place": place}
    record("material.move_page", application, by=by, after=after)


def turn_page(
    application: Application, number: int, page: Page, *, degrees: int, by: User
) -> Report | None:
    """Turn a page clockwise: a new picture takes its place. None: it is turned already.

    Raises IntakeRefused, PageRefused, and a FileRefused.
    """
    if page.superseded_at is not None or not _is_current(application, number, page):
        return None
    kind = load_dossier(application).item(number).kind
    data = turned(page.file, degrees, below=kind.below_bytes or settings.MAX_UPLOAD_BYTES)
    original = (page.original or page.file) if isinstance(page, MaterialPage) else None
    return intake.add_page(
        application,
        number,
        data=data,
        name=page.file.original_name,
        by=by,
        instead_of=page,
        original=original,
    )


def _is_current(application: Application, number: int, page: Page) -> bool:
    """A standing page may stand in a version that was copied since: then its twin counts."""
    files = {each.file_id for each in load_dossier(application).item(number).pages}
    return page.file_id in files
