"""A table whose deadlines the calendar moves, as the tests of reviews know it."""

from tests.reviews.conftest import on_the_clock

__all__ = ["on_the_clock"]
