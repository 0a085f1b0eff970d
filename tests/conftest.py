"""Fixtures of the suite: people and objects; what they stand on is in `tests/harness.py`."""

pytest_plugins = ["tests.harness", "tests.browser"]
