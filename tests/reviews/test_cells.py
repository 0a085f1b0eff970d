"""Cells: what is signed is what was looked at, to the second and the byte."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from pyhanko.pdf_utils.reader import PdfFileReader
from pytest_django import Settings

from accounts.models import User
from accounts.reauthentication import ReauthenticationForm
from notices.models import Notice
from reviews import cells
from reviews.cells import Cell, Preview, PreviewStale
from reviews.models import Opinion, ReviewTable
from reviews.revisions import load
from reviews.services import opinions
from reviews.services.opinions import OpinionRefused
from reviews.signatures.certificates import authority, register
from reviews.signatures.identities import identity_for
from tests.conftest import ClientOf
from tests.factories import PASSWORD
from tests.reviews.conftest import FOUR, Station, on

pytestmark = pytest.mark.django_db


def cell_of(opinion: Opinion, station: Station) -> Cell:
    certificate = identity_for(opinion.department).certificate
    return Cell(opinion, certificate, station.liaisons[opinion.department.code])


def seen(opinion: Opinion, station: Station) -> Preview:
    return cell_of(opinion, station).preview


def page_content(pdf: bytes) -> bytes:
    content = PdfFileReader(io.BytesIO(pdf)).root["/Pages"]["/Kids"][0]["/Contents"]
    return bytes(content.data)


def appearance(pdf: bytes, code: str) -> bytes:
    """What the signed field of a department draws."""
    reader = PdfFileReader(io.BytesIO(pdf))
    field = next(
        signature for signature in reader.embedded_signatures if signature.field_name == code
    ).sig_field
    drawn = field["/AP"]["/N"]
    while "/Cell" not in drawn["/Resources"]["/XObject"]:
        drawn = next(iter(drawn["/Resources"]["/XObject"].values())).get_object()
    return bytes(drawn["/Resources"]["/XObject"]["/Cell"].data)


def test_the_signed_appearance_is_the_previewed_cell_byte_for_byte(
    station: Station, circulated: ReviewTable
) -> None:
    opinion = station.draft(circulated, "tax")
    by = station.liaisons["tax"]
    certificate = identity_for(opinion.department).certificate
    with time_machine.travel(on(23, 10, 5), tick=False):
        looked_at = Cell(opinion, certificate, by)
        preview, shown = looked_at.preview, looked_at.draw()
    with time_machine.travel(on(23, 10, 9), tick=False):
        assert Cell(opinion, certificate, by, preview.at).draw() == shown
        opinions.sign(opinion, by=by, preview=preview)
    signed = load(circulated.newest_revision())
    assert appearance(signed, "tax") == page_content(shown)
    opinion.refresh_from_db()
    assert opinion.signed_at == on(23, 10, 5)


def test_a_preview_travels_with_the_page_for_fifteen_minutes(
    station: Station, circulated: ReviewTable
) -> None:
    opinion = station.draft(circulated, "tax")
    by = station.liaisons["tax"]
    with time_machine.travel(on(23, 10), tick=False) as clock:
        cell = cell_of(opinion, station)
        preview, text = cell.preview, cell.pack()
        clock.shift(timedelta(minutes=15))
        assert cells.unpack(text, opinion, by=by) == preview
        clock.shift(timedelta(seconds=1))
        with pytest.raises(PreviewStale, match="距离预览已超过15分钟"):
            cells.unpack(text, opinion, by=by)
        clock.move_to(on(23, 9, 59))
        with pytest.raises(PreviewStale, match="请核对下面新的预览"):
            cells.unpack(text, opinion, by=by)


def test_a_preview_is_of_one_opinion_and_one_person(
    station: Station, circulated: ReviewTable
) -> None:
    opinion, other = station.draft(circulated, "tax"), station.draft(circulated, "police")
    text = cell_of(opinion, station).pack()
    for wrong, person in ((other, "tax"), (opinion, "police")):
        with pytest.raises(PreviewStale, match="预览的不是这份意见"):
            cells.unpack(text, wrong, by=station.liaisons[person])
    for nonsense in ("", "abc", text[:-1] + "?"):
        with pytest.raises(PreviewStale, match="没有收到预览的内容"):
            cells.unpack(nonsense, opinion, by=station.liaisons["tax"])


def test_what_changed_after_the_preview_is_not_signed(
    station: Station, circulated: ReviewTable
) -> None:
    opinion = station.draft(circulated, "tax")
    preview = seen(opinion, station)
    station.draft(circulated, "tax", "disagree")
    with pytest.raises(OpinionRefused, match="意见、签署人或证书有变化"):
        opinions.sign(opinion, by=station.liaisons["tax"], preview=preview)
    preview = seen(Opinion.objects.with_case().get(pk=opinion.pk), station)
    authority.issue(opinion.department)
    with pytest.raises(OpinionRefused, match="意见、签署人或证书有变化"):
        opinions.sign(opinion, by=station.liaisons["tax"], preview=preview)
    assert circulated.revisions.count() == 1


def test_what_changes_while_the_cell_is_drawn_is_not_signed(
    station: Station, circulated: ReviewTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cell is drawn before the form is locked; a colleague may save in between."""
    opinion = station.draft(circulated, "tax")
    certificate = register.certificate_of(opinion.department)
    draw = Cell.draw

    def meanwhile(happens: Callable[[], object]) -> None:
        def draw_slowly(cell: Cell) -> bytes:
            drawn = draw(cell)
            happens()
            return drawn

        monkeypatch.setattr(Cell, "draw", draw_slowly)

    meanwhile(lambda: station.draft(circulated, "tax", "disagree"))
    with pytest.raises(OpinionRefused, match="意见、签署人或证书有变化"):
        opinions.sign(opinion, by=station.liaisons["tax"])
    opinion = station.draft(circulated, "tax")
    meanwhile(lambda: authority.revoke(certificate, reason="介质遗失"))
    with pytest.raises(OpinionRefused, match="没有有效的签名证书"):
        opinions.sign(opinion, by=station.liaisons["tax"])
    assert circulated.revisions.count() == 1


