"""The demand ledger from a spreadsheet: enterprises, and their contacts beside them (ADR 56)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from enterprises.ledger import import_writing as writing
from enterprises.ledger.import_cells import UNCHECKED, as_moment
from enterprises.ledger.import_columns import COLUMNS, EXPLANATIONS
from enterprises.ledger.import_facts import FactsAround, facts_after, said_facts, unequal
from enterprises.ledger.import_matching import Key, KnownNames, Match, unbound_enterprises
from enterprises.ledger.import_states import (
    LEAD,
    SAID_CODES,
    WAS,
    said_keys,
    said_of,
    state_of,
)
from enterprises.models import Contact, Demand, Enterprise, Stage
from imports.kinds import ImportKind, Problem, ReadRow, RowVerdict, State, WriteRow
from materials.economies import NAMES

CHOICES: Mapping[str, Mapping[str, Any]] = {
    "kind": dict(Enterprise.Kind.choices),
    "stage": dict(Stage.choices),
    "source": dict(Demand.Source.choices),
    "said_way": dict(Contact.Kind.choices),
}
YES_NO = ("is_key", "is_pilot", "said_telling")


@dataclass
class Lead:
    """The first row of an enterprise in this file, to which later ones are held."""

    line: int
    facts: tuple[Any, ...] | None
    stage: str


@dataclass
class LedgerMemory:
    """What one file needs throughout: the ledger's names, officers, and the rows before."""

    names: KnownNames
    owners: dict[str, list[int]]
    enterprises: dict[str, tuple[int, str]]
    leads: dict[Key, Lead] = field(default_factory=dict)
    # Contacts of this file, as hashes.
    said: set[int] = field(default_factory=set)
    above: Key | None = None


@dataclass
class LedgerStanding:
    """What is stored of the enterprises of some rows."""

    demands: dict[int, Demand]
    said: dict[int, set[tuple[str, ...]]]


