"""Every free text of every row as long as its column: the main line and every sweep still work."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import pytest
import time_machine
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounts.entry_models import Passkey
from accounts.models import AccountRequest, AuditEvent, SigningLock, User
from applications.letters.letter import letter_of
from applications.letters.pdf import render_letter
from applications.models import Application, StatusChange
from applications.services.moves import resubmit, send_back
from applications.workflow import Action, Status
from cards.filing.board import EconomyReport, report_economies
from cards.filing.services import enter_step
from cards.workflow import StepCode, StepEntry
from core.fields import EncryptedTextField
from enterprises.ledger.services import note_contact
from enterprises.models import Demand, Enterprise, HandOver, SavedFilter
from files.models import Recognition
from notices.models import (
    BeatLease,
    BeatRun,
    ChannelHealth,
    Heartbeat,
    Notice,
    WecomRobot,
)
from outreach.models import Flow, PreCheck
from parameters.models import Parameter
from reviews.drafts import Draft
from reviews.models import Opinion, Pause, Reminder, ReviewTable
from reviews.services import circulation, opinions
from reviews.services.chasing import chase
from reviews.signatures.certificates import authority
from tests.conftest import ClientOf
from tests.factories import SHEETS, CorrectionFactory
from tests.outreach import event_parts
from tests.outreach.factories import (
    ArticleFactory,
    CallBackFactory,
    ConsultationFactory,
    HandingFactory,
    MeetingFactory,
    TalkFactory,
)
from tests.reviews.conftest import ANSWERS, on
from tests.test_access import ACCESS
from wanzhou_abtc.celery import app
from wanzhou_abtc.schedule import BEAT_SCHEDULE
from workdays.models import StationClosure

pytestmark = pytest.mark.django_db
OURS: Final = (
    "accounts", "applications", "enterprises", "files", "notices", "outreach", "parameters",
    "reviews", "signatures", "workdays",
)  # fmt: skip
# What the portal itself writes, or holds to a form of its own: no free text.
OWN: Final = frozenset(
    {
        "password", "username", "email", "credit_code", "id_number_hash", "surname", "given_names",
        "code", "cause", "condition", "once", "key", "token_hash", "sha256", "media_type",
        "content", "serial", "keystore", "verification_code", "series", "object_type", "object_id",
        "action", "origin", "digest", "holder", "certificate_pem", "chain_pem", "path", "number",
        "withdrawn_because", "nonce", "outcome", "section", "session", "about", "challenge",
        "credential_hash", "code_hash", "key_hash", "subject_hash", "issuer", "device",
    }
)  # fmt: skip
# What keeps the periodic work going.
MACHINERY: Final = (BeatLease, BeatRun, Heartbeat)
LONG = 500


def free_texts(model: type[models.Model]) -> "Iterator[models.Field[Any, Any]]":
    for field in model._meta.local_fields:
        is_text = isinstance(field, models.CharField | models.TextField)
        is_other = isinstance(field, EncryptedTextField | models.JSONField) or field.choices
        if (
            is_text
            and not is_other
            and field.name not in OWN
            and not type(field).__name__.startswith("Encrypted")
        ):
            yield field


def ours(rooms: Sequence[str] = OURS) -> Iterator[type[models.Model]]:
    """Our models, without the trail, which only grows, and what names no person's text."""
    for label in rooms:
        for model in apps.get_app_config(label).get_models():
            if model not in (AuditEvent, *MACHINERY):
                yield model


def columns(model: type[models.Model]) -> set[str]:
    return {f"{model.__name__}.{field.name}" for field in free_texts(model)}


def fill_every_row(rooms: Sequence[str] = OURS, *, leaves_empty: bool = False) -> set[str]:
    """Lengthen each free text of each row to its last character; returns the columns' names.

    `leaves_empty`: what says nothing stays so, where a constraint ties it to something else.
    """
    filled = set()
    for model in ours(rooms):
        fields = list(free_texts(model))
        for row in model._base_manager.all() if fields else ():
            new = {
                field.attname: _full(text, field)
                for field in fields
                if (text := getattr(row, field.attname)) or not leaves_empty
            }
            if new:
                models.QuerySet(model).filter(pk=row.pk).update(**new)
            filled |= columns(model)
    return filled


def _full(text: str, field: "models.Field[Any, Any]") -> str:
    most = field.max_length or LONG
    return (text + "末" * most)[: most - 1] + "尾"


