"""Sign-on by a platform: bound by its owner, in place of the password alone, refused in words."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, build_opener, urlopen

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice
from joserfc.jwk import ECKey, OctKey

from accounts.entry_models import OutsideIdentity
from accounts.models import AuditEvent, User
from accounts.sign_on.adapters import Voucher
from accounts.sign_on.binding import bind
from accounts.sign_on.fetching import StayThere
from notices.models import Notice
from tests.accounts.platform import CLIENT, SECRET, Platform, platform
from tests.conftest import ClientOf
from tests.factories import PASSWORD
from tests.harness import eventually
from tests.temporary_services import free_port

pytestmark = pytest.mark.django_db
ON, BACK, FINISH = "/accounts/sign-on/", "/accounts/sign-on/back/", "/accounts/sign-on/finish/"
BIND = "/accounts/me/sign-on/"
UNFIT = "统一身份认证的答复不是给本站的，或者被改过，没有登录。"
GONE = "这次登录已经用过、超过了10分钟，或者不是从本站开始的。"


@pytest.fixture
def sso(settings: Any) -> Iterator[Platform]:
    """The station's platform, by OpenID Connect."""
    with platform() as made:
        settings.SIGN_ON = "accounts.sign_on.oidc.OidcSignOn"
        settings.SIGN_ON_ISSUER = made.address
        settings.SIGN_ON_CLIENT_ID, settings.SIGN_ON_CLIENT_SECRET = CLIENT, SECRET
        yield made


@pytest.fixture
def ticketed(settings: Any) -> Iterator[Platform]:
    """The station's platform, by tickets."""
    with platform() as made:
        settings.SIGN_ON = "accounts.sign_on.tickets.TicketSignOn"
        settings.SIGN_ON_LOGIN_URL = f"{made.address}/login"
        settings.SIGN_ON_VALIDATE_URL = f"{made.address}/validate"
        yield made


def bound(user: User, issuer: str, subject: str = "007") -> User:
    bind(user, Voucher(issuer, subject))
    return user


def is_in(client: Client) -> bool:
    return client.get("/accounts/me/").status_code == 200


def refused(response: Any) -> str:
    assert response.status_code == 403
    words: str = response.context["words"]
    return words


# OpenID Connect ----------------------------------------------------------------------------------


def test_it_lets_in_who_has_bound_it_by_a_button_and_not_by_coming_back(
    client: Client, tax_liaison: User, sso: Platform
) -> None:
    bound(tax_liaison, sso.address)
    assert "用统一身份认证登录" in client.get("/accounts/sign-in/").text
    asked = client.get(ON)["Location"]
    query = parse_qs(urlsplit(asked).query)
    assert asked.startswith(f"{sso.address}/authorize?")
    assert query["code_challenge_method"] == ["S256"]
    assert query["redirect_uri"] == [f"http://127.0.0.1:8000{BACK}"]
    assert "已经确认您的身份" in client.get(BACK, sso.agree(asked, "007")).text
    assert not is_in(client)
    assert client.post(FINISH)["Location"] == "/"
    assert is_in(client)
    event = AuditEvent.objects.get(action="account.sign_on")
    assert event.object_id == str(tax_liaison.pk)


def test_the_second_factor_is_asked_all_the_same(
    client: Client, tax_liaison: User, sso: Platform
) -> None:
    TOTPDevice.objects.create(user=tax_liaison, name="手机", confirmed=True)
    bound(tax_liaison, sso.address)
    client.get(BACK, sso.agree(client.get(ON)["Location"], "007"))
    assert client.post(FINISH)["Location"].startswith("/accounts/sign-in/code/")
    assert not is_in(client)


def test_nobody_gets_in_whose_account_is_not_bound_and_none_is_made(
    client: Client, tax_liaison: User, sso: Platform
) -> None:
    before = User.objects.count()
    client.get(BACK, sso.agree(client.get(ON)["Location"], tax_liaison.email))
    assert "还没有与本站的账户关联" in refused(client.post(FINISH))
    assert User.objects.count() == before
    assert not is_in(client)
    event = AuditEvent.objects.get(action="account.sign_in_failed")
    assert tax_liaison.email not in str(event.after)


