"""The applicant's own consent: by a link on his phone, or by the paper that he signed."""

import io
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts.models import AuditEvent, User
from applications.models import Applicant, Application, Consent, ConsentLink
from applications.services import consents, corrections, moves
from applications.services.consents import ConsentLinkRefused, give_link, is_applicant, link_of
from applications.services.intake import save_applicant
from applications.services.perform import MoveRefused
from files.models import StoredFile
from materials import samples
from tests.conftest import ClientOf
from tests.factories import (
    ApplicationFactory,
    ConsentFactory,
    CorrectionFactory,
    id_number,
    picture,
)
from tests.races import at_once

BOTH = {"processing": "on", "sharing": "on"}
GONE = "这个链接已经失效"


@pytest.fixture
def client(client_of: ClientOf, agent: User) -> Client:
    """The agent's."""
    return client_of(agent)


@pytest.fixture
def address(client: Client, draft: Application) -> str:
    """Path of a link as the agent copies it."""
    page = client.post(f"/applications/{draft.pk}/consent/give-link/", follow=True)
    given: str = page.context["address"]
    assert given.startswith("http://127.0.0.1:8000/applications/consent/")
    assert given in page.text
    return given.removeprefix("http://127.0.0.1:8000")


@pytest.fixture
def phone() -> Client:
    """The applicant's own: nobody has signed in there."""
    return Client()


def confirm(phone: Client, address: str, application: Application) -> Any:
    digits = application.applicant.id_number[-4:]
    return phone.post(f"{address}confirm/", {"digits": digits}, follow=True)


