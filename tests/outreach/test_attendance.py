"""The door of a briefing: a code on the wall, the visitor's own phone, and the officer's list."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, User
from enterprises.models import Contact, Demand
from outreach.briefings.attending import AlreadyHere, bind, came, enter, take_back, tick, tick_paper
from outreach.briefings.door import scan, walk_in
from outreach.briefings.keys import door_key, seat_key
from outreach.briefings.planning import cancel_briefing
from outreach.briefings.refusals import BriefingRefused
from outreach.briefings.sign_ups import GuestFacts, sign_up
from outreach.models import Attendance, Briefing, BriefingSignUp, DoorAttempt
from tests.conftest import ClientOf
from tests.factories import DemandFactory
from tests.outreach.factories import BriefingFactory

pytestmark = pytest.mark.django_db
MOBILE = "13800001234"


@pytest.fixture
def briefing() -> Briefing:
    made: Briefing = BriefingFactory.create(now=True)
    return made


def comes(briefing: Briefing, phone: str = MOBILE, name: str = "江样食品公司") -> BriefingSignUp:
    return sign_up(briefing, GuestFacts(name, "何样例", phone), question="", nonce=f"n-{phone}")


def scanned(briefing: Briefing, typed: str, *, heads: int = 1, nonce: str = "s" * 20) -> str:
    """Why he was not ticked, "" where he was."""
    return scan(briefing, typed, heads=heads, nonce=nonce).reason


def told(demand: Demand) -> str:
    demand.refresh_from_db()
    return str(demand.stage)


def test_who_came_counts_as_told_in_the_ledger(briefing: Briefing) -> None:
    demand = DemandFactory.create(name="重庆市万州区江样食品有限公司")
    comes(briefing)
    assert scanned(briefing, "138 0000 1234", heads=3) == ""
    assert came(briefing) == 3
    contact = Contact.objects.get(demand=demand)
    assert (contact.kind, contact.is_telling) == ("briefing", True)
    assert told(demand) == Demand.Stage.TOLD


def test_one_is_ticked_by_the_name_of_the_enterprise_too(briefing: Briefing) -> None:
    row = comes(briefing)
    assert scanned(briefing, "万州区江样食品有限公司") == ""
    assert row.attendances.get().way == Attendance.Way.DOOR


def test_of_two_from_one_enterprise_the_phone_decides(briefing: Briefing) -> None:
    comes(briefing)
    comes(briefing, "13800005678")
    assert scanned(briefing, "江样食品公司") == "several"
    assert scanned(briefing, "13800005678") == ""


@pytest.mark.parametrize(
    ("hours", "reason", "words"),
    [
        (-1, "too_early", "以后再扫一次"),
        (-30, "other_day", "今天不能签到"),
        (4, "over", "专员补登"),
    ],
)
def test_outside_of_its_time_the_code_says_why(hours: int, reason: str, words: str) -> None:
    at_two = timezone.localtime().replace(hour=14, minute=0) + timedelta(days=3)
    briefing = BriefingFactory.create(starts_at=at_two)
    comes(briefing)
    with time_machine.travel(at_two + timedelta(hours=hours), tick=False):
        entered = scan(briefing, MOBILE, heads=1, nonce="s" * 20)
        url = reverse("outreach:briefing_door", args=[briefing.pk, door_key(briefing)])
        page = Client().get(url).content.decode()
    assert entered.reason == reason
    assert words in entered.words
    assert entered.words in page
    attempt = DoorAttempt.objects.get()
    assert (attempt.reason, attempt.typed) == (reason, "138****1234")


def test_a_briefing_called_off_takes_nobody(briefing: Briefing, officer: User) -> None:
    cancel_briefing(briefing, words="停电", by=officer)
    assert scanned(briefing, MOBILE) == "cancelled"
    with pytest.raises(BriefingRefused):
        enter(briefing, GuestFacts("某公司"), at=timezone.now(), nonce="e" * 20, by=officer)


def test_looking_at_the_doors_page_writes_nothing(briefing: Briefing, client: Client) -> None:
    key = door_key(briefing)
    assert client.get(reverse("outreach:briefing_door", args=[briefing.pk, key])).status_code == 200
    assert (
        client.get(reverse("outreach:briefing_walk_in", args=[briefing.pk, key])).status_code == 200
    )
    assert not DoorAttempt.objects.exists()
    wrong = reverse("outreach:briefing_door", args=[briefing.pk, "0" * 32])
    assert client.get(wrong).status_code == 404


def test_a_second_scan_is_said_so_and_counts_nobody(briefing: Briefing) -> None:
    comes(briefing)
    assert scanned(briefing, MOBILE, nonce="1" * 20) == ""
    assert scanned(briefing, MOBILE, nonce="2" * 20) == "twice"
    assert came(briefing) == 1


def test_a_scan_sent_twice_is_one_and_no_refusal(briefing: Briefing) -> None:
    comes(briefing)
    assert scanned(briefing, MOBILE) == ""
    assert scanned(briefing, MOBILE) == ""
    assert (came(briefing), DoorAttempt.objects.count()) == (1, 0)


def test_a_name_leads_to_nobodys_page_after_the_phone_did(
    briefing: Briefing, client: Client
) -> None:
    """Anybody knows the name of an enterprise; only its guest knows his phone."""
    comes(briefing)
    url = reverse("outreach:briefing_door", args=[briefing.pk, door_key(briefing)])
    first = client.post(url, {"who": MOBILE, "heads": "1", "nonce": "1" * 20})
    assert first.status_code == 302
    other = client.post(url, {"who": "江样食品公司", "heads": "1", "nonce": "2" * 20})
    assert other.status_code == 422
    assert "不用再签" in other.content.decode()


def test_who_is_on_no_list_registers_at_the_door(briefing: Briefing, client: Client) -> None:
    url = reverse("outreach:briefing_door", args=[briefing.pk, door_key(briefing)])
    page = client.post(url, {"who": MOBILE, "heads": "1", "nonce": "1" * 20})
    assert "现场登记" in page.content.decode()
    sent = {"enterprise_name": "路样公司", "name": "路样", "phone": MOBILE, "heads": "2"}
    url = reverse("outreach:briefing_walk_in", args=[briefing.pk, door_key(briefing)])
    seat = client.post(url, sent | {"nonce": "2" * 20}, follow=True)
    assert "已签到" in seat.content.decode()
    row = briefing.attendances.get()
    assert (row.way, row.heads, row.demand) == ("walk_in", 2, None)


def test_a_full_hall_takes_no_more_from_the_door() -> None:
    briefing = BriefingFactory.create(now=True, capacity=2)
    assert not walk_in(briefing, GuestFacts("甲", "甲", MOBILE, 2), nonce="1" * 20).reason
    late = walk_in(briefing, GuestFacts("乙", "乙", "13800009999"), nonce="2" * 20)
    assert late.reason == "full"
    assert came(briefing) == 2


def test_who_waits_gets_in_while_chairs_are_free(briefing: Briefing) -> None:
    Briefing.objects.filter(pk=briefing.pk).update(capacity=1)
    comes(briefing)
    comes(briefing, "13800005678", name="候样公司")
    briefing.refresh_from_db()
    assert scanned(briefing, "13800005678", nonce="1" * 20) == ""
    # The chair is taken, but whoever has a place is let in.
    assert scanned(briefing, MOBILE, nonce="2" * 20) == ""


def test_a_wrong_number_is_refused_with_words(briefing: Briefing) -> None:
    entered = scan(briefing, "1380000", heads=1, nonce="1" * 20)
    assert entered.reason == "unreadable"
    assert "核对" in entered.words


def test_officers_tick_and_enter_with_the_real_time(briefing: Briefing, officer: User) -> None:
    row = comes(briefing)
    assert tick(row, way="officer", at=timezone.now(), nonce="t" * 20, by=officer).sign_up == row
    with pytest.raises(AlreadyHere):
        enter(
            briefing,
            GuestFacts("江样食品公司", "何样例", MOBILE),
            at=timezone.now(),
            nonce="e" * 20,
            by=officer,
        )


def test_a_late_entry_lies_within_the_briefing(officer: User) -> None:
    over = BriefingFactory.create(over=True)
    guest = GuestFacts("迟样公司", "迟样", "")
    for wrong in (over.doors_at - timedelta(minutes=1), timezone.now()):
        with pytest.raises(BriefingRefused, match="到场时间"):
            enter(over, guest, at=wrong, nonce="e" * 20, by=officer)
    real = over.starts_at + timedelta(minutes=20)
    row = enter(over, guest, at=real, nonce="e" * 20, by=officer)
    assert (row.way, row.at, row.recorded_by) == ("late", real, officer)


def test_a_paper_list_is_ticked_in_one_go(officer: User) -> None:
    over = BriefingFactory.create(over=True, sign_up_until=timezone.now() - timedelta(hours=4))
    with time_machine.travel(timezone.now() - timedelta(days=1)):
        rows = [comes(over, f"1380000000{number}", name=f"纸样{number}公司") for number in range(3)]
    at = over.starts_at
    tick(rows[0], way="officer", at=at, nonce="t" * 20, by=officer)
    assert tick_paper(over, rows, at=at, by=officer) == 2
    assert tick_paper(over, rows, at=at, by=officer) == 0
    assert came(over) == 3


def test_a_tick_taken_back_stays_with_its_reason(briefing: Briefing, officer: User) -> None:
    demand = DemandFactory.create(name="江样食品公司")
    comes(briefing)
    scanned(briefing, MOBILE, nonce="1" * 20)
    row = briefing.attendances.get()
    assert take_back(row, words="扫错了", by=officer) is True
    assert take_back(row, words="再撤一次", by=officer) is False
    row.refresh_from_db()
    assert (row.undo_words, came(briefing)) == ("扫错了", 0)
    # He was not told after all, and the ledger says why.
    assert told(demand) == Demand.Stage.UNTOUCHED
    assert demand.told_at is None
    assert Contact.objects.filter(demand=demand).count() == 2
    # And he may come in after that.
    assert scanned(briefing, MOBILE, nonce="2" * 20) == ""
    assert told(demand) == Demand.Stage.TOLD


def test_a_guest_whom_the_ledger_does_not_know_is_bound_or_added(
    briefing: Briefing, officer: User
) -> None:
    walk_in(briefing, GuestFacts("路样公司", "路样", MOBILE), nonce="1" * 20)
    walk_in(briefing, GuestFacts("近样", "近样", "13800005678"), nonce="2" * 20)
    new, near = briefing.attendances.order_by("pk")
    known = DemandFactory.create(name="近样国际物流有限公司")
    made = bind(new, None, by=officer)
    assert (made.name, made.source, made.contact_phone) == ("路样公司", "briefing", MOBILE)
    assert bind(new, None, by=officer) == made
    bind(near, known, by=officer)
    assert told(made) == told(known) == Demand.Stage.TOLD


def test_material_is_for_those_who_came(briefing: Briefing, client: Client, officer: User) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from tests.conftest import signed_in

    pdf = SimpleUploadedFile("指南.pdf", b"%PDF-1.4 sample", content_type="application/pdf")
    added = signed_in(officer).post(
        reverse("outreach:briefing_material", args=[briefing.pk]), {"title": "指南", "files": pdf}
    )
    assert added.status_code == 302
    comes(briefing)
    scanned(briefing, MOBILE)
    row, material = briefing.attendances.get(), briefing.materials.get()
    url = reverse("outreach:briefing_seat_material", args=[row.pk, seat_key(row), material.pk])
    answer = client.get(url)
    assert b"".join(answer.streaming_content) == b"%PDF-1.4 sample"  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].startswith("attachment")
    take_back(row, words="不是他", by=officer)
    assert client.get(url).status_code == 404


def test_a_presentation_is_to_be_saved_as_pdf_first(
    briefing: Briefing, client_of: ClientOf, officer: User
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("稿.pptx", b"PK\x03\x04 slides")
    page = client_of(officer).post(
        reverse("outreach:briefing_material", args=[briefing.pk]), {"title": "稿", "files": file}
    )
    assert page.status_code == 422
    assert "另存为PDF" in page.content.decode()


def test_phones_are_masked_until_an_officer_asks(
    briefing: Briefing, client_of: ClientOf, officer: User, station_head: User
) -> None:
    row = comes(briefing)
    url = reverse("outreach:briefing_sign_ups", args=[briefing.pk])
    for person in (officer, station_head):
        assert MOBILE not in client_of(person).get(url).content.decode()
    shown = client_of(officer).post(reverse("outreach:sign_up_reveal", args=[row.pk]))
    assert MOBILE in shown.content.decode()
    assert AuditEvent.objects.filter(action="briefing.reveal", actor=officer).count() == 1


def test_the_attendance_of_a_hall_costs_no_more_queries(
    briefing: Briefing,
    client_of: ClientOf,
    officer: User,
    django_assert_max_num_queries: object,
) -> None:
    desk = client_of(officer)
    for first in (0, 20):
        for number in range(first, first + 20):
            comes(briefing, f"138000{number:05d}", name=f"厅样{number}公司")
            if number % 2:
                scanned(briefing, f"138000{number:05d}", nonce=f"scan-{number:018d}")
        for name in ("briefing_attendance", "briefing_sign_ups"):
            with django_assert_max_num_queries(12):  # type: ignore[operator]
                page = desk.get(reverse(f"outreach:{name}", args=[briefing.pk]))
            assert len(page.content) < 60 * 1024
