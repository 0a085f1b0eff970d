"""The station keeps its usual reasons: adding, rewording and retiring them."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, User
from applications.models import Application, ReturnReason
from tests.conftest import ClientOf

pytestmark = pytest.mark.django_db
NEW = {
    "defect": "照片是黑白的。",
    "mend": "请换成彩色照片。",
    "example": "身份证上的黑白照片不能用。",
    "numbers": ["8"],
    "is_active": "on",
}


@pytest.fixture
def desk(client_of: ClientOf, officer: User) -> Client:
    return client_of(officer)


def edit(desk: Client, reason: ReturnReason, **changed: Any) -> Any:
    data = {
        "defect": reason.defect,
        "mend": reason.mend,
        "example": reason.example,
        "numbers": [str(number) for number in reason.numbers],
        "pictures": reason.pictures,
        "is_active": "on",
        "seen_version": reason.version,
    } | changed
    data = {name: value for name, value in data.items() if value is not None}
    return desk.post(reverse("applications:reason_edit", args=[reason.pk]), data, follow=True)


def test_a_new_reason_gets_the_next_code_and_is_offered_at_once(
    desk: Client, submitted: Application, officer: User
) -> None:
    response = desk.post(reverse("applications:reason_new"), NEW, follow=True)
    assert "已保存R74" in response.content.decode()
    page = desk.get(reverse("applications:pre_review", args=[submitted.pk]), {"material": 8})
    assert "照片是黑白的。" in page.content.decode()
    event = AuditEvent.objects.get(action="return_reason.create")
    assert (event.actor, event.after["defect"]) == (officer, "照片是黑白的。")


def test_a_retired_reason_is_not_offered_any_more(desk: Client, submitted: Application) -> None:
    edit(desk, ReturnReason.objects.get(code="R26"), is_active=None)
    page = desk.get(reverse("applications:pre_review", args=[submitted.pk]), {"material": 8})
    offered = page.content.decode().partition("这一项有问题吗")[2]
    assert "照片模糊。" in offered
    assert "照片不是白底。" not in offered
    assert "已停用" in desk.get(reverse("applications:reasons")).content.decode()


def test_the_station_chooses_the_pictures_that_go_with_a_reason(desk: Client) -> None:
    reason = ReturnReason.objects.get(code="R03")
    edit(desk, reason, pictures=["8-turned", "8-two"])
    reason.refresh_from_db()
    assert reason.pictures == ["8-turned", "8-two"]
    assert edit(desk, reason, pictures=["9-none"]).status_code == 422


def test_two_officers_on_one_reason_the_second_is_told(desk: Client) -> None:
    reason = ReturnReason.objects.get(code="R01")
    edit(desk, reason, mend="请重新拍摄。")
    response = edit(desk, reason, mend="请到照相馆拍摄。")
    assert response.status_code == 422
    assert "别人已经修改过这些内容" in response.content.decode()
    reason.refresh_from_db()
    assert reason.mend == "请重新拍摄。"


def test_what_is_missing_is_said_and_what_was_typed_stays(desk: Client) -> None:
    response = desk.post(reverse("applications:reason_new"), NEW | {"mend": ""})
    assert response.status_code == 422
    page = response.content.decode()
    assert "请写明怎么改，企业要照着做。" in page
    assert "照片是黑白的。" in page


def test_the_list_costs_the_same_for_any_number(
    desk: Client, django_assert_max_num_queries: Any
) -> None:
    ReturnReason.objects.bulk_create(
        ReturnReason(code=f"R{n}", numbers=[8], defect="不对。", mend="请改。")
        for n in range(120, 170)
    )
    with django_assert_max_num_queries(5):
        page = desk.get(reverse("applications:reasons"))
    assert page.status_code == 200
    assert all(f"R{n}" in page.text for n in range(120, 170))
