"""Signing an opinion by a passkey: bound to the very preview, once, and for nothing else."""

from typing import Any

import pytest
from django.test import Client

from accounts.entry_models import PasskeyChallenge
from accounts.models import AuditEvent
from reviews.models import Opinion, ReviewTable
from tests.accounts.soft_key import SoftKey, asked, at_home
from tests.conftest import ClientOf
from tests.factories import PASSWORD
from tests.reviews.conftest import Station

pytestmark = pytest.mark.django_db
AGAIN = "没有办理。请再按一次“通行密钥”按钮"


@pytest.fixture
def opinion(station: Station, circulated: ReviewTable) -> Opinion:
    return station.draft(circulated, "tax")


@pytest.fixture
def key(station: Station) -> SoftKey:
    made = SoftKey()
    made.kept_for(station.liaisons["tax"])
    return made


@pytest.fixture
def client(client_of: ClientOf, station: Station) -> Client:
    return at_home(client_of(station.liaisons["tax"]))


def page_of(opinion: Opinion) -> str:
    return f"/reviews/opinions/{opinion.pk}/sign/"


def is_signed(opinion: Opinion) -> bool:
    return Opinion.objects.get(pk=opinion.pk).is_signed


def test_a_passkey_signs_without_password_or_code(
    client: Client, opinion: Opinion, key: SoftKey
) -> None:
    page = page_of(opinion)
    shown = client.get(page)
    assert "用通行密钥签署" in shown.text
    assert "passkey.js" in shown.text
    preview = shown.context["preview"]
    answer = key.use(asked(client, page, preview=preview))
    assert client.post(page, {"preview": preview, "passkey": answer}).status_code == 302
    assert is_signed(opinion)


def test_it_is_enough_where_the_station_asks_for_a_second_factor(
    client: Client, opinion: Opinion, key: SoftKey, settings: Any
) -> None:
    settings.SIGNING_NEEDS_SECOND_FACTOR = True
    page = page_of(opinion)
    preview = client.get(page).context["preview"]
    # The password alone is not, for somebody who has nothing but a passkey.
    refused = client.post(page, {"preview": preview, "password": PASSWORD})
    assert not is_signed(opinion)
    assert "请用通行密钥，或者填一个备用恢复码" in refused.text
    answer = key.use(asked(client, page, preview=preview))
    client.post(page, {"preview": preview, "passkey": answer})
    assert is_signed(opinion)


def test_an_answer_for_one_preview_signs_no_other(
    client: Client, opinion: Opinion, key: SoftKey
) -> None:
    page = page_of(opinion)
    answer = key.use(asked(client, page, preview=client.get(page).context["preview"]))
    opinion.words = "情况有变，不同意。"
    opinion.save()
    later = client.get(page).context["preview"]
    refused = client.post(page, {"preview": later, "passkey": answer})
    assert AGAIN in refused.text
    assert not is_signed(opinion)


def test_an_answer_for_another_opinion_signs_nothing(
    client: Client, opinion: Opinion, key: SoftKey, station: Station
) -> None:
    page = page_of(opinion)
    preview = client.get(page).context["preview"]
    elsewhere = f"/reviews/opinions/{opinion.pk + 1000}/sign/"
    answer = key.use(asked(client, elsewhere, preview=preview))
    assert AGAIN in client.post(page, {"preview": preview, "passkey": answer}).text
    assert not is_signed(opinion)


def test_an_answer_given_elsewhere_signs_nothing(
    client: Client, opinion: Opinion, key: SoftKey
) -> None:
    page = page_of(opinion)
    preview = client.get(page).context["preview"]
    answer = key.use(asked(client, page, preview=preview), origin="https://abtc.example")
    refused = client.post(page, {"preview": preview, "passkey": answer})
    assert "没有通过验证" in refused.text
    assert not is_signed(opinion)
    # What a device once signed does not stand on the page again.
    assert answer[:40] not in refused.text


def test_the_second_of_two_clicks_is_led_on(client: Client, opinion: Opinion, key: SoftKey) -> None:
    page = page_of(opinion)
    preview = client.get(page).context["preview"]
    data = {"preview": preview, "passkey": key.use(asked(client, page, preview=preview))}
    assert client.post(page, data).status_code == 302
    assert client.post(page, data).status_code == 302
    assert AuditEvent.objects.filter(action="opinion.sign").count() == 1


def test_several_are_signed_by_one_answer(client: Client, opinion: Opinion, key: SoftKey) -> None:
    page = f"/reviews/enterprises/{opinion.table.application.enterprise_id}/sign/"
    _, preview, *_ = client.get(page).context["rows"][0]
    data = {"opinion": str(opinion.pk), f"preview-{opinion.pk}": preview}
    without = key.use(asked(client, page, **{f"preview-{opinion.pk}": preview}))
    assert AGAIN in client.post(page, {**data, "passkey": without}).text
    client.post(page, {**data, "passkey": key.use(asked(client, page, **data))})
    assert is_signed(opinion)
    assert PasskeyChallenge.objects.count() == 1
