"""The main pages of every role: WCAG A and AA by axe-core, no sideways scroll at 390 px and 200 %.

What is in a role's menu is looked at by itself; the pages of one case are named here.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import User
from applications.models import Application
from cards.duty.reporting import fill_report
from cards.filing.board import EconomyReport, report_economies
from cards.workflow import StepCode
from enterprises.models import Enterprise
from imports.models import ImportBatch
from outreach.guide.pages import PAGES
from outreach.models import Question
from outreach.self_test.services import begin_draft
from reviews.models import ReviewTable
from tests.browser import PHONE, OpenPage, assert_accessible, assert_fits
from tests.cards import duty_parts
from tests.cards.conftest import ago, endorse, walk
from tests.conftest import ClientOf
from tests.factories import (
    ApplicantFactory,
    ApplicationFactory,
    CardFactory,
    CorrectionFactory,
    ReviewTableFactory,
    material_page,
    picture,
    stored_picture,
)
from tests.outreach import event_parts
from tests.outreach.factories import (
    ArticleFactory,
    CallBackFactory,
    ConsultationFactory,
    MeetingFactory,
    TalkFactory,
)
from wanzhou_abtc.nav import items_for

pytestmark = [pytest.mark.browser, pytest.mark.live]

Look = Callable[..., None]


@pytest.fixture
def look(open_page: OpenPage, portal: str, client_of: ClientOf) -> Look:
    """Go through these addresses on a phone, as this person or as a stranger."""

    def through(addresses: list[str], person: User | None = None) -> None:
        page = open_page(PHONE)
        if person is not None:
            session = client_of(person).cookies[settings.SESSION_COOKIE_NAME].value
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": portal}
            page.context.add_cookies([cookie])  # type: ignore[list-item]
        for address in addresses:
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 200, address
            assert_accessible(page)
            assert_fits(page)
            enlarge_type(page)
            assert_fits(page)

    return through


def enlarge_type(page: Page) -> None:
    """As somebody does who sees badly: twice the size of letters, the same screen."""
    page.evaluate("document.documentElement.style.fontSize = '200%'")


def menu(person: User, *, beside: User | None = None) -> list[str]:
    """The pages of this person's menu, without those that stand in another's as well."""
    shared = {item.url_name for item in items_for(beside)} - {"home"} if beside else set()
    names = [item.url_name for item in items_for(person)]
    return [reverse(name) for name in names if name not in shared]


@pytest.fixture
def returned(submitted: Application, officer: User) -> Application:
    """With a photo to replace; its material 5 has pages of its own."""
    CorrectionFactory.create(application=submitted, number=8, sent=True, created_by=officer)
    material_page(submitted, 5, picture(5, "another"))
    Application.objects.filter(pk=submitted.pk).update(status="returned")
    submitted.refresh_from_db()
    return submitted


@pytest.fixture
def review(agent: User, officer: User) -> ReviewTable:
    case = ApplicationFactory.create(
        applicant=ApplicantFactory.create(enterprise=agent.agency.enterprise),
        submitted=True,
        status="in_review",
    )
    form: ReviewTable = ReviewTableFactory.create(application=case, circulated_by=officer)
    return form


def test_a_strangers_pages(look: Look) -> None:
    names = ("home", "accounts:sign_in", "enterprises:sign_up", "reviews:verify", "privacy")
    look([reverse(name) for name in names])


def test_the_public_guide_and_the_self_test(look: Look) -> None:
    article = ArticleFactory.create(published=True)
    answers = "place=yes&kind=foreign&business=none&tax=new&person=none"
    more = f"{answers}&post=office&social=short&record=refused&card=never"
    look(
        [
            *(reverse(page.url_name) for page in PAGES),
            reverse("outreach:news"),
            reverse("outreach:article", args=[article.pk]),
            f"{reverse('outreach:search')}?q=护照",
            reverse("outreach:ask"),
            reverse("outreach:self_test"),
            f"{reverse('outreach:self_test')}?{answers}",
            f"{reverse('outreach:self_test')}?{more}",
            f"{reverse('outreach:call_back_ask')}?{more}",
        ]
    )


def test_the_stations_pages_of_outreach(look: Look, officer: User, submitted: Application) -> None:
    article = ArticleFactory.create(checking=True, is_important=True)
    flow = begin_draft(by=officer)
    look(
        [
            reverse("outreach:desk"),
            CallBackFactory.create(answers={"place": "no"}).get_absolute_url(),
            ConsultationFactory.create().get_absolute_url(),
            article.get_absolute_url(),
            reverse("outreach:article_write", args=[article.pk]),
            reverse("outreach:question_list"),
            reverse("outreach:question_edit", args=[Question.objects.all()[0].pk]),
            reverse("outreach:link_list"),
            reverse("outreach:flow_list"),
            flow.get_absolute_url(),
            reverse("outreach:flow_question", args=[flow.pk, "place"]),
            reverse("outreach:pre_check", args=[submitted.pk]),
            reverse("outreach:desk_new"),
            reverse("outreach:consultation_figures"),
            reverse("outreach:plan"),
            MeetingFactory.create(by=officer).get_absolute_url(),
            TalkFactory.create(by=officer).get_absolute_url(),
        ],
        officer,
    )


def test_the_pages_of_briefings_visits_and_symposia(look: Look, officer: User) -> None:
    arguments = event_parts.arguments(stored_picture(picture(10)), officer)
    look(
        [
            reverse(f"outreach:{name}", kwargs=arguments.get(f"outreach:{name}"))
            for name in (
                "briefing_list", "briefing_new", "briefing", "briefing_invite",
                "briefing_invitations", "briefing_sign_ups", "briefing_attendance",
                "briefing_questions", "briefing_summary", "visit_list", "visit_plan", "visit_day",
                "visit", "symposium_list", "symposium", "opinion_list", "opinion",
            )
        ],
        officer,
    )  # fmt: skip


def test_the_public_pages_of_a_briefing(look: Look, officer: User) -> None:
    arguments = event_parts.arguments(stored_picture(picture(10)), officer)
    names = ("briefings", "briefing_public", "briefing_place", "briefing_walk_in", "briefing_seat")
    look(
        [
            reverse(f"outreach:{name}", kwargs=arguments.get(f"outreach:{name}"))
            for name in (*names, "briefing_door", "briefing_feedback")
        ]
    )


def test_the_agents_pages(
    look: Look, agent: User, returned: Application, draft_beside: Application
) -> None:
    enterprise = returned.enterprise
    look(
        [
            *menu(agent),
            returned.get_absolute_url(),
            reverse("applications:material", args=[returned.pk, 8]),
            reverse("applications:material", args=[draft_beside.pk, 9]),
            reverse("applications:material", args=[returned.pk, 5]),
            reverse("applications:check", args=[draft_beside.pk]),
            reverse("applications:batch"),
            reverse("applications:applicant_new"),
            reverse("enterprises:document", args=[enterprise.pk, 2]),
            reverse("accounts:me"),
            reverse("enterprises:agent_invite", args=[enterprise.pk]),
            reverse("applications:delete", args=[draft_beside.pk]),
            reverse("archive"),
            *duty_pages(enterprise, agent),
        ],
        agent,
    )


def duty_pages(enterprise: Enterprise, agent: User) -> list[str]:
    """A card that is out, a report that is filled, and the forms of both."""
    card, keeper = duty_parts.card_of(enterprise), duty_parts.keeper_of(enterprise, agent)
    lending = duty_parts.lent(card, keeper, agent)
    report = fill_report(duty_parts.report_of(enterprise), by=agent)
    named = {
        "rules_new": enterprise,
        "register": enterprise,
        "reports_so_far": enterprise,
        "lend": card,
        "lending_return": card,
        "lending": lending,
        "period_report": report,
    }
    return [reverse(f"cards:{name}", args=[row.pk]) for name, row in named.items()]


@pytest.fixture
def draft_beside(returned: Application) -> Application:
    applicant = ApplicantFactory.create(enterprise=returned.enterprise)
    made: Application = ApplicationFactory.create(applicant=applicant, complete=True)
    return made


@pytest.fixture
def filed(agent: User) -> Application:
    """In the hands of the economies; one has approved, of one a refusal was reported."""
    case = endorse(ApplicantFactory.create(enterprise=agent.agency.enterprise))
    walk(case, StepCode.PASSED, by=agent)
    reports = [EconomyReport("JPN", "granted", ago(9)), EconomyReport("KOR", "refused", ago(8))]
    report_economies(case, reports, source="mail", by=agent)
    return case


def test_the_agents_pages_of_a_filing(look: Look, agent: User, filed: Application) -> None:
    names = ("filing", "board", "case_message", "early_print", "filing_take_back")
    look(
        [
            *(reverse(f"cards:{name}", args=[filed.pk]) for name in names),
            reverse("cards:filing_enter", args=[filed.pk, "returned"]),
            reverse("cards:message"),
        ],
        agent,
    )


def test_the_pages_of_a_card(look: Look, agent: User) -> None:
    today = timezone.localdate()
    card = CardFactory.create(
        applicant__enterprise=agent.agency.enterprise,
        card_until=today + timedelta(days=60),
        first_end_on=today + timedelta(days=60),
    )
    names = ("card", "card_correct", "card_picture_upload", "card_settle", "holder_preview")
    look(
        [
            *(reverse(f"cards:{name}", args=[card.pk]) for name in names),
            reverse("cards:radar"),
            reverse("cards:card_new"),
            reverse("cards:card_of_applicant", args=[card.applicant_id]),
        ],
        agent,
    )


def test_the_pages_of_an_import(look: Look, officer: User) -> None:
    batch = ImportBatch.objects.create(
        kind="cards", state="checked", sha256="0" * 64, head_hash="0" * 64, heads=["卡号", "姓名"]
    )
    batch.rows.create(line=2, outcome="error", problems=[["卡号", "没有填写。"]])
    look([reverse("imports:of_kind", args=["cards"]), batch.get_absolute_url()], officer)


def test_the_officers_pages(
    look: Look, officer: User, submitted: Application, review: ReviewTable
) -> None:
    case = reverse("applications:pre_review", args=[submitted.pk])
    CorrectionFactory.create(application=submitted, number=9, created_by=officer)
    look(
        [
            *menu(officer),
            case,
            f"{case}?material=10",
            reverse("applications:decline", args=[submitted.pk]),
            reverse("applications:reasons"),
            reverse("reviews:circulate_batch", args=[submitted.enterprise_id]),
            reverse("reviews:table_detail", args=[review.pk]),
            reverse("enterprises:station_detail", args=[submitted.enterprise_id]),
            reverse("enterprises:hand_over", args=[submitted.enterprise_id]),
            duty_parts.visit_to(submitted.enterprise).get_absolute_url(),
            reverse("cards:enterprise_duty", args=[submitted.enterprise_id]),
            reverse("cards:followup_month"),
            reverse("cards:breach_new", args=[submitted.enterprise_id]),
            reverse("cards:text_edit", args=["rules"]),
        ],
        officer,
    )


def test_a_liaisons_pages(
    look: Look, tax_liaison: User, officer: User, review: ReviewTable
) -> None:
    opinion = review.opinions.get(department__code="tax")
    look(
        [
            *menu(tax_liaison, beside=officer),
            reverse("reviews:table_detail", args=[review.pk]),
            reverse("reviews:opinion_edit", args=[opinion.pk]),
        ],
        tax_liaison,
    )


def test_the_pages_of_those_who_supervise_and_run_the_station(
    look: Look,
    station_head: User,
    system_admin: User,
    security_admin: User,
    auditor: User,
    officer: User,
) -> None:
    for person in (station_head, system_admin, security_admin, auditor):
        look(menu(person, beside=officer), person)
