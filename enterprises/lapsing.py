"""Reminders of standing documents that are about to lapse.

What names applicants (material 1) is asked for by their own applications, which say that it lapsed.
"""

from datetime import date, timedelta
from functools import partial

from django.urls import reverse
from django.utils import timezone

from core.sweeping import each
from enterprises.models import StandingDocument
from materials.catalogue import SHARED_NUMBERS
from materials.numbers import MaterialNumber
from materials.rules.validity import ASK_DAYS_AHEAD
from notices.services import notify

# What lapsed longer ago was told then; without this bound the list would only ever grow.
LOOK_BACK = timedelta(days=ASK_DAYS_AHEAD)


def ask_for_lapsing(today: date | None = None) -> int:
    """Tell each enterprise once a month ahead, and once when it has lapsed.

    Returns how many notices are new. Days on which this did not run are made good later.
    """
    today = today or timezone.localdate()
    documents = (
        StandingDocument.objects.lapsing_by(today + timedelta(days=ASK_DAYS_AHEAD))
        .filter(valid_until__gte=today - LOOK_BACK, kind__in=SHARED_NUMBERS)
        .select_related("enterprise")
    )
    return sum(each(documents.iterator(), partial(_ask, today=today), what="材料到期的提醒"))


def _ask(document: StandingDocument, *, today: date) -> int:
    until = document.valid_until
    if until is None:
        return 0
    if until < today:
        stage, template = "lapsed", "enterprises/email/lapsed.txt"
    else:
        stage, template = "lapsing", "enterprises/email/lapsing.txt"
    new = notify(
        document.enterprise.people(),
        cause=f"enterprises:document:{document.pk}:{stage}:{until}",
        template=template,
        context={
            "document": document,
            "is_tax_proof": document.kind == MaterialNumber.TAX_PROOF,
            "tax_year": today.year - 1,
        },
        path=reverse("enterprises:document", args=[document.enterprise_id, document.kind]),
        action_label="上传新的材料",
    )
    return len(new)
