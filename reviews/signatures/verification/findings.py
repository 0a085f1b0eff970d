"""Findings of an examination: one for each signature, and one for the whole file."""

from dataclasses import dataclass
from datetime import datetime

from reviews.signatures.fields import STATION


class Unreadable(Exception):
    """Refusal to examine: not a PDF, encrypted, or too large. The sentence says which."""


@dataclass(frozen=True)
class SignatureFinding:
    """One signature: `department` is its field, `title` whose field that is, "" for a stranger's.

    `covers` is the number of the revision that it closes. `is_whole` says that the bytes that it
    covers are as signed, `intact` besides that nothing but signing followed. `since` says what has
    become of the certificate of a good signature after it was made. `is_on_paper`: the station
    fills the department's cell from a sheet stamped by hand; it is no signature of the department.
    """

    department: str
    title: str
    signer: str
    signed_at: datetime | None
    intact: bool
    trusted: bool
    covers: int
    has_trusted_time: bool
    is_whole: bool
    problem: str = ""
    since: str = ""
    is_on_paper: bool = False


@dataclass(frozen=True)
class Examination:
    """The whole file. `missing` are the fields of a valid one that nobody has signed yet.

    `claimed_code` is the verification code in the file's description: a hint, no proof.
    `names_us` says that a certificate of ours is in the file, whether its signature holds or not.
    """

    valid: bool
    reason: str
    signatures: tuple[SignatureFinding, ...] = ()
    claimed_code: str = ""
    names_us: bool = False
    missing: tuple[str, ...] = ()
    is_unsigned: bool = False

    @property
    def holds_our_certification(self) -> bool:
        """Whether it holds, byte for byte, a table that the station certified."""
        return any(
            finding.department == STATION and finding.is_whole and finding.trusted
            for finding in self.signatures
        )
