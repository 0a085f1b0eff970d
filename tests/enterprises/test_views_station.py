from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEvent, User
from enterprises.models import Enterprise
from enterprises.services import save_enterprise
from tests.conftest import ClientOf
from tests.factories import EnterpriseFactory, agent_of, credit_code, standing_page


@pytest.fixture
def client(client_of: ClientOf, officer: User) -> Client:
    """The officer's."""
    return client_of(officer)


@pytest.fixture
def pending(db: None) -> Enterprise:
    enterprise = EnterpriseFactory.create(pending=True, name="待核验有限公司")
    agent_of(enterprise)
    standing_page(enterprise, 2)
    return enterprise


def names(response: Any) -> list[str]:
    return [enterprise.name for enterprise in response.context["page"]]


def test_those_that_wait_come_first_the_oldest_on_top(client: Client, db: None) -> None:
    for name, pending in (("甲", False), ("乙", True), ("丙", False), ("丁", True)):
        EnterpriseFactory.create(name=name, pending=pending)

    assert names(client.get("/enterprises/")) == ["乙", "丁", "丙", "甲"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "长江"}, ["长江贸易有限公司"]),
        ({"q": " 91500101yyyy00020l "}, ["三峡果业有限公司"]),
        ({"status": "pending"}, ["三峡果业有限公司"]),
        ({"status": "verified", "q": "三峡"}, []),
        ({"status": "nonsense"}, ["三峡果业有限公司", "长江贸易有限公司"]),
    ],
)
def test_the_list_can_be_narrowed(
    client: Client, db: None, query: dict[str, str], expected: list[str]
) -> None:
    EnterpriseFactory.create(name="长江贸易有限公司", credit_code="91500101YYYY00012R")
    EnterpriseFactory.create(
        name="三峡果业有限公司", credit_code="91500101YYYY00020L", pending=True
    )

    assert names(client.get("/enterprises/", query)) == expected


@pytest.mark.parametrize("count", [1, 50])
def test_the_list_costs_the_same_for_one_and_for_fifty(
    client: Client, db: None, count: int, django_assert_max_num_queries: Any
) -> None:
    for enterprise in EnterpriseFactory.create_batch(count, pending=True):
        agent_of(enterprise)

    with django_assert_max_num_queries(8):
        response = client.get("/enterprises/")
    assert response.status_code == 200
    assert len(names(response)) == min(count, 30)


def test_a_page_of_a_narrowed_list_stays_narrowed(client: Client, db: None) -> None:
    EnterpriseFactory.create_batch(31, pending=True)

    first = client.get("/enterprises/?status=pending")
    assert "?status=pending&amp;page=last" in first.text
    following = first.context["page"].next
    assert following.startswith("?status=pending&page=")
    assert len(names(client.get(f"/enterprises/{following}"))) == 1


def test_an_officer_verifies(client: Client, pending: Enterprise) -> None:
    page = client.get(f"/enterprises/{pending.pk}/", follow=True)
    assert "核对无误，通过核验" in page.text

    response = client.post(
        f"/enterprises/{pending.pk}/verify/", {"seen_version": pending.version}, follow=True
    )

    assert "已通过核验，已通知企业" in response.text
    pending.refresh_from_db()
    assert pending.is_verified


def test_nobody_is_verified_whose_agent_has_not_confirmed_his_mailbox(
    client: Client, pending: Enterprise
) -> None:
    User.objects.filter(agency__enterprise=pending).update(email_confirmed_at=None)

    response = client.post(
        f"/enterprises/{pending.pk}/verify/", {"seen_version": pending.version}, follow=True
    )

    assert "经办人还没有确认邮箱，不能通过核验" in response.text
    pending.refresh_from_db()
    assert not pending.is_verified


def test_a_code_of_another_district_is_a_hint_and_no_refusal(client: Client, db: None) -> None:
    enterprise = EnterpriseFactory.create(pending=True, credit_code=credit_code(3, "500000"))
    agent_of(enterprise)
    standing_page(enterprise, 2)

    text = client.get(f"/enterprises/{enterprise.pk}/station/").text
    assert "代码第3至8位是500000，不是本区的500101" in text

    client.post(f"/enterprises/{enterprise.pk}/verify/", {"seen_version": 1})
    enterprise.refresh_from_db()
    assert enterprise.is_verified


