"""Search of enterprises, however the words were pasted."""

from django.db.models import Q

from core import text
from core.identifiers import normalise_credit_code


def named(words: str, *, of: str = "") -> Q:
    """Enterprises whose name or credit code holds these words.

    `of` is the way there from another row: "enterprise__".
    """
    found = Q(**{f"{of}name__icontains": text.name(words)})
    if code := normalise_credit_code(words):
        found |= Q(**{f"{of}credit_code__icontains": code})
    return found
