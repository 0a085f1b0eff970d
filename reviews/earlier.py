"""Opinion of an earlier round, and what changed since of the facts that it rests on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from applications.dossier.dossier import Dossier
from applications.dossier.items import Item
from core import text
from core.masks import mask_id_number, mask_phone
from reviews.annex4 import ENTERPRISE_KINDS, FACTS, section_of
from reviews.models import Opinion


@dataclass(frozen=True)
class ChangeSince:
    """Change of one fact or material. `is_hidden`: personal numbers are masked in it."""

    label: str
    before: str
    after: str
    is_hidden: bool = False


@dataclass(frozen=True)
class Earlier:
    """The department's newest signed opinion of an earlier round, and what changed since."""

    opinion: Opinion
    changes: tuple[ChangeSince, ...]


def earlier_of(opinion: Opinion, dossier: Dossier, *, is_revealed: bool = False) -> Earlier | None:
    """None in the first round, and where the department had not signed before the recall."""
    if opinion.table.round == 1:
        return None
    signed = Opinion.objects.signed().filter(
        department=opinion.department,
        table__application=opinion.table.application_id,
        table__round__lt=opinion.table.round,
    )
    previous = signed.select_related("table", "signed_by").order_by("-table__round").first()
    if previous is None or previous.signed_at is None:
        return None
    section = section_of(opinion.department)
    changed = [
        _change(key, previous.table.facts[key], opinion.table.facts[key], is_revealed=is_revealed)
        for key in section.relevant
        # A bracket written otherwise is no other company.
        if text.name(previous.table.facts[key]) != text.name(opinion.table.facts[key])
    ]
    # A letter that was there already may have taken the place of the one submitted then.
    replaced = set(
        dossier.application.corrections.filter(replaced_at__gt=previous.signed_at).values_list(
            "number", flat=True
        )
    )
    for number in section.materials:
        item = dossier.find(number)
        if item is None:
            continue
        if number in replaced or _is_newer(item, previous.signed_at):
            changed.append(
                ChangeSince(f"材料{number} {item.kind.name}", "上一轮的", "企业已更换或增减")
            )
    return Earlier(previous, tuple(changed))


def _change(key: str, before: str, after: str, *, is_revealed: bool) -> ChangeSince:
    if key == "enterprise_kind":
        kinds = dict(ENTERPRISE_KINDS)
        before, after = kinds.get(before, before), kinds.get(after, after)
    mask = MASKS.get(key)
    if mask is None or is_revealed:
        return ChangeSince(FACTS[key], before, after)
    return ChangeSince(FACTS[key], mask(before), mask(after), is_hidden=True)


def _mask_contact(contact: str) -> str:
    name, gap, phone = contact.rpartition("　")
    return f"{name}{gap}{mask_phone(phone)}"


MASKS: Final[Mapping[str, Callable[[str], str]]] = {
    "id_number": mask_id_number,
    "phone": mask_phone,
    "contact": _mask_contact,
}


def _is_newer(item: Item, moment: datetime) -> bool:
    """Whether pages came or went after this moment."""
    came = any(page.file.created_at > moment for page in item.pages)
    return came or any(page.superseded_at and page.superseded_at > moment for page in item.earlier)
