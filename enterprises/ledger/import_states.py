"""A row of the ledger and a contact as an import compares them: JSON values by column."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from core import text
from enterprises.ledger.import_cells import as_day, as_moment, moment_cell
from enterprises.ledger.import_columns import FACTS, NUMBER, SAID
from enterprises.models import Contact, Demand
from imports.kinds import State

TEXTS: Final = (
    "name", "short_name", "former_names", "credit_code", "kind", "trade", "town", "address",
    "source", "source_note", "stage", "not_needed_reason", "next_step", "contact_name",
    "contact_position", "contact_phone",
)  # fmt: skip
AS_THEY_ARE: Final = ("economies", "intended_number", "is_qualified", "is_key", "is_pilot")
DAYS: Final = ("next_on", "in_group_since")
# What a person sees of the owner is his name; two may have the same.
OWNER: Final = "owner_id"
# The enterprise of the portal that a new row was bound to.
ENTERPRISE: Final = "enterprise_id"
# Kept for an undo of the stage; nobody compares it.
FIRST_DAYS: Final = "days"
FIRST: Final = ("told_at", "applied_at", "held_at")
# Of a row that only adds a contact: the line of the row that has the enterprise.
LEAD: Final = "lead"
# And the stage before, where the contact moved it.
WAS: Final = "was"
FACT_CODES: Final = tuple(column.code for column in FACTS if column.code != NUMBER)
SAID_CODES: Final = tuple(column.code for column in SAID)


def state_of(demand: Demand) -> State:
    """The facts of a row, with the name of its owner (`select_related("owner")`)."""
    return {
        **{code: getattr(demand, code) for code in (*TEXTS, *AS_THEY_ARE)},
        "economies": list(demand.economies),
        **{code: day.isoformat() if (day := getattr(demand, code)) else "" for code in DAYS},
        "owner": demand.owner.name if demand.owner else "",
        OWNER: demand.owner_id,
        ENTERPRISE: demand.enterprise_id,
        FIRST_DAYS: [at.isoformat() if (at := getattr(demand, code)) else "" for code in FIRST],
    }


def fill(demand: Demand, state: State, codes: Iterable[str]) -> set[str]:
    """Set these facts but the stage, which moves; returns the model's fields."""
    fields = set()
    for code in codes:
        if code in ("stage", "not_needed_reason", "owner", FIRST_DAYS) or code in SAID_CODES:
            continue
        if code in DAYS:
            setattr(demand, code, as_day(state[code]))
        else:
            setattr(demand, code, state[code])
        fields.add({OWNER: "owner", ENTERPRISE: "enterprise"}.get(code, code))
    return fields


def changed_codes(before: State, after: State) -> list[str]:
    return [code for code in after if code in before and before[code] != after[code]]


def first_days(state: State) -> dict[str, datetime | None]:
    kept = zip(FIRST, state[FIRST_DAYS], strict=True)
    return {name: datetime.fromisoformat(at) if at else None for name, at in kept}


def said_of(contact: Contact) -> State:
    """A contact as the columns of an import have it (`select_related("by")`)."""
    return {
        "said_at": moment_cell(contact.at),
        "said_way": contact.kind,
        "said_words": text.line(contact.words),
        "said_by": contact.author,
        "said_telling": contact.is_telling,
    }


def said_keys(said: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """By what a contact is the same one: with its author, and without, where nobody wrote him."""
    shorter = (said["said_at"], said["said_way"], said["said_words"])
    return (*shorter, said["said_by"]), shorter


def nonce_of(demand: int, said: Mapping[str, Any]) -> str:
    """The same for the same contact of an import, so that it stands there once."""
    full, _ = said_keys(said)
    digest = hashlib.sha256("\x1f".join([str(demand), *full]).encode())
    return f"import-{digest.hexdigest()}"


def contact_of(demand: int, said: Mapping[str, Any], by: Any) -> Contact:
    """Noted by whoever it was; by whoever imports it where nobody is named."""
    return Contact(
        demand_id=demand,
        kind=said["said_way"],
        at=as_moment(said["said_at"]),
        words=said["said_words"],
        author_name=said["said_by"],
        by=None if said["said_by"] else by,
        is_telling=said["said_telling"],
        nonce=nonce_of(demand, said),
    )


def has_said(state: Mapping[str, Any]) -> bool:
    return bool(state.get("said_at"))
