"""Shows the mails that a portal without a mail server wrote to files. For trying it out only."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from notices.models import Delivery

FILE_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
NEWEST = 50
# The file backend writes this line after each message of a file.
SEPARATOR = b"-" * 79 + b"\n"


@dataclass(frozen=True)
class WrittenMail:
    subject: str
    to: str
    sent: datetime | None
    text: str


def mailbox_is_open() -> bool:
    """Only in a demonstration, and only where mail goes to files: it shows everybody's mail."""
    return bool(settings.DEMO) and settings.EMAIL_BACKEND == FILE_BACKEND


@login_not_required
@never_cache
def show(request: HttpRequest) -> HttpResponse:
    """The newest mails first, their links to be clicked."""
    if not mailbox_is_open():
        raise Http404
    mails = newest_mails(Path(settings.EMAIL_FILE_PATH))
    held = Delivery.objects.held_back(timezone.now()).select_related("notice__recipient")[:NEWEST]
    context = {"mails": mails, "newest": NEWEST, "held": held}
    return render(request, "demo/mailbox.html", context)


def newest_mails(folder: Path) -> list[WrittenMail]:
    files = [path for path in folder.glob("*") if path.suffix in (".log", ".eml")]
    files.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    mails = []
    for path in files[:NEWEST]:
        parts = [part for part in path.read_bytes().split(SEPARATOR) if part.strip()]
        mails += [_mail(part) for part in reversed(parts)]
    return mails[:NEWEST]


def _mail(raw: bytes) -> WrittenMail:
    message = message_from_bytes(raw, policy=policy.default)
    body = message.get_body(("plain",))
    return WrittenMail(
        subject=str(message["subject"] or "（无标题）"),
        to=str(message["to"] or ""),
        sent=parsedate_to_datetime(str(message["date"])) if message["date"] else None,
        # What makes links of addresses takes one behind a Chinese colon for part of a word.
        text=re.sub(r"(?<=\S)(?=https?://)", " ", body.get_content() if body else ""),
    )
