"""What passed here and the city office returned, counted by reason for pre-review."""

import pytest
from django.urls import reverse

from accounts.models import User
from applications.models import Application, ReturnReason
from cards.filing.services import enter_step, take_back
from cards.workflow import StepCode
from reports.city_returns import city_returns
from tests.cards.conftest import ago, endorse, entry
from tests.conftest import ClientOf
from tests.factories import ApplicantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def endorsed(applicant: object, agent: User) -> Application:
    return endorse(applicant, days=20)


def returned(application: Application, codes: list[str], by: User, words: str = "") -> None:
    enter_step(application, StepCode.FILED, entry(3, number=f"SQ{application.pk}"), by=by)
    reasons = list(ReturnReason.objects.filter(code__in=codes))
    enter_step(application, StepCode.RETURNED, entry(1, words=words), by=by, reasons=reasons)


def test_each_reason_is_counted_and_mistakes_are_not(
    endorsed: Application, agent: User, officer: User, client_of: ClientOf
) -> None:
    year = ago(1).year
    others = [
        endorse(ApplicantFactory.create(enterprise=endorsed.enterprise), days=20) for _ in range(2)
    ]
    returned(endorsed, ["R01", "R05"], agent)
    returned(others[0], ["R01"], agent)
    returned(others[1], [], agent, words="系统里的职务和公函不一致")
    found = city_returns(year)
    assert (found.filed, found.returned) == (3, 3)
    assert [(one.code, one.count) for one in found.reasons] == [("R01", 2), ("R05", 1), ("", 1)]
    assert found.words == ["系统里的职务和公函不一致"]
    take_back(others[0], reason="看错了。", by=officer)
    assert [one.count for one in city_returns(year).reasons if one.code == "R01"] == [1]
    page = client_of(officer).get(reverse("reason_counts")).text
    assert "本站通过、市外办退回" in page
    assert f"{year}年在国家系统提交3件，其中2件被市外办退回" in page


def test_a_department_reads_nothing_of_it(client_of: ClientOf, supervisor: User) -> None:
    assert "本站通过、市外办退回" not in client_of(supervisor).get(reverse("reason_counts")).text
