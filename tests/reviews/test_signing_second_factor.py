"""Where the station says so, nobody signs without the second factor."""

from typing import Any

import pytest
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from reviews.models import Opinion, ReviewTable
from tests.conftest import ClientOf
from tests.factories import PASSWORD
from tests.reviews.conftest import Station

pytestmark = pytest.mark.django_db


@pytest.fixture
def opinion(station: Station, circulated: ReviewTable) -> Opinion:
    return station.draft(circulated, "tax")


@pytest.fixture
def client(client_of: ClientOf, station: Station) -> Client:
    return client_of(station.liaisons["tax"])


def sign(client: Client, opinion: Opinion, **typed: str) -> Any:
    url = f"/reviews/opinions/{opinion.pk}/sign/"
    return client.post(url, {"preview": client.get(url).context["preview"], **typed})


def test_it_is_required_by_the_setting_alone(
    client: Client, opinion: Opinion, settings: Any
) -> None:
    settings.SIGNING_NEEDS_SECOND_FACTOR = True
    page = sign(client, opinion, password=PASSWORD)
    assert "本站要求签署时使用第二重验证" in page.text
    assert 'href="/accounts/me/second-factor/"' in page.text
    opinion.refresh_from_db()
    assert not opinion.is_signed
    device = TOTPDevice.objects.create(user=opinion.drafted_by, name="手机验证器", confirmed=True)
    code = f"{totp(device.bin_key):06d}"
    assert sign(client, opinion, password=PASSWORD, code=code).status_code == 302
    opinion.refresh_from_db()
    assert opinion.is_signed


def test_a_batch_needs_it_too(client: Client, opinion: Opinion, settings: Any) -> None:
    settings.SIGNING_NEEDS_SECOND_FACTOR = True
    url = f"/reviews/enterprises/{opinion.table.application.enterprise_id}/sign/"
    page = client.post(url, {"opinion": opinion.pk, "password": PASSWORD})
    assert "本站要求签署时使用第二重验证" in page.text
    opinion.refresh_from_db()
    assert not opinion.is_signed
