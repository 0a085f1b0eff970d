"""Which enterprise a row of the table is about: number, credit code, core of the name, or asked."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from enterprises.ledger.near_names import NearIndex
from enterprises.models import Demand, Enterprise
from enterprises.models.ledger import NAMES_APART
from finding.words import company_core
from imports.kinds import OTHER, SAME, Likeness, Problem, ReadRow

# A row of the ledger by its number; one that the file itself adds by its line, below zero.
Key = int
MOST_CANDIDATES: Final = 3


@dataclass(frozen=True)
class KnownName:
    name: str
    credit_code: str
    core: str


@dataclass
class Match:
    """`key` is None of a new enterprise. `problem` where it cannot be told, or is asked."""

    key: Key | None = None
    problem: Problem | None = None
    candidates: list[Likeness] = field(default_factory=list)
    is_answered: bool = False


class KnownNames:
    """All enterprises that a row may be about: of the ledger, and of the rows before it."""

    def __init__(self) -> None:
        self.known: dict[Key, KnownName] = {}
        self._by_code: dict[str, Key] = {}
        self._by_core: dict[str, list[Key]] = defaultdict(list)
        # Short and former names, by which one enterprise may be noted.
        self._by_alias: dict[str, list[Key]] = defaultdict(list)
        self._near = NearIndex()

    @classmethod
    def of_ledger(cls) -> "KnownNames":
        names = cls()
        rows = Demand.objects.order_by("pk").values_list(
            "pk", "name", "credit_code", "short_name", "former_names"
        )
        for pk, name, code, short, former in rows.iterator():
            names.add(pk, name, code, [short, *former.split(NAMES_APART)])
        return names

    def add(self, key: Key, name: str, code: str, others: Iterable[str] = ()) -> None:
        core = company_core(name)
        self.known[key] = KnownName(name, code, core)
        if code:
            self._by_code.setdefault(code, key)
        self._by_core[core].append(key)
        self._near.add(core, key)
        for other in filter(None, map(company_core, filter(None, others))):
            if other != core:
                self._by_alias[other].append(key)
                self._near.add(other, key)

    def learn(self, key: Key, code: str) -> None:
        """A row above gave the enterprise its credit code."""
        known = self.known[key]
        if code and not known.credit_code:
            self.known[key] = replace(known, credit_code=code)
            self._by_code.setdefault(code, key)

    def match(self, row: ReadRow) -> Match:
        """The enterprise of a row that names one."""
        values = row.values
        number, code, name = (values.get(one) or "" for one in ("number", "credit_code", "name"))
        if number in self.known:
            return self._by_number(number, code, name)
        if code in self._by_code:
            return Match(self._by_code[code])
        if not name:
            words = "台账里没有这个信用代码，请写上单位名称。"
            return Match(problem=Problem("单位名称", words))
        return self._by_name(row, name, code)

    def _by_number(self, number: Key, code: str, name: str) -> Match:
        """A number that another ledger gave would change a stranger."""
        known = self.known[number]
        is_anothers = self._by_code.get(code, number) != number
        is_same = company_core(name) in ("", known.core) or (code and code == known.credit_code)
        if not is_anothers and (is_same or self._are_near(name, number)):
            return Match(number)
        words = f"台账编号{number}是“{known.name}”，与这一行不是同一家。请核对，或者删去编号。"
        return Match(problem=Problem("台账编号", words))

    def _are_near(self, name: str, number: Key) -> bool:
        core = company_core(name)
        return number in (*self._near.near(core), *self._by_alias.get(core, ()))

    def _by_name(self, row: ReadRow, name: str, code: str) -> Match:
        core = company_core(name)
        same = self._possible(self._by_core.get(core, ()), code)
        same = same or self._possible(self._by_alias.get(core, ()), code)
        exact = [key for key in same if self.known[key].name == name]
        if len(same) == 1 or len(exact) == 1:
            return Match((exact or same)[0])
        if same:
            names = "、".join(self.known[key].name for key in same[:MOST_CANDIDATES])
            words = f"台账里有几户像它：{names}。请填写统一社会信用代码或台账编号。"
            return Match(problem=Problem("单位名称", words))
        return self._asked(row, self._possible(self._near.near(core), code))

    def _possible(self, keys: Iterable[Any], code: str) -> list[Key]:
        """With another credit code it is another company, whatever its name."""
        found = dict.fromkeys(keys)
        return [key for key in found if not code or self.known[key].credit_code in ("", code)]

    def _asked(self, row: ReadRow, near: list[Key]) -> Match:
        near = near[:MOST_CANDIDATES]
        answer = row.answer or row.values.get("answer") or ""
        candidates = [Likeness(str(key), self._label(key)) for key in near]
        if answer == SAME and near:
            answer = str(near[0])
        if answer == OTHER:
            return Match(None, None, candidates, is_answered=True)
        if answer in {one.key for one in candidates}:
            return Match(int(answer), None, candidates, is_answered=True)
        return Match(None, None, candidates)

    def _label(self, key: Key) -> str:
        name = self.known[key].name
        return name if key > 0 else f"{name}（本表第{-key}行）"


def unbound_enterprises() -> dict[str, tuple[int, str]]:
    """Enterprises of the portal that have no row yet, by credit code."""
    rows = Enterprise.objects.in_use().filter(demand__isnull=True)
    return {code: (pk, name) for pk, code, name in rows.values_list("pk", "credit_code", "name")}
