"""Home: what each role has to do next, at the same cost for one case and for fifty."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from applications.workflow import Status
from enterprises.models import Enterprise
from tests.conftest import ClientOf
from tests.factories import (
    ApplicantFactory,
    ApplicationFactory,
    EnterpriseFactory,
    ReviewFormFactory,
    agent_of,
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
        ReviewFormFactory.create(application=in_review)
    pending = EnterpriseFactory.create(pending=True)
    agent_of(pending)
    standing_page(pending, 2)


@pytest.mark.parametrize("number", [1, 50])
@pytest.mark.parametrize("role", ["agent", "officer", "tax_liaison", "supervisor", "station_head"])
def test_a_home_page_costs_the_same_for_one_case_and_for_fifty(
    role: str,
    number: int,
    enterprise: Enterprise,
    agent: User,
    request: pytest.FixtureRequest,
    client_of: ClientOf,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = client_of(request.getfixturevalue(role))
    cases(number, enterprise, agent)
    with django_assert_max_num_queries(MOST_QUERIES):
        response = client.get("/")
    assert response.status_code == 200
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