def test_a_closed_account_stays_closed(client: Client, tax_liaison: User, sso: Platform) -> None:
    bound(tax_liaison, sso.address)
    User.objects.filter(pk=tax_liaison.pk).update(is_active=False)
    client.get(BACK, sso.agree(client.get(ON)["Location"], "007"))
    assert client.post(FINISH).status_code == 403


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        pytest.param({"aud": "another"}, UNFIT, id="for another"),
        pytest.param({"aud": ["another", "third"]}, UNFIT, id="for others"),
        pytest.param({"aud": [CLIENT, "x"], "azp": "x"}, UNFIT, id="made for another"),
        pytest.param({"iss": "https://sso.example"}, UNFIT, id="by another"),
        pytest.param({"nonce": "another"}, UNFIT, id="of another time"),
        pytest.param({"nonce": None}, UNFIT, id="of no time"),
        pytest.param({"sub": None}, UNFIT, id="of nobody"),
        pytest.param({"sub": ""}, UNFIT, id="of an empty name"),
        pytest.param({"exp": None}, UNFIT, id="for ever"),
        pytest.param({"exp": 1_700_000_000}, "已经过期，没有登录", id="expired"),
    ],
)
def test_a_token_that_is_not_for_us_is_refused(
    client: Client, tax_liaison: User, sso: Platform, claims: dict[str, Any], words: str
) -> None:
    bound(tax_liaison, sso.address)
    sso.claims = claims
    assert words in refused(client.get(BACK, sso.agree(client.get(ON)["Location"], "007")))
    assert client.post(FINISH).status_code == 403
    assert not is_in(client)


def test_a_token_signed_by_somebody_else_is_refused(
    client: Client, tax_liaison: User, sso: Platform
) -> None:
    bound(tax_liaison, sso.address)
    sso.signs_with = ECKey.generate_key("P-256", {"kid": "1"})
    assert UNFIT in refused(client.get(BACK, sso.agree(client.get(ON)["Location"], "007")))


def test_a_token_signed_with_a_shared_secret_is_refused(
    client: Client, tax_liaison: User, sso: Platform
) -> None:
    bound(tax_liaison, sso.address)
    sso.algorithm, sso.signs_with = "HS256", OctKey.import_key(SECRET * 4)
    assert UNFIT in refused(client.get(BACK, sso.agree(client.get(ON)["Location"], "007")))


def test_what_came_once_comes_in_vain_again(
    client: Client, tax_liaison: User, sso: Platform
) -> None:
    bound(tax_liaison, sso.address)
    came = sso.agree(client.get(ON)["Location"], "007")
    client.get(BACK, came)
    assert GONE in refused(client.get(BACK, came))
    # The code was used up at the platform as well.
    again = sso.agree(client.get(ON)["Location"], "007") | {"code": came["code"]}
    assert "没有接受这次登录" in refused(client.get(BACK, again))
    client.post(FINISH)
    assert client.post(FINISH).status_code in {302, 403}


def test_what_was_begun_in_another_browser_is_refused(
    client: Client, tax_liaison: User, sso: Platform
) -> None:
    bound(tax_liaison, sso.address)
    came = sso.agree(Client().get(ON)["Location"], "007")
    assert GONE in refused(client.get(BACK, came))
    client.get(ON)
    assert GONE in refused(client.get(BACK, came))


def test_an_answer_comes_within_ten_minutes(
    client: Client, tax_liaison: User, sso: Platform
) -> None:
    came = sso.agree(client.get(ON)["Location"], "007")
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        assert GONE in refused(client.get(BACK, came))


def test_a_code_beside_another_platforms_name_is_refused(client: Client, sso: Platform) -> None:
    came = sso.agree(client.get(ON)["Location"], "007") | {"iss": "https://sso.example"}
    assert UNFIT in refused(client.get(BACK, came))


def test_who_declines_there_is_told_what_else_he_can_do(client: Client, sso: Platform) -> None:
    state = sso.agree(client.get(ON)["Location"], "007")["state"]
    answer = client.get(BACK, {"error": "access_denied", "state": state})
    assert "或者用本站的登录名和密码登录" in refused(answer)


def test_a_platform_under_anothers_name_is_not_believed(client: Client, sso: Platform) -> None:
    sso.known = {"issuer": "https://sso.example"}
    assert UNFIT in refused(client.get(ON))


@pytest.mark.parametrize("address", ["http://sso.example", "ftp://sso.example", "sso"])
def test_an_open_line_is_not_used(
    client: Client, sso: Platform, settings: Any, address: str
) -> None:
    settings.SIGN_ON_ISSUER = address
    assert "要用 https" in refused(client.get(ON))


def test_the_local_way_goes_on_when_the_platform_is_down(
    client: Client, tax_liaison: User, sso: Platform, settings: Any
) -> None:
    settings.SIGN_ON_ISSUER = f"http://127.0.0.1:{free_port()}"
    assert "现在连不上" in refused(client.get(ON))
    typed = {"username": tax_liaison.username, "password": PASSWORD, "next": "/"}
    assert client.post("/accounts/sign-in/", typed)["Location"] == "/"


# Binding -----------------------------------------------------------------------------------------


