"""The main line, tried as its users would: from sign-up to a table that five departments signed."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from accounts.models import AuditEvent, User
from reviews.signatures.certificates import authority
from tests import journey
from tests.browser import PHONE, OpenPage, assert_accessible, assert_fits
from tests.factories import UserFactory, liaison
from tests.harness import Mailbox

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.embedded]


@pytest.fixture
def people(transactional_db: None, settings: Any) -> dict[str, User]:
    """An officer and five liaisons with their mailboxes, and keys to sign with.

    Nobody waits for a machine that reads pictures: no worker of it runs beside the tests.
    """
    settings.RECOGNITION = "off"
    authority.ensure()
    found = {"officer": UserFactory.create(officer=True, username="officer@station.example")}
    for code in ("commerce", "tax", "police", "social", "foreign_affairs"):
        found[code] = liaison(code, username=f"{code}@station.example")
    return found


def sign(open_page: OpenPage, mailbox: Mailbox, people: dict[str, User], code: str) -> None:
    """One liaison signs on a phone, from the link in the mail."""
    person = people[code]
    link = journey.link_in(mailbox.wait_for_mail_to(person.email))
    page = open_page(PHONE, scripts=code != "police")
    journey.sign_opinion(page, link, person.username, journey.ANSWERS[code])
    assert_fits(page)


def test_from_sign_up_to_a_table_signed_by_five(
    portal: str,
    mailbox: Mailbox,
    people: dict[str, User],
    open_page: OpenPage,
    tmp_path: Path,
) -> None:
    papers = journey.Papers(tmp_path)
    agent, officer = open_page(), open_page()

    journey.sign_up(agent, papers, mailbox)
    journey.sign_in(officer, "officer@station.example")
    journey.verify_enterprise(officer)

    journey.add_applicant(agent)
    journey.fill_materials(agent, papers)
    assert_accessible(agent)
    link = journey.ask_for_consent(agent)
    applicant = open_page(PHONE)
    journey.consent(applicant, link)
    assert_accessible(applicant)
    assert_fits(applicant)
    journey.submit(agent)

    journey.note_and_return(officer)
    journey.correct_and_resubmit(agent, papers)
    assert_accessible(officer)
    before = len(mailbox.messages)
    journey.circulate(officer)

    mailbox.wait_for(before + 5)  # four liaisons, and the agent
    for code in ("social", "commerce", "police", "tax"):
        sign(open_page, mailbox, people, code)
    mailbox.wait_for(before + 6)
    sign(open_page, mailbox, people, "foreign_affairs")

    pdf, jpg = journey.download_table(agent, tmp_path)
    with Image.open(jpg) as picture:
        assert picture.format == "JPEG"
        assert picture.size == (2480, 3508)
    assert jpg.stat().st_size < 2 * 1024 * 1024
    check_files(open_page(), pdf, tmp_path)
    check_trail()


def check_files(stranger: Page, pdf: Path, folder: Path) -> None:
    """Anybody can tell the genuine file from an altered one."""
    journey.verify_file(stranger, pdf)
    expect(stranger.locator("main")).to_contain_text("原件，没有改动")
    data = bytearray(pdf.read_bytes())
    data[2000] ^= 1
    altered = folder / "altered.pdf"
    altered.write_bytes(data)
    journey.verify_file(stranger, altered)
    expect(stranger.locator("main")).to_contain_text("文件被改动过")
    assert_accessible(stranger)


def check_trail() -> None:
    """Every step left a row, and none of them holds a personal number."""
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert actions >= {
        "enterprise.sign_up",
        "account.confirm_email",
        "enterprise.verify",
        "applicant.create",
        "application.create",
        "material.refuse",
        "material.add_page",
        "material.choose",
        "application.submit",
        "correction.note",
        "application.return",
        "application.resubmit",
        "review.circulate",
        "opinion.draft",
        "opinion.sign",
        "application.conclude",
        "table.download",
    }
    rows = str(list(AuditEvent.objects.values_list("object_label", "before", "after")))
    assert journey.PERSON.id_number not in rows
    assert journey.PERSON.passport_number not in rows
