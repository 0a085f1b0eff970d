"""Fixtures of the suite: people and objects; what they stand on is in `tests/harness.py`."""

import gc
from collections.abc import Callable

import hypothesis
import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.utils import timezone

from accounts.models import Department, Role, User
from accounts.own_sessions import SEEN
from applications.models import Applicant, Application
from enterprises.models import Enterprise
from tests.factories import (
    ApplicantFactory,
    ApplicationFactory,
    EnterpriseFactory,
    UserFactory,
    agent_of,
    liaison,
)

# Cycles are looked for a hundredth as often: a worker is gone after some minutes, and it saves
# one minute in twelve.
gc.set_threshold(200_000, 50, 1000)

# A busy machine makes no example wrong.
hypothesis.settings.register_profile(
    "patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("patient")

pytest_plugins = [
    "tests.harness",
    "tests.browser",
    "tests.fault_services",
    "tests.made_once",
    "tests.sharing_out",
]

ClientOf = Callable[[User], Client]


def signed_in(user: User) -> Client:
    """A test client with cookies of its own, in which this person has signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "accounts.backends.PeopleBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    # As if some page had been looked at before, so that the session is not written again.
    session[SEEN] = timezone.now().isoformat()
    session.save()
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    return client


@pytest.fixture
def client_of() -> ClientOf:
    return signed_in


# People -----------------------------------------------------------------------------------------


@pytest.fixture
def enterprise(db: None) -> Enterprise:
    """Verified; `agent` acts for it."""
    return EnterpriseFactory.create(
        name="重庆市万州区样例贸易有限公司", credit_code="91500101YYYY00012R"
    )


@pytest.fixture
def agent(enterprise: Enterprise) -> User:
    return agent_of(enterprise, username="agent@example.com", name="经办人甲")


@pytest.fixture
def other_enterprise(db: None) -> Enterprise:
    return EnterpriseFactory.create(
        name="重庆市万州区另一家有限公司", credit_code="91500101YYYY00020L"
    )


@pytest.fixture
def other_agent(other_enterprise: Enterprise) -> User:
    """Acts for another enterprise, and must see nothing of `enterprise`."""
    return agent_of(other_enterprise, username="other@example.com", name="经办人乙")


@pytest.fixture
def officer(db: None) -> User:
    return UserFactory.create(officer=True, username="officer", name="专员甲")


@pytest.fixture
def other_officer(db: None) -> User:
    return UserFactory.create(officer=True, username="officer2", name="专员乙")


@pytest.fixture
def commerce_liaison(db: None) -> User:
    return liaison("commerce")


@pytest.fixture
def tax_liaison(db: None) -> User:
    return liaison("tax")


@pytest.fixture
def police_liaison(db: None) -> User:
    return liaison("police")


@pytest.fixture
def social_liaison(db: None) -> User:
    return liaison("social")


@pytest.fixture
def foreign_liaison(db: None) -> User:
    return liaison("foreign_affairs")


@pytest.fixture
def supervisor(db: None) -> User:
    """Of the tax bureau."""
    tax = Department.objects.get(code="tax")
    return UserFactory.create(role=Role.SUPERVISOR, department=tax, name="税务分管领导")


@pytest.fixture
def station_head(db: None) -> User:
    return UserFactory.create(station_head=True, name="服务站站长")


@pytest.fixture
def system_admin(db: None) -> User:
    return UserFactory.create(role=Role.SYSTEM_ADMIN, name="系统管理员甲")


@pytest.fixture
def security_admin(db: None) -> User:
    return UserFactory.create(role=Role.SECURITY_ADMIN, name="安全管理员甲")


@pytest.fixture
def auditor(db: None) -> User:
    return UserFactory.create(role=Role.AUDITOR, name="审计管理员甲")


# Objects ----------------------------------------------------------------------------------------


@pytest.fixture
def applicant(enterprise: Enterprise, agent: User) -> Applicant:
    return ApplicantFactory.create(enterprise=enterprise, name="张样例")


@pytest.fixture
def draft(applicant: Applicant, agent: User) -> Application:
    """All ten materials still empty."""
    return ApplicationFactory.create(applicant=applicant, created_by=agent)


@pytest.fixture
def ready_draft(applicant: Applicant, agent: User) -> Application:
    """All ten materials complete; 6 and 7 by the review table."""
    return ApplicationFactory.create(applicant=applicant, created_by=agent, complete=True)


@pytest.fixture
def submitted(applicant: Applicant, agent: User) -> Application:
    """Waits for the officer's pre-review."""
    return ApplicationFactory.create(applicant=applicant, created_by=agent, submitted=True)
