"""The audit trail: every action leaves exactly one event, with its object and its actor.

Whose rows are locked while it is done stands beside it. There is a row for each action, written
out by hand; an action without a row fails.
"""

import ast
import io
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice
from PIL import Image

from accounts import mailboxes, recovery_codes, second_person
from accounts import services as accounts
from accounts.audit import record, seal_batch
from accounts.audit_labels import action_labels
from accounts.closing import close_agent
from accounts.confirmation import confirm
from accounts.entry_models import OwnSession, Passkey
from accounts.idle_accounts import close_idle
from accounts.invitations import invitation_path
from accounts.mailboxes import make_token
from accounts.models import (
    AccountRequest,
    AuditEvent,
    AuditSeal,
    Department,
    SigningLock,
    User,
)
from accounts.own_sessions import end_session
from accounts.passkey_services import add_passkey, remove_passkey
from accounts.passkeys import (
    Occasion,
    PasskeyRefused,
    confirmation_options,
    registration_options,
)
from accounts.passkeys import confirm as confirm_by_passkey
from accounts.password_reset import path_for
from accounts.reauthentication import prove
from accounts.sign_on.adapters import Voucher
from accounts.sign_on.binding import bind, unbind
from accounts.views.sign_on import VOUCHED
from applications.deleting import delete_applicant, delete_draft
from applications.dossier.pre_review import load_pre_review
from applications.kinds import LEFT, LOST, Kind
from applications.models import (
    Applicant,
    Application,
    MaterialPage,
    ProposedPassport,
    Repair,
    ReturnReason,
)
from applications.services import (
    again,
    comparing,
    consents,
    corrections,
    intake,
    moves,
    repairing,
    reuse,
)
from applications.services.naming import name_applicants
from applications.services.pages import stack_of
from applications.services.perform import perform
from applications.services.proposed import ProposalStack
from applications.services.readings import save_reading
from applications.services.reasons import save_reason
from applications.services.starting import start_service
from applications.services.telling import tell_at_once
from applications.workflow import Action, Status
from backups.manifests import Manifest
from backups.models import BackupRun
from backups.returning import enter_in_trail
from cards.duty import reporting
from cards.duty import rules as duty_rules
from cards.duty.breaches import (
    answer_breach,
    close_breach,
    lift_measure,
    review_measure,
    state_breach,
    take_measure,
)
from cards.duty.lending import give_link
from cards.duty.rules import Choices
from cards.duty.texts import save_text
from cards.filing.board import EconomyReport, report_economies
from cards.filing.services import enter_step, take_back
from cards.followup import feedback, visiting
from cards.followup.planning import plan_by_hand
from cards.holding.services import issue_card, mark
from cards.models import (
    Breach,
    Cancellation,
    Card,
    CollectionLetter,
    EventKind,
    Filing,
    FilingPage,
    Keeper,
    LossReport,
    ManagementRules,
    Measure,
    PeriodReport,
    StationText,
    Visit,
    VisitFinding,
)
from cards.renewals import cancellations
from cards.renewals.cancellations import report_cancellation
from cards.renewals.losses import report_found, report_loss
from cards.renewals.services import begin_on_filing, report_done, save_words
from cards.workflow import StepCode, StepEntry
from enterprises import agents, hand_overs
from enterprises import services as enterprises
from enterprises.ledger.matching import claim as claim_row
from enterprises.ledger.services import add_demand, change_demand, move_stage, note_contact
from enterprises.models import Demand, Enterprise, HandOver, ProofPage
from enterprises.released import release
from enterprises.services import DocumentStack
from enterprises.suspending import set_suspension
from enterprises.time_limits import settle_waiting
from files.models import Recognition
from imports.heads import Layout
from imports.kinds import kinds
from imports.models import ImportBatch
from imports.reading import ImportedSheet, SheetRow
from imports.services import ask_to_undo, ask_to_write, choose_columns, drop
from imports.services import stage as stage_sheet
from imports.steps import work_off
from letters import services as letters
from letters import templates
from letters.catalogue import KINDS
from letters.models import LetterTemplate, WrittenLetter
from materials import samples
from materials.rules.validity import Stated
from materials.stack import add_page, move_page, remove_page, restore_page
from notices.models import Delivery, Notice, Preferences, WecomRobot
from notices.reset_links import mail_reset_links
from notices.services import retry, save_preferences, save_robot
from outreach.articles import services as articles
from outreach.articles.spreading import spread_due
from outreach.briefings import asking, attending, door, inviting, sign_ups
from outreach.briefings import feedback as feedback_on_briefings
from outreach.briefings import planning as briefings
from outreach.briefings.sign_ups import GuestFacts
from outreach.desk import services as desk
from outreach.desk import taking
from outreach.desk.callers import Subject
from outreach.desk.topics import save_topic
from outreach.models import (
    Article,
    Attendance,
    Briefing,
    BriefingQuestion,
    BriefingSignUp,
    CallBack,
    CompanyVisit,
    CompanyVisitTask,
    Consultation,
    ConsultationTopic,
    Flow,
    PlanPhase,
    PlanTask,
    Question,
    Symposium,
    SymposiumOpinion,
    SymposiumParticipant,
)
from outreach.plan import services as plan
from outreach.self_test import services as flows
from outreach.symposia import services as symposia
from outreach.visits import visiting as visiting_companies
from parameters.models import Parameter, ParameterValue, Unit
from parameters.services import set_value, withdraw_value
from reports.archiving.services import ask_for_year
from reports.models import ArchiveYear, StageReport
from reports.stage import services as stage_reports
from reports.stage.periods import Period
from reviews import self_check_alarms
from reviews.assignments import settle_assignments
from reviews.drafts import Draft
from reviews.models import (
    CalendarToken,
    Leave,
    Opinion,
    Phrase,
    ReviewTable,
)
from reviews.revisions import RevisionAltered, report_altered
from reviews.services import calendar_feed, chasing, circulation, leave, opinions
from reviews.services.paper_answers import PaperAnswer, record_paper
from reviews.services.phrases import save_phrase
from reviews.services.wet_scans import add_scan, confirm_scan, remove_scan, restore_scan
from reviews.signatures.anchors.exporting import export_audit
from reviews.signatures.anchors.writing import anchor_day
from reviews.signatures.certificates import authority, imports, register
from reviews.signatures.models import Certificate
from rights import services as rights
from rights.models import RightsLink, RightsRequest
from tests.accounts.soft_key import SoftKey
from tests.accounts.test_audit_labels import ROOMS
from tests.cards import duty_parts
from tests.factories import (
    PASSWORD,
    SHEETS,
    ApplicantFactory,
    ApplicationFactory,
    CardFactory,
    ConsentFactory,
    CorrectionFactory,
    DemandFactory,
    EnterpriseFactory,
    ReviewTableFactory,
    UserFactory,
    agent_of,
    fill,
    liaison,
    material_page,
    picture,
    standing_page,
    stored_picture,
)
from tests.journey import PERSON
from tests.letters.word_files import word_file
from tests.outreach.factories import (
    ArticleFactory,
    BriefingFactory,
    CallBackFactory,
    CompanyVisitFactory,
    ConsultationFactory,
    HandingFactory,
    MeetingFactory,
    SymposiumFactory,
    TalkFactory,
)
from tests.reviews.conftest import circulated, on, on_the_clock, station
from tests.reviews.signatures.test_certificate_import import licensed, packed
from tests.reviews.signatures.test_seals import drawn
from tests.workdays.test_holiday_notices import DAYS_2027, as_csv
from wanzhou_abtc.station import file
from wanzhou_abtc.station.setting_up import set_up
from workdays import services as calendar
from workdays.following import follow_calendar
from workdays.holiday_notices import parse_notice
from workdays.models import HolidayNotice, StationClosure

pytestmark = pytest.mark.django_db
__all__ = ["circulated", "on_the_clock", "station"]
ROOT = Path(__file__).resolve().parents[1]
WRONG = "wrong"


@dataclass
class Act:
    """What is done, and what the trail must then say of it.

    `on` is the object, or finds it where only the act makes it; `by` None is the portal itself,
    or somebody without an account, whom `label` names.
    """

    do: Callable[[], Any]
    on: Model | Callable[[], Model]
    by: User | None
    label: str = "系统"


class Stage:
    """The suite's fixtures, each made when it is first named."""

    def __init__(self, request: pytest.FixtureRequest) -> None:
        self._request = request

    def __getattr__(self, name: str) -> Any:
        return self._request.getfixturevalue(name)

    def open(self, who: User, name: str, *args: Any) -> Callable[[], Any]:
        """Reading this page or file to its end."""
        client = self.client_of(who)
        return lambda: b"".join(client.get(reverse(name, args=args)))

    def press(self, who: User, name: str, *args: Any, **data: Any) -> Callable[[], Any]:
        """Pressing the button that leads to this address; a file that comes is read to its end."""
        client = self.client_of(who)
        return lambda: b"".join(client.post(reverse(name, args=args), data))


TABLE: list[tuple[str, str, Callable[[Stage], Act]]] = []


def row(
    action: str, *, holds: str = ""
) -> Callable[[Callable[[Stage], Act]], Callable[[Stage], Act]]:
    """A row of the table; `holds` names the models of which a row is locked meanwhile."""

    def enter(prepare: Callable[[Stage], Act]) -> Callable[[Stage], Act]:
        TABLE.append((action, holds, prepare))
        return prepare

    return enter


# Accounts -----------------------------------------------------------------------------------------


def sign_in(stage: Stage, password: str) -> None:
    data = {"username": "agent@example.com", "password": password}
    stage.client.post(reverse("accounts:sign_in"), data)


@row("account.sign_in")
def _(stage: Stage) -> Act:
    return Act(partial(sign_in, stage, PASSWORD), on=stage.agent, by=stage.agent)


@row("account.sign_out")
def _(stage: Stage) -> Act:
    return Act(stage.press(stage.agent, "accounts:sign_out"), on=stage.agent, by=stage.agent)


@row("account.idle_sign_out")
def _(stage: Stage) -> Act:
    look = stage.open(stage.agent, "accounts:me")

    def come_back() -> None:
        with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=False):
            look()

    return Act(come_back, on=stage.agent, by=stage.agent)


@row("account.sign_in_failed")
def _(stage: Stage) -> Act:
    return Act(partial(sign_in, stage, WRONG), on=stage.agent, by=None)


@row("account.sign_in_locked")
def _(stage: Stage) -> Act:
    def guess() -> None:
        for _ in range(7):
            sign_in(stage, WRONG)

    return Act(guess, on=stage.agent, by=None)


@row("account.unlock_sign_in")
def _(stage: Stage) -> Act:
    agent = stage.agent
    for _ in range(5):
        sign_in(stage, WRONG)
    unlock = stage.press(stage.security_admin, "accounts:sign_in_unlock", username=agent.username)
    return Act(unlock, on=agent, by=stage.security_admin)


@row("account.unlock_sign_in")
def _(stage: Stage) -> Act:
    """A name that nobody has is unlocked as well; then the object is who did it."""
    for _ in range(5):
        sign_in(stage, WRONG)
    by = stage.security_admin
    return Act(partial(accounts.unlock_sign_in, "agent@example.com", by=by), on=by, by=by)


@row("account.signing_locked", holds="User")
def _(stage: Stage) -> Act:
    def guess() -> None:
        for _ in range(6):
            prove(stage.agent, password=WRONG, code=None)

    return Act(guess, on=stage.agent, by=stage.agent)


@row("account.lift_signing_lock", holds="SigningLock")
def _(stage: Stage) -> Act:
    until = timezone.now() + timedelta(minutes=30)
    lock = SigningLock.objects.create(user=stage.agent, until=until)
    lift = stage.press(stage.security_admin, "accounts:signing_lock_lift", lock.pk)
    return Act(lift, on=stage.agent, by=stage.security_admin)


@row("account.confirm_email", holds="User")
def _(stage: Stage) -> Act:
    User.objects.filter(pk=stage.agent.pk).update(email_confirmed_at=None)
    return Act(partial(confirm, make_token(stage.agent)), on=stage.agent, by=stage.agent)


@row("account.ask_mailbox", holds="User")
def _(stage: Stage) -> Act:
    ask = partial(mailboxes.ask_mailbox, stage.agent, "new@example.com")
    return Act(ask, on=stage.agent, by=stage.agent)


@row("account.drop_mailbox", holds="User")
def _(stage: Stage) -> Act:
    mailboxes.ask_mailbox(stage.agent, "new@example.com")
    return Act(partial(mailboxes.drop_wanted, stage.agent), on=stage.agent, by=stage.agent)


@row("account.change_password")
def _(stage: Stage) -> Act:
    change = partial(accounts.change_own_password, stage.agent, "Another-2026!")
    return Act(change, on=stage.agent, by=stage.agent)


@row("account.ask_reset")
def _(stage: Stage) -> Act:
    agent = stage.agent
    return Act(partial(mail_reset_links, agent.email, "192.0.2.7"), on=agent, by=None)


@row("account.reset_password", holds="User")
def _(stage: Stage) -> Act:
    _, uid, token, _ = path_for(stage.agent).rsplit("/", 3)
    reset = partial(accounts.reset_password, uid, token, "Another-2026!")
    return Act(reset, on=stage.agent, by=stage.agent)


@row("account.change_details", holds="User")
def _(stage: Stage) -> Act:
    agent = stage.agent
    return Act(
        partial(accounts.change_own_details, agent, changed=["phone"], seen_version=None),
        on=agent,
        by=agent,
    )


@row("account.second_factor_on")
def _(stage: Stage) -> Act:
    device = accounts.begin_second_factor(stage.agent)
    finish = partial(accounts.finish_second_factor, device, by=stage.agent)
    return Act(finish, on=stage.agent, by=stage.agent)


@row("account.second_factor_off")
def _(stage: Stage) -> Act:
    agent = stage.agent
    TOTPDevice.objects.create(user=agent, name="手机", confirmed=True)
    return Act(partial(accounts.remove_second_factor, agent, by=agent), on=agent, by=agent)


@row("account.second_factor_reset")
def _(stage: Stage) -> Act:
    agent, by = stage.agent, stage.security_admin
    TOTPDevice.objects.create(user=agent, name="手机", confirmed=True)
    return Act(partial(accounts.remove_second_factor, agent, by=by, reason="丢失"), on=agent, by=by)