def sent(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("图.jpg", data, "image/jpeg")


class TestTheLink:
    def test_names_nobody_before_he_has_confirmed_who_he_is(
        self, phone: Client, address: str, draft: Application
    ) -> None:
        text = phone.get(address).text
        assert "张**" in text or "张*例" in text
        person, enterprise = draft.applicant, draft.enterprise
        for hidden in (person.name, person.id_number[-4:], person.phone, enterprise.name):
            assert hidden not in text
        assert draft.reference not in text
        # Nor is anything done or shown on the way past that question.
        phone.post(address, BOTH)
        for path in ("materials/8/", "materials/8/thumb/"):
            assert phone.get(f"{address}{path}")["Location"] == address
        upload = phone.post(f"{address}materials/9/upload/", {"files": sent(picture(9))})
        assert upload["Location"] == address
        assert (Consent.objects.count(), StoredFile.objects.count()) == (0, 0)

    def test_leads_him_to_both_consents_which_are_kept_with_who_how_and_when(
        self, phone: Client, address: str, draft: Application
    ) -> None:
        page = confirm(phone, address, draft)
        assert "张样例本人阅读" in page.text
        assert draft.enterprise.name in page.text
        for name in ("区商务委", "区税务局", "区公安局", "区人力社保局", "区政府外办"):
            assert name in page.text
        assert page.text.count('type="checkbox"') == 2
        assert "checked" not in page.text

        page = phone.post(address, BOTH, follow=True)

        assert "您已经同意" in page.text
        kept = Consent.objects.get()
        assert (kept.application, kept.person, kept.way) == (draft, "张样例", "link")
        assert (kept.origin, kept.entered_by) == ("127.0.0.1", None)
        assert "我单独同意把我的个人信息提供给五个部门" in kept.words
        assert "处理我的个人信息" in kept.words
        event = AuditEvent.objects.get(action="consent.give")
        assert (event.actor, event.actor_label) == (None, "申请人本人（凭链接）")

    @pytest.mark.parametrize(
        "typed", ["002x", " 00 2X ", "００２Ｘ", "002ｘ"], ids=["small", "spaced", "wide", "both"]
    )
    def test_knows_him_however_his_keyboard_writes_the_digits(
        self, draft: Application, agent: User, typed: str
    ) -> None:
        Applicant.objects.update(id_number="50010119800512002X")
        assert is_applicant(link_of(give_link(draft, by=agent)), typed)

    @pytest.mark.parametrize("given", [{}, {"processing": "on"}, {"sharing": "on"}])
    def test_asks_for_each_consent_on_its_own(
        self, phone: Client, address: str, draft: Application, given: dict[str, str]
    ) -> None:
        confirm(phone, address, draft)
        response = phone.post(address, given)
        assert response.status_code == 422
        assert sorted(response.context["form"].errors) == sorted(set(BOTH) - set(given))
        assert not Consent.objects.exists()

    def test_twice_is_once(self, phone: Client, address: str, draft: Application) -> None:
        confirm(phone, address, draft)
        for _ in range(2):
            assert phone.post(address, BOTH, follow=True).status_code == 200
        assert Consent.objects.count() == 1

    def test_ends_after_five_wrong_answers(
        self, phone: Client, address: str, draft: Application
    ) -> None:
        for left in (4, 3, 2, 1):
            response = phone.post(f"{address}confirm/", {"digits": "0000"})
            assert response.status_code == 422
            assert f"还可以试{left}次" in response.text
        assert GONE in phone.post(f"{address}confirm/", {"digits": "0000"}).text
        assert confirm(phone, address, draft).status_code == 410
        assert AuditEvent.objects.filter(action="consent.lock_link").count() == 1

    @pytest.mark.parametrize(
        "how", ["unknown", "old", "revoked", "replaced", "submitted", "closed"]
    )
    def test_that_works_no_more_says_the_same_whatever_the_reason(
        self, phone: Client, client: Client, address: str, draft: Application, agent: User, how: str
    ) -> None:
        confirm(phone, address, draft)
        match how:
            case "unknown":
                address = address[:-4] + "xyz/"
            case "old":
                ConsentLink.objects.update(expires_at=timezone.now())
            case "revoked":
                client.post(f"/applications/{draft.pk}/consent/revoke-link/")
            case "replaced":
                give_link(draft, by=agent)
            case "submitted":
                Application.objects.update(status="submitted")
            case "closed":
                User.objects.filter(pk=agent.pk).update(is_active=False)
        for answer in (phone.get(address), phone.post(address, BOTH)):
            assert answer.status_code == 410
            assert GONE in answer.text
            assert draft.applicant.name not in answer.text
        assert not Consent.objects.exists()

    def test_lives_seven_days(self, draft: Application, agent: User) -> None:
        token = give_link(draft, by=agent)
        with time_machine.travel(timezone.now() + timedelta(days=7, minutes=-1), tick=False):
            assert link_of(token).application == draft
        with (
            time_machine.travel(timezone.now() + timedelta(days=7, minutes=1), tick=False),
            pytest.raises(ConsentLinkRefused),
        ):
            link_of(token)

    def test_asks_again_who_he_is_after_half_an_hour(
        self, phone: Client, address: str, draft: Application
    ) -> None:
        confirm(phone, address, draft)
        with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=False):
            assert "请确认是您本人" in phone.get(address).text

    def test_of_one_opens_nothing_of_another(
        self, phone: Client, address: str, draft: Application, agent: User
    ) -> None:
        confirm(phone, address, draft)
        other = give_link(ApplicationFactory.create(created_by=agent), by=agent)
        assert "请确认是您本人" in phone.get(f"/applications/consent/{other}/").text

    def test_is_shown_once_and_kept_as_a_hash(
        self, client: Client, address: str, draft: Application
    ) -> None:
        token = address.removeprefix("/applications/consent/").removesuffix("/")
        again = client.get(f"/applications/{draft.pk}/consent/").text
        assert token not in again
        assert "换一个新链接" in again
        assert token not in str(list(ConsentLink.objects.values()))
        assert token not in str(list(AuditEvent.objects.values()))

    def test_is_asked_for_a_limited_number_of_times(self, phone: Client, db: None) -> None:
        wrong = "/applications/consent/none/confirm/"
        codes = [phone.post(wrong, {"digits": "1234"}).status_code for _ in range(21)]
        assert codes == [410] * 20 + [429]


@pytest.mark.live
def test_of_many_guesses_at_once_five_count(
    transactional_db: None, draft: Application, agent: User
) -> None:
    link = link_of(give_link(draft, by=agent))

    def guess(_: int) -> str:
        try:
            return "right" if is_applicant(link, "0000") else "wrong"
        except ConsentLinkRefused:
            return "ended"

    assert sorted(at_once(8, guess)) == ["ended"] * 3 + ["wrong"] * 5


