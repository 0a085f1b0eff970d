"""Where the station requires it, staff set up a second factor before anything else."""

from typing import Any

import pytest
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import User
from tests.accounts.soft_key import SoftKey, at_home
from tests.conftest import ClientOf

pytestmark = pytest.mark.django_db
NEEDED = "/accounts/me/second-factor/needed/"


@pytest.fixture(autouse=True)
def required(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.mark.parametrize("person", ["tax_liaison", "officer", "supervisor", "security_admin"])
def test_staff_without_one_are_led_to_set_one_up_and_get_nowhere_else(
    client_of: ClientOf, request: pytest.FixtureRequest, person: str
) -> None:
    client = at_home(client_of(request.getfixturevalue(person)))
    for path in ("/", "/accounts/me/", "/notices/", "/accounts/me/sessions/"):
        assert client.get(path)["Location"] == NEEDED
    assert client.post(reverse("notices:read_all"))["Location"] == NEEDED
    page = client.get(NEEDED)
    assert "其他页面都不能打开" in page.text
    for link in ("/accounts/me/passkeys/new/", "/accounts/me/second-factor/"):
        assert f'href="{link}"' in page.text
        assert client.get(link).status_code == 200
    assert client.post("/accounts/sign-out/")["Location"] == "/"


def test_who_has_one_goes_on(client_of: ClientOf, tax_liaison: User, officer: User) -> None:
    TOTPDevice.objects.create(user=tax_liaison, name="手机", confirmed=True)
    SoftKey().kept_for(officer)
    for person in (tax_liaison, officer):
        client = client_of(person)
        assert client.get("/accounts/me/").status_code == 200
        assert client.get(NEEDED)["Location"] == "/accounts/me/"


def test_a_device_whose_set_up_was_not_finished_does_not_count(
    client_of: ClientOf, tax_liaison: User
) -> None:
    TOTPDevice.objects.create(user=tax_liaison, name="手机", confirmed=False)
    assert client_of(tax_liaison).get("/")["Location"] == NEEDED


def test_it_is_required_of_staff_alone(client_of: ClientOf, agent: User) -> None:
    assert client_of(agent).get("/accounts/me/").status_code == 200


def test_it_is_required_by_the_setting_alone(
    client_of: ClientOf, tax_liaison: User, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    assert client_of(tax_liaison).get("/accounts/me/").status_code == 200


def test_whoever_resets_it_leads_him_to_set_it_up_anew(
    client_of: ClientOf, tax_liaison: User
) -> None:
    SoftKey().kept_for(tax_liaison)
    client = client_of(tax_liaison)
    assert client.get("/accounts/me/").status_code == 200
    tax_liaison.passkeys.all().delete()
    assert client.get("/accounts/me/")["Location"] == NEEDED