def passkey_occasion(stage: Stage) -> Occasion:
    return Occasion(stage.tax_liaison, "session", "about")


@row("account.passkey_added")
def _(stage: Stage) -> Act:
    occasion, liaison = passkey_occasion(stage), stage.tax_liaison
    answer = SoftKey().make(registration_options(occasion))
    add = partial(add_passkey, occasion, answer, name="手机")
    return Act(add, on=lambda: Passkey.objects.get(), by=liaison)


@row("account.passkey_removed")
def _(stage: Stage) -> Act:
    passkey = SoftKey().kept_for(stage.tax_liaison)
    return Act(partial(remove_passkey, passkey, by=passkey.user), on=passkey, by=passkey.user)


@row("account.passkey_copied", holds="Passkey")
def _(stage: Stage) -> Act:
    occasion, key = passkey_occasion(stage), SoftKey()
    passkey = key.kept_for(stage.tax_liaison)
    Passkey.objects.update(counter=99)
    answer = key.use(confirmation_options(occasion))

    def use_copy() -> None:
        with pytest.raises(PasskeyRefused):
            confirm_by_passkey(occasion, answer)

    return Act(use_copy, on=passkey, by=stage.tax_liaison)


@row("account.recovery_codes")
def _(stage: Stage) -> Act:
    agent = stage.agent
    return Act(partial(recovery_codes.issue, agent, by=agent), on=agent, by=agent)


@row("account.recovery_code_used")
def _(stage: Stage) -> Act:
    agent = stage.agent
    code = recovery_codes.issue(agent, by=agent)[0].replace(" ", "")
    return Act(partial(recovery_codes.use, agent, code), on=agent, by=agent)


@row("account.end_session")
def _(stage: Stage) -> Act:
    agent = stage.agent
    sign_in(stage, PASSWORD)
    own = OwnSession.objects.get(user=agent)
    return Act(partial(end_session, own, by=agent), on=agent, by=agent)


@row("account.end_other_sessions")
def _(stage: Stage) -> Act:
    end = stage.press(stage.agent, "accounts:session_end_others")
    return Act(end, on=stage.agent, by=stage.agent)


@row("account.close_idle")
def _(stage: Stage) -> Act:
    return Act(partial(close_idle, stage.officer), on=stage.officer, by=None)


def vouched(stage: Stage) -> User:
    """Bound to a platform, which has just vouched for him."""
    voucher = Voucher("https://sso.example", "007")
    bind(stage.agent, voucher)
    stage.settings.SIGN_ON = "accounts.sign_on.tickets.TicketSignOn"
    session = stage.client.session
    until = timezone.now() + timedelta(minutes=1)
    session[VOUCHED] = [voucher.issuer, voucher.subject, until.isoformat()]
    session.save()
    stage.client.cookies["sessionid"] = session.session_key
    person: User = stage.agent
    return person


@row("account.sign_on")
def _(stage: Stage) -> Act:
    person = vouched(stage)
    finish = partial(stage.client.post, reverse("accounts:sign_on_finish"))
    return Act(finish, on=person, by=None)


@row("account.bind_sign_on")
def _(stage: Stage) -> Act:
    agent = stage.agent
    return Act(partial(bind, agent, Voucher("https://sso.example", "007")), on=agent, by=agent)


@row("account.unbind_sign_on")
def _(stage: Stage) -> Act:
    agent = stage.agent
    bind(agent, Voucher("https://sso.example", "007"))
    return Act(partial(unbind, agent), on=agent, by=agent)


@row("account.create")
def _(stage: Stage) -> Act:
    new = UserFactory.build(officer=True, username="newcomer")
    create = partial(accounts.create_account, new, by=stage.system_admin)
    return Act(create, on=lambda: User.objects.get(username="newcomer"), by=stage.system_admin)


@row("account.change", holds="User")
def _(stage: Stage) -> Act:
    officer, by = stage.officer, stage.system_admin
    officer.name = "专员丙"
    change = partial(accounts.change_account, officer, seen_version=None, by=by)
    return Act(change, on=officer, by=by)


@row("account.change", holds="Department")
def _(stage: Stage) -> Act:
    first = stage.press(stage.system_admin, "accounts:user_primary", stage.tax_liaison.pk)
    return Act(first, on=stage.tax_liaison, by=stage.system_admin)


@row("account.issue_password", holds="User")
def _(stage: Stage) -> Act:
    issue = stage.press(stage.system_admin, "accounts:user_password", stage.officer.pk)
    return Act(issue, on=stage.officer, by=stage.system_admin)


@row("account.choose_role")
def _(stage: Stage) -> Act:
    both = stage.commerce_liaison
    User.objects.filter(pk=both.pk).update(is_also_officer=True)
    choose = stage.press(both, "accounts:role_choose", role="station_officer")
    return Act(choose, on=both, by=both)


@row("account.ask_second_person", holds="User")
def _(stage: Stage) -> Act:
    ask = partial(second_person.request_password, stage.tax_liaison, by=stage.system_admin)
    return Act(ask, on=stage.tax_liaison, by=stage.system_admin)


def asked_of(stage: Stage) -> AccountRequest:
    second_person.request_password(stage.tax_liaison, by=stage.system_admin)
    return AccountRequest.objects.get()


@row("account.agree", holds="AccountRequest User")
def _(stage: Stage) -> Act:
    agree = partial(second_person.agree, asked_of(stage), by=stage.security_admin)
    return Act(agree, on=stage.tax_liaison, by=stage.security_admin)


@row("account.disagree", holds="AccountRequest")
def _(stage: Stage) -> Act:
    asked, by = asked_of(stage), stage.security_admin
    disagree = partial(second_person.disagree, asked, reason="本人说没有提出", by=by)
    return Act(disagree, on=stage.tax_liaison, by=by)


@row("account.accept_invitation", holds="User")
def _(stage: Stage) -> Act:
    officer = stage.officer
    token = invitation_path(officer).rsplit("/", 2)[1]
    accept = partial(accounts.accept_invitation, token, "Another-2026!")
    return Act(accept, on=officer, by=officer)


@row("station.init")
def _(stage: Stage) -> Act:
    def act() -> None:
        content = file.export()
        content["station"]["address"] = "样例路2号"
        with override_settings(PORTAL_DATA=tempfile.mkdtemp()):
            set_up(content)

    return Act(act, on=lambda: Department.objects.get(signs_last=True), by=None)


def brought_back(stage: Stage, *, is_moved: bool) -> Act:
    manifest = Manifest(
        snapshot="20261130T151502Z-1a2b3c4d",
        made_at=timezone.now(),
        seconds=1,
        vendor="sqlite",
        migrations=[],
        tables={},
        files=0,
        bytes=0,
        missing=[],
        damaged=[],
        pieces={},
    )
    return Act(partial(enter_in_trail, manifest, is_moved=is_moved), on=BackupRun, by=None)


@row("backup.returned")
def _(stage: Stage) -> Act:
    return brought_back(stage, is_moved=False)


@row("backup.moved")
def _(stage: Stage) -> Act:
    return brought_back(stage, is_moved=True)


@row("audit.check")
def _(stage: Stage) -> Act:
    return Act(
        stage.press(stage.auditor, "accounts:audit_check"), on=stage.auditor, by=stage.auditor
    )


@row("audit.export")
def _(stage: Stage) -> Act:
    return Act(
        stage.open(stage.auditor, "accounts:audit_export"), on=stage.auditor, by=stage.auditor
    )


def sealed(stage: Stage) -> None:
    """Something that can be anchored, and a folder for it."""
    assert stage.station
    stage.settings.AUDIT_ANCHORS = stage.tmp_path / "anchors"
    with time_machine.travel(timezone.now() - timedelta(hours=1)):
        record("audit.check", stage.auditor, by=stage.auditor)
    assert seal_batch()


@row("audit.anchor")
def _(stage: Stage) -> Act:
    sealed(stage)
    return Act(anchor_day, on=AuditSeal.objects.get, by=None)


@row("audit.export_period")
def _(stage: Stage) -> Act:
    sealed(stage)
    today = timezone.localdate()
    export = partial(export_audit, today - timedelta(days=1), today, stage.tmp_path / "export")
    return Act(export, on=AuditSeal.objects.get, by=None)


# Notices ------------------------------------------------------------------------------------------


@row("notice.preferences")
def _(stage: Stage) -> Act:
    return Act(
        partial(save_preferences, Preferences(digest=True), by=stage.agent),
        on=lambda: Preferences.objects.get(user=stage.agent),
        by=stage.agent,
    )


@row("notice.robot")
def _(stage: Stage) -> Act:
    robot = WecomRobot(name="税务群", webhook="https://qyapi.example/send?key=1")
    save = partial(save_robot, robot, changed=["name"], by=stage.system_admin)
    return Act(save, on=WecomRobot.objects.get, by=stage.system_admin)


@row("notice.retry", holds="Delivery")
def _(stage: Stage) -> Act:
    notice = Notice.objects.create(cause="test", recipient=stage.agent, subject="一", body="二")
    failed = Delivery.objects.create(
        notice=notice, channel=Delivery.Channel.EMAIL, state=Delivery.State.FAILED
    )
    return Act(partial(retry, failed, by=stage.officer), on=failed, by=stage.officer)


# Enterprises --------------------------------------------------------------------------------------


@row("enterprise.sign_up")
def _(stage: Stage) -> Act:
    account = {"name": "新", "email": "new@example.com", "phone": "1", "password": PASSWORD}
    new = EnterpriseFactory.build(pending=True)
    by = UserFactory.build(name="新")

    def sign_up() -> None:
        by.username = enterprises.sign_up(account=account, enterprise=new).username

    return Act(sign_up, on=Enterprise.objects.get, by=by)


@row("enterprise.release", holds="Enterprise")
def _(stage: Stage) -> Act:
    abandoned = EnterpriseFactory.create(pending=True)
    Enterprise.objects.filter(pk=abandoned.pk).update(created_at=timezone.now() - timedelta(days=4))
    return Act(partial(release, abandoned.credit_code), on=abandoned, by=None)


def next_agent(stage: Stage) -> User:
    """One more agent of the enterprise, who could take over."""
    agent: User = agent_of(stage.agent.agency.enterprise, username="next@example.com")
    return agent


@row("enterprise.invite_agent", holds="Enterprise")
def _(stage: Stage) -> Act:
    person = {"name": "王经办", "email": "wang@example.com", "phone": "13800000000"}
    invite = partial(agents.invite_agent, stage.enterprise, by=stage.agent, **person)
    return Act(invite, on=stage.enterprise, by=stage.agent)


@row("account.close", holds="User")
def _(stage: Stage) -> Act:
    leaver = next_agent(stage)
    remove = partial(agents.remove_agent, leaver.agency, by=stage.agent)
    return Act(remove, on=leaver, by=stage.agent)


@row("application.hand_on", holds="User Application")
def _(stage: Stage) -> Act:
    heir, draft = next_agent(stage), stage.draft
    Application.objects.update(handled_by=heir)
    close = partial(close_agent, heir, by=stage.agent, heir=stage.agent)
    return Act(close, on=draft, by=stage.agent)


def begun_hand_over(stage: Stage) -> HandOver:
    wanted = HandOver(
        enterprise=stage.agent.agency.enterprise,
        name="王经办",
        email="wang@example.com",
        phone="13800000000",
        reason="原经办人离职",
    )
    return hand_overs.begin(wanted, proof=[], by=stage.officer)


@row("enterprise.begin_hand_over", holds="Enterprise")
def _(stage: Stage) -> Act:
    return Act(partial(begun_hand_over, stage), on=stage.enterprise, by=stage.officer)


@row("enterprise.object_hand_over", holds="HandOver")
def _(stage: Stage) -> Act:
    begun, by = begun_hand_over(stage), stage.agent
    object_to = partial(hand_overs.object_to, begun, words="我还在职", by=by)
    return Act(object_to, on=stage.enterprise, by=by)


@row("enterprise.drop_hand_over", holds="HandOver")
def _(stage: Stage) -> Act:
    drop = partial(hand_overs.drop, begun_hand_over(stage), by=stage.officer)
    return Act(drop, on=stage.enterprise, by=stage.officer)


@row("enterprise.hand_over", holds="HandOver")
def _(stage: Stage) -> Act:
    begun_hand_over(stage)
    HandOver.objects.update(takes_effect_at=timezone.now())
    return Act(hand_overs.complete_due, on=stage.enterprise, by=stage.officer)


@row("enterprise.view_proof")
def _(stage: Stage) -> Act:
    page = ProofPage.objects.create(
        hand_over=begun_hand_over(stage), file=stored_picture(picture(8)), position=1
    )
    view = stage.open(stage.officer, "enterprises:proof_page", page.pk)
    return Act(view, on=stage.enterprise, by=stage.officer)


@row("enterprise.download")
def _(stage: Stage) -> Act:
    return Act(stage.open(stage.agent, "archive_zip"), on=stage.enterprise, by=stage.agent)


@row("dossier.download")
def _(stage: Stage) -> Act:
    download = stage.open(stage.officer, "dossier_zip", stage.enterprise.pk)
    return Act(download, on=stage.enterprise, by=stage.officer)


@row("case_archive.make")
def _(stage: Stage) -> Act:
    over = stage.submitted
    Application.objects.filter(pk=over.pk).update(status="withdrawn")
    make = stage.open(stage.officer, "archiving:case_zip", over.pk)
    return Act(make, on=over, by=stage.officer)


@row("case_archive.ask_year")
def _(stage: Stage) -> Act:
    ask = partial(ask_for_year, 2026, by=stage.officer, nonce="n" * 32)
    return Act(ask, on=ArchiveYear.objects.get, by=stage.officer)


@row("case_archive.download_year")
def _(stage: Stage) -> Act:
    run = ArchiveYear.objects.create(year=2026, state="ready", created_by=stage.officer)
    return Act(stage.open(stage.officer, "archiving:year_zip", run.pk), on=run, by=stage.officer)


@row("enterprise.change")
def _(stage: Stage) -> Act:
    own, by = stage.enterprise, stage.agent
    change = partial(enterprises.save_enterprise, own, changed=["name"], by=by)
    return Act(change, on=own, by=by)


