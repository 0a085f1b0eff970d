"""Reminders of filings that nobody entered anything of, and of invoices that did not come.

What is due stands in a column, so that a run costs by what is due. An enterprise is told of all
its cases in one notice a day.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby

from django.db import transaction
from django.utils import timezone

from applications.kinds import CARD_MAKING
from applications.models import Application
from applications.workflow import Status
from cards.models import Filing
from core.sweeping import each
from notices.models import Notice
from notices.services import DIGEST_KEPT, notify
from parameters.values import Parameters, load_parameters
from workdays.calendar import load_calendar

AT_ONCE = 500


def remind_of_filings() -> int:
    """Tell enterprises of what is due; returns how many notices are new. Office hours alone."""
    now = timezone.localtime()
    if not load_calendar().is_open(now):
        return 0
    open_what_began()
    today, parameters = now.date(), load_parameters()
    due = Filing.objects.due(today).with_people().order_by("application__enterprise", "pk")
    by_enterprise = groupby(due[:AT_ONCE], key=lambda filing: filing.application.enterprise_id)
    digests = [list(filings) for _, filings in by_enterprise]
    told = each(
        digests, lambda filings: _tell(filings, today, parameters), what="国家系统进度的提醒"
    )
    return sum(told)


def open_what_began() -> None:
    """A filing for every endorsed case that nobody has opened yet, so that its days are counted."""
    without = Application.objects.filter(
        status=Status.ENDORSED, afterwards="", filing=None, kind__in=CARD_MAKING
    )
    days = load_parameters().number("cards.stale_days")
    fresh = []
    for application in without.select_related("enterprise")[:AT_ONCE]:
        filing = Filing.of(application)
        entered_on = timezone.localtime(filing.last_entry_at).date()
        filing.next_nudge_on = entered_on + timedelta(days=days + 1)
        fresh.append(filing)
    Filing.objects.bulk_create(fresh, ignore_conflicts=True)


@transaction.atomic
def _tell(filings: Sequence[Filing], today: date, parameters: Parameters) -> int:
    """One notice to each agent of the enterprise, whatever of its cases is due."""
    locked = Filing.objects.select_for_update().filter(pk__in=[one.pk for one in filings])
    due_now = set(locked.due(today).values_list("pk", flat=True))
    due = [filing for filing in filings if filing.pk in due_now]
    if not due:
        return 0
    enterprise = due[0].application.enterprise
    invoices = [one for one in due if one.invoice_due_on and one.invoice_due_on <= today]
    stale = [one for one in due if one.is_open and _is_stale(one, today, parameters)]
    new: list[Notice] = []
    if invoices or stale:
        new = notify(
            enterprise.people(),
            cause=f"cards:filings:{enterprise.pk}:{today:%Y%m%d}",
            together=True,
            forget_after=DIGEST_KEPT,
            template="cards/email/filing_digest.txt",
            context={
                "enterprise": enterprise,
                "stale": stale,
                "invoices": invoices,
                "days": parameters.number("cards.stale_days"),
                "invoice_days": parameters.number("cards.invoice_days"),
            },
            path=due[0].get_absolute_url() if len(due) == 1 else "/",
            action_label="去登记进度",
            short="有申请在国家系统的进度要您看一看",
        )
    _put_off(due, today, parameters)
    return len(new)


def _is_stale(filing: Filing, today: date, parameters: Parameters) -> bool:
    entered_on = timezone.localtime(filing.last_entry_at).date()
    return (today - entered_on).days > parameters.number("cards.stale_days")


def _put_off(filings: Sequence[Filing], today: date, parameters: Parameters) -> None:
    """Of each case again after the same number of days, or on the day its invoice is due."""
    again = today + timedelta(days=parameters.number("cards.stale_days"))
    for filing in filings:
        waits = filing.is_open or filing.awaits_invoice
        due = filing.invoice_due_on
        ahead = due if due and due > today and filing.awaits_invoice else again
        filing.next_nudge_on = min(again, ahead) if waits else None
    Filing.objects.bulk_update(filings, ["next_nudge_on"])
