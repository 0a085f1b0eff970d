"""What came out of signing is kept only when it proves valid; everything else is thrown away."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from accounts.models import AuditEvent, User
from applications.models import Application
from applications.services.perform import MoveRefused
from notices.models import Notice
from reviews.models import ReviewTable
from reviews.pdf import render_cell
from reviews.services import circulation, opinions
from reviews.services.opinions import OpinionRefused
from reviews.signatures import identities, signing
from reviews.signatures.certificates.issuing import Credential, Revocation, unpack
from reviews.signatures.identities import SelfCheckFailed, SignatureIdentity, SigningFailed
from reviews.signatures.signing import sign_cell
from reviews.signatures.verification.additions import problem_of_addition
from reviews.signatures.verification.trust import Trust
from tests.factories import SHEETS
from tests.reviews import papers
from tests.reviews.conftest import Station
from tests.reviews.papers import FIELDS, KeyInMemory, Office


@pytest.fixture(scope="module")
def office() -> Office:
    return papers.new_office()


@pytest.fixture(scope="module")
def certified(office: Office) -> bytes:
    return papers.certified(office)


@pytest.fixture(scope="module")
def after_police(office: Office, certified: bytes) -> bytes:
    """The table signed by the station, commerce and the police."""
    return papers.sign(papers.sign(certified, "commerce", office), "police", office)


def sign_tax(revision: bytes, identity: SignatureIdentity) -> bytes:
    _, boxes = papers.base()
    return sign_cell(
        revision,
        department="tax",
        stamp=render_cell(papers.cell_facts("tax"), boxes["tax"]),
        identity=identity,
        reason="x",
        name="x",
    )


def test_a_good_signature_is_kept(office: Office, after_police: bytes) -> None:
    signed = sign_tax(after_police, office.identity("tax"))
    assert office.examine(signed).valid


def test_a_signature_by_another_key_is_thrown_away(office: Office, after_police: bytes) -> None:
    certificate, key = office.identity("tax").credential, office.identity("tax").credential.key
    mixed_up = KeyInMemory(replace(certificate, key=key), office.trust)
    with pytest.raises(SelfCheckFailed, match="区税务局签名覆盖的内容已被改动"):
        sign_tax(after_police, mixed_up)


def test_a_signature_by_another_departments_certificate_is_thrown_away(
    office: Office, after_police: bytes
) -> None:
    with pytest.raises(SelfCheckFailed, match="区税务局一栏不是用区税务局的证书签的"):
        sign_tax(after_police, office.identity("tax", department="social"))


def test_an_untrusted_certificate_is_thrown_away(office: Office, after_police: bytes) -> None:
    stranger = papers.new_office().identity("tax")
    with pytest.raises(SelfCheckFailed, match="不是本站认可的机构签发的"):
        sign_tax(after_police, KeyInMemory(stranger.credential, office.trust))


def test_a_revoked_certificate_is_thrown_away(office: Office, after_police: bytes) -> None:
    credential = office.identity("tax").credential
    number = credential.certificate.serial_number
    yesterday = Revocation(number, office.now - timedelta(days=1))
    trust = replace(office, revocations=[yesterday]).trust
    with pytest.raises(SelfCheckFailed, match="签名时证书已被吊销"):
        sign_tax(after_police, KeyInMemory(credential, trust))


def test_a_signature_in_another_field_is_thrown_away(office: Office, after_police: bytes) -> None:
    signed = papers.sign(after_police, "social", office)
    assert problem(signed, after_police, "tax", office) == "文件的最后一个签名不是区税务局的。"


def test_a_file_without_any_signature_is_thrown_away(office: Office) -> None:
    base, _ = papers.base()
    assert problem(base, base, "tax", office) == "文件的最后一个签名不是区税务局的。"


def test_a_signature_that_was_there_before_is_none(office: Office, after_police: bytes) -> None:
    assert problem(after_police, after_police, "police", office) == (
        "区公安局的签名没有加在存档的一版之后。"
    )


def test_a_changed_earlier_byte_is_thrown_away(office: Office, after_police: bytes) -> None:
    """Whether the signer changed it, or it lay changed in what was signed."""
    signed = sign_tax(after_police, office.identity("tax"))
    place = after_police.index(b"stream") + 40
    changed = signed[:place] + bytes([signed[place] ^ 1]) + signed[place + 1 :]
    assert problem(changed, after_police, "tax", office) == "签名时，签名之前的内容被改动了。"
    assert problem(changed, changed[: len(after_police)], "tax", office) != ""
    with pytest.raises(SigningFailed):
        sign_tax(changed[: len(after_police)], office.identity("tax"))


def test_a_changed_later_byte_is_thrown_away(office: Office, after_police: bytes) -> None:
    signed = sign_tax(after_police, office.identity("tax"))
    for place in (len(after_police) + 50, signed.index(b"/Reason", len(after_police)) + 10):
        changed = signed[:place] + bytes([signed[place] ^ 1]) + signed[place + 1 :]
        assert problem(changed, after_police, "tax", office) != ""


def test_a_revision_between_the_two_is_thrown_away(office: Office, after_police: bytes) -> None:
    """`earlier` must end with the signature before; here somebody appended to it unsigned."""
    writer = IncrementalPdfFileWriter(io.BytesIO(after_police))
    writer.set_info(generic.DictionaryObject({pdf_name("/Title"): generic.pdf_string("x")}))
    output = io.BytesIO()
    writer.write(output)
    with pytest.raises(SigningFailed):
        sign_tax(output.getvalue(), office.identity("tax"))


def draw_over_the_page(writer: IncrementalPdfFileWriter) -> None:
    drawing = generic.StreamObject(stream_data=b"q 0 0 0 rg 100 100 200 200 re f Q")
    writer.add_stream_to_page(0, writer.add_object(drawing))


def draw_in_a_cell_just_signed(writer: IncrementalPdfFileWriter) -> None:
    draw_in("police", writer)


def draw_in_a_cell_signed_earlier(writer: IncrementalPdfFileWriter) -> None:
    draw_in("commerce", writer)


def draw_in_an_empty_cell(writer: IncrementalPdfFileWriter) -> None:
    draw_in("social", writer)


def draw_in(code: str, writer: IncrementalPdfFileWriter) -> None:
    """Let a department's cell show something new."""
    field, box = (
        field_of(writer, code),
        generic.ArrayObject(map(generic.NumberObject, (0, 0, 9, 9))),
    )
    form = {"/Type": pdf_name("/XObject"), "/Subtype": pdf_name("/Form"), "/BBox": box}
    drawing = generic.StreamObject(
        {pdf_name(key): value for key, value in form.items()}, stream_data=b"0 0 9 9 re f"
    )
    field["/AP"] = generic.DictionaryObject({pdf_name("/N"): writer.add_object(drawing)})
    writer.update_container(field)


