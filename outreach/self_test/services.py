"""Versions of the self-test: drafted, tried, compared and published; pre-checks by it."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from applications.models import Application
from core.dates import day_words
from core.versions import claim
from outreach.models import Flow, PreCheck
from outreach.self_test.document import Document, walk
from outreach.self_test.reading import problems_of, read
from outreach.self_test.showing import groups
from outreach.wording import StationWords

# As much as a document of the largest size has, so that nothing larger is parsed.
MOST_BYTES = 300_000


class FlowRefused(Exception):
    """It cannot be done; `problems` say why, a sentence each."""

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("".join(problems))


def document_in_force(day: date | None = None) -> tuple[Flow, Document] | None:
    """The version that holds, read; None before any was published."""
    flow = Flow.objects.in_force(day or timezone.localdate())
    return (flow, read(flow.document)) if flow else None


@transaction.atomic
def begin_draft(*, by: User) -> Flow:
    """A draft that begins as the newest version; the one that there is already, if any."""
    newest = Flow.objects.select_for_update(no_key=True).order_by("-number").first()
    if newest is not None and newest.is_draft:
        return newest
    draft = Flow.objects.create(
        number=newest.number + 1 if newest else 1,
        document=newest.document if newest else {},
        source=newest.source if newest else "",
    )
    record("flow.begin", draft, by=by)
    return draft


@transaction.atomic
def save_document(flow: Flow, document: Any, *, by: User) -> None:
    """Keep this as the draft's content, whole or not. Raises Overtaken, FlowRefused."""
    stored = claim(flow)
    _refuse_published(stored)
    flow.document = document
    flow.save(update_fields=["document", "version"])
    record("flow.change", flow, by=by, after={"version": flow.version})


@transaction.atomic
def drop_draft(flow: Flow, *, by: User) -> None:
    """Take the draft away; what is published stays."""
    locked = Flow.objects.select_for_update().get(pk=flow.pk)
    _refuse_published(locked)
    record("flow.drop", locked, by=by)
    locked.delete()


@transaction.atomic
def publish(
    flow: Flow,
    *,
    valid_from: date,
    valid_until: date | None,
    source: str,
    change: str,
    by: User,
) -> None:
    """Let the draft hold from a day on. Raises FlowRefused with everything that speaks against it.

    Its own examples are its tests: it is published only where each of them comes out as it says.
    """
    stored = claim(flow)
    _refuse_published(stored)
    problems = problems_of(stored.document, StationWords().codes)
    if valid_from < timezone.localdate():
        problems.insert(0, "生效的日子不能早于今天。")
    if problems:
        raise FlowRefused(*problems)
    flow.document = stored.document
    flow.state, flow.valid_from, flow.valid_until = Flow.State.PUBLISHED, valid_from, valid_until
    flow.source, flow.change = source, change
    flow.published_by, flow.published_at = by, timezone.now()
    flow.save()
    record(
        "flow.publish",
        flow,
        by=by,
        after={"version": flow.number, "valid_from": valid_from.isoformat()},
    )


def _refuse_published(flow: Flow) -> None:
    if not flow.is_draft:
        raise FlowRefused(f"{flow}已经发布，不能再改；请新建一版。")


@transaction.atomic
def pre_check(
    application: Application,
    *,
    flow: Flow,
    answers: Mapping[str, str],
    word: str,
    reason: str,
    nonce: str,
    by: User,
) -> PreCheck:
    """An officer's word on a case beside the machine's; the same page sent twice counts once."""
    way = walk(read(flow.document), answers)
    words = StationWords()
    made, is_new = PreCheck.objects.get_or_create(
        nonce=nonce,
        defaults={
            "application": application,
            "flow": flow,
            "answers": way.answers,
            "outcome": way.outcome,
            "reasons": [one.text for _, _, found in groups(way, words) for one in found],
            "word": word,
            "reason": reason,
            "by": by,
        },
    )
    if is_new:
        record("case.pre_check", application, by=by, after={"word": made.get_word_display()})
    return made


def parse(text: str) -> Any:
    """A JSON text. Raises FlowRefused with a sentence."""
    if len(text.encode()) > MOST_BYTES:
        raise FlowRefused("文档太大，最多300 KB。")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        where = f"第{error.lineno}行" if isinstance(error, json.JSONDecodeError) else "文件"
        raise FlowRefused(f"{where}不是完整的JSON，请核对引号、逗号和括号。") from error


def ends_by(flow: Flow, document: Document, day: date) -> list[str]:
    """A sentence for the version and each rule that ends by this day."""
    ends = []
    if flow.valid_until and flow.valid_until <= day:
        ends.append(f"{flow}用到{day_words(flow.valid_until)}")
    ends += [
        f"规则“{rule.text[:30]}”用到{day_words(rule.until)}"
        for rule in document.ends
        if rule.until and rule.until <= day
    ]
    return ends
