"""Which row is this enterprise, and what both sides learn from each other."""

import pytest

from accounts.models import User
from enterprises.ledger.matching import claim, near_rows, row_for
from enterprises.models import Demand, Enterprise, Stage
from enterprises.released import release
from enterprises.services import sign_up
from tests.factories import DemandFactory, EnterpriseFactory, credit_code

pytestmark = pytest.mark.django_db
ACCOUNT = {
    "name": "经办人丙",
    "email": "new@example.com",
    "phone": "13900000001",
    "password": "Wanzhou-2026!",
}


def signed_up(**facts: str) -> Enterprise:
    built: Enterprise = EnterpriseFactory.build(pending=True, **facts)
    sign_up(account=ACCOUNT, enterprise=built)
    return built


def test_a_sign_up_finds_its_row_by_credit_code() -> None:
    row = DemandFactory.create(name="三峡样例", credit_code=credit_code(31))
    enterprise = signed_up(name="重庆三峡样例物流有限公司", credit_code=credit_code(31))
    row.refresh_from_db()
    assert (row.enterprise, row.stage) == (enterprise, Stage.INTERESTED)
    assert Demand.objects.count() == 1


def test_a_sign_up_finds_its_row_by_the_core_of_its_name() -> None:
    row = DemandFactory.create(name="万州区高峰样例电缆公司")
    enterprise = signed_up(name="重庆市高峰样例电缆有限公司", credit_code=credit_code(32))
    row.refresh_from_db()
    assert (row.enterprise, row.name) == (enterprise, "重庆市高峰样例电缆有限公司")
    assert row.former_names == "万州区高峰样例电缆公司"


def test_of_two_rows_with_one_core_none_is_taken() -> None:
    for _ in range(2):
        DemandFactory.create(name="高峰样例电缆有限公司")
    signed_up(name="重庆市高峰样例电缆有限公司", credit_code=credit_code(33))
    assert Demand.objects.filter(enterprise__isnull=True).count() == 2
    assert Demand.objects.get(enterprise__isnull=False).source == Demand.Source.SIGN_UP


def test_a_row_with_another_credit_code_is_another_company() -> None:
    DemandFactory.create(name="高峰样例电缆有限公司", credit_code=credit_code(35))
    enterprise = EnterpriseFactory.create(
        name="重庆市高峰样例电缆有限公司", credit_code=credit_code(34)
    )
    assert row_for(enterprise) is None


def test_what_is_empty_on_one_side_is_filled_from_the_other() -> None:
    row = DemandFactory.create(
        name="样例榨菜", credit_code=credit_code(36), address="重庆市万州区样例路8号"
    )
    enterprise = signed_up(
        name="重庆市样例榨菜有限公司",
        credit_code=credit_code(36),
        address="",
        contact_name="李样例",
    )
    row.refresh_from_db()
    enterprise.refresh_from_db()
    assert (row.contact_name, row.contact_phone) == ("李样例", "023-58000000")
    assert enterprise.address == "重庆市万州区样例路8号"


def test_what_is_filled_in_is_not_overwritten() -> None:
    row = DemandFactory.create(credit_code=credit_code(37), contact_name="王样例", town="龙都街道")
    signed_up(name="重庆市样例冷链有限公司", credit_code=credit_code(37), contact_name="李样例")
    row.refresh_from_db()
    assert (row.contact_name, row.town) == ("王样例", "龙都街道")


def test_the_row_of_a_sign_up_that_nobody_confirmed_is_free_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    enterprise = EnterpriseFactory.create(pending=True)
    row = claim(enterprise)
    monkeypatch.setattr(Enterprise, "is_abandoned", True)
    release(enterprise.credit_code)
    row.refresh_from_db()
    assert row.enterprise is None


def test_near_rows_are_found_by_core_short_and_former_name() -> None:
    wanted = [
        DemandFactory.create(name="重庆市万州区平湖样例机械有限公司"),
        DemandFactory.create(name="重庆江样科技有限公司", former_names="平湖样例机械厂"),
    ]
    DemandFactory.create(name="重庆市万州区天城水产有限公司")
    assert set(near_rows("万州平湖样例机械")) == set(wanted)


def test_the_ledger_is_found_by_short_name_initials_and_phone(officer: User) -> None:
    row = DemandFactory.create(
        name="重庆市万州区平湖样例机械有限公司", short_name="平机", contact_phone="13900001234"
    )
    DemandFactory.create()
    for words in ("平机", "phylj", "13900001234", "1234"):
        assert list(Demand.objects.visible_to(officer).matching(words)) == [row], words
