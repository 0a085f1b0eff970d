"""Makes people, enterprises and applications for tests, with traits for what they stand for.

Factories write rows as they would stand; what a test is about goes through services or views.
Call `UserFactory.create(…)`: to mypy the class itself makes factories.
"""

import hashlib
import io
import secrets
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2
from django.conf import settings
from django.core.files.base import ContentFile
from django.db.models import Count
from django.utils import timezone
from factory.declarations import (
    LazyAttribute,
    LazyFunction,
    SelfAttribute,
    Sequence,
    SubFactory,
    Trait,
)
from factory.django import DjangoModelFactory, Password
from factory.helpers import post_generation
from PIL import Image, ImageDraw
from stdnum.cn import ric, uscc

from accounts.models import Department, Role, User
from applications.kinds import SERVICES, Kind
from applications.models import (
    Applicant,
    Application,
    Consent,
    Correction,
    Material,
    MaterialPage,
    NamedApplicant,
)
from applications.workflow import Status
from cards.holding.services import day_start
from cards.models import Card, CardEconomy, CardEvent, EventKind
from core.crypto import keyed_hash
from core.dates import months_later
from enterprises.models import (
    Demand,
    Enterprise,
    EnterpriseAgent,
    StandingDocument,
    StandingPage,
)
from files.models import StoredFile
from files.services import store
from materials.catalogue import CATALOGUE, get
from materials.economies import NAMES
from materials.kind import MaterialKind
from reviews.models import Opinion, ReviewTable, Revision
from reviews.table_facts import facts_of

DEPARTMENTS = ("commerce", "tax", "police", "social", "foreign_affairs")
PASSWORD = "Wanzhou-2026!"
# The typed facts and the ten materials, for cases that are sent without having been gone through.
SHEETS = range(11)


def credit_code(number: int, authority: str = "500101") -> str:
    """A valid invented 统一社会信用代码; number 1 gives 91500101YYYY00012R."""
    start = f"91{authority}{organisation_code(f'YYYY{number:04d}')}"
    return start + uscc.calc_check_digit(start)


def organisation_code(body: str) -> str:
    """The eight characters and their check character, by GB 11714-1997 (stdnum has no such)."""
    weighed = zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)
    check = 11 - sum(int(character, 36) * weight for character, weight in weighed) % 11
    return body + {10: "X", 11: "0"}.get(check, str(check))


def id_number(number: int) -> str:
    """A valid invented 身份证号 of somebody of 万州, born on 12 May 1980 or later."""
    start = f"500101{1980 + number // 1000}0512{number % 1000:03d}"
    # stdnum takes the whole number and leaves its last place out.
    return start + ric.calc_check_digit(f"{start}0")


