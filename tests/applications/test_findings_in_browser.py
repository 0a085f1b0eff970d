"""What a machine reads appears while people look at the page; without scripts, after a reload."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from applications.models import Application
from files.models import Recognition, StoredFile
from files.recognition import LineOfText, Reading
from materials.kinds.passport.mrz import compose
from tests import journey
from tests.browser import PHONE, OpenPage, assert_accessible, assert_fits
from tests.factories import (
    ApplicantFactory,
    ApplicationFactory,
    EnterpriseFactory,
    UserFactory,
    agent_of,
    material_page,
)

pytestmark = [pytest.mark.browser, pytest.mark.live]

WAITING = "正在自动识别"


@pytest.fixture
def case(transactional_db: None) -> Application:
    enterprise = EnterpriseFactory.create()
    agent_of(enterprise, username="agent@example.com")
    applicant = ApplicantFactory.create(enterprise=enterprise, passport_number="EJ7654322")
    return ApplicationFactory.create(applicant=applicant)


@pytest.fixture
def passport(case: Application, settings: object) -> StoredFile:
    """A scan that waits for the worker of recognition, which is there."""
    settings.RECOGNITION = "on"  # type: ignore[attr-defined]
    stored: StoredFile = material_page(case, 10).file
    Recognition.objects.create(file=stored, kind=Recognition.Kind.TEXT)
    return stored


def is_read(passport: StoredFile) -> None:
    """As the worker writes down what it read: another number than the one typed."""
    zone = compose(
        surname=journey.PERSON.surname,
        given_names=journey.PERSON.given_names,
        number="EJ7654321",
        birth_date=journey.PERSON.birth_date,
        sex=journey.PERSON.sex,
        expires_on=journey.PERSON.passport_expires_on,
    )
    lines = tuple(
        LineOfText(text, 0.98, (57, 700 + 66 * row, 1191, 740 + 66 * row))
        for row, text in enumerate(zone)
    )
    Recognition.objects.filter(file=passport).update(
        state=Recognition.State.DONE,
        done_at=timezone.now(),
        data=Reading(1250, 880, 0, lines=lines).as_json(),
    )


def at_passport(page: Page, case: Application) -> Page:
    journey.sign_in(page, User.objects.get(username="agent@example.com").username)
    page.goto(f"/applications/{case.pk}/materials/10/")
    expect(page.locator("main")).to_contain_text(WAITING)
    return page


def test_findings_appear_on_the_agents_page_by_themselves(
    case: Application, passport: StoredFile, open_page: OpenPage
) -> None:
    page = at_passport(open_page(PHONE), case)
    expect(page.locator("main")).to_contain_text("结果会自动显示在这里")
    is_read(passport)
    expect(page.get_by_role("row", name="护照号码")).to_contain_text("EJ7654321")
    expect(page.locator("main > [aria-live]")).to_contain_text("自动识别已有结果")
    expect(page.locator("[data-fresh=state]")).to_have_text("与填写不一致")
    assert_fits(page)
    assert_accessible(page)


def test_what_is_being_typed_stays_when_findings_appear(
    case: Application, passport: StoredFile, open_page: OpenPage
) -> None:
    UserFactory.create(officer=True, username="officer@station.example")
    Application.objects.filter(pk=case.pk).update(status="submitted")
    page = open_page()
    journey.sign_in(page, "officer@station.example")
    page.goto(f"/applications/{case.pk}/pre-review/?material=10")
    expect(page.locator("main")).to_contain_text(WAITING)
    words = page.get_by_label("其他问题和改法")
    words.fill("护照第二行看不")
    is_read(passport)
    expect(page.get_by_role("row", name="护照号码")).to_contain_text("不一致")
    words.press_sequentially("清。")
    expect(words).to_have_value("护照第二行看不清。")


def test_without_scripts_they_are_there_after_a_reload(
    case: Application, passport: StoredFile, open_page: OpenPage
) -> None:
    page = at_passport(open_page(scripts=False), case)
    expect(page.locator("main")).to_contain_text("请稍后刷新页面查看结果")
    is_read(passport)
    page.reload()
    expect(page.get_by_role("row", name="护照号码")).to_contain_text("EJ7654321")
    expect(page.locator("main")).not_to_contain_text(WAITING)


def test_where_nothing_reads_the_page_says_so_and_waits_for_nothing(
    case: Application, passport: StoredFile, open_page: OpenPage, settings: object
) -> None:
    settings.RECOGNITION = "off"  # type: ignore[attr-defined]
    page = open_page()
    journey.sign_in(page, "agent@example.com")
    page.goto(f"/applications/{case.pk}/materials/10/")
    expect(page.locator("main")).to_contain_text("自动识别暂不可用，由专员人工核对")
    expect(page.locator("main")).not_to_contain_text("自动显示")