def test_a_preview_from_before_the_deadline_does_not_make_a_late_signature_timely(
    station: Station, circulated: ReviewTable
) -> None:
    opinion = station.draft(circulated, "tax")
    opinion.table.opinions.update(due_at=on(25, 18))
    with time_machine.travel(on(25, 17, 58), tick=False) as clock:
        preview = seen(opinion, station)
        clock.shift(timedelta(minutes=5))
        with pytest.raises(OpinionRefused, match="预览之后时限已过"):
            opinions.sign(opinion, by=station.liaisons["tax"], preview=preview)
        late = opinions.sign(opinion, by=station.liaisons["tax"], preview=seen(opinion, station))
    assert late.signed_at == on(25, 18, 3)


def test_foreign_affairs_never_stands_before_another_department(
    station: Station, circulated: ReviewTable
) -> None:
    opinion = station.draft(circulated, "foreign_affairs")
    preview = seen(opinion, station)
    station.sign(circulated, *FOUR)
    with pytest.raises(OpinionRefused, match="预览之后又有部门签署"):
        opinions.sign(opinion, by=station.liaisons["foreign_affairs"], preview=preview)


def test_foreign_affairs_too_early_sees_whom_it_waits_for_and_no_password_field(
    station: Station, circulated: ReviewTable, client_of: ClientOf
) -> None:
    opinion = station.draft(circulated, "foreign_affairs")
    station.sign(circulated, "commerce", "tax")
    client = client_of(station.liaisons["foreign_affairs"])
    form = client.get(opinion.get_absolute_url()).text
    assert form.index('name="draft"') < form.index('name="preview"')
    assert "预览并签署" not in form
    page = client.get(f"/reviews/opinions/{opinion.pk}/sign/").text
    assert "还不能签署" in page
    assert "区公安局、区人力社保局" in page
    assert 'type="password"' not in page
    assert "15分钟" not in page
    posted = client.post(f"/reviews/opinions/{opinion.pk}/sign/", {"password": PASSWORD})
    assert "还不能签署" in posted.text
    opinion.refresh_from_db()
    assert not opinion.is_signed


def test_the_preview_reads_as_text_beside_its_picture(
    station: Station, circulated: ReviewTable, client_of: ClientOf
) -> None:
    opinion = station.draft(circulated, "tax")
    page = client_of(station.liaisons["tax"]).get(f"/reviews/opinions/{opinion.pk}/sign/").text
    assert "经核实，该公司上一年度纳税总额为123.45万元，（否）存在欠税。" in page
    assert "区税务局已核实，同意。" in page
    assert identity_for(opinion.department).certificate.serial in page