def field_of(writer: IncrementalPdfFileWriter, code: str) -> generic.DictionaryObject:
    fields = [reference.get_object() for reference in writer.root["/AcroForm"]["/Fields"]]
    [found] = [field for field in fields if field["/T"] == code]
    assert isinstance(found, generic.DictionaryObject)
    return found


def fill_in_another_cell(writer: IncrementalPdfFileWriter) -> None:
    """With a signature that is there already: filling in is allowed, but not of this field."""
    field = field_of(writer, "social")
    field["/V"] = field_of(writer, "police").raw_get("/V")
    writer.update_container(field)


def add_a_visible_field(writer: IncrementalPdfFileWriter) -> None:
    append_signature_field(writer, SigFieldSpec("guest", on_page=0, box=(10, 10, 90, 40)))


@pytest.mark.parametrize(
    "mischief",
    [
        draw_over_the_page,
        draw_in_a_cell_just_signed,
        draw_in_a_cell_signed_earlier,
        draw_in_an_empty_cell,
        fill_in_another_cell,
        add_a_visible_field,
    ],
)
def test_what_is_added_beside_the_signature_is_thrown_away(
    office: Office,
    after_police: bytes,
    monkeypatch: pytest.MonkeyPatch,
    mischief: Callable[[IncrementalPdfFileWriter], None],
) -> None:
    """Under the new signature itself, where that signature proves nothing against it."""
    monkeypatch.setattr(signing, "_embed_trust", lambda writer, *_: mischief(writer))
    with pytest.raises(SelfCheckFailed, match="签名之后，文件被加进了签名以外的改动"):
        sign_tax(after_police, office.identity("tax"))