class TestPhotoAndSignature:
    @pytest.mark.parametrize(
        ("number", "data"), [(8, samples.photo(1)), (9, samples.signature("张样例"))]
    )
    def test_are_taken_through_the_same_checks_and_the_trail_names_the_applicant(
        self, phone: Client, address: str, draft: Application, number: int, data: bytes
    ) -> None:
        confirm(phone, address, draft)
        phone.post(address, BOTH)
        where = f"{address}materials/{number}/"
        assert phone.get(where).status_code == 200
        refused = phone.post(f"{where}upload/", {"files": sent(picture(10))})
        assert refused.status_code == 422
        assert "有文件没有收下" in refused.text

        taken = phone.post(f"{where}upload/", {"files": sent(data)}, follow=True)

        assert "已上传" in taken.text
        page = draft.materials.get(number=number).pages.get()
        assert page.file.size == len(data)
        assert phone.get(f"{where}thumb/")["Content-Type"] == "image/jpeg"
        event = AuditEvent.objects.get(action="material.add_page")
        assert (event.actor, event.actor_label) == (None, "申请人本人（凭链接）")
        assert event.object_id == str(draft.pk)

    def test_are_all_that_the_link_opens(
        self, phone: Client, address: str, draft: Application
    ) -> None:
        confirm(phone, address, draft)
        for number in (1, 2, 5, 6, 10, 0, 11):
            assert phone.get(f"{address}materials/{number}/").status_code == 404

    def test_are_checked_beforehand_and_nothing_is_kept(
        self, phone: Client, address: str, draft: Application
    ) -> None:
        confirm(phone, address, draft)
        answer = phone.post(f"{address}materials/8/check/", {"files": sent(picture(8))})
        assert not answer.json()["files"][0]["accepted"]
        assert StoredFile.objects.count() == 0


def test_who_has_agreed_is_told_what_was_returned_of_his(
    client: Client, phone: Client, submitted: Application
) -> None:
    asked = CorrectionFactory.create(application=submitted, number=9, words="签名太细。", sent=True)
    Application.objects.filter(pk=submitted.pk).update(status="returned")
    page = client.post(f"/applications/{submitted.pk}/consent/give-link/", follow=True)
    link = page.context["address"].removeprefix("http://127.0.0.1:8000")
    confirm(phone, link, submitted)
    phone.post(link, BOTH)

    text = phone.get(link).text
    assert "您不用再做什么" not in text
    for words in ("下面的内容被服务站退回，请您重新上传", "签名太细。", "请重新上传"):
        assert words in text

    asked.replaced_at = timezone.now()
    asked.save()
    assert "您不用再做什么" in phone.get(link).text


class TestThePaper:
    def test_is_printed_word_for_word_and_kept_with_who_entered_it(
        self, client: Client, draft: Application, agent: User
    ) -> None:
        printed = client.get(f"/applications/{draft.pk}/consent/paper/").text
        assert "我单独同意把我的个人信息提供给五个部门" in printed

        where = f"/applications/{draft.pk}/consent/upload/"
        page = client.post(where, {"files": sent(picture(1))}, follow=True)

        assert "已收下签字的授权书" in page.text
        kept = Consent.objects.get()
        assert (kept.way, kept.person, kept.entered_by) == ("paper", "张样例", agent)
        shown = client.get(f"/applications/{draft.pk}/consent/pages/{kept.pages.get().pk}/")
        assert shown.getvalue() == picture(1)
        assert AuditEvent.objects.get(action="consent.view").actor == agent

    @pytest.mark.parametrize("data", [b"", b"hello"])
    def test_that_is_no_picture_is_refused_with_its_reason(
        self, client: Client, draft: Application, data: bytes
    ) -> None:
        where = f"/applications/{draft.pk}/consent/upload/"
        assert client.post(where, {"files": sent(data)}).status_code == 422
        assert "还没有选择文件" in client.post(where).text
        assert not Consent.objects.exists()

    def test_replaces_the_one_before_which_stays_on_record(
        self, client: Client, draft: Application
    ) -> None:
        for text in ("第一份", "第二份"):
            data = {"files": sent(picture(1, text))}
            client.post(f"/applications/{draft.pk}/consent/upload/", data)
        assert Consent.objects.count() == 2
        assert Consent.objects.filter(superseded_at__isnull=True).count() == 1

    def test_is_not_asked_for_after_the_application_was_submitted(
        self, client: Client, submitted: Application
    ) -> None:
        page = client.get(f"/applications/{submitted.pk}/consent/").text
        assert "生成链接" not in page
        data = {"files": sent(picture(1))}
        where = f"/applications/{submitted.pk}/consent/upload/"
        refused = client.post(where, data, follow=True)
        assert "申请已经提交" in refused.text
        client.post(f"/applications/{submitted.pk}/consent/give-link/")
        assert not ConsentLink.objects.exists()


