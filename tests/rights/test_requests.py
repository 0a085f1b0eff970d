"""Requests of people about their own data: identity, clock, copy, deletion by two."""

import io
import json
import zipfile
from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, User
from applications.deleting import delete_draft
from applications.models import Applicant, Application
from core.versions import Overtaken
from files.models import StoredFile
from finding.models import IndexEntry
from letters.models import LetterPerson, WrittenLetter
from letters.services import begin_letter
from notices.models import Notice
from outreach.models import OutwardText
from rights.models import RightsLink, RightsRequest, Tombstone
from rights.reminders import remind_of_requests
from rights.services import (
    RightsLinkRefused,
    RightsRefused,
    answer,
    ask,
    finalise_deletion,
    is_person,
    link_of,
    prepare_deletion,
    refuse,
    send_link,
)
from tests.conftest import ClientOf
from tests.factories import ApplicantFactory

pytestmark = pytest.mark.django_db
Kind, Way = RightsRequest.Kind, RightsRequest.Way
TEXTS = "notices.channels.sms.FileSms"


def asked(applicant: Applicant, kind: str = Kind.DELETE) -> RightsRequest:
    return ask(kind, way=Way.LINK, words="请删除", nonce=f"n{applicant.pk}", applicant=applicant)


def names_in(response: Any) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(response)))


# Clock --------------------------------------------------------------------------------------------


@time_machine.travel("2026-11-20T10:00+08:00", tick=False)
def test_the_answer_is_due_in_fifteen_working_days(applicant: Applicant) -> None:
    assert asked(applicant).due_on == date(2026, 12, 11)


def test_a_request_sent_twice_is_one(applicant: Applicant) -> None:
    assert asked(applicant).pk == asked(applicant).pk
    assert AuditEvent.objects.filter(action="rights.ask").count() == 1


def test_officers_hear_at_once_of_a_consent_that_is_withdrawn(
    applicant: Applicant, officer: User
) -> None:
    row = asked(applicant, Kind.WITHDRAW)
    asked(applicant, Kind.WITHDRAW)
    notice = Notice.objects.get(recipient=officer)
    assert notice.subject == "个人信息请求：撤回同意"
    assert "请先停止处理他的申请" in notice.body
    assert applicant.name not in notice.body
    assert notice.path == row.get_absolute_url()


def test_officers_hear_once_a_day_of_what_is_nearly_due(
    applicant: Applicant, officer: User
) -> None:
    with time_machine.travel("2026-11-20T10:00+08:00", tick=False):
        asked(applicant)
        assert remind_of_requests() == 0
    with time_machine.travel("2026-12-09T09:00+08:00", tick=False):
        assert remind_of_requests() == 1
        assert remind_of_requests() == 0
    told = Notice.objects.filter(recipient=officer, cause__startswith="rights:due")
    assert told.get().subject == "个人信息请求：1件要答复"


# The counter --------------------------------------------------------------------------------------


def test_at_the_counter_the_officer_notes_what_he_saw(
    client_of: ClientOf, officer: User, applicant: Applicant
) -> None:
    client = client_of(officer)
    form = {"id_number": applicant.id_number, "seen": "看过身份证原件", "kind": "access"}
    page = client.post(reverse("rights:request_new"), form, follow=True)
    row = RightsRequest.objects.get()
    assert (row.applicant, row.taken_by, row.way) == (applicant, officer, "counter")
    assert "看过身份证原件" in page.text
    copy = names_in(client.post(reverse("rights:request_copy", args=[row.pk])))
    assert "资料.pdf" in copy.namelist()


def test_a_number_of_nobody_is_told(client_of: ClientOf, officer: User, db: None) -> None:
    form = {"id_number": "11010519491231002X", "seen": "看过", "kind": "access"}
    page = client_of(officer).post(reverse("rights:request_new"), form)
    assert page.status_code == 422
    assert "没有用这个身份证号码登记的申请人" in page.text


def test_who_was_overtaken_closes_nothing(
    applicant: Applicant, officer: User, other_officer: User
) -> None:
    row = asked(applicant, Kind.EXPLAIN)
    seen = RightsRequest.objects.get(pk=row.pk)
    answer(row, words="说明过了。", by=officer)
    with pytest.raises(Overtaken):
        refuse(seen, reason="晚了", by=other_officer)


