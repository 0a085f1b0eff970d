"""Removed pages of standing documents: gone a day later, unless something was decided on them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from enterprises.models import Enterprise, StandingPage
from enterprises.removed_pages import discard_removed
from enterprises.services import DocumentStack, decide, freeze
from files.models import StoredFile
from files.ownerless import without_owner
from materials.stack import remove_page
from tests.factories import EnterpriseFactory, agent_of, standing_page

pytestmark = pytest.mark.django_db
LATER = timedelta(days=1, minutes=1)


def test_a_removed_page_goes_a_day_later(enterprise: Enterprise, agent: User) -> None:
    page, kept = standing_page(enterprise, 1), standing_page(enterprise, 1)
    remove_page(DocumentStack(enterprise, 1), page, by=agent)

    assert discard_removed(timezone.now() + timedelta(hours=23)) == 0
    assert discard_removed(timezone.now() + LATER) == 1

    assert list(StandingPage.objects.all()) == [kept]
    assert list(without_owner(StoredFile.objects.all())) == [page.file]


def test_a_page_that_was_submitted_stays(enterprise: Enterprise, agent: User) -> None:
    page = standing_page(enterprise, 1)
    freeze(page.document)
    remove_page(DocumentStack(enterprise, 1), page, by=agent)

    assert discard_removed(timezone.now() + LATER) == 0
    assert list(without_owner(StoredFile.objects.all())) == []


def test_the_licence_on_which_was_decided_stays(officer: User) -> None:
    enterprise = EnterpriseFactory.create(pending=True)
    agent = agent_of(enterprise)
    licence = standing_page(enterprise, 2)
    decide(enterprise, verified=False, reason="看不清。", by=officer)
    remove_page(DocumentStack(enterprise, 2), licence, by=agent)

    assert discard_removed(timezone.now() + LATER) == 0
