"""A pytest plugin: who of a run's processes gets which tests, so that no core ever waits.

Tests that wait (for a browser, a live worker, a beat) stand at the end of the order, and the last
process takes from there while the others take from the front: what waits goes on beside what
computes. Where both meet, everybody helps with what is left.
"""

from typing import Any

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScheduling
from xdist.workermanage import WorkerController, parse_tx_spec_config

# Below that many processes there is none to spare for what waits.
ENOUGH = 3
# What one is given ahead. xdist runs a test when it knows the next one.
MANY, FEW = 16, 2
# Behind a test that took so many seconds another such is likely: nobody hoards them.
LONG = 1.0
# Fixtures of which each brings a process, or a server's thread, that is waited for.
WAITED_FOR = {"live_server", "transactional_db"}


def waits(item: pytest.Item) -> bool:
    """Whether a test spends its time on what other processes do."""
    commits = item.get_closest_marker("django_db")
    return (
        item.get_closest_marker("live") is not None
        or (commits is not None and bool(commits.kwargs.get("transaction")))
        or not WAITED_FOR.isdisjoint(getattr(item, "fixturenames", ()))
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What waits last, else as it was: pytest-django puts what needs no database there."""
    items.sort(key=waits)


class FromBothEnds(LoadScheduling):
    """As xdist shares tests out, but the last process is given those at the end."""

    took = 0.0

    def check_schedule(self, node: WorkerController, duration: float = 0) -> None:
        self.took = duration
        super().check_schedule(node, duration)

    def _send_tests(self, node: WorkerController, num: int) -> None:
        ahead = self.node2pending[node]
        is_last = node is self.nodes[-1]
        most = FEW if is_last or self.took > LONG else MANY
        num = min(num, most - len(ahead), len(self.pending))
        if num <= 0:
            return
        given = slice(-num, None) if is_last else slice(num)
        tests = self.pending[given]
        del self.pending[given]
        ahead.extend(tests)
        node.send_runtest_some(tests)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Any:
    """Only for a run of enough processes that shares out at all; else xdist's own."""
    if config.getoption("dist") != "load" or len(parse_tx_spec_config(config)) < ENOUGH:
        return None
    return FromBothEnds(config, log)
