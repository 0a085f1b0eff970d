"""What was open, paused or overdue at the end of a period, as conditions on tables and opinions."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from reports.stage.periods import Period
from reviews.models import Opinion, Pause, ReviewTable


def table_open(period: Period) -> Q:
    """Circulated by then, and neither concluded nor void."""
    until = period.until
    return (
        Q(circulated_at__lt=until)
        & (Q(concluded_at__isnull=True) | Q(concluded_at__gte=until))
        & (Q(voided_at__isnull=True) | Q(voided_at__gte=until))
    )


def table_paused(period: Period) -> Q:
    held = Q(Exists(_running(period).filter(table=OuterRef("pk"))))
    return table_open(period) & held


def table_overdue(period: Period) -> Q:
    """Past its deadline, its clock running."""
    held = Q(Exists(_running(period).filter(table=OuterRef("pk"))))
    return table_open(period) & Q(due_at__lt=period.until) & ~held


def opinion_open(period: Period) -> Q:
    """Not signed by then, and its turn had come: of who signs last when all others had signed.

    The tables are asked for first: very many were circulated before, and very many concluded
    after, but few are both, which a database that knows each share alone does not see.
    """
    until = period.until
    tables = ReviewTable.objects.filter(
        Q(concluded_at__isnull=True) | Q(concluded_at__gte=until), circulated_at__lt=until
    )
    unsigned = Q(signed_at__isnull=True) | Q(signed_at__gte=until)
    others = Opinion.objects.parallel().filter(unsigned, table=OuterRef("table"))
    return (
        unsigned
        & Q(table__in=list(tables.order_by().values_list("pk", flat=True)))
        & (Q(lapsed_at__isnull=True) | Q(lapsed_at__gte=until))
        & (Q(department__signs_last=False) | ~Q(Exists(others)))
    )


def opinion_overdue(period: Period) -> Q:
    """Open, past its deadline, and no pause held this department."""
    return opinion_open(period) & is_late_then(period)


def is_late_then(period: Period) -> Q:
    """Of what was open at the end of the period: past its deadline, its clock running."""
    paused = _running(period).filter(table=OuterRef("table"))
    going_on = Pause.going_on.through.objects.filter(
        pause__in=_running(period),
        pause__table=OuterRef("table"),
        department=OuterRef("department"),
    )
    runs = ~Exists(paused) | (Q(department__signs_last=False) & Exists(going_on))
    return Q(due_at__lt=period.until) & runs


def _running(period: Period) -> QuerySet[Pause]:
    until = period.until
    still = Q(ended_at__isnull=True) | Q(ended_at__gte=until)
    return Pause.objects.filter(still, started_at__lt=until)
