"""Home: what each role has to do next, at the same cost for one case and for fifty."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from accounts.departments import known
from accounts.models import User
from applications.workflow import Status
from cards.models import Lending, Visit
from enterprises.models import Enterprise
from reports.home.liaison import for_liaison
from reviews.models import ReviewTable
from tests.cards.duty_parts import keeper_of
from tests.conftest import ClientOf
from tests.factories import (
    ApplicantFactory,
    ApplicationFactory,
    CardFactory,
    EnterpriseFactory,
    ReviewTableFactory,
    agent_of,
    liaison,
    standing_page,
)

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12
MOST_BYTES = 60 * 1024


def cases(number: int, enterprise: Enterprise, agent: User) -> None:
    """So many cases in each state that a home page lists."""
    for _ in range(number):
        for status in (Status.SUBMITTED, Status.RETURNED, Status.ENDORSED, Status.DRAFT):
            applicant = ApplicantFactory.create(enterprise=enterprise)
            ApplicationFactory.create(applicant=applicant, status=status, created_by=agent)
        in_review = ApplicationFactory.create(
            applicant=ApplicantFactory.create(enterprise=enterprise),
            status=Status.IN_REVIEW,
            created_by=agent,
        )
        ReviewTableFactory.create(application=in_review)
    pending = EnterpriseFactory.create(pending=True)
    agent_of(pending)
    standing_page(pending, 2)


def card_duties(number: int, enterprise: Enterprise, agent: User) -> None:
    """So many cards that are late, with a visit each; and one report that was not sent."""
    keeper = keeper_of(enterprise, agent)
    today = timezone.localdate()
    for _ in range(number):
        card = CardFactory.create(applicant=ApplicantFactory.create(enterprise=enterprise))
        Lending.objects.create(
            card=card,
            enterprise=enterprise,
            keeper=keeper,
            borrower=card.holder_name,
            purpose="参加展会",
            trip_ends_on=today - timedelta(days=20),
            return_by=today - timedelta(days=13),
            out_at=timezone.now() - timedelta(days=30),
            nonce=f"card{card.pk}",
            created_by=agent,
        )
        Visit.objects.create(
            enterprise=enterprise, card=card, why="unreturned", due_on=today - timedelta(days=2)
        )


@pytest.mark.parametrize("number", [1, 50])
def test_a_home_page_costs_the_same_for_one_case_and_for_fifty(
    number: int,
    enterprise: Enterprise,
    agent: User,
    officer: User,
    tax_liaison: User,
    supervisor: User,
    station_head: User,
    client_of: ClientOf,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    # Foreign affairs waits for the other four, so that the head of the station reads four a case.
    expected = [
        (client_of(agent), f"等您办理 {2 * number}件"),
        (client_of(agent), f"旅行卡和用卡 {number}件"),
        (client_of(officer), f"待预审的申请 {number}件"),
        (client_of(officer), f"卡与回访 {2 * number}件"),
        (client_of(tax_liaison), f"待签署 {number}件"),
        (client_of(supervisor), f"尚未签署 {number}件"),
        (client_of(station_head), f"尚未签署 {4 * number}件"),
    ]
    # All in one test: making fifty cases takes longer than looking at all five pages.
    cases(number, enterprise, agent)
    card_duties(number, enterprise, agent)
    # Read once a process, whoever comes first.
    known()
    for client, heading in expected:
        with django_assert_max_num_queries(MOST_QUERIES):
            response = client.get("/")
        assert response.status_code == 200
        assert heading in " ".join(strip_tags(response.text).split())
        assert len(response.content) < MOST_BYTES


def home(client: Client) -> str:
    return client.get("/").content.decode()


def test_an_officer_finds_what_waits_for_the_station(
    officer: User, enterprise: Enterprise, agent: User, client_of: ClientOf
) -> None:
    cases(1, enterprise, agent)
    page = home(client_of(officer))
    for title in ("待预审的申请", "待核验的企业", "部门审核中", "等企业补正或补充"):
        assert title in page


def test_the_enterprise_that_has_waited_longest_stands_on_top(
    officer: User, client_of: ClientOf
) -> None:
    for name in ("先登记的公司", "后登记的公司"):
        enterprise = EnterpriseFactory.create(pending=True, name=name)
        agent_of(enterprise)
        standing_page(enterprise, 2)
    page = home(client_of(officer))
    assert page.index("先登记的公司") < page.index("后登记的公司")


def test_a_stranger_reads_what_the_station_does(client: Client) -> None:
    page = home(client)
    assert "企业登记，开始申办" in page
    assert "五个部门核实并签署审核表，力争3个工作日" in page


@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("system_admin", "/accounts/users/"),
        ("security_admin", "/accounts/locks/"),
        ("auditor", "/accounts/audit/"),
    ],
)
def test_an_administrators_home_is_his_page(
    role: str, address: str, request: pytest.FixtureRequest, client_of: ClientOf
) -> None:
    response = client_of(request.getfixturevalue(role)).get("/")
    assert response.headers["Location"] == address


def test_a_liaison_finds_his_own_first_and_may_take_a_colleagues(
    tax_liaison: User, officer: User, client_of: ClientOf
) -> None:
    colleague = liaison("tax", name="税务同事", username="tax2")
    for holder in (tax_liaison, colleague):
        form = ReviewTableFactory.create(circulated_by=officer)
        form.opinions.filter(department__code="tax").update(owner=tax_liaison, assignee=holder)
    lists = {one.title: one for one in for_liaison(tax_liaison)}
    assert [one.total for one in lists.values()] == [1, 0, 0, 1, 0]
    assert "税务同事办理　代区税务局联络员" in lists["同事名下，您也可以签署"].rows[0].detail
    assert "待签署" in home(client_of(colleague))
    own = for_liaison(colleague)[0].rows
    assert "代区税务局联络员" in own[0].detail


def test_a_finished_draft_waits_for_its_signature_and_a_begun_one_is_a_draft(
    tax_liaison: User, officer: User
) -> None:
    now = timezone.now()
    for conclusion in ("agree", ""):
        form = ReviewTableFactory.create(circulated_by=officer)
        form.opinions.filter(department__code="tax").update(
            owner=tax_liaison,
            assignee=tax_liaison,
            drafted_at=now,
            drafted_by=tax_liaison,
            conclusion=conclusion,
        )
    lists = {one.title: one for one in for_liaison(tax_liaison)}
    assert (lists["待签署"].total, lists["草稿"].total) == (1, 1)
    assert "已填好，可以预览签署" in lists["待签署"].rows[0].detail
    assert "已填好" not in lists["草稿"].rows[0].detail


def test_what_a_liaison_has_signed_waits_for_the_others_and_is_then_done(
    tax_liaison: User, officer: User
) -> None:
    form = ReviewTableFactory.create(circulated_by=officer)
    now = timezone.now()
    form.opinions.filter(department__code="tax").update(
        signed_at=now, signed_by=tax_liaison, conclusion="agree"
    )
    totals = {one.title: one.total for one in for_liaison(tax_liaison)}
    assert totals == {"待签署": 0, "草稿": 0, "已签署，等其他部门": 1, "已办结": 0}
    ReviewTable.objects.update(status="concluded", concluded_at=now)
    totals = {one.title: one.total for one in for_liaison(tax_liaison)}
    assert totals == {"待签署": 0, "草稿": 0, "已签署，等其他部门": 0, "已办结": 1}


def test_the_enterprise_reads_of_each_applicant_what_happens_next_who_and_by_when(
    enterprise: Enterprise, agent: User, client_of: ClientOf
) -> None:
    applicant = ApplicantFactory.create(enterprise=enterprise, name="张样例", post="总经理")
    application = ApplicationFactory.create(
        applicant=applicant, status=Status.IN_REVIEW, created_by=agent
    )
    ReviewTableFactory.create(application=application)
    page = home(client_of(agent))
    assert page.count("张样例（总经理）") == 1
    assert page.count(enterprise.name) == 1  # the heading
    assert "五个部门正在审核，贵单位无需操作" in page
    assert "由各部门联络员办" in page
    assert "还剩" in page


def test_a_stranger_reads_who_may_apply_and_what_the_ten_materials_are(client: Client) -> None:
    assert "注册地在万州区" in client.get("/").text
    page = client.get("/guide/materials/").text
    for name in (
        "企业申请公函及公司简介",
        "营业执照",
        "企业年度纳税证明",
        "企业责任承诺书及管理办法",
        "业务往来证明",
        "无犯罪记录证明",
        "与企业关系证明（社保）",
        "申请人照片",
        "申请人签名",
        "护照首页彩色扫描件",
    ):
        assert name in page
    # Once where it is explained, and beside materials 3, 5, 6 and 7.
    assert page.count("可由审核表替代") == 5
