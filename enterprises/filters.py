"""Search of enterprises, however the words were pasted."""

from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from core import text
from core.identifiers import normalise_credit_code
from finding.search import narrowed

Rows = TypeVar("Rows", bound=QuerySet[Any, Any])


def among(enterprises: Rows, words: str) -> Rows:
    """Those of these enterprises whose name or credit code holds these words."""
    spellings = [text.name(words)]
    found = Q(name__icontains=text.name(words))
    if code := normalise_credit_code(words):
        spellings.append(code)
        found |= Q(credit_code__icontains=code)
    return narrowed(enterprises, *spellings).filter(found)


def of_list(enterprises: Rows, *, status: str, words: str) -> Rows:
    """What the station's list shows of them."""
    if status:
        enterprises = enterprises.filter(status=status)
    return among(enterprises, words) if words else enterprises