@pytest.fixture
def people(
    officer: User,
    station_head: User,
    supervisor: User,
    system_admin: User,
    security_admin: User,
    auditor: User,
    commerce_liaison: User,
    tax_liaison: User,
    police_liaison: User,
    social_liaison: User,
    foreign_liaison: User,
) -> dict[str, User]:
    """The liaisons by department code, the others by what they are."""
    liaisons = (commerce_liaison, tax_liaison, police_liaison, social_liaison, foreign_liaison)
    by_code = {person.department.code: person for person in liaisons if person.department}
    others = {
        "officer": officer,
        "head": station_head,
        "supervisor": supervisor,
        "system": system_admin,
        "security": security_admin,
        "auditor": auditor,
    }
    return by_code | others


def run_every_sweep(caplog: pytest.LogCaptureFixture) -> None:
    caplog.clear()
    app.loader.import_default_modules()
    for entry in BEAT_SCHEDULE.values():
        app.tasks[entry["task"]].run()
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []


def test_the_main_line_with_every_text_as_long_as_its_column(
    people: dict[str, User],
    agent: User,
    ready_draft: Application,
    client_of: ClientOf,
    caplog: pytest.LogCaptureFixture,
    settings: Any,
) -> None:
    # Nobody reads here, and nothing is submitted while something is to be read.
    settings.RECOGNITION = "off"
    officer = people["officer"]
    WecomRobot.objects.create(name="群", webhook="http://127.0.0.1:9/?key=1")
    ChannelHealth.objects.create(key="sms", label="短信")
    StationClosure.objects.create(date=on(24, 9).date(), reason="检修", entered_by=officer)
    photo = ready_draft.materials.get(number=8).pages.get().file
    Recognition.objects.create(file=photo, kind=Recognition.Kind.FACE)
    HandOver.objects.create(
        enterprise=ready_draft.enterprise,
        name="王经办",
        email="wang@example.com",
        phone="13800000000",
        reason="原经办人离职",
        objection="我还在职",
        objected_by=agent,
        asked_by=officer,
        takes_effect_at=on(26, 18),
    )
    SigningLock.objects.create(user=people["tax"], until=on(30, 12))
    AccountRequest.objects.create(
        account=people["tax"],
        kind=AccountRequest.Kind.CHANGE,
        seen_version=1,
        asked_by=people["system"],
        decided_by=people["security"],
        decided_at=on(20, 10),
        reason="填错了",
    )
    with time_machine.travel(on(23, 10), tick=False):
        filled = fill_every_row()
        authority.ensure()
        application = Application.objects.get()

        # Submitted, returned with a letter, resubmitted and circulated.
        sent = client_of(agent).post(reverse("applications:submit", args=[application.pk]))
        application.refresh_from_db()
        assert (sent.status_code, application.status) == (302, Status.SUBMITTED)
        correction = CorrectionFactory.create(
            application=application, words="错" * LONG, mend="改" * LONG, example="例" * LONG
        )
        send_back(application, by=officer)
        change = StatusChange.objects.get(action=Action.RETURN)
        assert render_letter(letter_of(change)).startswith(b"%PDF")
        correction.refresh_from_db()
        correction.answer = "答" * LONG
        correction.save(update_fields=["answer"])
        resubmit(application, by=agent)
        table = circulation.circulate(application, by=officer, despite_unread=SHEETS)
        Pause.objects.create(
            table=table, reason="等材料", by=officer, started_at=on(23, 10), ended_at=on(23, 10)
        )
        fee = Parameter.objects.create(code="test.fee", group="费用", name="收费", unit="yuan")
        fee.values.create(value=720, valid_from=on(23, 10), source="甲")
        Passkey.objects.create(user=agent, name="手机", credential="甲", credential_hash="a")
        make_outreach(agent)
        make_ledger(officer)
        filled |= fill_every_row()

    # Nobody signs in time: reminders, a chase, and every other sweep.
    with time_machine.travel(on(27, 11), tick=False):
        table = ReviewTable.objects.get()
        chase(table, table.opinions.values_list("pk", flat=True), by=officer)
        run_every_sweep(caplog)
        assert Reminder.objects.filter(kind=Reminder.Kind.OVERDUE).count() == 4
        sign_all(table, people)
        table.refresh_from_db()
        assert table.status == ReviewTable.Status.CONCLUDED
        file_nationally(table, agent)
        run_every_sweep(caplog)
        assert all(len(notice.subject) <= 120 for notice in Notice.objects.all())
        filled |= fill_every_row()
        see_every_page(people, agent, table, client_of)
    assert {column for model in ours() for column in columns(model)} - filled == set()


