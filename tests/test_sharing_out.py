"""How a run's processes share the tests out: what waits goes on beside what computes."""

from types import SimpleNamespace
from typing import Any

import pytest

from tests.sharing_out import (
    FEW,
    MANY,
    FromBothEnds,
    pytest_collection_modifyitems,
    pytest_xdist_make_scheduler,
)


class Process:
    """As xdist sees one of its own: what it was given, in order."""

    def __init__(self) -> None:
        self.gateway = SimpleNamespace(id="gw")
        self.given: list[int] = []
        self.shutting_down = False

    def send_runtest_some(self, tests: list[int]) -> None:
        self.given += tests

    def shutdown(self) -> None:
        self.shutting_down = True


def config(processes: int, dist: str = "load") -> Any:
    options = {"dist": dist, "maxschedchunk": None, "tx": ["popen"] * processes}
    return SimpleNamespace(getoption=options.get, getvalue=options.get)


def begun(tests: int) -> tuple[FromBothEnds, list[Process]]:
    """Three processes that were given their first of so many tests."""
    scheduler, processes = FromBothEnds(config(3)), [Process(), Process(), Process()]
    for process in processes:
        scheduler.add_node(process)
        scheduler.add_node_collection(process, [f"test_{n}" for n in range(tests)])
    scheduler.schedule()
    return scheduler, processes


def test_the_last_process_takes_from_the_end_and_the_others_from_the_front() -> None:
    _scheduler, [first, second, last] = begun(200)
    assert first.given == list(range(MANY))
    assert second.given == list(range(MANY, 2 * MANY))
    assert last.given == [198, 199]


def test_behind_a_long_test_nobody_hoards_what_another_could_begin() -> None:
    scheduler, [first, *_] = begun(200)
    for test in range(MANY - 1):
        scheduler.mark_test_complete(first, test, duration=3)
    assert len(scheduler.node2pending[first]) == FEW


@pytest.mark.parametrize("tests", [1, 5, 7, 40, 1000])
@pytest.mark.parametrize("seconds", [(0.01, 0.01, 4), (0.01, 4, 0.01), (2, 2, 2)])
def test_every_test_is_given_once_whoever_is_quick(tests: int, seconds: tuple[float, ...]) -> None:
    scheduler, processes = begun(tests)
    clocks = [0.0, 0.0, 0.0]
    while not scheduler.tests_finished:
        # The next to finish one: who is earliest by its own clock and knows what follows.
        ready = [n for n in range(3) if len(scheduler.node2pending[processes[n]]) > 1]
        n = min(ready, key=lambda number: clocks[number])
        clocks[n] += seconds[n]
        done = scheduler.node2pending[processes[n]][0]
        scheduler.mark_test_complete(processes[n], done, seconds[n])
    given = [test for process in processes for test in process.given]
    assert sorted(given) == list(range(tests))


@pytest.mark.parametrize(("processes", "dist"), [(2, "load"), (3, "loadfile")])
def test_with_nobody_to_spare_or_another_way_asked_for_it_is_xdists_own(
    processes: int, dist: str
) -> None:
    assert pytest_xdist_make_scheduler(config(processes, dist), log=None) is None


def test_what_waits_stands_last_and_the_rest_as_it_was() -> None:
    items = [
        _item("browser", fixtures=["live_server"]),
        _item("plain"),
        _item("commits", transaction=True),
        _item("rows", transaction=False),
        _item("live", live=True),
    ]
    pytest_collection_modifyitems(items)
    assert [item.name for item in items] == ["plain", "rows", "browser", "commits", "live"]


def _item(
    name: str, *, fixtures: Any = (), transaction: bool | None = None, live: bool = False
) -> Any:
    marks = {
        "django_db": None
        if transaction is None
        else pytest.mark.django_db(transaction=transaction),
        "live": pytest.mark.live if live else None,
    }
    return SimpleNamespace(
        name=name,
        fixturenames=fixtures,
        get_closest_marker=lambda mark: marks[mark].mark if marks[mark] else None,  # type: ignore[union-attr]
    )
