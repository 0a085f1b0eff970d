"""Record of packages in the audit trail: who made or took which, with its SHA-256."""

from accounts.audit import record
from accounts.models import User
from applications.models import Application
from reports.archiving.building import CaseArchive


def record_made(application: Application, made: CaseArchive, *, by: User | None) -> None:
    """Made and handed out, or laid down by the command."""
    after = {"sha256": made.sha256, "entries": made.file_count, "result": str(made.result)}
    record("case_archive.make", application, by=by, after=after)
