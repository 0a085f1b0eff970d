"""企业申办档案: all of an enterprise on one page and in one ZIP, for the station alone."""

import csv
import io
import zipfile
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent, User
from applications.models import Application
from cards.models import Breach, Visit
from cards.workflow import StepCode
from enterprises.ledger.matching import row_of
from enterprises.ledger.services import note_contact
from enterprises.models import Enterprise
from letters.services import begin_letter
from letters.word.reading import lines_of
from outreach.briefings.attending import attend, bind
from outreach.briefings.sign_ups import GuestFacts
from outreach.desk.callers import Subject
from outreach.desk.services import Asker
from outreach.desk.taking import Asking, take_down
from outreach.visits.visiting import VisitNote, note_visit
from reports.timeline.rows import Scope
from reports.timeline.timeline import newest_of
from tests.cards.conftest import ago, endorse, walk
from tests.conftest import ClientOf
from tests.factories import ApplicantFactory, ApplicationFactory, CardFactory
from tests.outreach.factories import BriefingFactory, CompanyVisitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(applicant: Any, agent: User, officer: User) -> Application:
    application = endorse(applicant)
    walk(application, StepCode.ISSUED, by=agent)
    card = CardFactory.create(applicant=applicant, application=application)
    Visit.objects.create(enterprise=applicant.enterprise, card=card, why="issued", due_on=ago(-5))
    Breach.objects.create(
        enterprise=applicant.enterprise,
        kind=Breach.Kind.NO_REPORT,
        happened_on=ago(3),
        facts="=没有报送登记表",
        statement_by=ago(-5),
        created_by=officer,
    )
    return application


@pytest.fixture
def desk(officer: User, client_of: ClientOf) -> Client:
    return client_of(officer)