# Demand ledger ------------------------------------------------------------------------------------


@row("demand.add")
def _(stage: Stage) -> Act:
    add = partial(add_demand, by=stage.officer, name="样例", source=Demand.Source.CALL)
    return Act(add, on=Demand.objects.get, by=stage.officer)


@row("demand.change", holds="Demand")
def _(stage: Stage) -> Act:
    row, by = DemandFactory.create(), stage.officer
    change = partial(change_demand, demand=row, by=by, seen_version=1, town="天城镇")
    return Act(change, on=row, by=by)


@row("demand.move", holds="Demand")
def _(stage: Stage) -> Act:
    row, by = DemandFactory.create(), stage.officer
    return Act(partial(move_stage, demand=row, to="told", by=by), on=row, by=by)


@row("demand.claim", holds="Demand")
def _(stage: Stage) -> Act:
    row = DemandFactory.create(credit_code=stage.enterprise.credit_code)
    return Act(partial(claim_row, stage.enterprise, by=stage.agent), on=row, by=stage.agent)


@row("demand.note", holds="Demand")
def _(stage: Stage) -> Act:
    row, by = DemandFactory.create(), stage.officer
    note = partial(
        note_contact, demand=row, by=by, kind="call", at=timezone.now(), words="……", nonce="n"
    )
    return Act(note, on=row, by=by)


@row("demand.reveal")
def _(stage: Stage) -> Act:
    row = DemandFactory.create(contact_phone="13900001234")
    return Act(stage.press(stage.officer, "ledger:reveal", row.pk), on=row, by=stage.officer)


@row("demand.export")
def _(stage: Stage) -> Act:
    return Act(stage.press(stage.officer, "ledger:export"), on=Demand(), by=stage.officer)


@row("enterprise.verify", holds="Enterprise")
def _(stage: Stage) -> Act:
    pending = EnterpriseFactory.create(pending=True)
    agent_of(pending)
    standing_page(pending, 2)
    verify = partial(enterprises.decide, pending, verified=True, by=stage.officer)
    return Act(verify, on=pending, by=stage.officer)


@row("enterprise.refuse", holds="Enterprise")
def _(stage: Stage) -> Act:
    pending, by = EnterpriseFactory.create(pending=True), stage.officer
    return Act(
        partial(enterprises.decide, pending, verified=False, reason="执照不清晰", by=by),
        on=pending,
        by=by,
    )


@row("enterprise.reveal")
def _(stage: Stage) -> Act:
    show = stage.press(stage.officer, "enterprises:reveal", stage.enterprise.pk)
    return Act(show, on=stage.enterprise, by=stage.officer)


@row("enterprise.suspend", holds="Enterprise")
def _(stage: Stage) -> Act:
    suspend = partial(
        set_suspension,
        stage.enterprise,
        starts_on=date(2026, 12, 1),
        ends_on=date(2027, 5, 31),
        reason="未按期交回",
        by=stage.officer,
    )
    return Act(suspend, on=stage.enterprise, by=stage.officer)


@row("enterprise.confirm_licence")
def _(stage: Stage) -> Act:
    read = Recognition.objects.create(file=standing_page(stage.enterprise, 2).file, kind="text")
    own, by = stage.enterprise, stage.agent
    return Act(partial(enterprises.confirm_licence, read, own, by=by), on=own, by=by)


@row("document.add_page", holds="Enterprise")
def _(stage: Stage) -> Act:
    own, by = stage.enterprise, stage.agent
    return Act(
        partial(add_page, DocumentStack(own, 2), data=picture(2), name="a.jpg", by=by),
        on=lambda: own.current_document(2),
        by=by,
    )


@row("document.refuse")
def _(stage: Stage) -> Act:
    own, by = stage.enterprise, stage.agent
    refuse = partial(add_page, DocumentStack(own, 2), data=b"GIF89a", name="a.gif", by=by)
    return Act(refuse, on=own, by=by)


@row("document.remove_page", holds="Enterprise")
def _(stage: Stage) -> Act:
    page = standing_page(stage.enterprise, 4)
    remove = stage.press(stage.agent, "enterprises:page_remove", stage.enterprise.pk, page.pk)
    return Act(remove, on=page.document, by=stage.agent)


@row("document.restore_page", holds="Enterprise")
def _(stage: Stage) -> Act:
    page = standing_page(stage.enterprise, 1)
    stack, by = DocumentStack(stage.enterprise, 1), stage.agent
    removed = remove_page(stack, page, by=by)
    assert removed is not None
    return Act(partial(restore_page, stack, removed, by=by), on=page.document, by=by)


@row("document.move_page", holds="Enterprise")
def _(stage: Stage) -> Act:
    standing_page(stage.enterprise, 1)
    page = standing_page(stage.enterprise, 1, picture(1, "second"))
    stack = DocumentStack(stage.enterprise, 1)
    move = partial(move_page, stack, page, place=1, by=stage.agent)
    return Act(move, on=page.document, by=stage.agent)


@row("document.state", holds="Enterprise")
def _(stage: Stage) -> Act:
    page, by = standing_page(stage.enterprise, 4), stage.agent
    stack, stated = DocumentStack(stage.enterprise, 4), Stated(dated_on=date(2026, 11, 1))
    return Act(
        partial(enterprises.state_validity, stack, stated=stated, by=by),
        on=page.document,
        by=by,
    )


@row("document.name_applicants")
def _(stage: Stage) -> Act:
    fill(stage.draft)
    letter = stage.enterprise.current_document(1)
    colleague = ApplicantFactory.create(enterprise=stage.enterprise)
    name = partial(
        name_applicants,
        stage.draft,
        1,
        applicants=[stage.draft.applicant_id, colleague.pk],
        seen=[stage.draft.applicant_id],
        by=stage.agent,
    )
    return Act(name, on=letter, by=stage.agent)


# Applications -------------------------------------------------------------------------------------


@row("applicant.create")
def _(stage: Stage) -> Act:
    new, by = ApplicantFactory.build(enterprise=stage.enterprise), stage.agent
    save = partial(intake.save_applicant, new, changed=["name"], by=by)
    return Act(save, on=Applicant.objects.get, by=by)


@row("applicant.passport", holds="Enterprise")
def _(stage: Stage) -> Act:
    stack = ProposalStack(stage.enterprise, stage.agent)
    data = samples.passport(PERSON)
    add = partial(add_page, stack, data=data, name="护照.jpg", by=stage.agent)
    return Act(add, on=stage.enterprise, by=stage.agent)


@row("applicant.passport_view")
def _(stage: Stage) -> Act:
    page = ProposedPassport.objects.create(
        enterprise=stage.enterprise, by=stage.agent, file=stored_picture(picture(10)), position=1
    )
    look = stage.open(stage.agent, "applications:passport_file", page.pk)
    return Act(look, on=stage.enterprise, by=stage.agent)


@row("applicant.change", holds="Applicant Application")
def _(stage: Stage) -> Act:
    one, by = stage.applicant, stage.agent
    return Act(partial(intake.save_applicant, one, changed=["phone"], by=by), on=one, by=by)


@row("applicant.reveal")
def _(stage: Stage) -> Act:
    show = stage.press(stage.agent, "applications:check_reveal", stage.ready_draft.pk)
    return Act(show, on=stage.applicant, by=stage.agent)


@row("applicant.reveal")
def _(stage: Stage) -> Act:
    show = stage.press(stage.officer, "applications:reveal", stage.submitted.pk)
    return Act(show, on=stage.applicant, by=stage.officer)


@row("applicant.delete", holds="Applicant")
def _(stage: Stage) -> Act:
    one, by = stage.applicant, stage.agent
    return Act(partial(delete_applicant, one, by=by), on=one, by=by)


@row("application.delete", holds="Application")
def _(stage: Stage) -> Act:
    return Act(partial(delete_draft, stage.draft, by=stage.agent), on=stage.draft, by=stage.agent)


@row("application.begin_again", holds="Enterprise")
def _(stage: Stage) -> Act:
    withdrawn, by = stage.submitted, stage.agent
    perform(withdrawn, Action.WITHDRAW, by=by, reason="暂不出行")
    begin = partial(again.begin_again, withdrawn, by=by)
    return Act(begin, on=lambda: Application.objects.get(status=Status.DRAFT), by=by)


@row("application.start_service", holds="Enterprise")
def _(stage: Stage) -> Act:
    one, by = stage.applicant, stage.agent
    start = partial(start_service, one, kind=Kind.REISSUE, cause=LOST, by=by)
    return Act(start, on=Application.objects.get, by=by)


@row("application.approve", holds="Application")
def _(stage: Stage) -> Act:
    case = ApplicationFactory.create(kind=Kind.REISSUE, cause=LOST, submitted=True)
    for sheet in load_pre_review(case).sheets:
        rules = list(sheet.rules)
        save_reading(case, number=sheet.number, ticked=rules, by=stage.officer)
    return Act(partial(moves.approve, case, by=stage.officer), on=case, by=stage.officer)


@row("application.approve_unread", holds="Application")
def _(stage: Stage) -> Act:
    case = ApplicationFactory.create(kind=Kind.REISSUE, cause=LOST, submitted=True)
    approve = partial(moves.approve, case, by=stage.officer, despite_unread=(0, 14, 16))
    return Act(approve, on=case, by=stage.officer)


@row("application.create", holds="Enterprise")
def _(stage: Stage) -> Act:
    one, by = stage.applicant, stage.agent
    start = partial(intake.start_application, one, by=by)
    return Act(start, on=Application.objects.get, by=by)


def moved(action: Action, status: Status, who: str | None) -> None:
    """A row for a move of the workflow."""

    @row(f"application.{action}", holds="Application")
    def _(stage: Stage) -> Act:
        application = ApplicationFactory.create(
            applicant=stage.applicant, created_by=stage.agent, submitted=True, status=status
        )
        by = getattr(stage, who) if who else None
        move = partial(perform, application, action, by=by, reason="有误")
        return Act(move, on=application, by=by)


moved(Action.SUBMIT, Status.DRAFT, "agent")
moved(Action.TAKE_BACK, Status.SUBMITTED, "agent")
moved(Action.RETURN, Status.SUBMITTED, "officer")
moved(Action.RESUBMIT, Status.RETURNED, "agent")
moved(Action.DECLINE, Status.SUBMITTED, "officer")
moved(Action.CIRCULATE, Status.SUBMITTED, "officer")
moved(Action.ASK_SUPPLEMENT, Status.IN_REVIEW, "police_liaison")
moved(Action.SUPPLEMENT, Status.SUPPLEMENTING, "agent")
moved(Action.DROP_SUPPLEMENT, Status.SUPPLEMENTING, "police_liaison")
moved(Action.RECALL, Status.IN_REVIEW, "officer")
moved(Action.CONCLUDE, Status.IN_REVIEW, None)
moved(Action.WITHDRAW, Status.RETURNED, "agent")


@row("material.add_page", holds="Application")
def _(stage: Stage) -> Act:
    draft, by = stage.draft, stage.agent
    add = partial(add_page, stack_of(draft, 8), data=samples.photo(1), name="a.jpg", by=by)
    return Act(add, on=draft, by=by)


@row("material.refuse")
def _(stage: Stage) -> Act:
    draft, by = stage.draft, stage.agent
    refuse = partial(add_page, stack_of(draft, 8), data=b"GIF89a", name="a.gif", by=by)
    return Act(refuse, on=draft, by=by)


@row("material.remove_page", holds="Application")
def _(stage: Stage) -> Act:
    draft, by = stage.draft, stage.agent
    page = material_page(draft, 5)
    return Act(partial(remove_page, stack_of(draft, 5), page, by=by), on=draft, by=by)


@row("material.restore_page", holds="Application")
def _(stage: Stage) -> Act:
    draft, by = stage.draft, stage.agent
    stack = stack_of(draft, 5)
    removed = remove_page(stack, material_page(draft, 5), by=by)
    assert removed is not None
    return Act(partial(restore_page, stack, removed, by=by), on=draft, by=by)


@row("material.move_page", holds="Application")
def _(stage: Stage) -> Act:
    draft, by = stage.draft, stage.agent
    material_page(draft, 5)
    page = material_page(draft, 5, picture(5, "second"))
    return Act(partial(move_page, stack_of(draft, 5), page, place=1, by=by), on=draft, by=by)


def offer(stage: Stage) -> Repair:
    buffer = io.BytesIO()
    Image.open(io.BytesIO(samples.photo(1))).resize((900, 1200)).save(buffer, "JPEG")
    offered = repairing.offer(
        stage.draft, 8, data=buffer.getvalue(), name="a.jpg", codes=["wrong_size"], by=stage.agent
    )
    assert offered is not None
    return offered


@row("mend.offer", holds="Application")
def _(stage: Stage) -> Act:
    return Act(partial(offer, stage), on=stage.draft, by=stage.agent)


@row("mend.reject")
def _(stage: Stage) -> Act:
    repair = offer(stage)
    return Act(partial(repairing.reject, repair, by=stage.agent), on=stage.draft, by=stage.agent)


@row("material.reuse", holds="Application")
def _(stage: Stage) -> Act:
    other = ApplicantFactory.create(enterprise=stage.enterprise)
    material_page(ApplicationFactory.create(applicant=other, created_by=stage.agent), 5)
    draft, by = stage.draft, stage.agent
    return Act(partial(reuse.reuse_dealings, draft, by=by), on=draft, by=by)


@row("material.choose", holds="Application")
def _(stage: Stage) -> Act:
    draft, by = stage.draft, stage.agent
    choose = partial(intake.choose_review_table, draft, 6, chosen=True, by=by)
    return Act(choose, on=draft, by=by)


@row("material.facts", holds="Application")
def _(stage: Stage) -> Act:
    draft, by = stage.draft, stage.agent
    save = partial(intake.save_facts, draft, 6, facts={"name": "张样例"}, by=by)
    return Act(save, on=draft, by=by)


@row("material.compare", holds="Application")
def _(stage: Stage) -> Act:
    submitted, by = stage.submitted, stage.officer
    return Act(partial(comparing.check_by_eye, submitted, 10, by=by), on=submitted, by=by)


@row("material.view")
def _(stage: Stage) -> Act:
    page = MaterialPage.objects.get(material__application=stage.submitted, material__number=8)
    look = stage.open(stage.officer, "applications:page_file", stage.submitted.pk, 8, page.pk)
    return Act(look, on=stage.submitted, by=stage.officer)


