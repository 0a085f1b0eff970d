"""Settings of a timed run: a test run's, without what watches the tests."""

from tests.settings import *  # noqa: F403
from tests.settings import MIDDLEWARE, TEMPLATES

MIDDLEWARE.remove("tests.read_only_get.ReadOnlyGetMiddleware")
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = ""