def opened(client: Client, enterprise: Enterprise) -> zipfile.ZipFile:
    answer: Any = client.get(f"/enterprises/{enterprise.pk}/dossier.zip")
    assert answer.headers["Content-Type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert archive.testzip() is None
    return archive


def test_the_page_shows_applications_cards_and_what_happened(
    desk: Client, case: Application, enterprise: Enterprise
) -> None:
    page = desk.get(f"/enterprises/{enterprise.pk}/dossier/").text
    for words in (
        enterprise.credit_code,
        f'href="/cases/{case.pk}/"',
        case.tables.get().number,
        "已发卡",
        "企业在门户登记",
        "登记违规：不按期报送登记表",
        "安排电话回访：发卡后回访",
    ):
        assert words in page, words


def test_drafts_are_listed_as_drafts(desk: Client, enterprise: Enterprise, agent: User) -> None:
    draft = ApplicationFactory.create(
        applicant=ApplicantFactory.create(enterprise=enterprise), created_by=agent
    )
    page = desk.get(f"/enterprises/{enterprise.pk}/dossier/").text
    assert draft.reference in page
    assert "草稿" in page


def test_the_zip_holds_a_page_the_time_line_and_every_folder(
    desk: Client, case: Application, enterprise: Enterprise, officer: User
) -> None:
    archive = opened(desk, enterprise)
    names = archive.namelist()
    for name in (
        "00_档案.html",
        "00_经过.csv",
        "01_企业/企业信息.xlsx",
        "03_申请人/申请人.xlsx",
        "05_旅行卡/旅行卡.xlsx",
        "06_回访/回访.csv",
        "07_违规/违规.csv",
        "00_目录.csv",
    ):
        assert name in names, name
    assert not [name for name in names if "我的通知" in name]
    page = archive.read("00_档案.html").decode()
    assert enterprise.name in page
    assert "国家系统：已缴费" in page
    happened = list(csv.reader(io.StringIO(archive.read("00_经过.csv").decode("utf-8-sig"))))
    assert [case.reference in row[1] for row in happened if row[2] == "国家系统：已缴费"] == [True]
    breaches = archive.read("07_违规/违规.csv").decode("utf-8-sig")
    assert "'=没有报送登记表" in breaches
    event = AuditEvent.objects.get(action="dossier.download")
    assert (event.object_id, event.actor_id) == (str(enterprise.pk), officer.pk)


def test_letters_stand_on_the_page_and_as_word_files_in_the_zip(
    desk: Client, case: Application, enterprise: Enterprise, agent: User
) -> None:
    """Whole there, as it would be sent; begun once, it is one line of what happened."""
    letter = begin_letter("application", enterprise=enterprise, application=case, by=agent)
    begin_letter("profile", enterprise=enterprise, application=None, by=agent)
    page = desk.get(f"/enterprises/{enterprise.pk}/dossier/").text
    assert f'href="{letter.get_absolute_url()}"' in page
    assert page.count("起草申请公函") == 1
    archive = opened(desk, enterprise)
    names = [name for name in archive.namelist() if name.startswith("08_函件/")]
    assert len(names) == 2
    [whole] = [name for name in names if case.applicant.name in name]
    words = "".join(line.text for line in lines_of(archive.read(whole)))
    assert case.applicant.id_number in words


def test_briefings_visits_and_consultations_stand_once_each(
    enterprise: Enterprise, officer: User
) -> None:
    """Each leads to its own page, though it is a contact of the ledger as well."""
    demand, now = row_of(enterprise, by=officer), timezone.now()
    briefing = BriefingFactory.create(now=True)
    guest = GuestFacts(enterprise.name, "何样例")
    came = attend(briefing, guest, way="officer", at=now, nonce="a" * 20, by=officer)
    if came.demand is None:
        bind(came, demand, by=officer)
    visit = CompanyVisitFactory.create(demand=demand)
    note_visit(visit, VisitNote(now, "怎样申办"), by=officer)
    asking = Asking(
        Asker("何样例", "13800001234"), "call", now, "费用多少？", None, Subject(enterprise, demand)
    )
    asked = take_down(
        asking, answer="不收费。", question=None, wants_draft=False, nonce="c" * 20, by=officer
    )
    note_contact(demand=demand, by=officer, kind="call", at=now, words="打电话", nonce="d" * 20)
    lines = newest_of(Scope(officer, enterprise=enterprise), 50).lines
    found = sorted(line.what for line in lines if line.url.startswith("/outreach/"))
    assert found == sorted(["参加宣讲会，1人", "上门走访", "电话咨询", "答复咨询"])
    assert [line.what for line in lines if line.what.startswith("联系：")] == ["联系：电话"]
    assert asked.get_absolute_url() in {line.url for line in lines}


def test_a_name_with_signs_of_html_stands_as_it_is(desk: Client, enterprise: Enterprise) -> None:
    Enterprise.objects.filter(pk=enterprise.pk).update(contact_name="<b>何</b>")
    assert "&lt;b&gt;何" in opened(desk, enterprise).read("00_档案.html").decode()


def test_a_department_leader_and_an_agent_get_nothing(
    enterprise: Enterprise, supervisor: User, agent: User, client_of: ClientOf
) -> None:
    for address in ("dossier/", "dossier.zip"):
        url = f"/enterprises/{enterprise.pk}/{address}"
        assert client_of(supervisor).get(url).status_code == 404
        assert client_of(agent).get(url).status_code == 403


@pytest.mark.parametrize("number", [1, 30])
def test_the_page_costs_at_most_twelve_queries(
    desk: Client,
    case: Application,
    enterprise: Enterprise,
    number: int,
    django_assert_max_num_queries: Any,
) -> None:
    for _ in range(number):
        endorse(ApplicantFactory.create(enterprise=enterprise))
    url = f"/enterprises/{enterprise.pk}/dossier/"
    desk.get(url)
    with django_assert_max_num_queries(12):
        page = desk.get(url)
    assert len(page.content) < 60 * 1024
