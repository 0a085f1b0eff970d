"""Stored revisions of a review table, read back and refused where they were altered."""

import hashlib

from django.urls import reverse

from accounts.audit import record
from accounts.models import User
from files.at_rest.sealing import SealBroken
from notices.services import notify
from reviews.models import Revision


class RevisionAltered(Exception):
    """A stored revision that was altered in storage; the sentence names the table."""

    def __init__(self, revision: Revision, found: str) -> None:
        super().__init__(
            f"{revision.table}的存档文件与登记的不一致（{found}），可能被人改动过。"
            "为防止在改动过的文件上签名，已停止使用，请联系服务站。"
        )
        self.revision = revision
        self.found = found


def load(revision: Revision) -> bytes:
    """The PDF of a revision. Raises RevisionAltered unless it is the very file that was stored."""
    try:
        with revision.file.content.open("rb") as file:
            pdf = bytes(file.read())
    except SealBroken as error:
        raise RevisionAltered(revision, "加密校验不符") from error
    except OSError as error:
        raise RevisionAltered(revision, "文件打不开") from error
    if hashlib.sha256(pdf).hexdigest() != revision.sha256:
        raise RevisionAltered(revision, "SHA-256不同")
    return pdf


def report_altered(error: RevisionAltered, *, by: User) -> None:
    """Record an altered revision and tell the officers, once for each revision."""
    revision, table = error.revision, error.revision.table
    record("revision.altered", table, by=by, after={"sequence": revision.sequence})
    notify(
        User.objects.officers(),
        cause=f"reviews:revision:{revision.pk}:altered",
        template="reviews/email/revision_altered.txt",
        context={"table": table, "revision": revision, "found": error.found},
        path=reverse("reviews:table_detail", args=[table.pk]),
        short=f"审核表{table.number}的存档文件与登记的不一致，请尽快处理",
    )
