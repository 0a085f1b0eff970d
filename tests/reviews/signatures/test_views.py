"""The security administrator's pages of certificates."""

import base64
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import AuditEvent, Department, SigningLock, User
from reviews.models import ReviewTable
from reviews.signatures.certificates import authority, register
from reviews.signatures.models import Certificate
from tests.conftest import ClientOf
from tests.factories import PASSWORD
from tests.reviews.conftest import Station

pytestmark = pytest.mark.django_db
LIST = "/reviews/certificates/"


def tax() -> Department:
    return Department.objects.get(code="tax")


def seal_picture() -> SimpleUploadedFile:
    """A red bar on nothing, which is no seal of anybody's."""
    image, buffer = Image.new("RGBA", (300, 300)), io.BytesIO()
    image.paste((200, 0, 0, 160), (0, 100, 300, 200))
    image.save(buffer, "PNG")
    return SimpleUploadedFile("seal.png", buffer.getvalue())


def test_the_list_says_who_signs_with_what_and_who_cannot(
    station: Station, security_admin: User, client_of: ClientOf
) -> None:
    current = register.current(tax())
    assert current is not None
    authority.revoke(current, reason="遗失")
    page = client_of(security_admin).get(LIST)
    labels = [owner.label for owner in page.context["owners"]]
    assert labels == ["有效", "有效", "没有有效证书", "有效", "有效", "有效"]
    assert "吊销，原因：遗失" in page.text
    assert "签发区税务局的证书" in page.text
    assert "换发区公安局的证书" in page.text


def test_issuing_takes_the_password_and_replaces_the_certificate(
    station: Station, security_admin: User, client_of: ClientOf
) -> None:
    before = register.current(tax())
    client = client_of(security_admin)
    wrong = client.post(f"{LIST}tax/issue/", {"password": "wrong"})
    assert "密码不正确" in wrong.text
    assert register.current(tax()) == before
    right = client.post(f"{LIST}tax/issue/", {"password": PASSWORD}, follow=True)
    assert "已签发" in right.text
    assert register.current(tax()) != before
    assert "已被替换" in right.text
    event = AuditEvent.objects.filter(action="certificate.issue").first()
    assert event is not None
    assert event.actor == security_admin


def test_five_wrong_passwords_lock_it(
    station: Station, security_admin: User, client_of: ClientOf
) -> None:
    client = client_of(security_admin)
    for _ in range(5):
        client.post(f"{LIST}tax/issue/", {"password": "wrong"})
    assert SigningLock.objects.in_force().filter(user=security_admin).exists()
    assert "不能签署" in client.post(f"{LIST}tax/issue/", {"password": PASSWORD}).text


def test_revoking_needs_a_reason_and_the_password(
    station: Station, security_admin: User, client_of: ClientOf
) -> None:
    current = register.current(tax())
    assert current is not None
    client = client_of(security_admin)
    url = f"{LIST}{current.pk}/revoke/"
    assert "请写明吊销原因" in client.post(url, {"password": PASSWORD}).text
    client.post(url, {"password": PASSWORD, "reason": "U盾遗失"})
    assert register.current(tax()) is None
    again = client.post(url, {"password": PASSWORD, "reason": "U盾遗失"})
    assert "已经吊销过了" in again.text
    root = Certificate.objects.get(kind="ca")
    refused = client.post(f"{LIST}{root.pk}/revoke/", {"password": PASSWORD, "reason": "试试"})
    assert "根证书不能吊销" in refused.text


def test_a_registered_seal_is_in_the_preview_and_in_the_signature(
    station: Station, circulated: ReviewTable, security_admin: User, client_of: ClientOf
) -> None:
    opinion = station.draft(circulated, "tax")
    liaison = client_of(station.liaisons["tax"])
    preview = f"/reviews/opinions/{opinion.pk}/cell.png"
    assert not has_red(liaison.get(preview).content)
    client = client_of(security_admin)
    assert "请确认印章的来源" in client.post(f"{LIST}tax/seal/", {"picture": seal_picture()}).text
    broken = SimpleUploadedFile("seal.png", b"no picture")
    sent = {"picture": broken, "is_official": "on"}
    assert "印章图片不能用" in client.post(f"{LIST}tax/seal/", sent).text
    register_seal(client)
    assert has_red(liaison.get(preview).content)
    station.sign(circulated, "tax")
    table = client_of(station.officer).get(f"/reviews/tables/{circulated.pk}/table-1.jpg")
    assert has_red(table.content)