def test_a_refusal_says_why_and_how_to_complain(
    client_of: ClientOf, officer: User, applicant: Applicant
) -> None:
    row, client = asked(applicant), client_of(officer)
    client.post(reverse("rights:request_refuse", args=[row.pk]), {"words": "正在办理"})
    row.refresh_from_db()
    assert (row.state, row.answer) == ("refused", "正在办理")
    letter = client.get(reverse("rights:request_letter", args=[row.pk]))
    assert letter.content.startswith(b"%PDF")
    assert "正在办理" in client.get(row.get_absolute_url()).text


# Deletion -----------------------------------------------------------------------------------------


@pytest.mark.embedded
def test_deletion_takes_two_and_leaves_no_value(
    ready_draft: Application,
    officer: User,
    other_officer: User,
    client_of: ClientOf,
    django_capture_on_commit_callbacks: Any,
) -> None:
    applicant = ready_draft.applicant
    pages = ready_draft.materials.exclude(pages=None).values_list("pages__file__content", flat=True)
    paths, hashed = list(pages), applicant.id_number_hash
    row = asked(applicant)
    prepare_deletion(row, by=officer)
    with pytest.raises(RightsRefused, match="另一个人"):
        finalise_deletion(row, by=officer)
    row = RightsRequest.objects.get(pk=row.pk)
    with django_capture_on_commit_callbacks(execute=True):
        finalise_deletion(row, by=other_officer)
    assert not Applicant.objects.filter(id_number_hash=hashed).exists()
    assert not IndexEntry.objects.filter(kind="applications.applicant").exists()
    assert paths
    assert not StoredFile.objects.filter(content__in=paths).exists()
    assert [path for path in paths if default_storage.exists(path)] == []
    stones = Tombstone.objects.filter(request=row)
    assert {stone.table for stone in stones} == {
        "applications.Applicant",
        "applications.Application",
    }
    assert "id_number" in stones.get(table="applications.Applicant").columns
    row.refresh_from_db()
    assert (row.state, row.applicant, row.words) == ("done", None, "")
    page = client_of(officer).get(row.get_absolute_url()).text
    assert "申请人第" in page
    assert "身份证号码、身份证号码的散列（查重用）" in page
    assert row.prepared_by != row.closed_by
    left = json.dumps([*stones.values("columns", "ground", "table"), row.plan, row.answer])
    assert "张样例" not in left
    trail = AuditEvent.objects.filter(action__startswith="rights.")
    assert not [event for event in trail if "张样例" in f"{event.object_label}{event.after}"]


