"""A worker of its own reads what was uploaded; the page shows it after a reload."""

import signal

import pytest

from applications.dossier.loading import load_dossier
from applications.services.pages import stack_of
from files.models import Recognition
from files.recognition_packages import is_available
from materials import samples
from materials.stack import add_page
from tests.factories import ApplicationFactory
from tests.files.test_recognition import PERSON
from tests.harness import eventually, start_celery
from tests.temporary_services import stop

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(not is_available(), reason="recognition packages are not installed"),
]


@pytest.fixture
def reader(transactional_db):
    """The portal's recognition worker, as the supervisor starts it."""
    options = ["--queues", "recognition", "--pool", "solo", "--hostname", "recognition@%h"]
    worker = start_celery(["worker", *options, "--loglevel", "WARNING"], "recognition")
    yield worker
    stop(worker.process, signal.SIGTERM)


def test_an_uploaded_passport_is_read_and_held_against_what_was_typed(reader):
    application = ApplicationFactory.create(applicant__passport_number="EJ7654322")
    add_page(
        stack_of(application, 10),
        data=samples.passport(PERSON),
        name="passport.jpg",
        by=application.created_by,
    )
    eventually(
        lambda: Recognition.objects.filter(state="done").exists(), 90, "reading", reader.output
    )
    recognised = load_dossier(application).item(10).recognised
    assert recognised is not None
    found = {row.label: (row.read, row.verdict) for row in recognised.rows}
    assert found["护照号码"] == ("EJ7654321", "不一致")
    assert found["姓（拼音）"] == ("FANG", "没有填写")
    assert "number_differs" in {problem.code for problem in recognised.problems}