def test_its_owner_binds_it_after_proving_himself_and_unbinds_it(
    client_of: ClientOf, tax_liaison: User, sso: Platform
) -> None:
    client = client_of(tax_liaison)
    assert "关联统一身份认证" in client.get("/accounts/me/").text
    # Not before he has proved himself.
    assert client.get(ON)["Location"] == "/"
    assert "密码不正确" in client.post(BIND, {"password": "wrong"}).text
    client.post(BIND, {"password": PASSWORD})
    assert "去统一身份认证登录" in client.get(BIND).text
    client.get(BACK, sso.agree(client.get(ON)["Location"], "007"))
    assert client.post(FINISH)["Location"] == "/accounts/me/"
    kept = OutsideIdentity.objects.get()
    assert (kept.user, kept.subject, kept.issuer) == (tax_liaison, "007", sso.address)
    assert "关联了统一身份认证" in Notice.objects.get(recipient=tax_liaison).body
    client.post(BIND, {"password": PASSWORD})
    assert not OutsideIdentity.objects.exists()


def test_a_page_that_sends_one_there_binds_nothing(
    client_of: ClientOf, tax_liaison: User, sso: Platform
) -> None:
    client = client_of(tax_liaison)
    came = sso.agree(Client().get(ON)["Location"], "attacker")
    assert GONE in refused(client.get(BACK, came))
    assert client.post(FINISH).status_code == 403
    assert not OutsideIdentity.objects.exists()


def test_one_person_there_has_one_account_here(
    client_of: ClientOf, tax_liaison: User, police_liaison: User, sso: Platform
) -> None:
    bound(police_liaison, sso.address)
    client = client_of(tax_liaison)
    client.post(BIND, {"password": PASSWORD})
    client.get(BACK, sso.agree(client.get(ON)["Location"], "007"))
    assert "已经与本站另一个账户关联" in client.post(FINISH, follow=True).text
    assert OutsideIdentity.objects.get().user == police_liaison


# Tickets -----------------------------------------------------------------------------------------


def test_a_ticket_lets_in_once(client: Client, tax_liaison: User, ticketed: Platform) -> None:
    bound(tax_liaison, f"{ticketed.address}/validate", "zhang")
    asked = client.get(ON)["Location"]
    assert asked.startswith(f"{ticketed.address}/login?service=http%3A%2F%2F127.0.0.1%3A8000")
    came = ticketed.give_ticket(asked, "zhang")
    client.get(BACK, came)
    assert client.post(FINISH)["Location"] == "/"
    assert is_in(client)
    client.post("/accounts/sign-out/")
    assert GONE in refused(client.get(BACK, came))


def test_a_ticket_for_another_service_is_refused(
    client: Client, tax_liaison: User, ticketed: Platform
) -> None:
    bound(tax_liaison, f"{ticketed.address}/validate", "zhang")
    elsewhere = ticketed.give_ticket(Client().get(ON)["Location"], "zhang")
    mine = ticketed.give_ticket(client.get(ON)["Location"], "zhang")
    answer = client.get(BACK, mine | {"ticket": elsewhere["ticket"]})
    assert "统一身份认证不认这次登录" in refused(answer)


@pytest.mark.parametrize(
    "answer",
    [
        "", "not XML", "<a/>",
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    ],
)  # fmt: skip
def test_a_ticket_server_that_talks_nonsense_lets_nobody_in(
    client: Client, ticketed: Platform, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    monkeypatch.setattr(ticketed, "validated", lambda _query: answer)
    came = ticketed.give_ticket(client.get(ON)["Location"], "zhang")
    assert "统一身份认证" in refused(client.get(BACK, came))


# A real provider ---------------------------------------------------------------------------------


@pytest.fixture
def provider(settings: Any) -> Iterator[str]:
    """Somebody else's OpenID provider, as a process of its own."""
    port = free_port()
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "-n", "true"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"

    def answers() -> bool:
        try:
            with urlopen(f"{address}/.well-known/openid-configuration", timeout=5):
                return True
        except (URLError, OSError):
            return False

    try:
        eventually(answers, 60, "the provider")
        settings.SIGN_ON = "accounts.sign_on.oidc.OidcSignOn"
        settings.SIGN_ON_ISSUER = address
        settings.SIGN_ON_CLIENT_ID, settings.SIGN_ON_CLIENT_SECRET = CLIENT, SECRET
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


def test_a_provider_of_others_vouches(client: Client, tax_liaison: User, provider: str) -> None:
    bound(tax_liaison, provider, "zhang")
    asked = client.get(ON)["Location"]
    came = led_back(asked, "zhang")
    assert "已经确认您的身份" in client.get(BACK, came).text
    assert client.post(FINISH)["Location"] == "/"
    assert is_in(client)


def led_back(asked: str, subject: str) -> dict[str, str]:
    """What the provider sends the person back with, once he has chosen who he is there."""
    try:
        build_opener(StayThere).open(Request(asked, f"sub={subject}".encode()), timeout=20)
    except HTTPError as answer:
        location = answer.headers["Location"]
        answer.close()
        return {name: one[0] for name, one in parse_qs(urlsplit(location).query).items()}
    raise AssertionError("the provider did not lead back")
