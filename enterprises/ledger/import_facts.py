"""Facts of an enterprise of the ledger after an import: what is given, and what stays."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils import timezone

from core.phones import validate_phone
from core.text import brief
from enterprises.ledger.import_cells import as_day
from enterprises.ledger.import_columns import FACTS
from enterprises.ledger.import_states import (
    AS_THEY_ARE,
    ENTERPRISE,
    FACT_CODES,
    FIRST_DAYS,
    OWNER,
)
from enterprises.ledger.stages import is_back
from enterprises.models import Demand, Stage
from enterprises.models.ledger import NAMES_APART
from finding.words import company_core
from imports.kinds import Problem, RowVerdict, State
from materials.economies import NAMES

LABELS: Final = {column.code: column.label for column in FACTS}
BLANK: Final[tuple[object, ...]] = ("", None, [])
# Read as words, kept as true, false and not known.
TRUTHS: Final = {"yes": True, "no": False, "open": None}
TRUTH_CODES: Final = ("is_qualified", "is_key", "is_pilot")
NEW: Final[State] = {
    **dict.fromkeys(FACT_CODES, ""),
    **dict.fromkeys(AS_THEY_ARE),
    "economies": [],
    "is_key": False,
    "is_pilot": False,
    "stage": Stage.UNTOUCHED.value,
    OWNER: None,
    ENTERPRISE: None,
    FIRST_DAYS: ["", "", ""],
}
# Each has rules of its own; the others are taken as they are given.
SETTLED: Final = frozenset({"name", "stage", "not_needed_reason", "owner", "economies", "source"})


@dataclass(frozen=True)
class FactsAround:
    """What the facts are held to: the row that stands there (None of a new one), officers by name,
    and enterprises of the portal without a row by credit code."""

    before: State | None
    owners: Mapping[str, list[int]]
    enterprises: Mapping[str, tuple[int, str]]


def facts_after(values: Mapping[str, Any], facts: FactsAround, verdict: RowVerdict) -> State:
    """What the row would be. Tells the verdict what is wrong, and what was not taken and why."""
    after = {**(facts.before or NEW)}
    given = {code: value for code, value in values.items() if value not in BLANK}
    for code in FACT_CODES:
        if code in given and code not in SETTLED:
            after[code] = _meant(code, given[code])
    _settle_name(given, facts, after, verdict)
    _settle_source(given, after, is_new=facts.before is None)
    _settle_economies(given, after, verdict)
    _settle_owner(given, facts, after, verdict)
    _settle_stage(given, facts.before, after, verdict)
    _settle_next(given, facts.before, after, verdict)
    _require(facts.before, after, verdict)
    return after


def _settle_name(given: State, facts: FactsAround, after: State, verdict: RowVerdict) -> None:
    """The registered name counts, then the fuller one; another is kept among the former names."""
    name = given.get("name", "")
    if facts.before is None:
        after["name"] = name
        bound = facts.enterprises.get(after["credit_code"])
        if bound:
            after[ENTERPRISE] = bound[0]
            if bound[1] != name:
                _also(after, name)
            after["name"] = bound[1]
            verdict.notes.append(Problem("", f"与门户里登记的{bound[1]}对上。"))
        return
    noted = facts.before["name"]
    if not name or name == noted:
        return
    is_same_core = company_core(name) == company_core(noted)
    code = facts.before["credit_code"]
    is_renamed = bool(code) and given.get("credit_code") == code and not is_same_core
    takes = len(name) > len(noted) if is_same_core else is_renamed or bool(given.get("number"))
    if facts.before[ENTERPRISE] is None and takes:
        after["name"] = name
        if not is_same_core:
            _also(after, noted)
    elif not is_same_core:
        _also(after, name)


def _also(after: State, name: str) -> None:
    """Another name by which the enterprise is found, so that nobody is asked again."""
    others = [after["short_name"], *after["former_names"].split(NAMES_APART)]
    if name in others:
        return
    if name in after["name"] and not after["short_name"] and len(name) <= _length("short_name"):
        after["short_name"] = name
        return
    former = NAMES_APART.join(filter(None, [after["former_names"], name]))
    if len(former) <= _length("former_names"):
        after["former_names"] = former


def _length(name: str) -> int:
    return int(getattr(Demand._meta.get_field(name), "max_length", 0) or 0)


def _settle_source(given: State, after: State, *, is_new: bool) -> None:
    """Words that are none of the sources are kept beside 其他."""
    source = given.get("source", "")
    if source in Demand.Source.values:
        after["source"] = source
    elif source:
        after["source"] = Demand.Source.OTHER.value
        after["source_note"] = given.get("source_note") or source
    elif is_new:
        after["source"] = Demand.Source.IMPORT.value


def _settle_economies(given: State, after: State, verdict: RowVerdict) -> None:
    if "economies" not in given:
        return
    strange = [one for one in given["economies"] if one not in NAMES]
    after["economies"] = [one for one in given["economies"] if one in NAMES]
    if strange:
        named = brief("、".join(strange[:5]), 60)
        words = f"“{named}”不在旅行卡的16个经济体之内，没有记。"
        verdict.notes.append(Problem("往来经济体", words))


def _settle_owner(given: State, facts: FactsAround, after: State, verdict: RowVerdict) -> None:
    name = given.get("owner", "")
    if not name or name == after["owner"]:
        return
    people = facts.owners.get(name, [])
    if len(people) == 1:
        after["owner"], after[OWNER] = name, people[0]
        return
    words = "有几位专员同名" if people else "没有这个姓名的专员账户"
    verdict.notes.append(Problem("负责人", f"“{name}”：{words}，负责人没有改。"))


def _settle_stage(given: State, before: State | None, after: State, verdict: RowVerdict) -> None:
    """Forward as the table says; what the portal knows better stays, with a word of it."""
    stage, reason = given.get("stage", ""), given.get("not_needed_reason", "")
    was = after["stage"]
    if stage and before and _would_fall_back(was, stage):
        here, there = Stage(was).label, Stage(stage).label
        words = f"台账里已是“{here}”，表里写的是“{there}”，导入不退回，照台账的保留。"
        verdict.notes.append(Problem("阶段", words))
    elif stage:
        after["stage"] = stage
    if after["stage"] != Stage.NOT_NEEDED:
        after["not_needed_reason"] = ""
        if reason:
            words = "阶段不是“暂不需要”，这个原因没有记。"
            verdict.notes.append(Problem("暂不需要的原因", words))
        return
    after["not_needed_reason"] = reason or after["not_needed_reason"]
    if not after["not_needed_reason"]:
        words = "阶段是“暂不需要”的，请写明原因，例如“今年没有出境计划”。"
        verdict.problems.append(Problem("暂不需要的原因", words))


def _would_fall_back(was: str, to: str) -> bool:
    """Also where somebody said that no card is needed and an older list knows nothing of it."""
    is_older_list = was == Stage.NOT_NEEDED and to in (Stage.UNTOUCHED, Stage.TOLD)
    return is_back(was, to) or is_older_list


def _settle_next(given: State, before: State | None, after: State, verdict: RowVerdict) -> None:
    """Another step without a day has none; a day without a step is a slip."""
    is_other = before is not None and after["next_step"] != before["next_step"]
    if is_other and "next_on" not in given:
        after["next_on"] = ""
    if after["next_on"] and not after["next_step"]:
        verdict.problems.append(Problem("下一步", "写了日期，请也写明那天做什么。"))


def _require(before: State | None, after: State, verdict: RowVerdict) -> None:
    """What is new has to be possible; what stands there already may stay."""
    since = as_day(after["in_group_since"])
    if since and since > timezone.localdate():
        verdict.problems.append(Problem("入群日期", "入群日期不能晚于今天。"))
    if not after["name"]:
        verdict.problems.append(Problem("单位名称", "没有填写。"))
    phone = after["contact_phone"]
    if phone and phone != (before or NEW)["contact_phone"]:
        try:
            after["contact_phone"] = validate_phone(phone)
        except ValidationError as error:
            verdict.problems.append(Problem("电话", "".join(error.messages)))
    code = after["credit_code"]
    if before and before["credit_code"] and code != before["credit_code"]:
        words = f"台账里这一户的信用代码是{before['credit_code']}，与这一行不一致，请核对。"
        verdict.problems.append(Problem("统一社会信用代码", words))


def said_facts(values: Mapping[str, Any], after: State) -> tuple[Any, ...]:
    """What the first row of an enterprise says, and what stands where it says nothing."""
    return tuple(
        _meant(code, values[code]) if values.get(code) not in BLANK else after[code]
        for code in REPEATED
    )


def unequal(values: Mapping[str, Any], facts: tuple[Any, ...], line: int) -> list[Problem]:
    """What a further row of the same enterprise says otherwise than its first."""
    words = f"与第{line}行是同一家，这一格写的不一样。请只写在第{line}行。"
    return [
        Problem(LABELS[code], words)
        for code, first in zip(REPEATED, facts, strict=True)
        if values.get(code) not in BLANK and _meant(code, values[code]) != first
    ]


def _meant(code: str, value: Any) -> Any:
    return TRUTHS[value] if code in TRUTH_CODES else value


# A further row may have another form of the name.
REPEATED: Final = tuple(code for code in FACT_CODES if code != "name")