@row("material.view")
def _(stage: Stage) -> Act:
    page = MaterialPage.objects.get(material__application=stage.submitted, material__number=8)
    page.original = stored_picture(picture(8, "original"))
    page.save()
    look = stage.open(stage.officer, "applications:page_original", stage.submitted.pk, 8, page.pk)
    return Act(look, on=stage.submitted, by=stage.officer)


@row("material.view")
def _(stage: Stage) -> Act:
    page = standing_page(stage.enterprise, 2)
    look = stage.open(stage.officer, "enterprises:page_file", stage.enterprise.pk, page.pk)
    return Act(look, on=page.document, by=stage.officer)


@row("material.view")
def _(stage: Stage) -> Act:
    table = tabled(stage)
    page = MaterialPage.objects.get(material__application=table.application, material__number=10)
    opinion = opinion_in(table, "police")
    look = stage.open(stage.police_liaison, "reviews:opinion_page", opinion.pk, 10, page.pk)
    return Act(look, on=table.application, by=stage.police_liaison)


@row("consent.give_link", holds="Application")
def _(stage: Stage) -> Act:
    draft, by = stage.draft, stage.agent
    return Act(partial(consents.give_link, draft, by=by), on=draft, by=by)


@row("consent.revoke_link", holds="Application")
def _(stage: Stage) -> Act:
    draft, by = stage.draft, stage.agent
    consents.give_link(draft, by=by)
    return Act(partial(consents.revoke_link, draft, by=by), on=draft, by=by)


@row("consent.confirm", holds="ConsentLink")
def _(stage: Stage) -> Act:
    draft = stage.draft
    link = consents.link_of(consents.give_link(draft, by=stage.agent))
    right = draft.applicant.id_number[-4:]
    act = partial(consents.is_applicant, link, right)
    return Act(act, on=draft, by=None, label=consents.APPLICANT)


@row("consent.lock_link", holds="ConsentLink")
def _(stage: Stage) -> Act:
    draft = stage.draft
    link = consents.link_of(consents.give_link(draft, by=stage.agent))
    for _ in range(4):
        consents.is_applicant(link, WRONG)
    act = partial(consents.is_applicant, link, WRONG)
    return Act(act, on=draft, by=None, label=consents.APPLICANT)


@row("consent.give", holds="Application")
def _(stage: Stage) -> Act:
    draft = stage.draft
    link = consents.link_of(consents.give_link(draft, by=stage.agent))
    act = partial(consents.consent_by_link, link, words="我同意。")
    return Act(act, on=draft, by=None, label=consents.APPLICANT)


@row("consent.paper", holds="Application")
def _(stage: Stage) -> Act:
    draft, by = stage.draft, stage.agent
    enter = partial(consents.enter_paper, draft, [], words="我同意。", by=by)
    return Act(enter, on=draft, by=by)


@row("consent.end")
def _(stage: Stage) -> Act:
    draft, by = stage.draft, stage.agent
    ConsentFactory.create(application=draft)
    save = partial(intake.save_applicant, draft.applicant, changed=["name"], by=by)
    return Act(save, on=draft, by=by)


@row("consent.view")
def _(stage: Stage) -> Act:
    consent = ConsentFactory.create(application=stage.draft)
    page = consent.pages.create(file=stored_picture(picture(1)), position=1)
    look = stage.open(stage.agent, "applications:consent_page", stage.draft.pk, page.pk)
    return Act(look, on=stage.draft, by=stage.agent)


@row("correction.note", holds="Application")
def _(stage: Stage) -> Act:
    submitted, by = stage.submitted, stage.officer
    note = partial(corrections.note, submitted, number=8, words="请换。", by=by)
    return Act(note, on=submitted, by=by)


@row("correction.say_read", holds="Application")
def _(stage: Stage) -> Act:
    submitted, by = stage.submitted, stage.officer
    seen = [CorrectionFactory.create(application=submitted).pk]
    tell = partial(tell_at_once, submitted, by=by, seen=seen, despite_unread=SHEETS)
    return Act(tell, on=submitted, by=by)


@row("application.open")
def _(stage: Stage) -> Act:
    submitted = stage.submitted
    look = stage.open(stage.officer, "applications:pre_review", submitted.pk)
    return Act(look, on=submitted, by=stage.officer)


@row("correction.drop", holds="Application")
def _(stage: Stage) -> Act:
    noted = CorrectionFactory.create(application=stage.submitted)
    return Act(
        partial(corrections.drop, noted, by=stage.officer), on=stage.submitted, by=stage.officer
    )


@row("correction.answer", holds="Application")
def _(stage: Stage) -> Act:
    returned = ApplicationFactory.create(
        applicant=stage.applicant, created_by=stage.agent, submitted=True, status=Status.RETURNED
    )
    sent = CorrectionFactory.create(application=returned, sent=True)
    answer = partial(intake.answer_correction, sent, answer="已换。", by=stage.agent)
    return Act(answer, on=returned, by=stage.agent)


@row("return_reason.create", holds="ReturnReason")
def _(stage: Stage) -> Act:
    reason = ReturnReason(numbers=[8], defect="看不清。", mend="请重拍。")
    save = partial(save_reason, reason, changed=["defect"], by=stage.officer)
    return Act(save, on=lambda: ReturnReason.objects.latest("pk"), by=stage.officer)


@row("return_reason.change")
def _(stage: Stage) -> Act:
    reason = ReturnReason.objects.get(code="R02")
    save = partial(save_reason, reason, changed=["defect"], by=stage.officer)
    return Act(save, on=reason, by=stage.officer)


# Parameters ---------------------------------------------------------------------------------------


@row("parameter.withdraw", holds="Parameter")
def _(stage: Stage) -> Act:
    fee = Parameter.objects.create(code="test.fee", group="费用", name="收费", unit=Unit.YUAN)
    fee.values.create(value=720, valid_from=date(2026, 1, 1), source="甲")
    tomorrow = timezone.localdate() + timedelta(days=1)
    coming = fee.values.create(value=800, valid_from=tomorrow, source="甲")
    return Act(partial(withdraw_value, coming, by=stage.officer), on=fee, by=stage.officer)


@row("parameter.change")
def _(stage: Stage) -> Act:
    fee = Parameter.objects.create(code="test.fee", group="费用", name="收费", unit=Unit.YUAN)
    value = ParameterValue(value=720, valid_from=date(2026, 1, 1), source="某市指南")
    return Act(partial(set_value, fee, value, by=stage.officer), on=fee, by=stage.officer)


# Reviews ------------------------------------------------------------------------------------------


def tabled(stage: Stage, **fields: Any) -> ReviewTable:
    """A table of four days and a blank PDF; its clock has just begun to run."""
    application = ApplicationFactory.create(
        applicant=stage.applicant,
        created_by=stage.agent,
        submitted=True,
        status=fields.pop("status", Status.IN_REVIEW),
    )
    table: ReviewTable = ReviewTableFactory.create(
        application=application, circulated_by=stage.officer, **fields
    )
    return table


def opinion_in(table: ReviewTable, code: str) -> Opinion:
    opinion: Opinion = table.opinions.with_case().get(department__code=code)
    return opinion


@row("review.circulate", holds="Application NumberSequence")
def _(stage: Stage) -> Act:
    by = stage.station.officer
    return Act(
        partial(circulation.circulate, stage.submitted, by=by, despite_unread=SHEETS),
        on=ReviewTable.objects.get,
        by=by,
    )


@row("review.pause", holds="Application ReviewTable")
def _(stage: Stage) -> Act:
    table, by = tabled(stage), stage.police_liaison
    return Act(partial(circulation.ask_supplement, table, {10: "请重扫。"}, by=by), on=table, by=by)


@row("review.resume", holds="Application Pause ReviewTable")
def _(stage: Stage) -> Act:
    table, by = tabled(stage), stage.agent
    circulation.ask_supplement(table, {10: "请重扫。"}, by=stage.officer)
    intake.answer_correction(table.application.corrections.get(), answer="已核对。", by=by)
    return Act(partial(circulation.supplement, table.application, by=by), on=table, by=by)


@row("review.recall", holds="Application ReviewTable")
def _(stage: Stage) -> Act:
    table, by = tabled(stage), stage.officer
    return Act(partial(circulation.recall, table, reason="职务有误", by=by), on=table, by=by)


@row("review.void", holds="Application ReviewTable")
def _(stage: Stage) -> Act:
    table, by = tabled(stage), stage.agent
    withdraw = partial(circulation.withdraw, table.application, reason="不用", by=by)
    return Act(withdraw, on=table, by=by)


def close_tuesday(*, by: User) -> None:
    with time_machine.travel(on(23, 11), tick=False):
        calendar.close_station(date(2026, 11, 24), "停电", by=by)


@row("review.move_deadlines", holds="ReviewTable")
def _(stage: Stage) -> Act:
    table, by = stage.on_the_clock, stage.officer
    return Act(partial(close_tuesday, by=by), on=table, by=by)


@row("application.move_deadline", holds="ReviewTable")
def _(stage: Stage) -> Act:
    application, by = stage.draft, stage.officer
    with time_machine.travel(on(23, 10), tick=False):
        perform(application, Action.SUBMIT, by=stage.agent)
    return Act(partial(close_tuesday, by=by), on=application, by=by)


@row("enterprise.move_deadline", holds="ReviewTable")
def _(stage: Stage) -> Act:
    enterprise, by = EnterpriseFactory.create(pending=True), stage.officer
    agent_of(enterprise)
    standing_page(enterprise, 2)
    with time_machine.travel(on(23, 10), tick=False):
        settle_waiting(enterprise)
    return Act(partial(close_tuesday, by=by), on=enterprise, by=by)


@row("opinion.draft", holds="ReviewTable")
def _(stage: Stage) -> Act:
    opinion, by = opinion_in(tabled(stage), "police"), stage.police_liaison
    draft = Draft({}, "同意。", "agree")
    save = partial(opinions.save_draft, opinion, draft, by=by, seen_version=None)
    return Act(save, on=opinion, by=by)


@row("opinion.sign", holds="ReviewTable")
def _(stage: Stage) -> Act:
    opinion, by = stage.station.draft(stage.circulated, "police"), stage.police_liaison
    return Act(partial(opinions.sign, opinion, by=by), on=opinion, by=by)


@row("opinion.paper", holds="ReviewTable")
def _(stage: Stage) -> Act:
    opinion, by = opinion_in(stage.circulated, "police"), stage.officer
    confirm_scan(add_scan(stage.circulated, sheet(), by=by), by=by)
    answer = PaperAnswer(Draft({}, "同意。", "agree"), timezone.localdate())
    return Act(partial(record_paper, opinion, answer, by=by), on=opinion, by=by)


@row("opinion.self_check")
def _(stage: Stage) -> Act:
    opinion, by = opinion_in(tabled(stage), "police"), stage.police_liaison
    return Act(
        partial(self_check_alarms.report_self_check, opinion, "坏了", by=by), on=opinion, by=by
    )


@row("review.self_check")
def _(stage: Stage) -> Act:
    submitted, by = stage.submitted, stage.officer
    report = partial(self_check_alarms.report_failed_certification, submitted, "坏了", by=by)
    return Act(report, on=submitted, by=by)


@row("revision.altered")
def _(stage: Stage) -> Act:
    table, by = tabled(stage), stage.officer
    error = RevisionAltered(table.newest_revision(), "SHA-256不同")
    return Act(partial(report_altered, error, by=by), on=table, by=by)


@row("revision.altered")
def _(stage: Stage) -> Act:
    table = tabled(stage)
    table.revisions.update(sha256="0" * 64)
    look = stage.open(stage.officer, "reviews:table_pdf", table.pk)
    return Act(look, on=table, by=stage.officer)


@row("opinion.assign", holds="ReviewTable")
def _(stage: Stage) -> Act:
    opinion, by = opinion_in(tabled(stage), "tax"), stage.tax_liaison
    colleague = liaison("tax", username="tax2")
    hand_over = partial(leave.transfer, opinion, to=colleague, reason="出差", by=by)
    return Act(hand_over, on=opinion, by=by)


@row("opinion.assign", holds="ReviewTable")
def _(stage: Stage) -> Act:
    """By the portal itself, when the liaison is switched off."""
    opinion, colleague = opinion_in(tabled(stage), "tax"), liaison("tax", username="tax2")
    Opinion.objects.filter(pk=opinion.pk).update(
        owner=stage.tax_liaison, assignee=stage.tax_liaison
    )
    User.objects.filter(pk=stage.tax_liaison.pk).update(is_active=False)
    assert colleague.is_active
    return Act(settle_assignments, on=opinion, by=None)


def away(stage: Stage) -> Leave:
    today = timezone.localdate()
    return Leave(user=stage.tax_liaison, first_day=today, last_day=today + timedelta(days=2))


@row("leave.enter", holds="User")
def _(stage: Stage) -> Act:
    by = stage.tax_liaison
    return Act(partial(leave.enter_leave, away(stage), by=by), on=Leave.objects.get, by=by)


@row("leave.cancel", holds="Leave")
def _(stage: Stage) -> Act:
    entered, by = away(stage), stage.tax_liaison
    leave.enter_leave(entered, by=by)
    return Act(partial(leave.cancel_leave, entered, by=by), on=entered, by=by)


@row("phrase.add")
def _(stage: Stage) -> Act:
    department = stage.tax_liaison.department
    phrase = Phrase(department=department, text="情况属实。", conclusion="agree", position=99)
    add = partial(save_phrase, phrase, by=stage.tax_liaison)
    return Act(add, on=lambda: Phrase.objects.latest("pk"), by=stage.tax_liaison)


@row("phrase.change")
def _(stage: Stage) -> Act:
    phrase = Phrase.objects.filter(department=stage.tax_liaison.department).first()
    assert phrase is not None
    return Act(partial(save_phrase, phrase, by=stage.tax_liaison), on=phrase, by=stage.tax_liaison)


@row("personal.reveal")
def _(stage: Stage) -> Act:
    table = tabled(stage)
    opinion = opinion_in(table, "police")
    show = stage.press(stage.police_liaison, "reviews:opinion_reveal", opinion.pk)
    return Act(show, on=table, by=stage.police_liaison)