def register_seal(client: Client) -> None:
    """Through the page: choose, look, confirm with the password."""
    sent = {"picture": seal_picture(), "is_official": "on"}
    seen = client.post(f"{LIST}tax/seal/", sent)
    sent = {"seal": seen.context["packed"], "password": PASSWORD}
    assert "已登记区税务局的印章图片" in client.post(f"{LIST}tax/seal/", sent, follow=True).text


def test_a_seal_is_looked_at_in_its_cell_and_registered_with_the_password(
    station: Station, security_admin: User, client_of: ClientOf
) -> None:
    client = client_of(security_admin)
    seen = client.post(f"{LIST}tax/seal/", {"picture": seal_picture(), "is_official": "on"})
    kind, _, encoded = seen.context["picture"].partition(",")
    assert kind == "data:image/png;base64"
    assert has_red(base64.b64decode(encoded))
    # A red bar is asked about, and may be registered all the same.
    assert "看不出圆形或椭圆形的边框" in seen.text
    sent = {"seal": seen.context["packed"], "password": "wrong"}
    wrong = client.post(f"{LIST}tax/seal/", sent).text
    assert "密码不正确" in wrong
    assert "看不出圆形或椭圆形的边框" in wrong
    assert current_seal() is None
    elsewhere = {"seal": seen.context["packed"], "password": PASSWORD}
    assert (
        "预览的不是这个部门的印章"
        in client.post(f"{LIST}police/seal/", elsewhere, follow=True).text
    )
    register_seal(client)
    assert current_seal() is not None
    assert "查看、更换或删除区税务局的印章图片" in client.get(LIST).text
    assert "现在登记的" in client.get(f"{LIST}tax/seal/").text


def test_a_removed_seal_is_shown_no_more_and_what_was_signed_stays(
    station: Station, circulated: ReviewTable, security_admin: User, client_of: ClientOf
) -> None:
    client = client_of(security_admin)
    register_seal(client)
    station.sign(circulated, "tax")
    signed = circulated.newest_revision().sha256
    assert "密码不正确" in client.post(f"{LIST}tax/seal/remove/", {"password": "wrong"}).text
    sent = {"password": PASSWORD}
    assert (
        "已删除区税务局的印章图片" in client.post(f"{LIST}tax/seal/remove/", sent, follow=True).text
    )
    assert current_seal() is None
    assert circulated.newest_revision().sha256 == signed
    assert has_red(
        client_of(station.officer).get(f"/reviews/tables/{circulated.pk}/table-1.jpg").content
    )
    trail = AuditEvent.objects.filter(actor=security_admin).order_by("pk")
    actions = [one.action for one in trail if one.action.startswith("certificate.")]
    assert actions == ["certificate.seal", "certificate.seal_remove"]
    assert "没有登记印章图片" in client.get(f"{LIST}tax/seal/remove/", follow=True).text


def current_seal() -> object:
    certificate = register.current(tax())
    assert certificate is not None
    return certificate.seal_image


def has_red(picture: bytes) -> bool:
    image = Image.open(io.BytesIO(picture)).convert("RGB").resize((300, 300))
    red, green, _ = image.split()
    pairs = zip(red.tobytes(), green.tobytes(), strict=True)
    return sum(r - g > 80 for r, g in pairs) > 50


def test_keys_of_a_token_are_not_issued_here(
    station: Station, security_admin: User, client_of: ClientOf, settings: Settings
) -> None:
    settings.SIGNER = "reviews.signatures.tokens.Pkcs11Identity"
    client = client_of(security_admin)
    assert "请系统管理员用 certificates 命令登记新证书" in client.get(LIST).text
    assert client.get(f"{LIST}tax/issue/").status_code == 404


def test_the_list_costs_the_same_for_1_and_for_50(
    station: Station,
    security_admin: User,
    client_of: ClientOf,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = client_of(security_admin)
    with django_assert_max_num_queries(12) as few:
        before = client.get(LIST)
    sample = Certificate.objects.filter(kind="department")[0]
    for number in range(50):
        sample.pk, sample.serial = None, f"{number:016x}"
        sample.save()
    # A list of more than one page is counted by a query of its own.
    with django_assert_max_num_queries(len(few) + 1):
        after = client.get(LIST)
    assert (before.status_code, after.status_code) == (200, 200)
    assert "区税务局" in before.text
    assert "0000000000000031" in after.text