class UserFactory(DjangoModelFactory[User]):
    """An agent, unless a trait says otherwise. Everybody's password is `PASSWORD`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        officer = Trait(role=Role.STATION_OFFICER)
        station_head = Trait(role=Role.SUPERVISOR)

    name = Sequence(lambda n: f"测试人员{n + 1}")
    username = Sequence(lambda n: f"person{n + 1}@example.com")
    email = SelfAttribute("username")
    phone = "13800000000"
    role = Role.ENTERPRISE_AGENT
    password = Password(PASSWORD)
    email_confirmed_at = LazyFunction(timezone.now)


def liaison(code: str, **fields: Any) -> User:
    """A liaison of the department with this code."""
    department = Department.objects.get(code=code)
    fields.setdefault("name", f"{department.name}联络员")
    return UserFactory.create(role=Role.LIAISON, department=department, **fields)


class EnterpriseFactory(DjangoModelFactory[Enterprise]):
    """Verified, without agents; `pending=True` and `refused=True` say otherwise."""

    class Meta:
        model = Enterprise

    class Params:
        pending = Trait(status=Enterprise.Status.PENDING, decided_at=None)
        refused = Trait(
            status=Enterprise.Status.REFUSED, refusal_reason="营业执照照片不清晰，请重新上传。"
        )

    name = Sequence(lambda n: f"重庆市万州区样例{n + 1}号贸易有限公司")
    credit_code = Sequence(lambda n: credit_code(n + 1))
    kind = Enterprise.Kind.PRIVATE
    registration_authority = "万州区市场监督管理局"
    address = "重庆市万州区样例大道1号"
    contact_name = "联系人"
    contact_phone = "023-58000000"
    status = Enterprise.Status.VERIFIED
    decided_at = LazyFunction(timezone.now)


class DemandFactory(DjangoModelFactory[Demand]):
    """A row of the ledger, of an enterprise without an account that nobody has told yet."""

    class Meta:
        model = Demand

    name = Sequence(lambda n: f"重庆市万州区台账{n + 1}号食品有限公司")
    source = Demand.Source.LIST
    kind = Enterprise.Kind.PRIVATE
    trade = "食品加工"
    town = "百安坝街道"


def agent_of(enterprise: Enterprise, **fields: Any) -> User:
    """One more agent of this enterprise."""
    user: User = UserFactory.create(**fields)
    EnterpriseAgent.objects.create(user=user, enterprise=enterprise)
    return user


class ApplicantFactory(DjangoModelFactory[Applicant]):
    class Meta:
        model = Applicant

    enterprise = SubFactory(EnterpriseFactory)
    name = Sequence(lambda n: f"样例申请人{n + 1}")
    post = "总经理"
    id_number = Sequence(lambda n: id_number(n + 1))
    id_number_hash = LazyAttribute(lambda applicant: keyed_hash(applicant.id_number))
    phone = "13900001234"
    passport_number = Sequence(lambda n: f"EA{n + 1:07d}")
    passport_expires_on = LazyFunction(
        lambda: timezone.localdate().replace(day=1, year=timezone.localdate().year + 8)
    )


class ApplicationFactory(DjangoModelFactory[Application]):
    """A draft with the empty materials of its kind; of a first application ten.

    `complete=True` fills them all; `submitted=True` also submits it. Any later status is given as
    `status=` together with `submitted=True`.
    """

    class Meta:
        model = Application
        skip_postgeneration_save = True

    class Params:
        submitted = Trait(
            status=Status.SUBMITTED,
            consented_processing_at=LazyFunction(timezone.now),
            consented_sharing_at=LazyFunction(timezone.now),
            submitted_at=LazyFunction(timezone.now),
        )

    applicant = SubFactory(ApplicantFactory)
    enterprise = SelfAttribute("applicant.enterprise")
    kind = Kind.NEW
    status = Status.DRAFT
    needs_table = LazyAttribute(lambda application: SERVICES[application.kind].needs_table)
    created_by = LazyAttribute(lambda application: _somebody_of(application.enterprise))

    @post_generation
    def materials(self: Application, create: bool, extracted: Any, **_: Any) -> None:
        Material.objects.bulk_create(
            Material(application=self, number=number) for number in self.service.numbers(self.cause)
        )

    @post_generation
    def complete(self: Application, create: bool, extracted: bool, **_: Any) -> None:
        if extracted or self.status != Status.DRAFT:
            fill(self)
            if self.asks_consent:
                ConsentFactory.create(application=self)
        if self.status != Status.DRAFT:
            pin(self)


class ConsentFactory(DjangoModelFactory[Consent]):
    """The paper that the applicant signed, without pictures of it."""

    class Meta:
        model = Consent

    application = SubFactory(ApplicationFactory)
    way = Consent.Way.PAPER
    person = SelfAttribute("application.applicant.name")
    words = "我同意服务站处理我的个人信息。"
    entered_by = SelfAttribute("application.created_by")


def _somebody_of(enterprise: Enterprise) -> User:
    agency = enterprise.agents.select_related("user").first()
    return agency.user if agency else agent_of(enterprise)


def fill(application: Application) -> None:
    """Give every material what it needs: pages, or the choice of the review table for 6 and 7."""
    by_table = BY_REVIEW_TABLE if application.needs_table else ()
    application.materials.filter(number__in=by_table).update(by_review_table=True)
    own = []
    for material in application.materials.annotate(had=Count("pages")):
        if material.number in by_table or material.kind.is_enterprises:
            continue
        if material.number in TYPED:
            material.facts = TYPED[material.number]
            material.save(update_fields=["facts"])
        own.append(material)
    MaterialPage.objects.bulk_create(
        MaterialPage(material=material, file=file, position=material.had + 1)
        for material, file in zip(own, stored_pictures([one.number for one in own]), strict=True)
    )
    there = set(application.enterprise.documents.current().values_list("kind", flat=True))
    kinds = [kind.number for kind in CATALOGUE if kind.is_enterprises]
    standing_pages(application.enterprise, [kind for kind in kinds if kind not in there])
    name_in_letter(application.applicant)


def name_in_letter(applicant: Applicant) -> None:
    """The enterprise's newest letter names this applicant as well."""
    letter = applicant.enterprise.current_document(1)
    assert letter is not None
    NamedApplicant.objects.get_or_create(document=letter, applicant=applicant)