@row("package.download")
def _(stage: Stage) -> Act:
    now = timezone.now()
    table = tabled(stage, status=Status.ENDORSED)
    ReviewTable.objects.filter(pk=table.pk).update(status="concluded", concluded_at=now)
    take = stage.open(stage.agent, "cards:package", table.application_id)
    return Act(take, on=table.application, by=stage.agent)


@row("card.issue")
def _(stage: Stage) -> Act:
    applicant, by, today = ApplicantFactory.create(), stage.officer, timezone.localdate()
    until = today + timedelta(days=1000)
    given: dict[str, Any] = {
        "number": "C12345678",
        "issued_on": today,
        "card_until": until,
        "economies": {},
    }
    return Act(
        partial(issue_card, applicant=applicant, by=by, **given),
        on=Card.objects.get,
        by=by,
    )


def cancelling(stage: Stage) -> Cancellation:
    card = CardFactory.create(applicant=stage.applicant)
    day = timezone.localdate()
    return report_cancellation(card, cause=LEFT, happened_on=day, by=stage.agent)


def handed_in(stage: Stage) -> Cancellation:
    day, cancellation = timezone.localdate(), cancelling(stage)
    return cancellations.receive_card(cancellation, on=day, handed_in_by="张三", by=stage.officer)


def approve(application: Application, stage: Stage) -> None:
    for number in application.service.numbers(application.cause):
        material_page(application, number)
    moves.submit(application, by=stage.agent)
    moves.approve(application, by=stage.officer, despite_unread=range(19))


@row("service.words", holds="Application")
def _(stage: Stage) -> Act:
    case, by = cancelling(stage).application, stage.agent
    return Act(partial(save_words, case, words="新的说明", by=by), on=case, by=by)


@row("service.letter")
def _(stage: Stage) -> Act:
    case = cancelling(stage).application
    return Act(stage.open(stage.agent, "cards:service_letter", case.pk), on=case, by=stage.agent)


def a_letter(stage: Stage) -> WrittenLetter:
    letter = letters.begin_letter(
        "profile",
        enterprise=stage.enterprise,
        application=stage.ready_draft,
        by=stage.agent,
    )
    return WrittenLetter.objects.with_people().get(pk=letter.pk)


@row("written_letter.begin")
def _(stage: Stage) -> Act:
    case, by = stage.ready_draft, stage.agent
    begin = partial(
        letters.begin_letter, "profile", enterprise=case.enterprise, application=case, by=by
    )
    return Act(begin, on=WrittenLetter.objects.get, by=by)


@row("written_letter.save", holds="WrittenLetter")
def _(stage: Stage) -> Act:
    letter, by = a_letter(stage), stage.agent
    draft = letters.LetterDraft({"成立年份": "2009"}, (), {}, letter.body, letter.person_line)
    return Act(partial(letters.save_letter, letter, draft=draft, by=by), on=letter, by=by)


@row("written_letter.delete")
def _(stage: Stage) -> Act:
    letter, by = a_letter(stage), stage.agent
    deleted = WrittenLetter.objects.get(pk=letter.pk)
    return Act(partial(letters.delete_letter, letter, by=by), on=deleted, by=by)


@row("written_letter.download")
def _(stage: Stage) -> Act:
    letter, by = a_letter(stage), stage.agent
    return Act(stage.open(by, "letters:letter_file", letter.pk, "docx"), on=letter, by=by)


@row("written_letter.receipt")
def _(stage: Stage) -> Act:
    case, by = stage.submitted, stage.agent
    return Act(stage.open(by, "letters:receipt", case.pk, "docx"), on=case, by=by)


def another_template(stage: Stage) -> Callable[[], Any]:
    profile = KINDS["profile"]
    data = word_file("{{ 正文 }}")
    return partial(
        templates.replace_template, profile, data, name="x.docx", seen_version=0, by=stage.officer
    )


@row("letter_template.replace", holds="LetterTemplate")
def _(stage: Stage) -> Act:
    return Act(another_template(stage), on=LetterTemplate.objects.get, by=stage.officer)


@row("letter_template.restore", holds="LetterTemplate")
def _(stage: Stage) -> Act:
    another_template(stage)()
    by = stage.officer
    restore = partial(
        templates.restore_template, KINDS["profile"], version=0, seen_version=1, by=by
    )
    return Act(restore, on=lambda: LetterTemplate.objects.get(version=2), by=by)


@row("service.done", holds="Application CardRequest")
def _(stage: Stage) -> Act:
    first = ApplicationFactory.create(
        applicant=stage.applicant, submitted=True, status=Status.ENDORSED
    )
    by, filing = stage.agent, Filing.of(first)
    case = begin_on_filing(filing, kind=Kind.PASSPORT_ONLY, by=by).application
    approve(case, stage)
    done = partial(report_done, case, on=timezone.localdate(), by=by)
    return Act(done, on=case, by=by)


def lost(stage: Stage, card: Card) -> LossReport:
    return report_loss(
        card, how="lost", noticed_at=timezone.now(), last_holder="张三", by=stage.agent
    )


@row("loss.report", holds="Card")
def _(stage: Stage) -> Act:
    card = CardFactory.create(applicant=stage.applicant)
    return Act(partial(lost, stage, card), on=LossReport.objects.get, by=stage.agent)


@row("loss.found", holds="Card")
def _(stage: Stage) -> Act:
    card = CardFactory.create(applicant=stage.applicant)
    lost(stage, card)
    return Act(partial(report_found, card, by=stage.agent), on=card, by=stage.agent)


@row("cancellation.report", holds="Card Enterprise")
def _(stage: Stage) -> Act:
    report = partial(cancelling, stage)
    return Act(report, on=Cancellation.objects.get, by=stage.agent)


@row("cancellation.receive", holds="Cancellation")
def _(stage: Stage) -> Act:
    cancellation, by = cancelling(stage), stage.officer
    day = timezone.localdate()
    receive = partial(cancellations.receive_card, cancellation, on=day, handed_in_by="张三", by=by)
    return Act(receive, on=cancellation, by=by)


@row("cancellation.excuse", holds="Cancellation")
def _(stage: Stage) -> Act:
    cancellation, by = cancelling(stage), stage.agent
    excuse = partial(cancellations.excuse_card, cancellation, why="在国外遗失", by=by)
    return Act(excuse, on=cancellation, by=by)


@row("cancellation.complete", holds="Cancellation")
def _(stage: Stage) -> Act:
    cancellation, by = handed_in(stage), stage.officer
    approve(cancellation.application, stage)
    complete = partial(cancellations.complete, cancellation, on=timezone.localdate(), by=by)
    return Act(complete, on=cancellation, by=by)


@row("cancellation.drop", holds="Cancellation")
def _(stage: Stage) -> Act:
    cancellation, by = cancelling(stage), stage.agent
    withdraw = partial(moves.withdraw, cancellation.application, reason="不走了", by=by)
    return Act(withdraw, on=cancellation, by=by)


@row("cancellation.receipt")
def _(stage: Stage) -> Act:
    cancellation = handed_in(stage)
    take = stage.open(stage.agent, "cards:receipt", cancellation.pk)
    return Act(take, on=cancellation, by=stage.agent)


@row("card.mark", holds="Card")
def _(stage: Stage) -> Act:
    card, by = CardFactory.create(), stage.agent
    return Act(partial(mark, card, kind=EventKind.LOST, by=by), on=card, by=by)


def filing_at(stage: Stage, *before: StepCode) -> Application:
    """Endorsed, with these entries of its filing."""
    case = ApplicationFactory.create(
        applicant=stage.applicant, created_by=stage.agent, submitted=True, status="endorsed"
    )
    for step in before:
        enter_step(case, step, ENTRY, by=stage.officer)
    return case


ENTRY = StepEntry(on=timezone.localdate(), number="SQ1", place="外办", person="甲", words="照片")
FILED_STEPS = (StepCode.FILED, StepCode.ACCEPTED, StepCode.PAID, StepCode.PASSED)
# What stands before each step.
BEFORE: dict[StepCode, tuple[StepCode, ...]] = {
    StepCode.REGISTERED: (),
    StepCode.FILED: (),
    StepCode.RETURNED: FILED_STEPS[:1],
    StepCode.REFILED: (StepCode.FILED, StepCode.RETURNED),
    StepCode.ACCEPTED: FILED_STEPS[:1],
    StepCode.PAID: FILED_STEPS[:2],
    StepCode.RECEIPT: FILED_STEPS[:3],
    StepCode.INVOICED: FILED_STEPS[:3],
    StepCode.PASSED: FILED_STEPS[:3],
    StepCode.PRINTED: FILED_STEPS,
    StepCode.READY: FILED_STEPS,
    StepCode.COLLECTED: FILED_STEPS,
    StepCode.ISSUED: (*FILED_STEPS, StepCode.COLLECTED),
    StepCode.STOPPED: (),
}


def enter_row(step: StepCode, before: tuple[StepCode, ...]) -> None:
    @row(f"filing.{step}", holds="Application")
    def _(stage: Stage) -> Act:
        case, by = filing_at(stage, *before), stage.officer
        enter = partial(enter_step, case, step, ENTRY, by=by)
        return Act(enter, on=lambda: Filing.objects.get(), by=by)


for step, before in BEFORE.items():
    enter_row(step, before)


@row("filing.taken_back", holds="Application Filing")
def _(stage: Stage) -> Act:
    case, by = filing_at(stage, StepCode.FILED), stage.officer
    return Act(partial(take_back, case, reason="看错了。", by=by), on=case.filing, by=by)


@row("filing.economies", holds="Application Filing")
def _(stage: Stage) -> Act:
    case, by = filing_at(stage, *FILED_STEPS), stage.officer
    reports = [
        EconomyReport("JPN", "granted", timezone.localdate()),
        EconomyReport("KOR", "refused"),
    ]
    enter = partial(report_economies, case, reports, source="mail", by=by)
    return Act(enter, on=case.filing, by=by)


@row("filing.view_page")
def _(stage: Stage) -> Act:
    case = filing_at(stage, StepCode.FILED)
    file = stored_picture(picture(8))
    page = FilingPage.objects.create(event=case.filing.events.get(), file=file, position=1)
    look = stage.open(stage.officer, "cards:filing_page", case.pk, page.pk)
    return Act(look, on=case.filing, by=stage.officer)


@row("card.reveal")
def _(stage: Stage) -> Act:
    card = CardFactory.create(applicant__enterprise=stage.agent.agency.enterprise)
    show = stage.press(stage.agent, "cards:card_reveal", card.pk)
    return Act(show, on=card, by=stage.agent)


@row("card.view")
def _(stage: Stage) -> Act:
    card = CardFactory.create()
    page = card.pages.create(file=stored_picture(picture(8)), side="front", position=1)
    look = stage.open(stage.officer, "cards:card_picture", card.pk, page.pk)
    return Act(look, on=card, by=stage.officer)


def staged(stage: Stage, state: str = "checked", **fields: Any) -> ImportBatch:
    """A batch of one row, of a table of cards."""
    batch = ImportBatch.objects.create(
        kind="cards",
        state=state,
        sha256="0" * 64,
        head_hash="0" * 64,
        heads=["卡号", "姓名", "护照号码", "发卡日期"],
        created_by=stage.officer,
        **fields,
    )
    batch.rows.create(line=2, raw={"cells": ["C00000001"]}, outcome="same")
    return batch


@row("import.stage")
def _(stage: Stage) -> Act:
    sheet = ImportedSheet("", [SheetRow(2, ["C1"])], [])
    layout = Layout(1, ["卡号"], {}, 0)
    by = stage.officer
    keep = partial(stage_sheet, kinds()["cards"], sheet, layout, data=b"x", name="卡.xlsx", by=by)
    return Act(keep, on=ImportBatch.objects.get, by=by)


@row("import.map", holds="ImportBatch")
def _(stage: Stage) -> Act:
    batch, by = staged(stage, "mapping"), stage.officer
    places = {"number": 0, "holder_name": 1, "passport_number": 2, "issued_on": 3}
    return Act(partial(choose_columns, batch, places, by=by), on=batch, by=by)


@row("import.write", holds="ImportBatch")
def _(stage: Stage) -> Act:
    batch, by = staged(stage), stage.officer
    ask_to_write(batch, by=by)
    return Act(partial(work_off, batch.pk), on=batch, by=by)


@row("import.undo", holds="ImportBatch")
def _(stage: Stage) -> Act:
    batch, by = staged(stage, "written", written_at=timezone.now()), stage.officer
    ask_to_undo(batch, by=by)
    return Act(partial(work_off, batch.pk), on=batch, by=by)


@row("import.drop", holds="ImportBatch")
def _(stage: Stage) -> Act:
    batch, by = staged(stage), stage.officer
    return Act(partial(drop, batch, by=by), on=batch, by=by)


@row("import.problems")
def _(stage: Stage) -> Act:
    batch = staged(stage)
    take = stage.open(stage.officer, "imports:problems", batch.pk)
    return Act(take, on=batch, by=stage.officer)


def reported(stage: Stage) -> StageReport:
    today = timezone.localdate()
    return stage_reports.ask_for(Period(today, today), by=stage.officer, nonce="n" * 32)


@row("stage_report.ask")
def _(stage: Stage) -> Act:
    return Act(partial(reported, stage), on=StageReport.objects.get, by=stage.officer)


@row("stage_report.write", holds="StageReport")
def _(stage: Stage) -> Act:
    report, by = reported(stage), stage.officer
    write = partial(stage_reports.write_words, report, {"next": "继续宣讲。"}, by=by)
    return Act(write, on=report, by=by)


@row("stage_report.download")
def _(stage: Stage) -> Act:
    report, by = reported(stage), stage.officer
    return Act(stage.open(by, "stage:download", report.pk, "xlsx"), on=report, by=by)


@row("stage_report.yearly")
def _(stage: Stage) -> Act:
    by = stage.officer
    return Act(stage.open(by, "stage:yearly_download", "xlsx"), on=by, by=by)


@row("export.download")
def _(stage: Stage) -> Act:
    by = stage.officer
    return Act(stage.press(by, "exports:export", "enterprises", form="csv"), on=by, by=by)


