"""Company visits: planned by coverage, noted with pictures, and followed up."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.versions import Overtaken
from enterprises.models import Contact, Demand
from outreach.models import CompanyVisit, CompanyVisitTask
from outreach.visits.visiting import (
    VisitingRefused,
    VisitNote,
    add_task,
    close_task,
    drop_visit,
    note_visit,
    plan,
)
from tests.conftest import ClientOf
from tests.factories import DemandFactory, picture
from tests.outreach.factories import CompanyVisitFactory

pytestmark = pytest.mark.django_db
TOLD = "讲了申办条件和十项材料"


def planned(demands: list[Demand], by: User, days: int = 1) -> int:
    on = timezone.localdate() + timedelta(days=days)
    return plan(demands, on=on, officers=[by], purpose="摸底", by=by)


def note(told: str = TOLD, asked: str = "") -> VisitNote:
    return VisitNote(timezone.now(), told, asked, "余样", "副总经理")


def test_visits_of_a_day_stand_in_the_order_in_which_they_were_chosen(officer: User) -> None:
    first, second, third = DemandFactory.create_batch(3)
    assert planned([second, first], officer) == 2
    # Whoever has a visit planned gets no second one.
    assert planned([first, third], officer) == 1
    order = CompanyVisit.objects.by_route().values_list("demand", "route_order")
    assert list(order) == [(second.pk, 1), (first.pk, 2), (third.pk, 3)]


def test_nobody_visits_more_than_thirty_in_a_day(officer: User) -> None:
    with pytest.raises(VisitingRefused, match="30家"):
        planned(DemandFactory.create_batch(31), officer)
    with pytest.raises(VisitingRefused, match="已经过了"):
        planned(DemandFactory.create_batch(1), officer, days=-1)


def test_a_visit_at_which_something_was_told_counts_for_coverage(officer: User) -> None:
    visit = CompanyVisitFactory.create()
    note_visit(visit, note(asked="护照快到期怎么办"), by=officer)
    contact = Contact.objects.get(demand=visit.demand)
    assert (contact.kind, contact.is_telling) == ("visit", True)
    assert TOLD in contact.words
    assert "护照快到期怎么办" in contact.words
    visit.demand.refresh_from_db()
    assert visit.demand.stage == Demand.Stage.TOLD
    today = timezone.localdate()
    assert list(CompanyVisit.objects.between(today, today)) == [visit]


def test_a_visit_that_found_a_closed_door_tells_nobody(officer: User) -> None:
    visit = CompanyVisitFactory.create()
    note_visit(visit, note(told="", asked="没有人在"), by=officer)
    visit.demand.refresh_from_db()
    assert visit.demand.stage == Demand.Stage.UNTOUCHED


def test_a_visit_is_noted_once_and_the_second_is_told(officer: User, other_officer: User) -> None:
    visit = CompanyVisitFactory.create()
    same = CompanyVisit.objects.get(pk=visit.pk)
    note_visit(visit, note(), by=officer)
    with pytest.raises(Overtaken):
        note_visit(same, note(), by=other_officer)
    with pytest.raises(VisitingRefused, match="已经记过"):
        drop_visit(CompanyVisit.objects.get(pk=visit.pk), words="不去了", by=officer)


def test_the_note_comes_with_pictures_that_the_station_alone_sees(
    client_of: ClientOf, officer: User, station_head: User, agent: User, supervisor: User
) -> None:
    visit = CompanyVisitFactory.create()
    photo = SimpleUploadedFile("合影.jpg", picture(10), content_type="image/jpeg")
    url = reverse("outreach:visit_note", args=[visit.pk])
    sent = {"told": TOLD, "met_name": "余样", "files": photo}
    assert client_of(officer).post(url, sent).status_code == 302
    page = visit.pages.get()
    address = reverse("outreach:visit_picture", args=[page.pk])
    shown = client_of(station_head).get(address)
    assert shown.getvalue().startswith(b"\xff\xd8\xff")
    assert client_of(supervisor).get(address).status_code == 404
    assert client_of(agent).get(address).status_code == 403


def test_a_picture_that_cannot_be_read_loses_no_word(client_of: ClientOf, officer: User) -> None:
    visit = CompanyVisitFactory.create()
    broken = SimpleUploadedFile("坏.jpg", b"\xff\xd8\xff broken")
    url = reverse("outreach:visit_note", args=[visit.pk])
    page = client_of(officer).post(url, {"told": TOLD, "files": broken})
    assert page.status_code == 422
    assert TOLD in page.content.decode()
    visit.refresh_from_db()
    assert visit.is_open


def test_what_was_promised_is_a_task_until_it_is_done(officer: User) -> None:
    visit = CompanyVisitFactory.create()
    today = timezone.localdate()
    given: dict[str, Any] = {"words": "送管理办法范本", "owner": officer, "nonce": "t" * 20}
    with pytest.raises(VisitingRefused, match="已经过了"):
        add_task(visit, due_on=today - timedelta(days=1), **given, by=officer)
    task = add_task(visit, due_on=today, **given, by=officer)
    assert add_task(visit, due_on=today, **given, by=officer) == task
    assert list(CompanyVisitTask.objects.open()) == [task]
    close_task(task, outcome="已送到", by=officer)
    assert not CompanyVisitTask.objects.open().exists()


def test_the_route_is_put_into_another_order(client_of: ClientOf, officer: User) -> None:
    planned(DemandFactory.create_batch(2), officer)
    first, second = CompanyVisit.objects.by_route()
    url = reverse("outreach:visit_day", args=[first.planned_on.isoformat()])
    client_of(officer).post(url, {f"place{first.pk}": "2", f"place{second.pk}": "1"})
    assert list(CompanyVisit.objects.by_route()) == [second, first]
    absurd = client_of(officer).post(url, {f"place{first.pk}": "9" * 40})
    assert absurd.status_code == 302


def test_a_day_that_there_is_not_has_no_page(client_of: ClientOf, officer: User) -> None:
    assert client_of(officer).get("/outreach/visits/2026-02-30/").status_code == 404


def test_planning_begins_with_key_enterprises_that_were_not_told(
    client_of: ClientOf, officer: User
) -> None:
    key = DemandFactory.create(is_key=True)
    DemandFactory.create(is_key=True, told_at=timezone.now())
    DemandFactory.create()
    url = reverse("outreach:visit_plan")
    page = client_of(officer).get(url)
    assert list(page.context["choice"].page) == [key]
    tomorrow = timezone.localdate() + timedelta(days=1)
    sent = {"row": key.pk, "planned_on": tomorrow.isoformat(), "officers": officer.pk}
    assert client_of(officer).post(url, sent).status_code == 302
    assert CompanyVisit.objects.get().demand == key


def test_the_list_costs_the_same_for_one_and_for_many(
    client_of: ClientOf, officer: User, django_assert_max_num_queries: object
) -> None:
    desk = client_of(officer)
    for count in (1, 28):
        planned(DemandFactory.create_batch(count), officer, days=count)
        for name in ("visit_list", "visit_plan"):
            with django_assert_max_num_queries(12):  # type: ignore[operator]
                page = desk.get(reverse(f"outreach:{name}"))
            assert len(page.content) < 60 * 1024
