"""Years of packages: asked for once, made by a worker."""

from django.db import IntegrityError, transaction

from accounts.audit import record
from accounts.models import User
from reports.archiving.tasks import hand_over
from reports.archiving.years import closed_in
from reports.models import ArchiveYear


def ask_for_year(year: int, *, by: User, nonce: str) -> ArchiveYear:
    """A worker makes the packages of all cases that are over by now. Sent twice it is one."""
    try:
        with transaction.atomic():
            run = ArchiveYear.objects.create(
                year=year, case_count=closed_in(year).count(), created_by=by, nonce=nonce
            )
            after = {"year": year, "entries": run.case_count}
            record("case_archive.ask_year", run, by=by, after=after)
    except IntegrityError:
        return ArchiveYear.objects.get(nonce=nonce)
    hand_over(run.pk)
    return run
