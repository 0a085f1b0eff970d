"""One person, two roles: the liaison of commerce who is officer as well; never two of the three."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEvent, Department, Role, User
from tests.conftest import ClientOf
from tests.factories import ReviewTableFactory, UserFactory

pytestmark = pytest.mark.django_db
USERS = "/accounts/users/"
CHOOSE = "/accounts/me/role/"
OFFICER, LIAISON = {"role": "station_officer"}, {"role": "liaison"}


@pytest.fixture
def both(commerce_liaison: User) -> User:
    commerce_liaison.is_also_officer = True
    commerce_liaison.save()
    return commerce_liaison


@pytest.fixture
def client(client_of: ClientOf, both: User) -> Client:
    return client_of(both)


def save(client: Client, person: User, **changed: object) -> Any:
    data = {
        "name": person.name,
        "department": person.department_id or "",
        "email": person.email,
        "phone": "",
        "is_active": "on",
        "seen_version": person.version,
        "accepts_gap": "on",
    }
    return client.post(f"{USERS}{person.pk}/edit/", data | changed)


def test_he_begins_as_liaison_and_chooses_at_the_head(client: Client) -> None:
    page = client.get("/").text
    assert "区商务委 区商务委联络员" in page
    assert "换为服务站专员" in page
    assert client.get("/applications/reasons/").status_code == 403
    client.post(CHOOSE, OFFICER)
    page = client.get("/").text
    assert "服务站专员 区商务委联络员" in page
    assert "待预审的申请" in page
    assert "换为部门联络员" in page
    assert client.get("/applications/reasons/").status_code == 200
    client.post(CHOOSE, LIAISON)
    assert "待签署" in client.get("/").text


def test_as_officer_he_signs_nothing_and_as_liaison_he_pre_reviews_nothing(client: Client) -> None:
    table = ReviewTableFactory.create()
    opinion = table.opinions.get(department__code="commerce")
    page, case = opinion.get_absolute_url(), f"/applications/{table.application_id}/pre-review/"
    assert client.get(page).status_code == 200
    assert client.get(case).status_code == 403
    client.post(CHOOSE, OFFICER)
    assert client.get(page).status_code == 403
    assert client.get(case).status_code == 200


def test_a_page_of_the_other_role_offers_to_change(client: Client) -> None:
    page = client.get("/applications/reasons/")
    assert page.status_code == 403
    assert "这一页要以“服务站专员”的身份打开" in page.text
    chosen = client.post(CHOOSE, OFFICER | {"next": "/applications/reasons/"})
    assert chosen["Location"] == "/applications/reasons/"
    assert client.get("/accounts/users/").status_code == 403


def test_the_stored_account_stays_a_liaison_s(client: Client, both: User) -> None:
    client.post(CHOOSE, OFFICER)
    client.get("/accounts/me/")
    client.post("/accounts/me/edit/", {"phone": "13911112222", "seen_version": both.version})
    both.refresh_from_db()
    assert both.role == Role.LIAISON
    assert both.department == Department.objects.get(code="commerce")
    assert both.phone == "13911112222"


def test_acting_as_officer_the_account_is_not_saved_whole(both: User) -> None:
    both.act_as_officer()
    with pytest.raises(TypeError):
        both.save()
    both.save(update_fields=["name"])
    assert User.objects.get(pk=both.pk).role == Role.LIAISON


def test_the_choice_is_in_the_trail_under_the_role_he_left(client: Client) -> None:
    client.post(CHOOSE, OFFICER)
    event = AuditEvent.objects.get(action="account.choose_role")
    assert event.actor_label == "区商务委 区商务委联络员"
    assert event.after == {"role": "服务站专员"}


def test_he_is_among_the_officers_and_the_liaisons(both: User, client: Client) -> None:
    assert list(User.objects.officers()) == list(User.objects.liaisons()) == [both]
    assert client.get("/reviews/directory/").text.count("区商务委联络员") >= 3, (
        "head, station, department"
    )


@pytest.mark.parametrize("person", ["officer", "tax_liaison", "system_admin"])
def test_nobody_else_has_a_second_role(
    request: pytest.FixtureRequest, client_of: ClientOf, person: str
) -> None:
    client = client_of(request.getfixturevalue(person))
    assert client.post(CHOOSE, OFFICER).status_code == 403
    assert "换为" not in client.get("/accounts/me/").text


def test_taken_away_it_ends_at_once(client: Client, both: User) -> None:
    client.post(CHOOSE, OFFICER)
    User.objects.filter(pk=both.pk).update(is_also_officer=False)
    assert client.get("/applications/reasons/").status_code == 403


def test_the_administrator_gives_it_to_the_liaison_of_commerce_alone(
    client_of: ClientOf, system_admin: User, commerce_liaison: User, tax_liaison: User
) -> None:
    client = client_of(system_admin)
    refused = save(client, tax_liaison, is_also_officer="on")
    assert "只有区商务委的联络员可以兼任服务站专员" in refused.text
    assert save(client, commerce_liaison, is_also_officer="on").status_code == 302
    commerce_liaison.refresh_from_db()
    assert commerce_liaison.is_also_officer
    tax = Department.objects.get(code="tax")
    moved = save(client, commerce_liaison, is_also_officer="on", department=tax.pk)
    assert "只有区商务委的联络员可以兼任服务站专员" in moved.text


def test_no_change_makes_one_person_two_of_the_three(
    client_of: ClientOf, system_admin: User, auditor: User
) -> None:
    User.objects.filter(pk=auditor.pk).update(phone="13700000000")
    auditor.refresh_from_db()
    client = client_of(system_admin)
    assert "必须由不同的人担任" in save(client, auditor, email=system_admin.email).text
    assert save(client, auditor, duties="审计").status_code == 302
    officer = UserFactory.create(officer=True)
    assert save(client, officer, email=system_admin.email).status_code == 302
