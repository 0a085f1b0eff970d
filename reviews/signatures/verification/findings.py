"""Findings of an examination: one for each signature, and one for the whole file."""

from dataclasses import dataclass
from datetime import datetime


class Unreadable(Exception):
    """Refusal to examine: not a PDF, encrypted, or too large. The sentence says which."""


@dataclass(frozen=True)
class SignatureFinding:
    """One signature: `department` is its field, `title` whose field that is, "" for a stranger's.

    `covers` is the number of the revision that it closes.
    """

    department: str
    title: str
    signer: str
    signed_at: datetime | None
    intact: bool
    trusted: bool
    covers: int
    has_trusted_time: bool
    problem: str = ""


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
