"""Facts of a table open to anybody: names masked, and no personal number."""

import re
from typing import Final

from core.masks import mask_name
from reviews.models import ReviewTable

# Identity numbers, passports, phones: a long run of digits, with the letter at either end.
NUMBERS: Final = re.compile(r"[A-Za-z]{0,2}\d{6,}[Xx]?")


def mask_enterprise(name: str) -> str:
    """重庆某某贸易有限公司 → 重庆****有限公司: enough to compare with the paper in hand."""
    head, tail = name[:2], name[-4:]
    return f"{head}{'*' * max(len(name) - 6, 2)}{tail}" if len(name) > 6 else f"{name[:1]}***"


def masked_names(table: ReviewTable) -> tuple[str, str]:
    """The enterprise's and the applicant's."""
    facts = table.facts
    return mask_enterprise(facts["enterprise_name"]), mask_name(facts["applicant_name"])


def public_void_reason(table: ReviewTable) -> str:
    """Why the round was voided, as the officer or the enterprise wrote it, names masked."""
    enterprise, applicant = masked_names(table)
    reason = table.void_reason.replace(table.facts["enterprise_name"], enterprise)
    reason = reason.replace(table.facts["applicant_name"], applicant)
    return NUMBERS.sub("******", reason)