@row("table.view")
def _(stage: Stage) -> Act:
    table = tabled(stage)
    look = stage.open(stage.officer, "reviews:table_preview", table.pk)
    return Act(look, on=table, by=stage.officer)


@row("table.download")
def _(stage: Stage) -> Act:
    table = tabled(stage)
    take = stage.open(stage.officer, "reviews:table_pdf", table.pk)
    return Act(take, on=table, by=stage.officer)


@row("table.download")
def _(stage: Stage) -> Act:
    table = tabled(stage)
    take = stage.open(stage.officer, "reviews:table_jpg", table.pk, 1)
    return Act(take, on=table, by=stage.officer)


def sheet() -> list[tuple[str, bytes]]:
    buffer = io.BytesIO()
    Image.new("RGB", (1240, 1754), "white").save(buffer, "JPEG")
    return [("扫描.jpg", buffer.getvalue())]


@row("scan.upload", holds="ReviewTable")
def _(stage: Stage) -> Act:
    table, by = tabled(stage), stage.officer
    return Act(partial(add_scan, table, sheet(), by=by), on=table, by=by)


@row("scan.confirm", holds="ReviewTable")
def _(stage: Stage) -> Act:
    table, by = tabled(stage), stage.officer
    scan = add_scan(table, sheet(), by=by)
    return Act(partial(confirm_scan, scan, by=by), on=table, by=by)


@row("scan.remove", holds="ReviewTable")
def _(stage: Stage) -> Act:
    table, by = tabled(stage), stage.officer
    scan = add_scan(table, sheet(), by=by)
    return Act(partial(remove_scan, scan, by=by), on=table, by=by)


@row("scan.restore", holds="ReviewTable")
def _(stage: Stage) -> Act:
    table, by = tabled(stage), stage.officer
    scan = remove_scan(add_scan(table, sheet(), by=by), by=by)
    return Act(partial(restore_scan, scan, by=by), on=table, by=by)


@row("scan.view")
def _(stage: Stage) -> Act:
    table = tabled(stage)
    page = add_scan(table, sheet(), by=stage.officer).pages.get()
    look = stage.open(stage.officer, "reviews:wet_scan_page", table.pk, page.pk)
    return Act(look, on=table, by=stage.officer)


@row("letter.download")
def _(stage: Stage) -> Act:
    corrections.note(stage.submitted, number=8, words="请换。", by=stage.officer)
    sent = perform(stage.submitted, Action.RETURN, by=stage.officer)
    stage.submitted.corrections.update(sent_at=timezone.now(), told_in=sent)
    take = stage.open(stage.agent, "applications:letter_pdf", sent.pk)
    return Act(take, on=stage.submitted, by=stage.agent)


# Certificates -------------------------------------------------------------------------------------


@row("certificate.issue")
def _(stage: Stage) -> Act:
    assert stage.station
    tax, by = Department.objects.get(code="tax"), stage.security_admin
    return Act(
        partial(authority.issue, tax, by=by), on=lambda: Certificate.objects.latest("pk"), by=by
    )


@row("certificate.import")
def _(stage: Stage) -> Act:
    tax, by, outside = Department.objects.get(code="tax"), stage.security_admin, licensed()
    data = packed(outside.signer, outside.middle, outside.root)
    return Act(
        partial(imports.import_pkcs12, tax, data=data, passphrase="from outside", by=by),
        on=lambda: Certificate.objects.exclude(chain_pem="").get(),
        by=by,
    )


@row("certificate.seal_remove")
def _(stage: Stage) -> Act:
    assert stage.station
    tax, by = Department.objects.get(code="tax"), stage.security_admin
    certificate = register.register_seal(tax, drawn(150))
    return Act(partial(register.remove_seal, tax, by=by), on=certificate, by=by)


@row("certificate.seal")
def _(stage: Stage) -> Act:
    assert stage.station
    tax, by = Department.objects.get(code="tax"), stage.security_admin
    act = partial(register.register_seal, tax, drawn(150), by=by)
    return Act(act, on=lambda: Certificate.objects.exclude(seal_image=None).get(), by=by)


@row("certificate.revoke")
def _(stage: Stage) -> Act:
    assert stage.station
    issued, by = Certificate.objects.get(department__code="tax"), stage.security_admin
    return Act(partial(authority.revoke, issued, reason="离职", by=by), on=issued, by=by)


# The calendar -------------------------------------------------------------------------------------


@row("calendar.import", holds="HolidayNotice ReviewTable WorkdayOverride")
def _(stage: Stage) -> Act:
    notice, by = parse_notice(as_csv(DAYS_2027).encode(), 2027), stage.officer
    enter = partial(calendar.import_notice, notice, by=by)
    return Act(enter, on=lambda: HolidayNotice.objects.get(year=2027), by=by)


def closed(stage: Stage) -> StationClosure:
    with time_machine.travel(on(23, 11), tick=False):
        return calendar.close_station(date(2026, 11, 24), "停电", by=stage.officer)


@row("calendar.close", holds="ReviewTable")
def _(stage: Stage) -> Act:
    return Act(partial(closed, stage), on=StationClosure.objects.get, by=stage.officer)


@row("calendar.reopen", holds="ReviewTable StationClosure")
def _(stage: Stage) -> Act:
    closure, by = closed(stage), stage.officer
    return Act(partial(calendar.reopen_station, closure.pk, by=by), on=closure, by=by)


@row("calendar.recompute", holds="ReviewTable")
def _(stage: Stage) -> Act:
    closure, by = StationClosure(pk=7, date=date(2026, 11, 24), reason="停电"), stage.officer
    follow = partial(follow_calendar, closure, why="停电", by=by)
    return Act(follow, on=closure, by=by)


@row("opinion.chase", holds="Reminder ReviewTable")
def _(stage: Stage) -> Act:
    table, by = stage.on_the_clock, stage.officer
    assert stage.tax_liaison
    opinion = opinion_in(table, "tax")

    def chase() -> None:
        with time_machine.travel(on(24, 10), tick=False):
            chasing.chase(table, [opinion.pk], by=by)

    return Act(chase, on=opinion, by=by)


@row("feed.give", holds="CalendarToken")
def _(stage: Stage) -> Act:
    by = stage.officer
    return Act(partial(calendar_feed.give_address, by=by), on=CalendarToken.objects.get, by=by)


@row("feed.revoke", holds="CalendarToken")
def _(stage: Stage) -> Act:
    by = stage.officer
    calendar_feed.give_address(by=by)
    given = CalendarToken.objects.get()
    return Act(partial(calendar_feed.revoke_address, by=by), on=given, by=by)


# Duty and follow-up -------------------------------------------------------------------------------


def duty_card(stage: Stage) -> Card:
    return duty_parts.card_of(stage.enterprise)


def duty_breach(stage: Stage) -> Breach:
    today = timezone.localdate()
    made: Breach = state_breach(
        stage.enterprise, kind="other", happened_on=today, facts="事实", by=stage.officer
    )
    return made


def duty_measure(stage: Stage) -> Measure:
    today = timezone.localdate()
    return take_measure(
        duty_breach(stage),
        kind="suspend",
        starts_on=today,
        ends_on=today + timedelta(days=30),
        review_on=today,
        words="中止",
        by=stage.officer,
    )


def duty_finding(stage: Stage) -> VisitFinding:
    visit = duty_parts.visit_to(stage.enterprise)
    due_on = timezone.localdate() + timedelta(days=9)
    return visiting.add_finding(visit, words="没有登记", due_on=due_on, by=stage.officer)


def duty_report(stage: Stage, *, filled: bool = False, sent: bool = False) -> PeriodReport:
    assert stage.agent
    report = duty_parts.report_of(stage.enterprise)
    if filled or sent:
        report = reporting.fill_report(report, by=stage.agent)
    return reporting.send_report(report, by=stage.agent) if sent else report


@row("duty.text", holds="StationText")
def _(stage: Stage) -> Act:
    text = "卡集中存放\n有领用登记"
    save = partial(save_text, "checklist", text=text, seen_version=1, by=stage.officer)
    return Act(save, on=lambda: StationText.objects.newest("checklist"), by=stage.officer)


@row("duty.rules", holds="Enterprise")
def _(stage: Stage) -> Act:
    chosen = Choices("综合部", "保险柜", 7, "报告", "收回", timezone.localdate())
    write = partial(duty_rules.write_rules, stage.enterprise, chosen=chosen, by=stage.agent)
    return Act(write, on=ManagementRules.objects.get, by=stage.agent)


@row("duty.keeper", holds="Enterprise")
def _(stage: Stage) -> Act:
    typed: dict[str, Any] = {"name": "王保管", "post": "", "phone": "023-58000001"}
    typed["since"] = timezone.localdate()
    add = partial(duty_rules.add_keeper, stage.enterprise, **typed, by=stage.agent)
    return Act(add, on=Keeper.objects.get, by=stage.agent)


@row("duty.keeper_end", holds="Keeper")
def _(stage: Stage) -> Act:
    keeper = duty_parts.keeper_of(stage.enterprise, stage.agent)
    return Act(partial(duty_rules.end_keeper, keeper, by=stage.agent), on=keeper, by=stage.agent)


def duty_letter(stage: Stage) -> CollectionLetter:
    typed = {"collector": "王领卡", "post": "", "id_number": "", "phone": "1", "holders": "张样例"}
    day = timezone.localdate()
    return duty_rules.write_letter(stage.enterprise, **typed, collects_on=day, by=stage.agent)


@row("duty.letter", holds="Enterprise")
def _(stage: Stage) -> Act:
    assert stage.agent
    return Act(partial(duty_letter, stage), on=CollectionLetter.objects.get, by=stage.agent)


@row("duty.print")
def _(stage: Stage) -> Act:
    letter = duty_letter(stage)
    read = stage.open(stage.agent, "cards:collection_letter_pdf", letter.pk)
    return Act(read, on=letter, by=stage.agent)


@row("duty.give_link", holds="Lending")
def _(stage: Stage) -> Act:
    keeper = duty_parts.keeper_of(stage.enterprise, stage.agent)
    lending = duty_parts.lent(duty_card(stage), keeper, stage.agent)
    return Act(partial(give_link, lending, by=stage.agent), on=lending, by=stage.agent)


@row("duty.report_fill", holds="PeriodReport")
def _(stage: Stage) -> Act:
    report = duty_report(stage)
    return Act(partial(reporting.fill_report, report, by=stage.agent), on=report, by=stage.agent)


@row("duty.report_correct", holds="PeriodReport")
def _(stage: Stage) -> Act:
    report = duty_report(stage, filled=True)
    correct = partial(reporting.correct_report, report, rows={}, remarks="无", by=stage.agent)
    return Act(correct, on=report, by=stage.agent)


@row("duty.report_send", holds="PeriodReport")
def _(stage: Stage) -> Act:
    report = duty_report(stage, filled=True)
    return Act(partial(reporting.send_report, report, by=stage.agent), on=report, by=stage.agent)


@row("duty.report_again", holds="PeriodReport")
def _(stage: Stage) -> Act:
    report = duty_report(stage, sent=True)
    again = partial(reporting.correct_after_sending, report, by=stage.agent)
    return Act(again, on=lambda: PeriodReport.objects.get(sequence=2), by=stage.agent)


@row("duty.report_read")
def _(stage: Stage) -> Act:
    report = duty_report(stage, sent=True)
    read = stage.open(stage.officer, "cards:report_pdf", report.pk)
    return Act(read, on=report, by=stage.officer)


@row("duty.report_remind")
def _(stage: Stage) -> Act:
    report = duty_report(stage)
    remind = partial(reporting.remind_missing, report.period, [report], by=stage.officer)
    return Act(remind, on=report, by=stage.officer)


@row("duty.reveal")
def _(stage: Stage) -> Act:
    report = duty_report(stage)
    show = stage.press(stage.officer, "cards:missing_reveal", period=report.period_id)
    return Act(show, on=report.period, by=stage.officer)


@row("duty.breach", holds="Enterprise")
def _(stage: Stage) -> Act:
    assert stage.officer
    return Act(partial(duty_breach, stage), on=Breach.objects.get, by=stage.officer)


@row("duty.statement", holds="Breach")
def _(stage: Stage) -> Act:
    breach = duty_breach(stage)
    answer = partial(answer_breach, breach, statement="已经交回", by=stage.agent)
    return Act(answer, on=breach, by=stage.agent)


@row("duty.measure", holds="Breach Enterprise")
def _(stage: Stage) -> Act:
    assert stage.officer
    return Act(partial(duty_measure, stage), on=Measure.objects.get, by=stage.officer)


@row("duty.measure_review", holds="Measure")
def _(stage: Stage) -> Act:
    measure, by = duty_measure(stage), stage.officer
    return Act(partial(review_measure, measure, words="已改正", by=by), on=measure, by=by)


@row("duty.measure_lift", holds="Measure Enterprise")
def _(stage: Stage) -> Act:
    measure, by = duty_measure(stage), stage.officer
    return Act(partial(lift_measure, measure, words="已改正", by=by), on=measure, by=by)


@row("duty.breach_close", holds="Breach")
def _(stage: Stage) -> Act:
    breach, by = duty_breach(stage), stage.officer
    return Act(partial(close_breach, breach, outcome="已改正", by=by), on=breach, by=by)


@row("duty.view_page")
def _(stage: Stage) -> Act:
    breach = duty_breach(stage)
    page = breach.pages.create(file=stored_picture(picture(8)), position=1)
    return Act(stage.open(stage.agent, "cards:breach_page", page.pk), on=breach, by=stage.agent)


@row("followup.plan", holds="Enterprise")
def _(stage: Stage) -> Act:
    typed: dict[str, Any] = {"kind": "call", "due_on": timezone.localdate(), "planned_for": None}
    plan = partial(plan_by_hand, stage.enterprise, **typed, assigned_to=None, by=stage.officer)
    return Act(plan, on=Visit.objects.get, by=stage.officer)


@row("followup.arrange", holds="Visit")
def _(stage: Stage) -> Act:
    visit, by, day = duty_parts.visit_to(stage.enterprise), stage.officer, timezone.localdate()
    arrange = partial(visiting.arrange, visit, kind="call", planned_for=day, assigned_to=by, by=by)
    return Act(arrange, on=visit, by=by)


