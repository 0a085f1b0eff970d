"""Beat schedule: what Celery beat starts, and how often. Rows in the database decide."""

from typing import Any

from celery.schedules import crontab

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "deliver what is due": {"task": "notices.sweep", "schedule": 30.0},
    "read what needs nothing any more": {"task": "notices.read_lapsed", "schedule": 60.0},
    "watch the channels": {"task": "notices.watch_channels", "schedule": 60.0},
    "show that it beats": {"task": "notices.heartbeat", "schedule": 60.0},
    "recognise what was left": {"task": "files.sweep_recognition", "schedule": 60.0},
    "discard repairs nobody took": {"task": "applications.sweep_repairs", "schedule": 3600.0},
    # Removed pages first: their files have no owner then, and go with the next sweep.
    "forget removed material": {"task": "applications.sweep_removed", "schedule": 3600.0},
    "forget removed documents": {"task": "enterprises.sweep_removed", "schedule": 3600.0},
    "forget removed scans": {"task": "reviews.sweep_removed", "schedule": 3600.0},
    "discard files without owner": {"task": "files.sweep_ownerless", "schedule": 3600.0},
    "hand over what is on leave": {"task": "reviews.settle_assignments", "schedule": 60.0},
    "remind of deadlines": {"task": "reviews.remind", "schedule": 60.0},
    # Costs a look at the months while none is to be counted.
    "close months that are over": {"task": "reviews.close_months", "schedule": 3600.0},
    "remind enterprises": {"task": "applications.remind_enterprises", "schedule": 300.0},
    # In office hours alone; what is due stands in a column.
    "follow the calendar": {"task": "workdays.catch_up", "schedule": 3600.0},
    # Hourly, because it speaks in office hours alone; it says each thing once a month.
    "ask for next year's holidays": {"task": "notices.ask_for_holiday_notice", "schedule": 3600.0},
    "tell of signing locks": {"task": "notices.tell_of_signing_locks", "schedule": 60.0},
    # Each step is told once, so that a missed day costs nothing.
    "warn of certificates that end": {
        "task": "reviews.warn_of_expiry",
        "schedule": crontab(hour=9, minute=5),
    },
    # At ten past nine, when people start to read; a day that was missed is made good.
    "ask for documents that lapse": {
        "task": "enterprises.ask_for_lapsing",
        "schedule": crontab(hour=9, minute=10),
    },
    # Filings, cancellations, ends of cards, duty and follow-up: one mail a person a day, together
    # with the digest of overdue opinions, which is written when the office opens.
    "remind of cards and filings": {
        "task": "cards.morning",
        "schedule": crontab(hour=9, minute=0),
    },
    "ask for idle accounts": {
        "task": "accounts.settle_idle_accounts",
        "schedule": crontab(hour=9, minute=20),
    },
    "remind of requests about personal data": {
        "task": "rights.remind",
        "schedule": crontab(hour=9, minute=0),
    },
    "go on with imports": {"task": "imports.sweep", "schedule": 60.0},
    "go on with reports": {"task": "reports.sweep", "schedule": 60.0},
    "go on with packages": {"task": "reports.sweep_packages", "schedule": 60.0},
    "make hand-overs that waited": {"task": "enterprises.complete_hand_overs", "schedule": 300.0},
    "find what is there": {"task": "finding.rebuild", "schedule": crontab(hour=3, minute=20)},
    # Their day begins at midnight; notices of it wait for office hours on their own.
    "tell of important articles": {"task": "outreach.spread_articles", "schedule": 600.0},
    "send texts to people outside": {"task": "outreach.send_texts", "schedule": 60.0},
    "look for dead links": {"task": "outreach.check_links", "schedule": crontab(hour=4, minute=40)},
    "forget sessions and sign-in logs": {
        "task": "accounts.forget",
        "schedule": crontab(hour=3, minute=40),
    },
    "forget old digests": {"task": "notices.forget", "schedule": crontab(hour=3, minute=50)},
    # Weekly by rows; hourly it reads what drills on other hosts came to.
    "drill a backup": {"task": "backups.drill", "schedule": 3600.0},
    # Once a day; hourly, so that a day is not lost with one hour.
    "anchor the audit trail": {"task": "signatures.anchor_audit_trail", "schedule": 3600.0},
    "seal the audit trail": {"task": "accounts.seal_audit_trail", "schedule": 300.0},
}