@pytest.mark.embedded
def test_the_database_itself_wants_two(draft: Application, officer: User) -> None:
    row = RightsRequest.objects.filter(pk=asked(draft.applicant).pk)
    done = {"state": "done", "answered_at": timezone.now(), "prepared_by": officer}
    with pytest.raises(IntegrityError), transaction.atomic():
        row.update(**done, closed_by=officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.update(**done)


def test_letters_of_his_go_and_in_others_he_is_named_no_more(
    draft: Application, agent: User, officer: User, other_officer: User
) -> None:
    person, enterprise = draft.applicant, draft.enterprise
    other = ApplicantFactory.create(enterprise=enterprise)
    his = begin_letter("profile", enterprise=enterprise, application=draft, by=agent)
    both = begin_letter("profile", enterprise=enterprise, application=None, by=agent)
    for one in (person, other):
        LetterPerson.objects.get_or_create(letter=both, applicant=one)
    both.values = {"fields": {}, "people": {str(person.pk): {"a": "甲"}, str(other.pk): {}}}
    both.save()
    row = asked(person)
    prepare_deletion(row, by=officer)
    finalise_deletion(row, by=other_officer)
    assert not WrittenLetter.objects.filter(pk=his.pk).exists()
    both.refresh_from_db()
    assert both.values["people"] == {str(other.pk): {}}


def test_a_case_that_was_submitted_is_kept_with_its_ground(
    submitted: Application, client_of: ClientOf, officer: User
) -> None:
    row, client = asked(submitted.applicant), client_of(officer)
    page = client.get(row.get_absolute_url())
    assert "正在办理，处理目的还没有实现" in page.text
    page = client.post(reverse("rights:request_prepare", args=[row.pk]), follow=True)
    assert "现在没有可以删除的" in page.text
    assert Applicant.objects.filter(pk=submitted.applicant_id).exists()


def test_a_plan_that_changed_is_made_anew(
    draft: Application, officer: User, other_officer: User
) -> None:
    row = asked(draft.applicant)
    prepare_deletion(row, by=officer)
    delete_draft(draft, by=None)
    with pytest.raises(RightsRefused, match="情况变了"):
        finalise_deletion(RightsRequest.objects.get(pk=row.pk), by=other_officer)


# The applicant's link -----------------------------------------------------------------------------


def token_sent(applicant: Applicant, settings: Any) -> str:
    settings.SMS_ADAPTER = TEXTS
    assert send_link(applicant, by=None)
    text = OutwardText.objects.latest("pk")
    assert text.phone == applicant.phone
    return text.text.partition("/rights/link/")[2].partition("/")[0]


def test_the_link_names_nobody_before_the_last_digits(applicant: Applicant, settings: Any) -> None:
    token, phone = token_sent(applicant, settings), Client()
    address = reverse("rights:link", args=[token])
    page = phone.get(address)
    assert "张样例" not in page.text
    assert "身份证号码的最后4位" in page.text
    refused = phone.post(reverse("rights:link_copy", args=[token]))
    assert refused.status_code == 302
    confirm = reverse("rights:link_confirm", args=[token])
    page = phone.post(confirm, {"digits": applicant.id_number[-4:]}, follow=True)
    assert "张样例" in page.text
    phone.post(address, {"kind": "correct", "words": "职务是经理", "nonce": "a" * 16})
    row = RightsRequest.objects.get()
    assert (row.kind, row.way, row.words) == ("correct", "link", "职务是经理")
    assert AuditEvent.objects.get(action="rights.ask").actor_label == "本人（凭链接）"


def test_five_wrong_answers_end_the_link(applicant: Applicant, settings: Any) -> None:
    link = link_of(token := token_sent(applicant, settings))
    for _ in range(RightsLink.MOST_WRONG):
        assert not is_person(link, "0000")
    with pytest.raises(RightsLinkRefused):
        link_of(token)


def test_a_newer_link_ends_the_one_before(applicant: Applicant, settings: Any) -> None:
    first = token_sent(applicant, settings)
    token_sent(applicant, settings)
    assert Client().get(reverse("rights:link", args=[first])).status_code == 410


def test_asking_for_a_link_tells_nobody_who_is_registered(
    applicant: Applicant, settings: Any
) -> None:
    settings.SMS_ADAPTER = TEXTS
    address = reverse("rights:link_ask")
    right = {"id_number": applicant.id_number, "phone": applicant.phone}
    known = Client().post(address, right)
    unknown = Client().post(address, {**right, "id_number": "11010519491231002X"})
    other_phone = Client().post(address, {**right, "phone": "13800009999"})
    assert known.status_code == unknown.status_code == other_phone.status_code == 200
    assert "填写的与登记的一致的" in unknown.text
    assert RightsLink.objects.count() == 1


@pytest.mark.embedded
def test_the_copy_holds_what_is_known_of_him_and_of_nobody_else(
    ready_draft: Application, settings: Any
) -> None:
    applicant = ready_draft.applicant
    other = ApplicantFactory.create(enterprise=applicant.enterprise, name="李另外")
    token, phone = token_sent(applicant, settings), Client()
    confirm = reverse("rights:link_confirm", args=[token])
    phone.post(confirm, {"digits": applicant.id_number[-4:]})
    copy = names_in(phone.post(reverse("rights:link_copy", args=[token])))
    content = copy.read("资料.json").decode()
    assert applicant.id_number in content
    assert other.name not in content
    assert applicant.id_number_hash not in content
    assert copy.read("资料.pdf").startswith(b"%PDF")
    pictures = [name for name in copy.namelist() if name.startswith("文件/申请人材料页")]
    assert len(pictures) >= 3


# Accounts -----------------------------------------------------------------------------------------


def test_everybody_gets_a_copy_of_his_account(client_of: ClientOf, agent: User) -> None:
    client = client_of(agent)
    assert client.get(reverse("rights:mine")).status_code == 200
    copy = names_in(client.post(reverse("rights:mine_copy")))
    content = copy.read("资料.json").decode()
    assert agent.email in content
    assert agent.password not in content
    client.post(reverse("rights:mine"), {"kind": "explain", "words": "为什么", "nonce": "b" * 16})
    assert RightsRequest.objects.get().user == agent