def pin(application: Application) -> None:
    """Freeze the enterprise's documents with the application, as submitting does."""
    current = application.enterprise.documents.current()
    current.filter(frozen_at=None).update(frozen_at=timezone.now())
    newest = {document.kind: document for document in current.order_by("version")}
    for document in newest.values():
        application.materials.filter(number=document.kind).update(document=document)


def standing_pages(enterprise: Enterprise, kinds: list[int]) -> None:
    """The first page of each of these documents, of which the enterprise has none."""
    if not kinds:
        return
    documents = StandingDocument.objects.bulk_create(
        StandingDocument(enterprise=enterprise, kind=kind) for kind in kinds
    )
    StandingPage.objects.bulk_create(
        StandingPage(document=document, file=file, position=1)
        for document, file in zip(documents, stored_pictures(kinds), strict=True)
    )


def standing_page(enterprise: Enterprise, kind: int, data: bytes | None = None) -> StandingPage:
    """One more page of a standing document's current version."""
    document = enterprise.current_document(kind) or StandingDocument.objects.create(
        enterprise=enterprise, kind=kind
    )
    stored = stored_picture(data or picture(kind), name=f"材料{kind}.jpg")
    return StandingPage.objects.create(
        document=document, file=stored, position=document.pages.count() + 1
    )


BY_REVIEW_TABLE = (6, 7)
TYPED: dict[int, dict[str, Any]] = {
    5: {
        "economy": "VNM",
        "evidence": "contract",
        "company": "重庆市万州区样例贸易有限公司",
        "dated_on": "2026-06-01",
    },
    6: {"name": "张样例", "issued_on": "2026-10-12"},
    7: {"company": "重庆市万州区样例贸易有限公司", "since": "2023-05-01"},
}


def material_page(application: Application, number: int, data: bytes | None = None) -> MaterialPage:
    """One more page of an applicant's material, with what is typed beside it."""
    material = application.materials.get(number=number)
    if number in TYPED:
        material.facts = TYPED[number]
        material.save(update_fields=["facts"])
    stored = stored_picture(data or picture(number), name=f"材料{number}.jpg")
    return MaterialPage.objects.create(
        material=material, file=stored, position=material.pages.count() + 1
    )


def path_of(stored: StoredFile) -> Path:
    """Where the encrypted file lies."""
    return Path(settings.MEDIA_ROOT) / str(stored.content.name)


def stored_picture(data: bytes, *, name: str = "样例.jpg") -> StoredFile:
    width, height = size_of(data)
    return store(data, media_type="image/jpeg", name=name, by=None, width=width, height=height)


def stored_pictures(numbers: list[int]) -> list[StoredFile]:
    """As many `stored_picture`s of these materials, written in one go."""
    files = []
    for number in numbers:
        data = picture(number)
        width, height = size_of(data)
        file = StoredFile(
            sha256=hashlib.sha256(data).hexdigest(),
            size=len(data),
            media_type="image/jpeg",
            width=width,
            height=height,
            original_name=f"材料{number}.jpg",
        )
        file.content.save(f"{secrets.token_hex(16)}.jpg", ContentFile(data), save=False)
        files.append(file)
    return StoredFile.objects.bulk_create(files)


@cache
def size_of(data: bytes) -> tuple[int, int]:
    """Width and height in pixels."""
    return Image.open(io.BytesIO(data)).size


