"""What one room of the portal gets."""

from tests.benchmarks.scale.plan import Case, Plan
from tests.benchmarks.scale.rows import Store
from tests.benchmarks.scale.seeding.world import World


class Room:
    """Does nothing by itself: each room adds what it holds."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.plan: Plan = world.plan
        self.store: Store = world.store
        self.prepare()

    def prepare(self) -> None:
        """Make the sheets and the few rows that are there once."""

    def firm(self, number: int) -> None:
        """What one enterprise holds beside its cases."""

    def case(self, case: Case) -> None:
        """What one case holds."""

    def rest(self) -> None:
        """What belongs to no single enterprise or case."""
