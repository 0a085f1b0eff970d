"""Cell of one department: what is printed in it, its page, and the preview that was looked at."""

import hashlib
from dataclasses import astuple, dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

from django.core import signing
from django.utils import timezone

from accounts.models import User
from reviews.annex4 import section_of
from reviews.drafts import Draft
from reviews.models import Opinion
from reviews.pdf import CellFacts, RenderingFailed, render_cell
from reviews.signatures.certificates.keystore import AuthorityError
from reviews.signatures.identities import identity_for
from reviews.signatures.models import Certificate
from reviews.table_facts import cell_box, seal_of

# Long enough to read a cell and find one's phone; a deadline is not met by it (services.opinions).
LIFE: Final = timedelta(minutes=15)
SALT: Final = "reviews.previews"


class PreviewStale(Exception):
    """What was looked at is no longer what would be signed; the sentence says why."""


@dataclass(frozen=True)
class Preview:
    """`at` is the moment printed in the cell, `digest` covers everything that is printed."""

    at: datetime
    digest: str


@dataclass(frozen=True)
class Cell:
    """A department's cell as `signer` signs it with `certificate`, at the moment printed in it.

    With `draft` it says that instead of what the opinion says. Its facts are reckoned once.
    """

    opinion: Opinion
    certificate: Certificate
    signer: User
    at: datetime = field(default_factory=timezone.now)
    draft: Draft | None = None

    @cached_property
    def facts(self) -> CellFacts:
        opinion, said = self.opinion, self.draft or self.opinion
        section = section_of(opinion.department)
        applicant_name = opinion.table.facts["applicant_name"]
        return CellFacts(
            department=opinion.department.code,
            section=section,
            unit=opinion.department.full_name,
            sentence=section.sentence(said.answers, applicant_name=applicant_name),
            words=said.words,
            conclusion=dict(Opinion.Conclusion.choices).get(said.conclusion, ""),
            signer=self.signer.name,
            signed_at=self.at,
            certificate_serial=self.certificate.serial,
            opinion_number=opinion.number,
            applicant_name=applicant_name,
        )

    @cached_property
    def preview(self) -> Preview:
        """The moment and the digest of the facts and the seal: the same twice prints the same."""
        seal = self.certificate.seal_image.sha256 if self.certificate.seal_image else ""
        digest = hashlib.sha256(repr((astuple(self.facts), seal)).encode()).hexdigest()
        return Preview(self.at, digest)

    def require_unchanged(self, preview: Preview) -> None:
        """Raises PreviewStale when something that is printed has changed since the preview."""
        if self.preview != preview:
            raise PreviewStale("预览之后，意见、签署人或证书有变化。请核对下面新的预览，再签署。")

    def draw(self) -> bytes:
        """A PDF of the cell's size, the same bytes each time. Raises RenderingFailed."""
        return render_cell(self.facts, cell_box(self.opinion), seal_of(self.certificate))

    def pack(self) -> str:
        """The preview as a signed text that goes with the page and comes back with the password."""
        carried = [self.opinion.pk, self.signer.pk, self.at.isoformat(), self.preview.digest]
        return signing.dumps(carried, salt=SALT)


def unpack(text: str, opinion: Opinion, *, by: User) -> Preview:
    """The preview that `Cell.pack` made for this opinion and person. Raises PreviewStale."""
    try:
        opinion_pk, by_pk, at, digest = signing.loads(text, salt=SALT)
        preview = Preview(datetime.fromisoformat(at), digest)
    except (signing.BadSignature, ValueError, TypeError):
        raise PreviewStale("没有收到预览的内容。请核对下面的预览，再签署。") from None
    if (opinion_pk, by_pk) != (opinion.pk, by.pk):
        raise PreviewStale("预览的不是这份意见。请核对下面的预览，再签署。")
    now = timezone.now()
    if preview.at > now or now - preview.at > LIFE:
        minutes = LIFE // timedelta(minutes=1)
        raise PreviewStale(
            f"距离预览已超过{minutes}分钟，上面印的时间不对了。请核对下面新的预览，再签署。"
        )
    return preview


def problem_of(opinion: Opinion, draft: Draft, *, by: User) -> str:
    """Why the cell cannot be printed with this draft, or "" when it can."""
    try:
        certificate = identity_for(opinion.department).certificate
        Cell(opinion, certificate, by, draft=draft).draw()
    except RenderingFailed as error:
        return str(error)
    except AuthorityError:
        # The page of signing says so, with what to do; the words may well be right.
        return ""
    return ""