@row("followup.checks", holds="Visit")
def _(stage: Stage) -> Act:
    visit, by = duty_parts.visit_to(stage.enterprise), stage.officer
    checks = [visiting.Check("有登记", "yes")]
    save = partial(visiting.save_checks, visit, checks=checks, summary="", person_met="", by=by)
    return Act(save, on=visit, by=by)


@row("followup.pictures", holds="Visit")
def _(stage: Stage) -> Act:
    visit, by = duty_parts.visit_to(stage.enterprise), stage.officer
    return Act(partial(visiting.add_pictures, visit, pictures=(), by=by), on=visit, by=by)


@row("followup.finish", holds="Visit")
def _(stage: Stage) -> Act:
    done = [{"words": "有登记", "answer": "yes", "note": ""}]
    visit, by = duty_parts.visit_to(stage.enterprise, checklist=done), stage.officer
    finish = partial(visiting.finish, visit, done_on=timezone.localdate(), by=by)
    return Act(finish, on=visit, by=by)


@row("followup.drop", holds="Visit")
def _(stage: Stage) -> Act:
    visit, by = duty_parts.visit_to(stage.enterprise), stage.officer
    return Act(partial(visiting.drop, visit, words="已注销", by=by), on=visit, by=by)


@row("followup.finding", holds="Visit")
def _(stage: Stage) -> Act:
    assert stage.officer
    return Act(partial(duty_finding, stage), on=VisitFinding.objects.get, by=stage.officer)


@row("followup.answer", holds="VisitFinding")
def _(stage: Stage) -> Act:
    finding, by = duty_finding(stage), stage.agent
    return Act(partial(visiting.answer_finding, finding, words="已登记", by=by), on=finding, by=by)


@row("followup.ask_again", holds="VisitFinding")
def _(stage: Stage) -> Act:
    finding, by, day = duty_finding(stage), stage.officer, timezone.localdate()
    visiting.answer_finding(finding, words="已登记", by=stage.agent)
    ask = partial(visiting.ask_again, finding, words="还缺一本", due_on=day, by=by)
    return Act(ask, on=finding, by=by)


@row("followup.close", holds="VisitFinding")
def _(stage: Stage) -> Act:
    finding, by = duty_finding(stage), stage.officer
    return Act(partial(visiting.close_finding, finding, words="已看过", by=by), on=finding, by=by)


@row("followup.feedback_link", holds="Card")
def _(stage: Stage) -> Act:
    card, by = duty_card(stage), stage.officer
    return Act(partial(feedback.give_link, card, by=by), on=card, by=by)


@row("followup.feedback", holds="FeedbackLink")
def _(stage: Stage) -> Act:
    card = duty_card(stage)
    link = feedback.link_of(feedback.give_link(card, by=stage.officer))
    give = partial(feedback.give_feedback, link, economies=["JPN"], gate="fast", trouble="")
    return Act(give, on=card, by=None, label=feedback.HOLDER)


# Outreach -----------------------------------------------------------------------------------------


@row("flow.begin")
def _(stage: Stage) -> Act:
    by = stage.officer
    return Act(partial(flows.begin_draft, by=by), on=lambda: Flow.objects.get(number=2), by=by)


@row("flow.change", holds="Flow")
def _(stage: Stage) -> Act:
    by = stage.officer
    draft = flows.begin_draft(by=by)
    return Act(partial(flows.save_document, draft, {}, by=by), on=draft, by=by)


@row("flow.drop", holds="Flow")
def _(stage: Stage) -> Act:
    by = stage.officer
    draft = flows.begin_draft(by=by)
    return Act(partial(flows.drop_draft, draft, by=by), on=draft, by=by)


@row("flow.publish", holds="Flow")
def _(stage: Stage) -> Act:
    by = stage.officer
    draft = flows.begin_draft(by=by)
    act = partial(
        flows.publish,
        draft,
        valid_from=timezone.localdate(),
        valid_until=None,
        source="",
        change="",
        by=by,
    )
    return Act(act, on=draft, by=by)


@row("case.pre_check")
def _(stage: Stage) -> Act:
    case, by = stage.submitted, stage.officer
    act = partial(
        flows.pre_check,
        case,
        flow=Flow.objects.get(),
        answers={"place": "no"},
        word="not_yet",
        reason="",
        nonce="n",
        by=by,
    )
    return Act(act, on=case, by=by)


ASKER = desk.Asker("王经理", "13800001234")


@row("call_back.ask")
def _(stage: Stage) -> Act:
    assert stage.officer
    act = partial(desk.ask_call_back, ASKER, when="any", answers={}, nonce="n")
    return Act(act, on=lambda: CallBack.objects.get(), by=None, label="公众")


@row("call_back.close", holds="CallBack")
def _(stage: Stage) -> Act:
    asked, by = CallBackFactory.create(), stage.officer
    return Act(partial(desk.close_call_back, asked, note="已答", by=by), on=asked, by=by)


@row("call_back.reveal")
def _(stage: Stage) -> Act:
    asked, by = CallBackFactory.create(), stage.officer
    return Act(stage.press(by, "outreach:call_back_reveal", asked.pk), on=asked, by=by)


@row("consultation.ask")
def _(stage: Stage) -> Act:
    assert stage.officer
    act = partial(desk.ask_question, ASKER, text="能办吗？", nonce="n")
    return Act(act, on=lambda: Consultation.objects.get(), by=None, label="公众")


@row("consultation.answer", holds="Consultation")
def _(stage: Stage) -> Act:
    asked, by = ConsultationFactory.create(), stage.officer
    act = partial(desk.answer_question, asked, answer="能", question=None, by=by)
    return Act(act, on=asked, by=by)


NONCE = "n" * 32


def consulting(**other: Any) -> taking.Asking:
    now = timezone.now()
    return taking.Asking(ASKER, "call", now, "能办吗？", None, Subject(**other))


@row("consultation.take")
def _(stage: Stage) -> Act:
    by = stage.officer
    act = partial(
        taking.take_down,
        consulting(),
        answer="",
        question=None,
        wants_draft=False,
        nonce=NONCE,
        by=by,
    )
    return Act(act, on=lambda: Consultation.objects.get(), by=by)


@row("consultation.sort", holds="Consultation")
def _(stage: Stage) -> Act:
    asked, by = ConsultationFactory.create(), stage.officer
    act = partial(taking.sort, asked, topic=None, subject=Subject(), by=by)
    return Act(act, on=asked, by=by)


@row("consultation.hand", holds="Consultation")
def _(stage: Stage) -> Act:
    asked, by = ConsultationFactory.create(), stage.officer
    act = partial(
        taking.hand_on,
        asked,
        colleague=stage.other_officer,
        department=None,
        request="请答复",
        nonce=NONCE,
        by=by,
    )
    return Act(act, on=asked, by=by)


@row("consultation.reply", holds="ConsultationHanding")
def _(stage: Stage) -> Act:
    handing, by = HandingFactory.create(), stage.tax_liaison
    return Act(partial(taking.reply, handing, words="是", by=by), on=handing, by=by)


@row("consultation.draft")
def _(stage: Stage) -> Act:
    asked, by = ConsultationFactory.create(), stage.officer
    return Act(partial(taking.draft_question, asked, by=by), on=asked, by=by)


@row("topic.save", holds="ConsultationTopic")
def _(stage: Stage) -> Act:
    topic, by = ConsultationTopic.objects.all()[0], stage.officer
    return Act(partial(save_topic, topic, by=by), on=topic, by=by)


@row("plan.phase", holds="PlanPhase")
def _(stage: Stage) -> Act:
    phase, by = PlanPhase.objects.all()[0], stage.officer
    return Act(partial(plan.save_row, phase, by=by), on=phase, by=by)


@row("plan.task", holds="PlanTask")
def _(stage: Stage) -> Act:
    task, by = PlanTask.objects.all()[0], stage.officer
    return Act(partial(plan.save_row, task, by=by), on=task, by=by)


@row("plan.meeting", holds="PlanMeeting")
def _(stage: Stage) -> Act:
    meeting, by = MeetingFactory.create(), stage.officer
    return Act(partial(plan.save_row, meeting, by=by), on=meeting, by=by)


@row("plan.talk", holds="PlanTalk")
def _(stage: Stage) -> Act:
    talk, by = TalkFactory.create(), stage.officer
    return Act(partial(plan.draft_article, talk, by=by), on=talk, by=by)


@row("consultation.reveal")
def _(stage: Stage) -> Act:
    asked, by = ConsultationFactory.create(), stage.officer
    return Act(stage.press(by, "outreach:consultation_reveal", asked.pk), on=asked, by=by)


@row("article.begin")
def _(stage: Stage) -> Act:
    article, by = Article(title="通知", body="正文"), stage.officer
    act = partial(articles.save_article, article, by=by)
    return Act(act, on=lambda: Article.objects.get(), by=by)


@row("article.change", holds="Article")
def _(stage: Stage) -> Act:
    article, by = ArticleFactory.create(), stage.officer
    return Act(partial(articles.save_article, article, by=by), on=article, by=by)


@row("article.ask_check", holds="Article")
def _(stage: Stage) -> Act:
    article, by = ArticleFactory.create(), stage.officer
    return Act(partial(articles.ask_for_check, article, by=by), on=article, by=by)


@row("article.send_back", holds="Article")
def _(stage: Stage) -> Act:
    article, by = ArticleFactory.create(checking=True), stage.officer
    return Act(partial(articles.send_back, article, by=by), on=article, by=by)


@row("article.publish", holds="Article")
def _(stage: Stage) -> Act:
    article, by = ArticleFactory.create(checking=True), stage.officer
    today = timezone.localdate()
    act = partial(
        articles.publish_article,
        article,
        shown_from=today,
        shown_until=None,
        review_by=today,
        by=by,
    )
    return Act(act, on=article, by=by)


@row("article.withdraw", holds="Article")
def _(stage: Stage) -> Act:
    article, by = ArticleFactory.create(published=True), stage.officer
    return Act(partial(articles.withdraw_article, article, by=by), on=article, by=by)


@row("article.spread", holds="Article")
def _(stage: Stage) -> Act:
    assert stage.agent
    article = ArticleFactory.create(published=True, is_important=True)
    return Act(spread_due, on=article, by=None)


def told(stage: Stage) -> Article:
    """An article that the agent's enterprise was told of."""
    assert stage.agent
    article: Article = ArticleFactory.create(published=True, is_important=True)
    spread_due()
    return article


@row("article.chase", holds="ArticleReading")
def _(stage: Stage) -> Act:
    article, by = told(stage), stage.officer
    return Act(partial(articles.chase_unread, article, by=by), on=article, by=by)


@row("article.post")
def _(stage: Stage) -> Act:
    article, by = ArticleFactory.create(published=True), stage.officer
    act = partial(
        articles.post_article,
        article,
        channel="group",
        posted_on=timezone.localdate(),
        note="",
        nonce=NONCE,
        by=by,
    )
    return Act(act, on=article, by=by)


@row("article.read", holds="ArticleReading")
def _(stage: Stage) -> Act:
    article, by = told(stage), stage.agent
    return Act(partial(articles.mark_read, article, by=by), on=article, by=by)


@row("question.save", holds="Question")
def _(stage: Stage) -> Act:
    question, by = Question.objects.all()[0], stage.officer
    return Act(partial(articles.save_question, question, by=by), on=question, by=by)


# Briefings, visits, symposia ------------------------------------------------------------------


def _guest(stage: Stage, **facts: Any) -> tuple[Briefing, BriefingSignUp]:
    assert stage.officer
    briefing = BriefingFactory.create(now=True, **facts)
    guest = GuestFacts("来样公司", "来样", "13800001234")
    return briefing, sign_ups.sign_up(briefing, guest, question="多久？", nonce="u" * 20)


def _seat(stage: Stage) -> Attendance:
    _, row = _guest(stage)
    at = timezone.now()
    return attending.tick(row, way="officer", at=at, nonce="t" * 20, by=stage.officer)


@row("briefing.plan")
def _(stage: Stage) -> Act:
    by = stage.officer
    briefing = BriefingFactory.build(created_by=by)
    act = partial(briefings.save_briefing, briefing, by=by)
    return Act(act, on=lambda: Briefing.objects.get(), by=by)


@row("briefing.change", holds="Briefing")
def _(stage: Stage) -> Act:
    briefing, by = BriefingFactory.create(), stage.officer
    return Act(partial(briefings.save_briefing, briefing, by=by), on=briefing, by=by)


@row("briefing.cancel", holds="Briefing")
def _(stage: Stage) -> Act:
    briefing, by = BriefingFactory.create(), stage.officer
    act = partial(briefings.cancel_briefing, briefing, words="停电", by=by)
    return Act(act, on=briefing, by=by)


@row("briefing.material")
def _(stage: Stage) -> Act:
    briefing, by = BriefingFactory.create(), stage.officer
    act = partial(briefings.add_material, briefing, title="指南", text="文", file=None, by=by)
    return Act(act, on=briefing, by=by)


@row("briefing.material_remove")
def _(stage: Stage) -> Act:
    briefing, by = BriefingFactory.create(), stage.officer
    material = briefings.add_material(briefing, title="指南", text="文", file=None, by=by)
    return Act(partial(briefings.remove_material, material, by=by), on=briefing, by=by)


@row("briefing.invite", holds="Briefing")
def _(stage: Stage) -> Act:
    briefing, by = BriefingFactory.create(), stage.officer
    act = partial(inviting.invite, briefing, [DemandFactory.create()], by=by)
    return Act(act, on=briefing, by=by)


@row("briefing.call", holds="Invitation Demand")
def _(stage: Stage) -> Act:
    briefing, by = BriefingFactory.create(), stage.officer
    inviting.invite(briefing, [DemandFactory.create()], by=by)
    invitation = briefing.invitations.get()
    act = partial(inviting.note_call, invitation, answer="comes", note="", by=by)
    return Act(act, on=invitation, by=by)


@row("briefing.sign_up", holds="Briefing")
def _(stage: Stage) -> Act:
    act = partial(_guest, stage)
    assert stage.officer
    return Act(act, on=lambda: BriefingSignUp.objects.get(), by=None, label="公众")


@row("briefing.leave", holds="Briefing")
def _(stage: Stage) -> Act:
    _, one = _guest(stage)
    return Act(partial(sign_ups.leave, one), on=one, by=None, label="公众")


