"""Queries and size of every page of the menu and of a case, at 50 and at 10,000 cases."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TypeVar

from django.db import connection, transaction
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Department, Role, User
from applications.models import Applicant, Application, Material
from applications.workflow import Status
from cards.models import Filing
from cards.workflow import Stage
from materials.catalogue import CATALOGUE
from reviews.models import Opinion, ReviewTable
from reviews.services import circulation
from reviews.signatures.certificates import authority
from tests.benchmarks.table import Measure
from tests.factories import (
    SHEETS,
    ApplicationFactory,
    EnterpriseFactory,
    UserFactory,
    agent_of,
    liaison,
)
from wanzhou_abtc.nav import items_for

FEW, MANY = 50, 10_000
BATCH = 1000
MOST_QUERIES = 12
MOST_KIB = 60

Row = TypeVar("Row", bound=Model)


def measure() -> list[Measure]:
    with transaction.atomic():
        model = circulated()
        people = everybody(model.application)
        measures = []
        made = 0
        for total in (FEW, MANY):
            multiply(model, made, total)
            made = total
            connection.cursor().execute("ANALYZE")
            measures += worst(people, model, total)
        transaction.set_rollback(True)
    return measures


def circulated() -> ReviewTable:
    """The case that the others copy."""
    authority.ensure()
    for department in Department.objects.all():
        if not User.objects.liaisons_of(department).exists():
            liaison(department.code)
    enterprise = EnterpriseFactory.create()
    agent_of(enterprise)
    application = ApplicationFactory.create(applicant__enterprise=enterprise, submitted=True)
    return circulation.circulate(
        application, by=UserFactory.create(officer=True), despite_unread=SHEETS
    )


def everybody(application: Application) -> list[User]:
    """One person for each role."""
    tax = User.objects.liaisons_of(Department.objects.get(code="tax"))[0]
    administrators = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR)
    return [
        application.created_by,
        User.objects.officers()[0],
        tax,
        UserFactory.create(station_head=True),
        *(UserFactory.create(role=role) for role in administrators),
    ]


def multiply(model: ReviewTable, made: int, total: int) -> None:
    """Add copies of the case until there are `total`; every other one waits for pre-review."""
    opinions = list(model.opinions.all())
    for start in range(made, total, BATCH):
        numbers = range(start, min(start + BATCH, total))
        applicants = Applicant.objects.bulk_create(
            with_(model.application.applicant, id_number_hash=f"{number:064d}")
            for number in numbers
        )
        applications = Application.objects.bulk_create(
            with_(
                model.application,
                applicant=applicant,
                status=status_of(number),
            )
            for number, applicant in zip(numbers, applicants, strict=True)
        )
        file_nationally(applications)
        Material.objects.bulk_create(
            Material(application=application, number=kind.number)
            for application in applications
            for kind in CATALOGUE
        )
        forms = ReviewTable.objects.bulk_create(
            with_(model, application=application, number=f"B{pk}", verification_code=f"B{pk}")
            for application in applications
            if application.status == Status.IN_REVIEW
            for pk in [application.pk]
        )
        Opinion.objects.bulk_create(
            with_(opinion, table=form) for form in forms for opinion in opinions
        )


def status_of(number: int) -> Status:
    """Every other one waits for pre-review; of the rest one in five is endorsed."""
    if number % 2 == 0:
        return Status.SUBMITTED
    return Status.ENDORSED if number % 10 == 1 else Status.IN_REVIEW


def file_nationally(applications: list[Application]) -> None:
    """Of those that are endorsed; nobody has entered anything of every other one for long."""
    endorsed = [one for one in applications if one.status == Status.ENDORSED]
    now = timezone.now()
    Filing.objects.bulk_create(
        Filing(
            application=application,
            stage=Stage.PASSED,
            stage_on=now.date(),
            national_number=f"SQ{application.pk}",
            filed_on=now.date() - timedelta(days=90),
            accepted_on=now.date() - timedelta(days=86),
            passed_on=now.date() - timedelta(days=80),
            last_entry_at=now - timedelta(days=60 if place % 2 else 1),
        )
        for place, application in enumerate(endorsed)
    )


def with_(row: Row, **changes: object) -> Row:
    """A copy of a row that is not in the database yet."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    made = type(row)(**values | {"id": None})
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def worst(people: list[User], model: ReviewTable, total: int) -> list[Measure]:
    """The page with most queries and the largest page, over all people."""
    seen: list[tuple[int, float, str]] = []
    for person in people:
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(person, backend="accounts.backends.PeopleBackend")
        for path in paths(person, model):
            client.get(path)
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(path, follow=True)
            seen.append((len(queries), len(answer.content) / 1024, f"{person.role} {path}"))
    most, _, busiest = max(seen)
    _, largest, longest = max(seen, key=lambda one: one[1])
    return [
        Measure(f"每页查询次数，{total} 件", most, MOST_QUERIES, "次", busiest),
        Measure(f"每页 HTML，{total} 件", largest, MOST_KIB, "KiB", longest),
    ]


def paths(person: User, model: ReviewTable) -> Iterator[str]:
    """The pages of this person's menu, and those of the one case."""
    for item in items_for(person):
        yield reverse(item.url_name)
    if person.is_agent or person.is_officer:
        filed = Filing.objects.order_by("pk")[0].application_id
        for name in ("filing", "board", "early_print"):
            yield reverse(f"cards:{name}", args=[filed])
    if person.is_agent:
        yield reverse("applications:detail", args=[model.application_id])
    if person.is_officer:
        waiting = Application.objects.filter(status=Status.SUBMITTED)[0]
        yield reverse("applications:pre_review", args=[waiting.pk])
        yield reverse("reviews:table_detail", args=[model.pk])
    if person.is_liaison:
        opinion = model.opinions.get(department=person.department)
        yield reverse("reviews:opinion_edit", args=[opinion.pk])