class LedgerImport(ImportKind):
    code = "ledger"
    label = "需求台账"
    unit = "行"
    columns = COLUMNS
    explanations = EXPLANATIONS
    asks = True
    rows_a_page = 12

    def begin(self) -> LedgerMemory:
        owners: dict[str, list[int]] = {}
        for pk, name in User.objects.officers().values_list("pk", "name"):
            owners.setdefault(name, []).append(pk)
        return LedgerMemory(KnownNames.of_ledger(), owners, unbound_enterprises())

    # Comparing ------------------------------------------------------------------------------------

    def examine(self, rows: Sequence[ReadRow], memory: LedgerMemory) -> list[RowVerdict]:
        matches = [self._match(row, memory) for row in rows]
        standing = self._standing({one.key for one in matches if one.key and one.key > 0})
        return [
            self._judge(row, match, memory, standing)
            for row, match in zip(rows, matches, strict=True)
        ]

    def _match(self, row: ReadRow, memory: LedgerMemory) -> Match:
        """The key of its enterprise; a new one is known from here on to the rows below."""
        values = row.values
        if not any(values.get(one) for one in ("name", "credit_code", "number")):
            if any(one.column == "单位名称" for one in row.problems):
                # What stands there was refused: the rows below are not another's either.
                memory.above = None
                return Match()
            if memory.above is None or _has_facts(values):
                words = "没有填写。只写联系记录的行，要跟在那一户的下面。"
                return Match(problem=Problem("单位名称", words))
            return Match(memory.above)
        match = memory.names.match(row)
        code = values.get("credit_code") or ""
        if match.key is not None:
            memory.names.learn(match.key, code)
        elif match.problem is None:
            match.key = -row.line
            others = [values.get("short_name") or ""]
            memory.names.add(match.key, values["name"], code, others)
        memory.above = match.key
        return match

    def _standing(self, keys: set[int]) -> LedgerStanding:
        rows = Demand.objects.filter(pk__in=keys).select_related("owner")
        said: dict[int, set[tuple[str, ...]]] = {}
        for contact in Contact.objects.filter(demand__in=keys).select_related("by"):
            said.setdefault(contact.demand_id, set()).update(said_keys(said_of(contact)))
        return LedgerStanding({row.pk: row for row in rows}, said)

    def _judge(
        self, row: ReadRow, match: Match, memory: LedgerMemory, standing: LedgerStanding
    ) -> RowVerdict:
        verdict = RowVerdict(
            problems=list(row.problems), candidates=match.candidates, is_answered=match.is_answered
        )
        if match.problem:
            verdict.problems.append(match.problem)
        key = match.key
        if key is None:
            return verdict
        said = self._said(row, verdict)
        lead = memory.leads.get(key)
        if lead is None:
            self._lead(row, key, said, verdict, memory, standing)
        else:
            self._follow(row, key, lead, said, verdict, memory, standing)
        return verdict

    def _said(self, row: ReadRow, verdict: RowVerdict) -> State:
        """The contact of a row; {} where there is none."""
        values = row.values
        at = values.get("said_at")
        if not at:
            if any(values.get(code) for code in SAID_CODES):
                words = "写了联系记录，请也写是什么时候。"
                if not any(one.column == "联系时间" for one in row.problems):
                    verdict.problems.append(Problem("联系时间", words))
            return {}
        if as_moment(at) > timezone.now():
            words = "联系的时间不能晚于现在；以后要做的，请写在“下一步”。"
            verdict.problems.append(Problem("联系时间", words))
        way = values.get("said_way") or Contact.Kind.OTHER
        words = values.get("said_words") or ""
        if way not in Contact.Kind.values:
            way, words = Contact.Kind.OTHER, f"（{way}）{words}"[:1000]
        return {
            "said_at": at,
            "said_way": str(way),
            "said_words": words or str(Contact.Kind(way).label),
            "said_by": values.get("said_by") or "",
            "said_telling": values.get("said_telling") == "yes",
        }

    def _is_known(
        self, key: Key, said: State, memory: LedgerMemory, standing: LedgerStanding
    ) -> bool:
        """Does the contact stand there already, or in a row above?"""
        full, shorter = said_keys(said)
        asked = full if said["said_by"] else shorter
        if asked in standing.said.get(key, ()) or hash((key, asked)) in memory.said:
            return True
        memory.said |= {hash((key, full)), hash((key, shorter))}
        return False

    def _lead(
        self,
        row: ReadRow,
        key: Key,
        said: State,
        verdict: RowVerdict,
        memory: LedgerMemory,
        standing: LedgerStanding,
    ) -> None:
        """The first row of an enterprise: all its facts, and perhaps a contact."""
        demand = standing.demands.get(key)
        before = state_of(demand) if demand else None
        facts = FactsAround(before, memory.owners, memory.enterprises)
        after = facts_after(row.values, facts, verdict)
        if said.get("said_telling") and after["stage"] == Stage.UNTOUCHED:
            after["stage"] = Stage.TOLD.value
        facts_said = None if verdict.problems else said_facts(row.values, after)
        memory.leads[key] = Lead(row.line, facts_said, after["stage"])
        if said and not self._is_known(key, said, memory, standing):
            before = before | dict.fromkeys(said, "") if before else None
            after |= said
        verdict.target = demand.pk if demand else None
        verdict.before, verdict.after = before, after

    def _follow(
        self,
        row: ReadRow,
        key: Key,
        lead: Lead,
        said: State,
        verdict: RowVerdict,
        memory: LedgerMemory,
        standing: LedgerStanding,
    ) -> None:
        """A further row of an enterprise: one more contact, and no other facts."""
        if lead.facts is not None:
            verdict.problems += unequal(row.values, lead.facts, lead.line)
        verdict.target = key if key > 0 else None
        if not said or self._is_known(key, said, memory, standing):
            # Nothing new in it.
            verdict.before = verdict.after = {}
            return
        after = {LEAD: lead.line, **said}
        if said["said_telling"] and lead.stage == Stage.UNTOUCHED:
            lead.stage = Stage.TOLD.value
            after |= {"stage": Stage.TOLD.value, WAS: Stage.UNTOUCHED.value}
        verdict.before, verdict.after = ({} if key > 0 else None), after

    # Writing and undoing --------------------------------------------------------------------------

    def write(self, rows: Sequence[WriteRow], *, batch: int, by: User | None) -> list[int]:
        return writing.write(rows, batch=batch, by=by)

    def standing(self, rows: Sequence[WriteRow]) -> list[State | None]:
        return writing.standing(rows)

    def restore(self, rows: Sequence[WriteRow], *, batch: int, by: User | None) -> None:
        writing.restore(rows, batch=batch, by=by)

    def remove(self, rows: Sequence[WriteRow], *, batch: int, by: User | None) -> Mapping[int, str]:
        return writing.remove(rows, batch=batch, by=by)

    # Showing --------------------------------------------------------------------------------------

    @property
    def home(self) -> str:
        return reverse("ledger:list")

    def path_of(self, target: int) -> str:
        return reverse("ledger:detail", args=[target])

    def words_of(self, code: str, value: Any) -> str:
        """As the table of the ledger has it, coming in and going out."""
        if code in CHOICES:
            return str(CHOICES[code].get(value, value or ""))
        if code in YES_NO:
            return {True: "是", False: "否"}.get(value, "")
        if code == "is_qualified":
            return {True: "是", False: "否", None: UNCHECKED}.get(value, "")
        if code == "economies":
            return "、".join(NAMES.get(one, one) for one in value or ())
        return super().words_of(code, value)


def _has_facts(values: Mapping[str, Any]) -> bool:
    return any(value not in ("", None, []) for code, value in values.items()
               if code not in SAID_CODES and code != "answer")  # fmt: skip
