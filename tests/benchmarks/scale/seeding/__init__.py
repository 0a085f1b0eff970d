"""Fills the database with the rows of a plan, room by room.

A room is a class in a module of this package: it makes its sheets when it is made, adds what
belongs to one enterprise in `firm`, to one case in `case`, and what hangs on neither in `rest`.
The next room adds a module and a name to `ROOMS`; those to the left are written before it.
"""

from typing import Final

from django.utils import timezone

from reviews.times.checking import write_months
from tests.benchmarks.scale.plan import Plan, minute_of
from tests.benchmarks.scale.rows import Store
from tests.benchmarks.scale.seeding.applications import Applications
from tests.benchmarks.scale.seeding.audit import Audit
from tests.benchmarks.scale.seeding.cards import Cards
from tests.benchmarks.scale.seeding.duty import Duty
from tests.benchmarks.scale.seeding.enterprises import Enterprises
from tests.benchmarks.scale.seeding.filings import Filings
from tests.benchmarks.scale.seeding.finding import Finding
from tests.benchmarks.scale.seeding.ledger import Ledger
from tests.benchmarks.scale.seeding.letters import Letters
from tests.benchmarks.scale.seeding.notices import Notices
from tests.benchmarks.scale.seeding.outreach import Outreach
from tests.benchmarks.scale.seeding.reviews import Reviews
from tests.benchmarks.scale.seeding.room import Room
from tests.benchmarks.scale.seeding.world import World

ROOMS: Final[tuple[type[Room], ...]] = (
    Audit, Notices, Enterprises, Ledger, Finding, Applications, Reviews, Filings, Cards, Duty,
    Letters, Outreach,
)  # fmt: skip
CHUNK: Final = 4_000


def seed(count: int) -> dict[str, int]:
    """Write so many cases with all that belongs to them; how many rows of each model were made.

    Raises NotOursError for a database without the benchmark's mark.
    """
    store = Store(count)
    with store.together():
        world = World(Plan(count, minute_of(timezone.now())), store)
        rooms = [room(world) for room in ROOMS]
        store.begin()
        _fill(world.plan, rooms, store)
        store.end()
    # As the beat has done it of a portal that has been at work.
    write_months()
    return store.copies


def _fill(plan: Plan, rooms: list[Room], store: Store) -> None:
    for number in range(plan.enterprises):
        for room in rooms:
            room.firm(number)
        if number % CHUNK == CHUNK - 1:
            store.flush()
    of_case = [room.case for room in rooms]
    for number in range(plan.count):
        case = plan.case(number)
        for add in of_case:
            add(case)
        if number % CHUNK == CHUNK - 1:
            store.flush()
    for room in rooms:
        room.rest()
