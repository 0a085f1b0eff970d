"""Periodic work of the texts: hand over what is due, and note in the ledger what went out."""

from celery import shared_task
from django.utils import timezone

from core.sweeping import each
from outreach.briefings.inviting import note_sent
from outreach.models import OutwardText
from outreach.texting.sending import deliver_text

AT_ONCE = 100


@shared_task(name="outreach.send_texts")
def send_texts() -> None:
    due = OutwardText.objects.due(timezone.now())[:AT_ONCE]
    each(list(due), _send, what="对外短信的发送")


def _send(row: OutwardText) -> bool:
    return deliver_text(row) and note_sent(row)
