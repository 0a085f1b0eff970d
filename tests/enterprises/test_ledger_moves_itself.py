"""The stage of the ledger follows what the portal knows, and enterprises of before are in it."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from accounts.models import User
from applications.services.intake import start_application
from applications.services.perform import perform
from applications.workflow import Action, Status
from cards.holding.services import issue_card
from core.dates import months_later
from enterprises.models import Demand, Enterprise, Stage
from enterprises.services import save_enterprise
from tests.factories import (
    ApplicantFactory,
    ApplicationFactory,
    CardFactory,
    DemandFactory,
    EnterpriseFactory,
)

pytestmark = pytest.mark.django_db


def stage_of(enterprise: Enterprise) -> str:
    return Demand.objects.get(enterprise=enterprise).stage


def test_an_application_takes_the_row_along_and_a_withdrawal_does_not_take_it_back(
    enterprise: Enterprise, agent: User, officer: User
) -> None:
    DemandFactory.create(enterprise=enterprise, stage=Stage.INTERESTED)
    application = start_application(ApplicantFactory.create(enterprise=enterprise), by=agent)
    assert stage_of(enterprise) == Stage.PREPARING
    perform(application, Action.SUBMIT, by=agent)
    assert stage_of(enterprise) == Stage.SUBMITTED
    perform(application, Action.WITHDRAW, by=agent, reason="出访计划改期")
    assert stage_of(enterprise) == Stage.SUBMITTED


def test_a_concluded_table_concludes_the_row(enterprise: Enterprise, agent: User) -> None:
    applicant = ApplicantFactory.create(enterprise=enterprise)
    application = ApplicationFactory.create(
        applicant=applicant, submitted=True, status=Status.IN_REVIEW
    )
    perform(application, Action.CONCLUDE, by=None, outcome=Status.DECLINED)
    assert stage_of(enterprise) == Stage.CONCLUDED


def test_a_card_entered_is_held(enterprise: Enterprise, officer: User) -> None:
    today = timezone.localdate()
    issue_card(
        number="C12345678",
        issued_on=today,
        card_until=months_later(today, 60),
        by=officer,
        economies={"JPN": None},
        applicant=ApplicantFactory.create(enterprise=enterprise),
    )
    row = Demand.objects.get(enterprise=enterprise)
    assert (row.stage, row.held_at is not None) == (Stage.HOLDING, True)


def test_a_row_follows_the_name_of_its_enterprise(enterprise: Enterprise, agent: User) -> None:
    row = DemandFactory.create(enterprise=enterprise, name=enterprise.name)
    enterprise.name = "重庆市万州区改名样例有限公司"
    save_enterprise(enterprise, changed=["name"], by=agent)
    row.refresh_from_db()
    assert row.name == "重庆市万州区改名样例有限公司"
    assert row.earlier_names == ["重庆市万州区样例贸易有限公司"]


def test_enterprises_of_before_the_ledger_get_their_rows() -> None:
    fresh = EnterpriseFactory.create()
    begun = ApplicationFactory.create().enterprise
    sent = ApplicationFactory.create(submitted=True).enterprise
    holding = CardFactory.create().enterprise
    known = DemandFactory.create(enterprise=EnterpriseFactory.create(), stage=Stage.TOLD)
    migration = import_module("cards.migrations.0011_ledger_of_enterprises")
    for _ in range(2):
        migration.fill(apps, connection.schema_editor())
    assert [stage_of(one) for one in (fresh, begun, sent, holding)] == [
        Stage.INTERESTED,
        Stage.PREPARING,
        Stage.SUBMITTED,
        Stage.HOLDING,
    ]
    assert Demand.objects.count() == 5
    assert stage_of(known.enterprise) == Stage.TOLD  # type: ignore[arg-type]