@row("briefing.told_place")
def _(stage: Stage) -> Act:
    _, one = _guest(stage)
    BriefingSignUp.objects.update(moved_up_at=timezone.now())
    by = stage.officer
    return Act(partial(sign_ups.note_told, one, by=by), on=one, by=by)


@row("briefing.attend", holds="Briefing")
def _(stage: Stage) -> Act:
    by = stage.officer
    return Act(partial(_seat, stage), on=lambda: Attendance.objects.get(), by=by)


@row("briefing.attend", holds="Briefing")
def _(stage: Stage) -> Act:
    """By the code at the door, where nobody has an account."""
    briefing, _ = _guest(stage)
    act = partial(door.scan, briefing, "13800001234", heads=1, nonce="s" * 20)
    return Act(act, on=lambda: Attendance.objects.get(), by=None, label="公众")


@row("briefing.take_back")
def _(stage: Stage) -> Act:
    seat, by = _seat(stage), stage.officer
    return Act(partial(attending.take_back, seat, words="错", by=by), on=seat, by=by)


@row("briefing.bind", holds="Attendance Demand")
def _(stage: Stage) -> Act:
    seat, by = _seat(stage), stage.officer
    return Act(partial(attending.bind, seat, DemandFactory.create(), by=by), on=seat, by=by)


@row("briefing.ask")
def _(stage: Stage) -> Act:
    briefing, _ = _guest(stage)
    act = partial(asking.ask, briefing, text="问", nonce="q" * 20, asked_by="来样")
    found = BriefingQuestion.objects.filter(nonce="q" * 20)
    return Act(act, on=lambda: found.get(), by=None, label="公众")


@row("briefing.answer", holds="BriefingQuestion")
def _(stage: Stage) -> Act:
    briefing, _ = _guest(stage)
    question, by = briefing.questions.get(), stage.officer
    return Act(partial(asking.answer, question, words="答", by=by), on=question, by=by)


@row("briefing.feedback")
def _(stage: Stage) -> Act:
    assert stage.officer
    over = BriefingFactory.create(over=True)
    said: dict[str, Any] = {"clear": "yes", "plan": "soon", "words": ""}
    act = partial(feedback_on_briefings.give_feedback, over, **said, nonce="f" * 20)
    return Act(act, on=over, by=None, label="公众")


@row("briefing.sum_up", holds="Briefing")
def _(stage: Stage) -> Act:
    over, by = BriefingFactory.create(over=True), stage.officer
    return Act(partial(briefings.sum_up, over, words="好", by=by), on=over, by=by)


@row("briefing.reveal")
def _(stage: Stage) -> Act:
    _, one = _guest(stage)
    by = stage.officer
    return Act(stage.press(by, "outreach:sign_up_reveal", one.pk), on=one, by=by)


@row("visiting.plan")
def _(stage: Stage) -> Act:
    by, today = stage.officer, timezone.localdate()
    demands = [DemandFactory.create()]
    act = partial(visiting_companies.plan, demands, on=today, officers=[by], purpose="", by=by)
    return Act(act, on=lambda: CompanyVisit.objects.get(), by=by)


@row("visiting.rearrange", holds="CompanyVisit")
def _(stage: Stage) -> Act:
    visit, by = CompanyVisitFactory.create(), stage.officer
    day = timezone.localdate() + timedelta(days=1)
    given: dict[str, Any] = {"planned_on": day, "officers": [by], "purpose": ""}
    return Act(partial(visiting_companies.rearrange, visit, **given, by=by), on=visit, by=by)


@row("visiting.route")
def _(stage: Stage) -> Act:
    visit, by = CompanyVisitFactory.create(), stage.officer
    act = partial(visiting_companies.order_route, [visit], {visit.pk: 5}, by=by)
    return Act(act, on=visit, by=by)


@row("visiting.note", holds="CompanyVisit Demand")
def _(stage: Stage) -> Act:
    visit, by = CompanyVisitFactory.create(), stage.officer
    note = visiting_companies.VisitNote(timezone.now(), "讲了")
    return Act(partial(visiting_companies.note_visit, visit, note, by=by), on=visit, by=by)


@row("visiting.drop", holds="CompanyVisit")
def _(stage: Stage) -> Act:
    visit, by = CompanyVisitFactory.create(), stage.officer
    act = partial(visiting_companies.drop_visit, visit, words="不去", by=by)
    return Act(act, on=visit, by=by)


@row("visiting.pictures", holds="CompanyVisit")
def _(stage: Stage) -> Act:
    visit, by = CompanyVisitFactory.create(), stage.officer
    return Act(partial(visiting_companies.add_pictures, visit, [], by=by), on=visit, by=by)


@row("visiting.view_page")
def _(stage: Stage) -> Act:
    visit, by = CompanyVisitFactory.create(), stage.officer
    page = visit.pages.create(file=stored_picture(picture(10)), position=1)
    return Act(stage.open(by, "outreach:visit_picture", page.pk), on=visit, by=by)


def _promised(stage: Stage) -> CompanyVisitTask:
    visit, by = CompanyVisitFactory.create(), stage.officer
    given = {"words": "送范本", "owner": by, "due_on": timezone.localdate(), "nonce": "t" * 20}
    return visiting_companies.add_task(visit, **given, by=by)


@row("visiting.task")
def _(stage: Stage) -> Act:
    return Act(partial(_promised, stage), on=lambda: CompanyVisit.objects.get(), by=stage.officer)


@row("visiting.task_close", holds="CompanyVisitTask")
def _(stage: Stage) -> Act:
    task, by = _promised(stage), stage.officer
    act = partial(visiting_companies.close_task, task, outcome="已送", by=by)
    return Act(act, on=task.visit, by=by)


@row("symposium.plan")
def _(stage: Stage) -> Act:
    by = stage.officer
    act = partial(symposia.save_symposium, SymposiumFactory.build(created_by=by), by=by)
    return Act(act, on=lambda: Symposium.objects.get(), by=by)


@row("symposium.change", holds="Symposium")
def _(stage: Stage) -> Act:
    symposium, by = SymposiumFactory.create(), stage.officer
    return Act(partial(symposia.save_symposium, symposium, by=by), on=symposium, by=by)


@row("symposium.cancel", holds="Symposium")
def _(stage: Stage) -> Act:
    symposium, by = SymposiumFactory.create(), stage.officer
    act = partial(symposia.cancel_symposium, symposium, words="改期", by=by)
    return Act(act, on=symposium, by=by)


def _participant(stage: Stage) -> SymposiumParticipant:
    symposium = SymposiumFactory.create()
    symposia.add_participants(symposium, [DemandFactory.create()], by=stage.officer)
    return symposium.participants.get()


@row("symposium.seat")
def _(stage: Stage) -> Act:
    by = stage.officer
    return Act(partial(_participant, stage), on=lambda: Symposium.objects.get(), by=by)


@row("symposium.unseat")
def _(stage: Stage) -> Act:
    seat, by = _participant(stage), stage.officer
    return Act(partial(symposia.remove_participant, seat, by=by), on=seat.symposium, by=by)


@row("symposium.hold", holds="Symposium Demand")
def _(stage: Stage) -> Act:
    seat, by = _participant(stage), stage.officer
    return Act(partial(symposia.hold, seat.symposium, [seat.pk], by=by), on=seat.symposium, by=by)


def _said(stage: Stage) -> SymposiumOpinion:
    seat, by = _participant(stage), stage.officer
    given = {"words": "材料多", "owner": by, "due_on": timezone.localdate(), "nonce": "o" * 20}
    return symposia.add_opinion(seat.symposium, participant=seat, **given, by=by)


@row("symposium.opinion")
def _(stage: Stage) -> Act:
    by = stage.officer
    return Act(partial(_said, stage), on=lambda: SymposiumOpinion.objects.get(), by=by)


@row("symposium.answer", holds="SymposiumOpinion")
def _(stage: Stage) -> Act:
    opinion, by = _said(stage), stage.officer
    return Act(partial(symposia.answer_opinion, opinion, words="答", by=by), on=opinion, by=by)


@row("symposium.told", holds="SymposiumOpinion")
def _(stage: Stage) -> Act:
    opinion, by = _said(stage), stage.officer
    symposia.answer_opinion(opinion, words="答", by=by)
    return Act(partial(symposia.note_told, opinion, how="call", by=by), on=opinion, by=by)


# A person's rights -----------------------------------------------------------------------------


@row("personal_data.export")
def _(stage: Stage) -> Act:
    by = stage.officer
    return Act(stage.press(by, "rights:register_export", "csv"), on=by, by=by)


@row("personal_data.assess")
def _(stage: Stage) -> Act:
    by = stage.officer
    return Act(stage.press(by, "rights:assessment"), on=by, by=by)


@row("personal_data.incident")
def _(stage: Stage) -> Act:
    by, today = stage.officer, timezone.localdate().isoformat()
    return Act(stage.press(by, "rights:incident", first=today, last=today), on=by, by=by)


def _asked(stage: Stage, kind: str = "explain") -> RightsRequest:
    applicant = stage.draft.applicant
    return rights.ask(kind, way="link", words="请", nonce="r" * 16, applicant=applicant)


@row("rights.ask")
def _(stage: Stage) -> Act:
    act = partial(_asked, stage)
    assert stage.draft
    return Act(act, on=lambda: RightsRequest.objects.get(), by=None, label="本人（凭链接）")


@row("rights.answer", holds="RightsRequest")
def _(stage: Stage) -> Act:
    asked, by = _asked(stage), stage.officer
    return Act(partial(rights.answer, asked, words="好", by=by), on=asked, by=by)


@row("rights.refuse", holds="RightsRequest")
def _(stage: Stage) -> Act:
    asked, by = _asked(stage), stage.officer
    return Act(partial(rights.refuse, asked, reason="不能", by=by), on=asked, by=by)


@row("rights.prepare", holds="RightsRequest")
def _(stage: Stage) -> Act:
    asked, by = _asked(stage, "delete"), stage.officer
    return Act(partial(rights.prepare_deletion, asked, by=by), on=asked, by=by)


@row("rights.send_back", holds="RightsRequest")
def _(stage: Stage) -> Act:
    asked, by = _asked(stage, "delete"), stage.officer
    rights.prepare_deletion(asked, by=by)
    return Act(partial(rights.send_back, asked, by=by), on=asked, by=by)


@row("rights.delete", holds="RightsRequest Application Applicant")
def _(stage: Stage) -> Act:
    asked, by = _asked(stage, "delete"), stage.other_officer
    rights.prepare_deletion(asked, by=stage.officer)
    return Act(partial(rights.finalise_deletion, asked, by=by), on=asked, by=by)


@row("rights.copy")
def _(stage: Stage) -> Act:
    by = stage.agent
    return Act(stage.press(by, "rights:mine_copy"), on=by, by=by)


@row("rights.letter")
def _(stage: Stage) -> Act:
    asked, by = _asked(stage), stage.officer
    rights.answer(asked, words="好", by=by)
    return Act(stage.open(by, "rights:request_letter", asked.pk), on=asked, by=by)


@row("rights.send_link", holds="Applicant")
def _(stage: Stage) -> Act:
    stage.settings.SMS_ADAPTER = "notices.channels.sms.FileSms"
    by, applicant = stage.officer, stage.draft.applicant
    return Act(
        partial(rights.send_link, applicant, by=by), on=lambda: RightsLink.objects.get(), by=by
    )


@row("rights.confirm", holds="RightsLink")
def _(stage: Stage) -> Act:
    stage.settings.SMS_ADAPTER = "notices.channels.sms.FileSms"
    applicant = stage.draft.applicant
    rights.send_link(applicant, by=stage.officer)
    link = RightsLink.objects.get()
    act = partial(rights.is_person, link, applicant.id_number[-4:])
    return Act(act, on=link, by=None, label="本人（凭链接）")


# --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "holds", "prepare"), TABLE, ids=[action for action, *_ in TABLE]
)
def test_an_action_leaves_one_event_with_its_object_and_its_actor(
    request: pytest.FixtureRequest, action: str, holds: str, prepare: Callable[[Stage], Act]
) -> None:
    act = prepare(Stage(request))
    before = set(AuditEvent.objects.values_list("pk", flat=True))
    # An object that the act deletes is gone afterwards; one that it makes was not there before.
    expected = _key(act.on) if isinstance(act.on, Model) else None
    with CaptureQueriesContext(connection) as queries:
        act.do()
    if connection.vendor == "postgresql":  # SQLite locks the whole database instead
        assert set(holds.split()) <= _held(queries)
    [event] = AuditEvent.objects.filter(action=action).exclude(pk__in=before)
    found = expected if isinstance(act.on, Model) else _key(act.on())
    assert (event.object_type, event.object_id) == found
    assert (event.actor.username if event.actor else None) == (act.by.username if act.by else None)
    assert event.actor_label == (act.by.title if act.by else act.label)


def _held(queries: CaptureQueriesContext) -> set[str]:
    """The models whose rows were locked until the end of the transaction."""
    names = {model._meta.db_table: model.__name__ for model in apps.get_models()}
    sqls = [query["sql"] for query in queries]
    locking = [sql for sql in sqls if " FOR UPDATE" in sql or " FOR NO KEY UPDATE" in sql]
    return {names[sql.partition('FROM "')[2].partition('"')[0]] for sql in locking}


def _key(thing: Model) -> tuple[str, str]:
    return thing._meta.label_lower, str(thing.pk or "")


def test_every_action_has_a_row() -> None:
    assert {action for action, *_ in TABLE} == set(action_labels())


def test_an_action_is_named_where_it_is_recorded_or_is_a_move_a_step_or_a_certificate_s() -> None:
    """`test_audit_labels.py` reads the names; these alone are put together as the code runs."""
    unnamed = set()
    for path in (path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            function = getattr(node, "func", None)
            name = getattr(function, "id", getattr(function, "attr", ""))
            if name == "record" and isinstance(node, ast.Call) and not _is_named(node.args[0]):
                unnamed.add(ast.unparse(node.args[0]))
    assert unnamed == {"f'application.{action}'", "action", "f'filing.{step}'"}


def _is_named(argument: ast.expr) -> bool:
    if isinstance(argument, ast.IfExp):
        return _is_named(argument.body) and _is_named(argument.orelse)
    return isinstance(argument, ast.Constant)
