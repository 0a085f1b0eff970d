"""The cell that a liaison looked at before signing: what is printed in it, to the second."""

import hashlib
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from typing import Final

from django.core import signing
from django.utils import timezone

from accounts.models import User
from reviews.models import Opinion
from reviews.pdf import CellFacts, RenderingFailed, render_cell
from reviews.signatures.certificates.keystore import AuthorityError
from reviews.signatures.identities import identity_for
from reviews.signatures.models import Certificate
from reviews.table_facts import cell_box, cell_facts, seal_of

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


def look(opinion: Opinion, certificate: Certificate, *, by: User) -> Preview:
    """What `by` would sign now with this certificate of the department."""
    now = timezone.now()
    facts = cell_facts(opinion, signer=by, certificate=certificate, at=now)
    return Preview(now, digest_of(facts, certificate))


def draw(opinion: Opinion, certificate: Certificate, preview: Preview, *, by: User) -> bytes:
    """The cell as it was shown, a PDF of the cell's size; the same bytes each time.

    Raises PreviewStale as require_unchanged does.
    """
    facts = require_unchanged(opinion, certificate, preview, by=by)
    return render_cell(facts, cell_box(opinion), seal_of(certificate))


def require_unchanged(
    opinion: Opinion, certificate: Certificate, preview: Preview, *, by: User
) -> CellFacts:
    """What was shown. Raises PreviewStale when something that is printed has changed since."""
    facts = cell_facts(opinion, signer=by, certificate=certificate, at=preview.at)
    if digest_of(facts, certificate) != preview.digest:
        raise PreviewStale("预览之后，意见、签署人或证书有变化。请核对下面新的预览，再签署。")
    return facts


def problem_of(opinion: Opinion, *, by: User) -> str:
    """Why the cell cannot be printed with what it says now, or "" when it can."""
    try:
        certificate = identity_for(opinion.department).certificate
        draw(opinion, certificate, look(opinion, certificate, by=by), by=by)
    except RenderingFailed as error:
        return str(error)
    except AuthorityError:
        # The page of signing says so, with what to do; the words may well be right.
        return ""
    return ""


def digest_of(facts: CellFacts, certificate: Certificate) -> str:
    seal = certificate.seal_image.sha256 if certificate.seal_image else ""
    return hashlib.sha256(repr((astuple(facts), seal)).encode()).hexdigest()


def pack(preview: Preview, opinion: Opinion, *, by: User) -> str:
    """The preview as a signed text that goes with the page and comes back with the password."""
    carried = [opinion.pk, by.pk, preview.at.isoformat(), preview.digest]
    return signing.dumps(carried, salt=SALT)


def unpack(text: str, opinion: Opinion, *, by: User) -> Preview:
    """The preview that `pack` made for this opinion and person. Raises PreviewStale."""
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