def stamp_another_cell(writer: IncrementalPdfFileWriter) -> None:
    """With a time-stamp: pyHanko lets a document be stamped, and so would a department's cell be
    taken before it has signed. It is no signature, so only the list of fields tells of it.
    """
    field = field_of(writer, "social")
    stamp = generic.DictionaryObject(dict(field_of(writer, "police")["/V"].items()))
    stamp["/Type"] = pdf_name("/DocTimeStamp")
    field["/V"] = writer.add_object(stamp)
    writer.update_container(field)


def test_a_cell_filled_by_what_is_no_signature_is_thrown_away(
    office: Office, after_police: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing, "_embed_trust", lambda writer, *_: stamp_another_cell(writer))
    with pytest.raises(SelfCheckFailed, match="区公安局签名之后，文件被加进了签名以外的改动"):
        sign_tax(after_police, office.identity("tax"))


def problem(pdf: bytes, earlier: bytes, code: str, office: Office) -> str:
    return problem_of_addition(pdf, earlier=earlier, field_name=code, trust=office.trust)


@pytest.mark.django_db
def test_the_opinion_stays_unsigned_and_the_security_administrator_hears_of_it_once(
    station: Station,
    circulated: ReviewTable,
    security_admin: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A signer whose key is not that of its certificate, as after a mix-up of key files."""
    opinion = station.draft(circulated, "tax")
    stored = {path.name for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}
    other = papers.new_office().identity("tax").credential.key

    def mixed_up(data: bytes, passphrase: str) -> Credential:
        return replace(unpack(data, passphrase), key=other)

    monkeypatch.setattr(identities, "_unpacked", mixed_up)
    for _ in range(2):
        with pytest.raises(OpinionRefused, match="自检没有通过，已作废，文件保持原样。"):
            opinions.sign(opinion, by=station.liaisons["tax"])
    opinion.refresh_from_db()
    assert opinion.signed_at is None
    assert opinion.words == "区税务局已核实，同意。"
    assert circulated.revisions.count() == 1
    now = {path.name for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}
    assert now == stored
    notice = Notice.objects.get(cause__endswith=":self-check")
    assert notice.recipient == security_admin
    assert "区税务局签名覆盖的内容已被改动" in notice.body
    assert AuditEvent.objects.filter(action="opinion.self_check").count() == 2
    monkeypatch.undo()
    opinions.sign(opinion, by=station.liaisons["tax"])
    assert circulated.revisions.count() == 2


def test_without_any_root_nothing_is_kept(office: Office, after_police: bytes) -> None:
    identity = KeyInMemory(office.identity("tax").credential, Trust((), fields=FIELDS))
    with pytest.raises(SelfCheckFailed, match="不是本站认可的机构签发的"):
        sign_tax(after_police, identity)


@pytest.mark.django_db
def test_a_certification_that_does_not_prove_valid_opens_nothing_and_is_reported(
    station: Station,
    submitted: Application,
    security_admin: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(circulation, "certify", signing.certify)  # anew, not as made before
    monkeypatch.setattr(signing, "problem_of_addition", lambda *args, **kwargs: "时间戳不可信。")
    for _ in range(2):
        with pytest.raises(MoveRefused, match="申请仍在待预审：服务站签名后的自检没有通过"):
            circulation.circulate(submitted, by=station.officer, despite_unread=SHEETS)
    assert not ReviewTable.objects.exists()
    assert "时间戳不可信。" in Notice.objects.get(recipient=security_admin).body
    assert AuditEvent.objects.filter(action="review.self_check").count() == 2
