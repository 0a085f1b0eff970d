"""Removed pages of applications: gone a day later, unless somebody may have seen them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from applications.models import Application, MaterialPage
from applications.removed_pages import discard_removed
from applications.services.pages import stack_of
from applications.services.perform import perform
from applications.workflow import Action
from files.models import StoredFile
from files.ownerless import without_owner
from materials.stack import remove_page
from tests.factories import CorrectionFactory, material_page

pytestmark = pytest.mark.django_db
LATER = timedelta(days=1, minutes=1)


def test_a_page_removed_from_a_draft_goes_a_day_later(draft: Application, agent: User) -> None:
    page = material_page(draft, 5)
    kept = material_page(draft, 5)
    remove_page(stack_of(draft, 5), page, by=agent)

    assert discard_removed(timezone.now() + timedelta(hours=23)) == 0
    assert discard_removed(timezone.now() + LATER) == 1

    assert list(MaterialPage.objects.all()) == [kept]
    assert list(without_owner(StoredFile.objects.all())) == [page.file]


def test_a_page_that_the_officer_had_before_him_stays(
    submitted: Application, agent: User, officer: User
) -> None:
    seen = submitted.materials.get(number=8).pages.get()
    CorrectionFactory.create(application=submitted, number=8, sent=True, created_by=officer)
    perform(submitted, Action.RETURN, by=officer)
    remove_page(stack_of(submitted, 8), seen, by=agent)
    passing = material_page(submitted, 8)
    remove_page(stack_of(submitted, 8), passing, by=agent)

    assert discard_removed(timezone.now() + LATER) == 1

    assert MaterialPage.objects.filter(pk=seen.pk).exists()
    assert not MaterialPage.objects.filter(pk=passing.pk).exists()
