"""The benchmark's own portal of many cases: it fits the models, and every page answers on it."""

import pytest
from django.apps import apps
from django.db import models

from tests.benchmarks.scale.databases import NotOursError, put_mark
from tests.benchmarks.scale.pages import Look
from tests.benchmarks.scale.plan import Plan
from tests.benchmarks.scale.seeding import seed
from tests.benchmarks.scale.timing import Seen, look_at_all

CASES = 60
# Rooms of which every model has rows, and their models that hold none, with the reason.
ROOMS = ("applications", "reviews", "cards", "letters", "outreach", "enterprises", "finding")
WITHOUT = {
    # Live for hours or days, or are swept away.
    "ConsentLink", "ProposedPassport", "Repair", "ConfirmationLink",
    # Pictures that no list reads.
    "ConsentPage", "ProofPage", "CardPage", "FilingPage", "RulesPage", "BreachPage", "VisitPage",
    "FindingPage", "CompanyVisitPage", "WetScanPage", "BriefingMaterial",
    # A few rows in a station's whole life.
    "HandOver", "WetScan", "CalendarToken", "NumberSequence", "LetterTemplate", "LetterPlace",
}  # fmt: skip


@pytest.fixture
def seen(db: None, seeded: dict[str, int]) -> list[Seen]:
    """Every page once; of lists what stands there without a filter."""
    return list(look_at_all(is_new, repeats=0, is_deep=False))


def is_new(look: Look) -> bool:
    """Without what another has looked at: the station's head sees the officer's pages."""
    again = look.who in {"站长", "最后签署的联络员"} and look.name != "home"
    return not (again or look.is_narrowed)


@pytest.fixture
def seeded(db: None) -> dict[str, int]:
    put_mark()
    return seed(CASES)


def test_every_page_answers_and_every_model_has_rows(seen: list[Seen]) -> None:
    failed = [f"{one.look.who} {one.look.name}: {one.trouble}" for one in seen if not one.is_fine]
    assert failed == []
    assert len(seen) > 100
    empty = {model.__name__ for model in of_rooms() if not model._default_manager.exists()}
    assert empty - WITHOUT == set()


def of_rooms() -> list[type[models.Model]]:
    return [model for room in ROOMS for model in apps.get_app_config(room).get_models()]


def test_it_refuses_a_database_that_is_not_its_own(db: None) -> None:
    with pytest.raises(NotOursError, match="不是测量自己建的"):
        seed(CASES)


def test_of_many_cases_no_more_are_open_than_of_few() -> None:
    few, many = Plan(1_000, 8_000_000), Plan(1_000_000, 8_000_000)
    assert few.open_count == many.open_count == 200
    assert not many.case(many.over_count - 1).is_open
    assert many.case(many.over_count).is_open