def test_what_was_changed_meanwhile_has_to_be_read_again(
    client: Client, pending: Enterprise
) -> None:
    Enterprise.objects.filter(pk=pending.pk).update(version=2)

    response = client.post(f"/enterprises/{pending.pk}/verify/", {"seen_version": "1"}, follow=True)

    assert "企业修改过登记信息" in response.text
    pending.refresh_from_db()
    assert pending.status == "pending"


def refusal(reason: str, seen_version: int = 1) -> dict[str, object]:
    return {"reason": reason, "seen_version": seen_version}


def test_what_was_changed_meanwhile_is_not_refused_unread(
    client: Client, pending: Enterprise
) -> None:
    """The enterprise has mended what the officer is about to find fault with."""
    Enterprise.objects.filter(pk=pending.pk).update(version=2, address="重庆市万州区新路9号")

    response = client.post(f"/enterprises/{pending.pk}/refuse/", refusal("住所与执照不符。"))

    assert response.status_code == 422
    pending.refresh_from_db()
    assert pending.status == "pending"
    for shown in ("企业修改过登记信息", "重庆市万州区新路9号", "住所与执照不符。"):
        assert shown in response.text
    client.post(f"/enterprises/{pending.pk}/refuse/", refusal("执照看不清。", seen_version=2))
    pending.refresh_from_db()
    assert pending.status == "refused"


def test_an_officer_refuses_with_a_reason(client: Client, pending: Enterprise) -> None:
    empty = client.post(f"/enterprises/{pending.pk}/refuse/", {"reason": ""})
    assert empty.status_code == 422
    assert "请写明不通过的原因" in empty.text

    client.post(f"/enterprises/{pending.pk}/refuse/", refusal("执照已过期，请上传新执照。"))

    pending.refresh_from_db()
    assert pending.status == "refused"
    assert pending.refusal_reason == "执照已过期，请上传新执照。"


def test_whoever_decides_again_reads_why_it_was_refused_before(
    client: Client, agent: User, pending: Enterprise
) -> None:
    client.post(f"/enterprises/{pending.pk}/refuse/", refusal("执照已过期，请上传新执照。"))
    pending.refresh_from_db()
    pending.address = "重庆市万州区新路9号"
    save_enterprise(pending, changed=["address"], by=agent)

    page = client.get(f"/enterprises/{pending.pk}/station/").text

    assert "当时的原因：执照已过期，请上传新执照。" in page


def test_an_officer_who_comes_second_is_told_and_keeps_his_words(
    client_of: ClientOf, client: Client, other_officer: User, pending: Enterprise
) -> None:
    client.post(f"/enterprises/{pending.pk}/verify/", {"seen_version": 1})

    response = client_of(other_officer).post(
        f"/enterprises/{pending.pk}/refuse/", refusal("执照已过期")
    )

    assert response.status_code == 422
    assert "已由专员甲核验为“已核验”" in response.text


def test_telephone_numbers_show_after_a_click_that_is_recorded(
    client: Client, pending: Enterprise, officer: User
) -> None:
    shown = client.get(f"/enterprises/{pending.pk}/station/").text
    assert "显示完整电话（会留下记录）" in shown
    assert "023-58000000" not in shown
    assert "13800000000" not in shown

    response = client.post(f"/enterprises/{pending.pk}/reveal/")

    assert "023-58000000" in response.text
    assert 'href="tel:13800000000"' in response.text
    assert AuditEvent.objects.get(action="enterprise.reveal").actor == officer


def test_the_head_of_the_station_reads_and_decides_nothing(
    client_of: ClientOf, station_head: User, pending: Enterprise
) -> None:
    client = client_of(station_head)

    shown = client.get(f"/enterprises/{pending.pk}/station/").text
    assert pending.credit_code in shown
    assert "核对无误" not in shown
    assert client.post(f"/enterprises/{pending.pk}/verify/").status_code == 403


def test_an_agent_has_no_business_on_the_stations_pages(
    client_of: ClientOf, agent: User, enterprise: Enterprise
) -> None:
    client = client_of(agent)

    assert client.get("/enterprises/").status_code == 403
    assert client.get(f"/enterprises/{enterprise.pk}/station/").status_code == 403
