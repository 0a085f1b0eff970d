"""Repairs that the portal proposes for a refused photo, signature or passport scan."""

from collections.abc import Collection

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from applications.models import Application, Repair
from applications.services.pages import stack_of
from files.faces import find_face
from files.models import StoredFile
from files.originals import clear_original, read_original
from files.refusals import PagesRefused, PictureRefused
from files.services import clear, write
from materials.catalogue import get
from materials.checks import check
from materials.findings import Report
from materials.rules.repair import Box, CannotRepair, RepairRule
from materials.stack import PageRefused, add_page


class RepairRefused(Exception):
    """The repair cannot be made or taken over; the text says why and what to do."""


def offer(
    application: Application,
    number: int,
    *,
    data: bytes,
    name: str,
    codes: Collection[str],
    by: User,
) -> Repair | None:
    """Keep a refused picture for a day, when what is wrong with it can be repaired.

    `codes` are the problems it was refused for. None, and nothing is kept, where one of them is
    beyond repairing, the bytes are not a sound picture, or there is no room for it. Raises
    files.refusals.ScanRefused and StoreRefused.
    """
    rule = get(number).repair
    if rule is None or not codes or not rule.codes.issuperset(codes):
        return None
    try:
        original = read_original(data, name)
        stack_of(application, number).require_room(len(original.data))
    except (PagesRefused, PictureRefused, PageRefused):
        # It was refused with these very words already; no room is no reason to say more.
        return None
    cleared = clear_original(original)
    with transaction.atomic():
        Application.objects.select_for_update().get(pk=application.pk)
        application.repairs.pending().filter(number=number).update(state=Repair.State.REJECTED)
        repair = Repair.objects.create(
            application=application, number=number, original=write(cleared, by=by), created_by=by
        )
        record(
            "mend.offer",
            application,
            by=by,
            after={"material": number, "sha256": repair.original.sha256, "codes": sorted(codes)},
        )
    return repair


def end_offers(application: Application, number: int) -> None:
    """Another upload has come: what was offered of the one before it is over."""
    application.repairs.pending().filter(number=number).update(state=Repair.State.REJECTED)


def propose(repair: Repair, *, by: User) -> Repair:
    """Make the repair and hold it to the rules; what is still wrong with it is kept beside it.

    Raises RepairRefused where nothing sensible can be made of the picture, PageRefused where
    there is no room for it, and a files.refusals.FileRefused where it cannot be cleared.
    """
    if repair.state != Repair.State.OFFERED:
        return repair
    data, rule = _bytes(repair.original), get(repair.number).repair
    assert rule is not None  # noqa: S101 - offered only where there is one
    try:
        repaired = rule.apply(data, face=_face(rule, data))
    except (CannotRepair, PictureRefused) as error:
        raise RepairRefused(str(error)) from error
    report = check(repair.number, repaired, facts=repair.application.applicant.typed)
    if report.picture is None:
        raise RepairRefused("没能裁剪这张图片。请换一张，或在看图软件中裁剪后上传。")
    stack_of(repair.application, repair.number).require_room(len(repaired))
    name = repair.original.original_name
    repaired_name = f"{name.rpartition('.')[0] or name}（已裁剪）.jpg"
    cleared = clear(repaired, report.picture, name=repaired_name)
    with transaction.atomic():
        locked = Repair.objects.select_for_update().get(pk=repair.pk)
        if locked.state == Repair.State.OFFERED:
            locked.proposal = write(cleared, by=by)
            locked.problems = [problem.message for problem in report.problems]
            locked.warnings = [warning.message for warning in report.warnings]
            locked.state = Repair.State.PROPOSED
            locked.save()
    return locked


def accept(repair: Repair, *, by: User) -> Report | None:
    """Make the proposal the material's page; the original stays beside it. None: done before.

    Raises RepairRefused, PageRefused, and files.refusals.ScanRefused.
    """
    with transaction.atomic():
        locked = Repair.objects.select_for_update(of=("self",)).select_related(
            "proposal", "original"
        )
        repair = locked.get(pk=repair.pk)
        if repair.state == Repair.State.ACCEPTED:
            return None
        if repair.state != Repair.State.PROPOSED or repair.proposal is None:
            raise RepairRefused("这次自动裁剪已经作废，请重新上传。")
        report = add_page(
            stack_of(repair.application, repair.number),
            data=_bytes(repair.proposal),
            name=repair.original.original_name,
            by=by,
            original=repair.original,
        )
        if report.accepted:
            repair.state = Repair.State.ACCEPTED
            repair.save(update_fields=["state"])
    if not report.accepted:
        raise RepairRefused("".join(problem.message for problem in report.problems))
    return report


@transaction.atomic
def reject(repair: Repair, *, by: User) -> None:
    """The agent does not want it. Its pictures are swept away within a day."""
    changed = Repair.objects.pending().filter(pk=repair.pk).update(state=Repair.State.REJECTED)
    if changed:
        record("mend.reject", repair.application, by=by, after={"material": repair.number})


def _bytes(stored: StoredFile) -> bytes:
    with stored.content.open("rb") as file:
        content: bytes = file.read()
    return content


def _face(rule: RepairRule, data: bytes) -> Box | None:
    """Where the face is, in pixels of the picture as the rule reads it."""
    if not rule.wants_face:
        return None
    found = find_face(data)
    if found is None:
        return None
    box, (width, _) = found
    ratio = rule.read(data).image.width / width
    left, top, right, bottom = (round(value * ratio) for value in box)
    return left, top, right, bottom