def make_outreach(agent: User) -> None:
    """A row of each table of what the station tells and is asked."""
    CallBackFactory.create(note="已答")
    asked = ConsultationFactory.create(answer="能办")
    HandingFactory.create(consultation=asked, by=agent, replied=True)
    MeetingFactory.create(by=agent)
    TalkFactory.create(by=agent)
    article = ArticleFactory.create(published=True, is_important=True, source="文件")
    article.posts.create(channel="group", posted_on=timezone.localdate(), by=agent, nonce="n")
    article.versions.create(number=1, title="旧", body="旧", by=agent)
    flow = Flow.objects.get()
    PreCheck.objects.create(
        application=Application.objects.get(),
        flow=flow,
        answers={"place": "no"},
        outcome="not_yet",
        word="fits",
        reason="已核实",
        by=agent,
        nonce="n",
    )
    photo = Application.objects.get().materials.get(number=8).pages.get().file
    event_parts.arguments(photo, agent)


def make_ledger(officer: User) -> None:
    """What stands beside the row of the ledger that the enterprise has since it was sent."""
    demand = Demand.objects.order_by("pk")[0]
    note_contact(demand=demand, by=officer, kind="call", at=on(23, 10), words="谈了", nonce="n")
    SavedFilter.objects.create(owner=officer, name="我的", is_shared=True)


def file_nationally(table: ReviewTable, agent: User) -> None:
    case, today = table.application, timezone.localdate()
    entered = StepEntry(on=today, number="SQ1", words="字" * LONG)
    enter_step(case, StepCode.FILED, entered, by=agent)
    report = EconomyReport("JPN", "granted", today, words="字" * 200)
    report_economies(case, [report], source="mail", by=agent)


def sign_all(table: ReviewTable, people: dict[str, User]) -> None:
    for code in ("commerce", "tax", "police", "social", "foreign_affairs"):
        opinion = Opinion.objects.with_case().get(table=table, department__code=code)
        answers, words = dict(ANSWERS[code]), "经核实，同意。" * 20
        if "insured_company" in answers:
            # Both have to fit one cell.
            answers["insured_company"], words = Enterprise.objects.get().name, "同意。"
        draft = Draft(answers, words, "agree")
        people[code].refresh_from_db()
        opinion = opinions.save_draft(opinion, draft, by=people[code], seen_version=None)
        opinions.sign(opinion, by=people[code])


def see_every_page(
    people: dict[str, User], agent: User, table: ReviewTable, client_of: ClientOf
) -> None:
    letters = {"A": agent, "O": officer_of(people), "T": people["tax"], "Y": people["system"]}
    letters |= {"C": people["security"], "U": people["auditor"], "H": people["head"]}
    desks: dict[str, Client] = {letter: client_of(person) for letter, person in letters.items()}
    given: dict[str, dict[str, int]] = {
        "enterprises:detail": {"pk": table.application.enterprise_id},
        "enterprises:station_detail": {"pk": table.application.enterprise_id},
        "ledger:detail": {"pk": table.application.enterprise.demand.pk},
        "ledger:edit": {"pk": table.application.enterprise.demand.pk},
        "applications:detail": {"pk": table.application_id},
        "reviews:table_detail": {"pk": table.pk},
        "cards:package": {"pk": table.application_id},
        "cards:national": {"pk": table.application_id},
        "cards:filing": {"pk": table.application_id},
        "cards:board": {"pk": table.application_id},
        "cards:early_print": {"pk": table.application_id},
        "cards:filing_take_back": {"pk": table.application_id},
    }
    seen = 0
    for name, rule in ACCESS.items():
        try:
            url = reverse(name, kwargs=given.get(name))
        except NoReverseMatch:
            continue  # an object that the main line has not
        for letter in set(rule.allowed) & set(desks):
            if rule.method == "get":
                answer = desks[letter].get(url)
                assert answer.status_code < 500, (name, letter)
                if answer.streaming:
                    answer.getvalue()
                seen += 1
    assert seen > 60


def officer_of(people: dict[str, User]) -> User:
    return people["officer"]