@cache
def picture(number: int, text: str = "") -> bytes:
    """A small JPEG of the pixels that the material prescribes; it does not pass every check.

    `materials.samples` draws pictures that do.
    """
    kind: MaterialKind = get(number)
    image = Image.new("RGB", kind.pixels or (620, 877), "white")
    ImageDraw.Draw(image).text((40, 40), f"material {number} {text}", fill=(200, 40, 40))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG")
    return buffer.getvalue()


class CorrectionFactory(DjangoModelFactory[Correction]):
    """Noted by an officer; `sent=True`: told to the enterprise."""

    class Meta:
        model = Correction

    class Params:
        sent = Trait(sent_at=LazyFunction(timezone.now))

    application = SubFactory(ApplicationFactory, submitted=True)
    number = 8
    words = "照片背景不是白色，请换白底照片。"
    created_by = SubFactory(UserFactory, officer=True)


class ReviewTableFactory(DjangoModelFactory[ReviewTable]):
    """Round 1 as circulated now, with five unsigned opinions and an unsigned drawing as its PDF.

    For pages and lists. What signs or verifies goes through `reviews.services`.
    """

    class Meta:
        model = ReviewTable
        skip_postgeneration_save = True

    application = SubFactory(ApplicationFactory, submitted=True, status=Status.IN_REVIEW)
    number = Sequence(lambda n: f"万州ABTC审〔2026〕{n + 1:04d}号")
    verification_code = Sequence(lambda n: f"TEST{n + 1:08d}")
    facts = LazyAttribute(lambda form: facts_of(form.application))
    boxes = LazyFunction(
        lambda: {
            code: {"left": 110, "bottom": 90, "right": 520, "top": 190} for code in DEPARTMENTS
        }
    )
    circulated_by = SubFactory(UserFactory, officer=True)
    circulated_at = LazyFunction(timezone.now)
    due_at = LazyAttribute(lambda form: form.circulated_at + timedelta(days=3))

    @post_generation
    def opinions(self: ReviewTable, create: bool, extracted: Any, **_: Any) -> None:
        Opinion.objects.bulk_create(
            Opinion(table=self, department=department, due_at=self.due_at)
            for department in Department.objects.all()
        )
        if self.application.status == Status.IN_REVIEW:
            self.application.due_at = self.due_at
            self.application.save(update_fields=["due_at"])
        stored = store(blank_pdf(), media_type="application/pdf", name="审核表.pdf", by=None)
        Revision.objects.create(table=self, sequence=0, file=stored, sha256=stored.sha256)


class CardFactory(DjangoModelFactory[Card]):
    """In use, issued a year ago, good for five; with `economies=[…]` on its back (all 16)."""

    class Meta:
        model = Card
        skip_postgeneration_save = True

    enterprise = SelfAttribute("applicant.enterprise")
    applicant = SubFactory(ApplicantFactory)
    holder_name = SelfAttribute("applicant.name")
    holder_hash = SelfAttribute("applicant.id_number_hash")
    number = Sequence(lambda n: f"C{n + 1:08d}")
    number_hash = LazyAttribute(lambda card: keyed_hash(card.number))
    passport_number = SelfAttribute("applicant.passport_number")
    passport_hash = LazyAttribute(lambda card: keyed_hash(card.passport_number))
    issued_on = LazyFunction(lambda: timezone.localdate() - timedelta(days=365))
    card_until = LazyAttribute(lambda card: months_later(card.issued_on, 60))
    passport_until = SelfAttribute("applicant.passport_expires_on")

    @post_generation
    def economies(self: Card, create: bool, extracted: list[str] | None, **_: Any) -> None:
        codes = NAMES if extracted is None else extracted
        CardEconomy.objects.bulk_create(CardEconomy(card=self, economy=code) for code in codes)
        issued_at = day_start(self.issued_on)
        CardEvent.objects.create(card=self, kind=EventKind.ISSUED, effective_at=issued_at)


@cache
def blank_pdf() -> bytes:
    """One empty A4 page."""
    buffer = io.BytesIO()
    document = pypdfium2.PdfDocument.new()
    document.new_page(595, 842)
    document.save(buffer)
    return buffer.getvalue()
