"""How often one address may try what is open to anybody."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from pytest_django import Settings

from accounts.models import RateCount, User
from accounts.origin import address_of
from accounts.rate_limits import MINUTE, network_of, seconds_to_wait
from tests.conftest import ClientOf

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def attempt(address: str = "192.0.2.1", what: str = "verify") -> int:
    return seconds_to_wait(what, address, most=10, span=MINUTE)


def test_the_eleventh_within_a_minute_waits_for_the_next_minute() -> None:
    with time_machine.travel(NOON + timedelta(seconds=20), tick=False) as clock:
        assert [attempt() for _ in range(10)] == [0] * 10
        assert attempt() == 40
        clock.shift(timedelta(seconds=40))
        assert attempt() == 0


def test_addresses_and_actions_are_counted_apart() -> None:
    with time_machine.travel(NOON, tick=False):
        for _ in range(11):
            attempt()
        assert attempt(address="192.0.2.2") == 0
        assert attempt(what="sign-up") == 0


def test_the_addresses_of_one_ipv6_customer_count_together() -> None:
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff") == "2001:db8::"
    assert network_of("192.0.2.1") == "192.0.2.1"
    assert network_of("") == ""


def test_neither_the_address_nor_old_counts_are_kept() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        attempt()
        assert "192.0.2.1" not in RateCount.objects.get().key
        clock.shift(timedelta(hours=2))
        attempt()
    assert RateCount.objects.count() == 1


def test_verifying_files_is_limited_and_says_so_in_chinese() -> None:
    client = Client()
    with time_machine.travel(NOON, tick=False):
        for _ in range(10):
            file = SimpleUploadedFile("a.jpg", b"\xff\xd8\xff\xe0 no table")
            answer = client.post("/verify/", {"file": file})
            assert answer.status_code == 200
        assert "图片或打印件请用表上的核验码查询" in answer.text
        refused = client.post("/verify/", {})
        assert refused.status_code == 429
        assert refused["Retry-After"] == "60"
        assert "请等60秒" in refused.text
        assert client.get("/verify/").status_code == 200


def test_signing_up_and_asking_for_the_mail_again_are_limited(
    agent: User, client_of: ClientOf
) -> None:
    agent_client = client_of(agent)
    with time_machine.travel(NOON, tick=False):
        for url, client in (
            ("/enterprises/sign-up/", Client()),
            ("/enterprises/confirmation/resend/", agent_client),
        ):
            codes = [client.post(url, {}).status_code for _ in range(11)]
            assert codes[-1] == 429
            assert 429 not in codes[:10]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "198.51.100.7", "192.0.2.9"),
        (1, "203.0.113.1, 198.51.100.7", "198.51.100.7"),
        (2, "203.0.113.1, 198.51.100.7", "203.0.113.1"),
        (2, "198.51.100.7", "192.0.2.9"),
        (1, "", "192.0.2.9"),
        # The longest address is an IPv4 one written as IPv6, of 45 characters: nothing is longer.
        (
            1,
            "0000:0000:0000:0000:0000:ffff:192.168.100.228",
            "0000:0000:0000:0000:0000:ffff:192.168.100.228",
        ),
        (1, "9" * 100, "9" * 45),
    ],
)
def test_only_our_own_proxies_are_believed(
    settings: Settings, proxies: int, forwarded: str, expected: str
) -> None:
    settings.PROXIES = proxies
    request = RequestFactory().get(
        "/", REMOTE_ADDR="192.0.2.9", headers={"X-Forwarded-For": forwarded}
    )
    assert address_of(request) == expected