def test_signing_on_the_page_takes_the_preview_that_the_page_showed(
    station: Station, circulated: ReviewTable, client_of: ClientOf
) -> None:
    opinion = station.draft(circulated, "tax")
    client = client_of(station.liaisons["tax"])
    url = f"/reviews/opinions/{opinion.pk}/sign/"
    page = client.get(url)
    preview = page.context["preview"]
    picture = client.get(f"/reviews/opinions/{opinion.pk}/cell.png", {"preview": preview})
    assert picture["Content-Type"] == "image/png"
    refused = client.post(url, {"password": PASSWORD, "preview": "made up"})
    assert "没有收到预览的内容" in refused.text
    assert client.post(url, {"password": PASSWORD, "preview": preview}).status_code == 302
    opinion.refresh_from_db()
    assert opinion.signed_by == station.liaisons["tax"]
    assert cells.unpack(preview, opinion, by=station.liaisons["tax"]).at == opinion.signed_at


def test_with_a_second_factor_signing_asks_for_its_code_as_well(
    station: Station, circulated: ReviewTable, client_of: ClientOf, settings: Settings
) -> None:
    # After a wrong code a person waits a second before the next; a test does not.
    settings.OTP_TOTP_THROTTLE_FACTOR = 0
    by = station.liaisons["tax"]
    opinion, client = station.draft(circulated, "tax"), client_of(by)
    url = f"/reviews/opinions/{opinion.pk}/sign/"
    without = client.get(url).text
    assert "您的登录密码" in without
    assert "动态验证码" not in without
    device = TOTPDevice.objects.create(user=by, name="手机", confirmed=True)
    page = client.get(url)
    assert "动态验证码" in page.text
    sent = {"password": PASSWORD, "preview": page.context["preview"]}
    assert "请输入手机验证器中的6位数字。" in client.post(url, sent).text
    refused = client.post(url, sent | {"code": "000000"}).text
    assert "动态验证码不正确" in refused
    # The password was right and is not asked for again.
    assert "您的登录密码" not in refused
    assert not Opinion.objects.get(pk=opinion.pk).is_signed
    assert client.post(url, sent | {"code": f"{totp(device.bin_key):06d}"}).status_code == 302
    assert Opinion.objects.get(pk=opinion.pk).is_signed


def test_five_wrong_passwords_lock_signing_and_the_security_administrator_hears(
    station: Station, circulated: ReviewTable, client_of: ClientOf, security_admin: User
) -> None:
    opinion, client = station.draft(circulated, "tax"), client_of(station.liaisons["tax"])
    url = f"/reviews/opinions/{opinion.pk}/sign/"
    sent = {"preview": client.get(url).context["preview"]}
    for left in (4, 3, 2, 1):
        page = client.post(url, sent | {"password": "wrong"}).text
        assert f"还可以再试{left}次" in page
    assert "已连续5次没有通过验证" in client.post(url, sent | {"password": "wrong"}).text
    assert "已连续5次没有通过验证" in client.post(url, sent | {"password": PASSWORD}).text
    assert not Opinion.objects.get(pk=opinion.pk).is_signed
    notice = Notice.objects.get(recipient=security_admin)
    assert notice.subject.startswith("签署已锁定")
    # Another department's liaison signs on.
    station.sign(circulated, "police")


def test_the_second_click_of_a_double_click_sees_the_first_ones_signature(
    station: Station,
    circulated: ReviewTable,
    client_of: ClientOf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its code is used up by then; the opinion is signed all the same."""
    opinion = station.draft(circulated, "tax")
    by = station.liaisons["tax"]

    def first_click_wins(_form: ReauthenticationForm) -> bool:
        opinions.sign(opinion, by=by)
        return False

    monkeypatch.setattr(ReauthenticationForm, "is_valid", first_click_wins)
    second = client_of(by).post(f"/reviews/opinions/{opinion.pk}/sign/", {"password": "used"})
    assert second.status_code == 302
    assert circulated.revisions.count() == 2
