import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from PIL import Image

from accounts.models import AuditEvent, User
from applications.expired_repairs import discard_expired
from applications.models import Application, MaterialPage, Repair
from applications.services import intake, repairing
from applications.services.pages import stack_of
from files.models import StoredFile
from materials import samples
from materials.stack import add_page

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def wide_photo() -> bytes:
    """Of the wrong size, and nothing else is wrong with it."""
    buffer = io.BytesIO()
    Image.open(io.BytesIO(samples.photo(1))).resize((900, 1200)).save(buffer, "JPEG")
    return buffer.getvalue()


def offered(application: Application, agent: User, data: bytes, name: str = "照片.jpg") -> Repair:
    repair = repairing.offer(application, 8, data=data, name=name, codes=["wrong_size"], by=agent)
    assert repair is not None
    return repair


def stored_paths() -> set[Path]:
    return {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}


def test_a_mend_is_offered_shown_and_taken_over(
    draft: Application, agent: User, wide_photo: bytes
) -> None:
    repair = repairing.propose(offered(draft, agent, wide_photo), by=agent)
    assert repair.state == Repair.State.PROPOSED
    assert repair.problems == []

    report = repairing.accept(repair, by=agent)

    assert report is not None
    assert report.accepted
    page = MaterialPage.objects.select_related("file").get()
    assert (page.file.width, page.file.height) == (550, 733)
    assert page.original == repair.original
    assert AuditEvent.objects.filter(action="mend.offer").count() == 1


def test_taking_over_twice_makes_one_page(
    draft: Application, agent: User, wide_photo: bytes
) -> None:
    repair = repairing.propose(offered(draft, agent, wide_photo), by=agent)

    repairing.accept(repair, by=agent)

    assert repairing.accept(repair, by=agent) is None
    assert MaterialPage.objects.count() == 1


def test_another_picture_makes_an_end_of_the_offer(
    draft: Application, agent: User, wide_photo: bytes
) -> None:
    repair = repairing.propose(offered(draft, agent, wide_photo), by=agent)

    add_page(stack_of(draft, 8), data=samples.photo(2), name="新照片.jpg", by=agent)

    repair.refresh_from_db()
    assert repair.state == Repair.State.REJECTED
    with pytest.raises(repairing.RepairRefused, match="已经作废"):
        repairing.accept(repair, by=agent)
    assert MaterialPage.objects.current().get().file.original_name == "新照片.jpg"


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (b"hello", ["not_jpeg"]),
        (b"\xff\xd8\xff" + b"x" * 500, ["not_jpeg"]),
        (b"%PDF-1.7\n", ["not_jpeg"]),
        (samples.photo(0), ["background_not_white"]),
        (samples.photo(0), []),
    ],
)
def test_what_is_unsound_or_beyond_mending_is_not_kept(
    draft: Application, agent: User, data: bytes, codes: list[str]
) -> None:
    repair = repairing.offer(draft, 8, data=data, name="x.jpg", codes=codes, by=agent)

    assert repair is None
    assert StoredFile.objects.count() == 0


def test_a_png_photo_becomes_a_jpeg(draft: Application, agent: User) -> None:
    buffer = io.BytesIO()
    Image.open(io.BytesIO(samples.photo(1))).save(buffer, "PNG")
    report = add_page(stack_of(draft, 8), data=buffer.getvalue(), name="照片.png", by=agent)
    codes = [problem.code for problem in report.problems]

    repair = repairing.offer(
        draft, 8, data=buffer.getvalue(), name="照片.png", codes=codes, by=agent
    )

    assert repair is not None
    repairing.accept(repairing.propose(repair, by=agent), by=agent)
    assert MaterialPage.objects.get().file.media_type == "image/jpeg"


def test_a_newer_refusal_takes_the_place_of_the_one_before(
    draft: Application, agent: User, wide_photo: bytes
) -> None:
    first = offered(draft, agent, wide_photo)
    second = offered(draft, agent, wide_photo)

    assert list(draft.repairs.pending()) == [second]
    with pytest.raises(repairing.RepairRefused, match="已经作废"):
        repairing.accept(Repair.objects.get(pk=first.pk), by=agent)


def test_a_proposal_that_breaks_a_rule_is_shown_and_not_taken(
    draft: Application, agent: User
) -> None:
    grey = Image.open(io.BytesIO(samples.photo(1))).convert("L").resize((900, 1200))
    buffer = io.BytesIO()
    grey.save(buffer, "JPEG")

    repair = repairing.propose(offered(draft, agent, buffer.getvalue()), by=agent)

    assert not repair.can_accept
    assert any("黑白" in problem for problem in repair.problems)
    with pytest.raises(repairing.RepairRefused, match="黑白"):
        repairing.accept(repair, by=agent)
    assert MaterialPage.objects.count() == 0


def test_what_nobody_took_is_gone_after_a_day_with_its_pictures(
    draft: Application,
    agent: User,
    wide_photo: bytes,
    django_capture_on_commit_callbacks: Any,
) -> None:
    before = stored_paths()
    repairing.propose(offered(draft, agent, wide_photo), by=agent)
    assert len(stored_paths() - before) == 2

    assert discard_expired(timezone.now() + timedelta(hours=23)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert discard_expired(timezone.now() + timedelta(hours=25)) == 1

    assert StoredFile.objects.count() == 0
    assert stored_paths() == before


def test_the_original_of_a_page_outlives_the_sweep(
    draft: Application, agent: User, wide_photo: bytes
) -> None:
    repairing.accept(repairing.propose(offered(draft, agent, wide_photo), by=agent), by=agent)

    discard_expired(timezone.now() + timedelta(hours=25))

    assert Repair.objects.count() == 0
    page = MaterialPage.objects.select_related("original").get()
    assert page.original is not None
    with page.original.content.open("rb") as file:
        assert file.read() == wide_photo


def test_a_rejected_one_is_not_offered_again(
    draft: Application, agent: User, wide_photo: bytes
) -> None:
    repair = offered(draft, agent, wide_photo)

    repairing.reject(repair, by=agent)
    repairing.reject(repair, by=agent)

    assert not draft.repairs.pending().exists()
    assert AuditEvent.objects.filter(action="mend.reject").count() == 1


def test_after_submission_nothing_is_taken_over(
    submitted: Application, agent: User, wide_photo: bytes
) -> None:
    repair = repairing.propose(offered(submitted, agent, wide_photo), by=agent)

    with pytest.raises(intake.IntakeRefused, match="现在不能修改"):
        repairing.accept(repair, by=agent)