def test_a_pdf_of_the_paper_is_turned_into_pictures(client: Client, draft: Application) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (620, 877), "white").save(buffer, "PDF")
    file = SimpleUploadedFile("授权书.pdf", buffer.getvalue(), "application/pdf")
    client.post(f"/applications/{draft.pk}/consent/upload/", {"files": file})
    assert Consent.objects.get().pages.get().file.media_type == "image/jpeg"


def test_the_words_kept_are_those_that_were_shown(draft: Application, agent: User) -> None:
    link = link_of(give_link(draft, by=agent))
    consents.consent_by_link(link, words="当时的文字")
    assert draft.consent is not None
    assert draft.consent.words == "当时的文字"


def test_the_officer_reads_how_the_applicant_agreed(
    client_of: ClientOf, officer: User, submitted: Application
) -> None:
    page = client_of(officer).get(f"/applications/{submitted.pk}/pre-review/?material=0")
    assert "，申请人签字的授权书" in page.text


def test_in_a_returned_case_another_number_ends_it_and_asks_for_a_new_one(
    client: Client, submitted: Application, officer: User, agent: User
) -> None:
    corrections.note(submitted, number=0, words="证件号码与护照不一致。", by=officer)
    moves.send_back(submitted, by=officer)
    person = submitted.applicant
    person.id_number = id_number(77)
    save_applicant(person, changed=["id_number"], by=agent)

    returned = Application.objects.get(pk=submitted.pk)
    assert returned.consent is None
    with pytest.raises(MoveRefused, match="还没有申请人本人的同意"):
        moves.resubmit(returned, by=agent)
    assert "等本人同意" in client.get(returned.get_absolute_url()).text
    ConsentFactory.create(application=returned)
    moves.resubmit(Application.objects.get(pk=submitted.pk), by=agent)
    assert Application.objects.get(pk=submitted.pk).status == "submitted"


def test_nothing_is_supplemented_for_a_person_who_has_not_consented(
    submitted: Application, agent: User
) -> None:
    Application.objects.filter(pk=submitted.pk).update(status="supplementing")
    submitted.consents.update(superseded_at=timezone.now())
    with pytest.raises(MoveRefused, match="还没有申请人本人的同意"):
        moves.answer_supplement(submitted, by=agent, due_at=timezone.now())


def test_a_consent_does_not_pass_to_another_person(
    client: Client, ready_draft: Application, agent: User
) -> None:
    """Another name or number typed in its place: whoever agreed was told of the first."""
    token, person = give_link(ready_draft, by=agent), ready_draft.applicant
    typed = {
        "name": "李另一",
        "post": person.post,
        "id_number": person.id_number,
        "phone": person.phone,
        "passport_number": person.passport_number,
        "passport_expires_on": person.passport_expires_on.isoformat(),
        "seen_version": person.version,
    }
    post_alone = typed | {"name": person.name, "post": "副总经理"}
    where = f"/applications/applicants/{person.pk}/edit/"

    client.post(where, post_alone)
    assert Application.objects.get().consent is not None
    page = client.post(where, typed | {"seen_version": person.version + 1}, follow=True)

    assert "原来的同意不再有效" in page.text
    assert Application.objects.get().consent is None
    with pytest.raises(ConsentLinkRefused):
        link_of(token)
    assert AuditEvent.objects.filter(action="consent.end").count() == 1
