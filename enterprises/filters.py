"""Search of enterprises, however the words were pasted."""

from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from core import text
from core.identifiers import normalise_credit_code
from finding.search import narrowed

Rows = TypeVar("Rows", bound=QuerySet[Any, Any])


def named(words: str, *, of: str = "") -> Q:
    """Enterprises whose name or credit code holds these words.

    `of` is the way there from another row: "enterprise__".
    """
    found = Q(**{f"{of}name__icontains": text.name(words)})
    if code := normalise_credit_code(words):
        found |= Q(**{f"{of}credit_code__icontains": code})
    return found


def among(enterprises: Rows, words: str) -> Rows:
    """Those of these enterprises that are `named` so, found through the index of words."""
    code = normalise_credit_code(words)
    spellings = [text.name(words), code] if code else [text.name(words)]
    return narrowed(enterprises, *spellings).filter(named(words))
