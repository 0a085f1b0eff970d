"""People, and the rows that the others copy: made once, by the factories of the tests."""

from itertools import count as counting

from django.db import connection

from accounts.models import Department, Role, User
from applications.models import Application, ReturnReason
from applications.workflow import Status, Turn
from enterprises.models import Enterprise
from files.models import StoredFile
from reviews.models import Opinion, ReviewTable
from reviews.signatures.certificates import authority
from tests.benchmarks.scale.plan import FIRST, Case, Plan
from tests.benchmarks.scale.rows import Store
from tests.factories import (
    ApplicantFactory,
    ApplicationFactory,
    EnterpriseFactory,
    ReviewTableFactory,
    UserFactory,
    agent_of,
    liaison,
)

OFFICERS, LIAISONS = 4, 2
FILE_BYTES = 180_000


class World:
    """What all rooms share. The case of `application` stands for itself and is copied by all."""

    def __init__(self, plan: Plan, store: Store) -> None:
        self.plan, self.store = plan, store
        self.officers = [
            UserFactory.create(officer=True, name=f"专员样例{place}") for place in range(OFFICERS)
        ]
        self.departments = list(Department.objects.all())
        self.liaisons: dict[int, list[User]] = {
            one.pk: [
                liaison(one.code, is_primary=place == 0, name=f"{one.name}联络员{place}")
                for place in range(LIAISONS)
            ]
            for one in self.departments
        }
        self.head = UserFactory.create(station_head=True, name="站长样例")
        self.department_head = UserFactory.create(
            role=Role.SUPERVISOR, department=self.departments[1], name="分管领导样例"
        )
        self.administrators = [
            UserFactory.create(role=role)
            for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR)
        ]
        authority.ensure(by=self.administrators[1])
        self.enterprise: Enterprise = EnterpriseFactory.create()
        self.agent: User = agent_of(self.enterprise)
        applicant = ApplicantFactory.create(
            enterprise=self.enterprise, surname="ZHANG", given_names="YANGLI"
        )
        self.application: Application = ApplicationFactory.create(
            applicant=applicant,
            created_by=self.agent,
            handled_by=self.agent,
            submitted=True,
            status=Status.IN_REVIEW,
        )
        self.table: ReviewTable = ReviewTableFactory.create(
            application=self.application, circulated_by=self.officers[0]
        )
        self.opinions: list[Opinion] = list(self.table.opinions.select_related("department"))
        self.reasons = list(ReturnReason.objects.values_list("pk", flat=True))
        self._file_numbers = counting(FIRST)
        self._files = store.sheet(
            StoredFile,
            "id",
            "sha256",
            "content",
            "created_at",
            media_type="image/jpeg",
            original_name="扫描件.jpg",
            size=FILE_BYTES,
            width=1240,
            height=1754,
            uploaded_by_id=self.agent.pk,
        )

    def file(self, at: str) -> int:
        """The number of one more stored file, of which there is the row alone."""
        number = next(self._file_numbers)
        self._files.add((number, f"{number:064x}", f"scale/{number}.jpg", at))
        return number

    @staticmethod
    def has_card(case: Case) -> bool:
        return case.afterwards == Turn.OVER

    @property
    def line(self) -> str:
        """Between the parts of a text of several lines, as a row of this database takes it."""
        return "\\n" if connection.vendor == "postgresql" else "\n"

    def officer(self, number: int) -> int:
        return self.officers[number % OFFICERS].pk

    def liaison(self, department: Department, number: int) -> int:
        return self.liaisons[department.pk][number % LIAISONS].pk
