"""The ledger as a table: with the head of its import, or as the station's form for paper.

Rows are read some hundred at a time and written as they come: the size of the ledger costs time
and no memory. A contact has a row of its own, with number and name of its enterprise.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from django.conf import settings
from django.db.models import Prefetch
from django.utils import timezone

from core.dates import day_words
from core.spreadsheets import PrintedPage, write_xlsx
from enterprises.ledger.import_columns import COLUMNS, NUMBER
from enterprises.ledger.import_states import said_of, state_of
from enterprises.ledger.importing import LedgerImport
from enterprises.models import Contact, Demand, DemandQuerySet

CHUNK: Final = 500
# Of the form on paper, by column of the import; the number of the line stands before them.
FORM: Final = (
    "name", "credit_code", "kind", "trade", "town", "economies", "intended_number",
    "contact_name", "contact_phone", "stage", "next_step", "next_on", "owner",
)  # fmt: skip
FORM_WIDTHS: Final = (5, 26, 20, 12, 9, 10, 14, 8, 8, 14, 9, 16, 11, 8)
SPACE: Final = "　" * 8
SIGNATURES: Final = f"制表人：{SPACE}审核人：{SPACE}负责人：{SPACE}年　　月　　日"


def in_chunks(demands: DemandQuerySet) -> Iterator[Demand]:
    """In the order in which they came; none is held longer than its chunk."""
    rows, last = demands.order_by("pk").select_related("owner"), 0
    contacts = Prefetch(
        "contacts", Contact.objects.order_by("at", "pk").select_related("by"), to_attr="said"
    )
    while chunk := list(rows.filter(pk__gt=last).prefetch_related(contacts)[:CHUNK]):
        yield from chunk
        last = chunk[-1].pk


def table_rows(demands: DemandQuerySet) -> Iterator[list[str]]:
    """Heads, and every enterprise with its contacts, as the import reads them again."""
    yield [column.label for column in COLUMNS]
    for demand in in_chunks(demands):
        said = [said_of(one) for one in demand.said]  # type: ignore[attr-defined]
        facts = {NUMBER: demand.pk, **state_of(demand)}
        yield _cells({**facts, **(said[0] if said else {})})
        for one in said[1:]:
            yield _cells({NUMBER: demand.pk, "name": demand.name, **one})


KIND: Final = LedgerImport()


def _cells(values: dict[str, Any]) -> list[str]:
    return [
        KIND.words_of(column.code, values[column.code]) if column.code in values else ""
        for column in COLUMNS
    ]


def write_table(file: BinaryIO, demands: DemandQuerySet) -> int:
    """The workbook that can be imported again; returns how many rows there are."""
    return write_xlsx(file, "需求台账", table_rows(demands), [one.width for one in COLUMNS])


def form_rows(demands: DemandQuerySet) -> Iterator[list[str]]:
    labels = {column.code: column.label for column in COLUMNS}
    yield ["序号", *(labels[code] for code in FORM)]
    for number, demand in enumerate(in_chunks(demands), start=1):
        state = state_of(demand)
        yield [str(number), *(KIND.words_of(code, state[code]) for code in FORM)]


def write_form(file: BinaryIO, demands: DemandQuerySet) -> int:
    """The form on paper: title, station, day, and a line for signatures."""
    today = day_words(timezone.localdate())
    page = PrintedPage("企业需求台账", f"{settings.STATION_NAME}　　{today}", SIGNATURES)
    return write_xlsx(file, "需求台账", form_rows(demands), FORM_WIDTHS, page=page)
