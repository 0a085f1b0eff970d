"""Cards from before the portal, from a spreadsheet (ADR 0048)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Final

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from applications.models import Applicant
from cards.holding.economies_read import economies_words, parse_economies
from cards.holding.ends import usual_until
from cards.holding.import_columns import COLUMNS, EXPLANATIONS
from cards.holding.import_states import (
    DAYS,
    WRITTEN_FIELDS,
    Economies,
    as_day,
    economies_of,
    filled,
    relied_on,
    settled_ends,
    state_of,
)
from cards.holding.numbers import holder_hash, require_number
from cards.holding.refusals import CardRefused
from cards.holding.services import day_start, require_days
from cards.models import Card, CardEconomy, CardEvent, Custody, EventKind
from core.crypto import keyed_hash
from enterprises.ledger.stages import advance_all
from enterprises.models import Enterprise, Stage
from finding.models import keep
from finding.words import company_core
from imports.kinds import ImportKind, Problem, ReadRow, RowVerdict, State, WriteRow
from parameters.values import number as parameter

# Suggesting a name looks through all enterprises: not for thousands of rows.
MOST_SUGGESTIONS: Final = 50


@dataclass
class Memory:
    """What one file needs throughout: enterprises by code and name, and rows before."""

    years: int
    by_code: dict[str, tuple[int, str, str]]
    by_name: dict[str, list[str]]
    by_core: dict[str, list[str]]
    numbers: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    suggestions: int = 0


@dataclass
class CardStanding:
    """What is stored of some rows: cards by number and live ones by person, and applicants."""

    cards: dict[str, Card]
    economies: dict[int, Economies]
    live: dict[str, Card]
    applicants: dict[tuple[int, str], Applicant]
    # Live cards by enterprise and holder's name, for rows that name nobody by a number of his own.
    namesakes: dict[tuple[int, str], Card]


class CardImport(ImportKind):
    code = "cards"
    label = "商务旅行卡"
    unit = "张卡"
    columns = COLUMNS
    explanations = EXPLANATIONS

    def begin(self) -> Memory:
        memory = Memory(parameter("cards.valid_years"), {}, {}, {})
        rows = Enterprise.objects.in_use().values_list("pk", "credit_code", "name")
        for pk, code, name in rows.iterator():
            memory.by_code[code] = (pk, code, name)
            memory.by_name.setdefault(name, []).append(code)
            memory.by_core.setdefault(company_core(name), []).append(code)
        return memory

    # Comparing ------------------------------------------------------------------------------------

    def examine(self, rows: Sequence[ReadRow], memory: Memory) -> list[RowVerdict]:
        standing = self._standing(rows)
        return [self._judge(row, memory, standing) for row in rows]

    def _standing(self, rows: Sequence[ReadRow]) -> CardStanding:
        numbers = {keyed_hash(row.values["number"]) for row in rows if row.values.get("number")}
        identities = {keyed_hash(one) for row in rows if (one := row.values.get("id_number"))}
        passports = {keyed_hash(one) for row in rows if (one := row.values.get("passport_number"))}
        people = identities | passports
        cards = list(Card.objects.with_people().filter(number_hash__in=numbers))
        same_person = Q(holder_hash__in=people) | Q(passport_hash__in=passports)
        live: dict[str, Card] = {}
        for card in Card.objects.live().filter(same_person).select_related("enterprise"):
            live[card.holder_hash] = live[card.passport_hash] = card
        applicants = Applicant.objects.filter(id_number_hash__in=identities)
        names = {row.values["holder_name"] for row in rows if row.values.get("holder_name")}
        alike = Card.objects.live().filter(holder_name__in=names)
        return CardStanding(
            {card.number_hash: card for card in cards},
            economies_of(cards),
            live,
            {(one.enterprise_id, one.id_number_hash): one for one in applicants},
            {(one.enterprise_id, one.holder_name): one for one in alike},
        )

    def _judge(self, row: ReadRow, memory: Memory, standing: CardStanding) -> RowVerdict:
        problems = list(row.problems)
        values = row.values
        enterprise = self._enterprise(row, memory, problems)
        self._remember(row, memory, problems)
        number = values.get("number", "")
        card = standing.cards.get(keyed_hash(number)) if number else None
        if problems or enterprise is None:
            return RowVerdict(problems=problems)
        before = state_of(card, standing.economies.get(card.pk, {})) if card else None
        applicant = self._applicant(enterprise[0], values, standing)
        after = self._after(row, enterprise, before, applicant, memory)
        try:
            self._require(after, before, card, enterprise, applicant, standing)
            self._require_usual_term(after, memory)
            if card is None and not values.get("id_number"):
                self._require_no_namesake(after, enterprise, standing)
        except CardRefused as refused:
            column = refused.field if refused.field in self._codes else ""
            label = self.column(column).label if column else ""
            return RowVerdict(problems=[Problem(label, str(refused))])
        return RowVerdict(card.pk if card else None, before, after)

    @property
    def _codes(self) -> set[str]:
        return {column.code for column in self.columns}

    def _enterprise(
        self, row: ReadRow, memory: Memory, problems: list[Problem]
    ) -> tuple[int, str, str] | None:
        """By the credit code, else by the name or its core; where both stand they have to agree."""
        code, name = row.values.get("credit_code", ""), row.values.get("enterprise", "")
        if code:
            found = memory.by_code.get(code)
            if found is None:
                words = f"门户里没有信用代码为{code}的企业，请先由企业登记、服务站核验。"
                problems.append(Problem("统一社会信用代码", words))
            elif name and company_core(name) != company_core(found[2]):
                words = f"这个信用代码是{found[2]}的，与填写的“{name}”不一致，请核对。"
                problems.append(Problem("企业名称", words))
            return found
        if any(problem.column == "统一社会信用代码" for problem in problems):
            return None
        if not name:
            problems.append(Problem("企业名称", "信用代码和企业名称至少填一项。"))
            return None
        codes = memory.by_name.get(name) or memory.by_core.get(company_core(name), [])
        if len(codes) == 1:
            return memory.by_code[codes[0]]
        problems.append(Problem("企业名称", self._ask(name, codes, memory)))
        return None

    def _ask(self, name: str, codes: list[str], memory: Memory) -> str:
        """Which it may be; people decide."""
        if codes:
            found = "、".join(f"{memory.by_code[one][2]}（{one}）" for one in codes[:3])
            return f"有几个企业像“{name}”：{found}。请填写信用代码。"
        memory.suggestions += 1
        near: list[str] = []
        if memory.suggestions <= MOST_SUGGESTIONS:
            cores = get_close_matches(company_core(name), list(memory.by_core), n=2, cutoff=0.7)
            near = [memory.by_code[memory.by_core[core][0]][2] for core in cores]
        hint = f"是不是{'或'.join(near)}？" if near else "请先由企业登记、服务站核验。"
        return f"门户里没有名称为“{name}”的企业。{hint}"

    def _remember(self, row: ReadRow, memory: Memory, problems: list[Problem]) -> None:
        """A number or a person that a row before has named already."""
        number = row.values.get("number", "")
        first = memory.numbers.setdefault(number, row.line) if number else row.line
        if first != row.line:
            problems.append(Problem("卡号", f"与第{first}行的卡号相同，请只留一行。"))
            return
        for code, label in (("id_number", "身份证号码"), ("passport_number", "护照号码")):
            key = row.values.get(code, "")
            first = memory.people.setdefault(key, row.line) if key else row.line
            if first != row.line:
                words = f"与第{first}行是同一个人。一个人只能有一张卡，请只留现在的那张。"
                problems.append(Problem(label, words))
                return

    def _applicant(
        self, enterprise: int, values: Mapping[str, Any], standing: CardStanding
    ) -> Applicant | None:
        identity = values.get("id_number", "")
        return standing.applicants.get((enterprise, keyed_hash(identity))) if identity else None

    def _after(
        self,
        row: ReadRow,
        enterprise: tuple[int, str, str],
        before: State | None,
        applicant: Applicant | None,
        memory: Memory,
    ) -> State:
        """What the card would be: what is not given stays, or is what is usual."""
        values, standing = row.values, before or {}
        after: State = {"credit_code": enterprise[1], "enterprise": enterprise[2]}
        for code in ("holder_name", "number", "passport_number", *DAYS, "economies"):
            after[code] = values.get(code) or standing.get(code, "")
        after["custody"] = values.get("custody") or standing.get("custody", Custody.ENTERPRISE)
        after["custody_note"] = values.get("custody_note") or standing.get("custody_note", "")
        if not after["passport_until"] and applicant is not None:
            after["passport_until"] = applicant.passport_expires_on.isoformat()
        if not after["card_until"]:
            issued, passport = as_day(after["issued_on"]), as_day(after["passport_until"])
            if issued:
                until = usual_until(issued, passport, years=memory.years)
                after["card_until"] = until.isoformat()
        identity = values.get("id_number", "")
        after["holder"] = (
            holder_hash(identity, "")
            if identity
            else standing.get("holder") or holder_hash("", after["passport_number"])
        )
        after["applicant"] = applicant.pk if applicant else standing.get("applicant")
        return after

    def _require(
        self,
        after: State,
        before: State | None,
        card: Card | None,
        enterprise: tuple[int, str, str],
        applicant: Applicant | None,
        standing: CardStanding,
    ) -> None:
        """Raises CardRefused."""
        require_number(after["number"], passport_number=after["passport_number"])
        issued, until = as_day(after["issued_on"]), as_day(after["card_until"])
        if issued is None or until is None:
            raise CardRefused("没有填写。", field="issued_on")
        economies = parse_economies(after["economies"])
        require_days(issued, until, as_day(after["passport_until"]), economies)
        if applicant is not None and applicant.passport_number != after["passport_number"]:
            raise CardRefused(
                "与门户中这位申请人登记的护照不一致，请核对；换过护照的，请先更正申请人的护照。",
                field="passport_number",
            )
        if card is not None and card.enterprise_id != enterprise[0]:
            raise CardRefused("这个卡号登记在别的企业，请核对卡号。", field="number")
        if card is not None and not card.is_live and before != after:
            raise CardRefused("这张卡已经注销，不再更改。", field="number")
        own = standing.live.get(after["holder"])
        own = own or standing.live.get(keyed_hash(after["passport_number"]))
        if own is not None and own.number != after["number"]:
            raise CardRefused(
                f"门户里这个人还有一张{own.get_status_display()}的卡（{own.masked_number}）。"
                "一个人只能有一张卡：先注销旧卡，再登记新卡。",
                field="number",
            )

    def _require_usual_term(self, after: State, memory: Memory) -> None:
        """Raises CardRefused for a card that would serve longer than any does."""
        issued, until = as_day(after["issued_on"]), as_day(after["card_until"])
        if issued and until and until > usual_until(issued, None, years=memory.years):
            raise CardRefused(
                f"卡最长{memory.years}年，从发卡日期算起超过了，请核对年份。", field="card_until"
            )

    def _require_no_namesake(
        self, after: State, enterprise: tuple[int, str, str], standing: CardStanding
    ) -> None:
        """Raises CardRefused where the same person may have a card already: by name alone nobody
        can tell."""
        other = standing.namesakes.get((enterprise[0], after["holder_name"]))
        if other is not None and other.number != after["number"]:
            raise CardRefused(
                f"这家企业的{other.holder_name}还有一张{other.get_status_display()}的卡"
                f"（{other.masked_number}）。请填写身份证号码：是同一个人的，先注销旧卡；"
                "同名的两个人，凭身份证号码区分。",
                field="id_number",
            )

    # Writing --------------------------------------------------------------------------------------

    def write(self, rows: Sequence[WriteRow], *, batch: int, by: User | None) -> list[int]:
        made = self._create([row for row in rows if row.target is None], batch, by)
        changed = {row.target: row.after for row in rows if row.target is not None}
        self._change(changed, f"第{batch}批导入", by)
        return [made[row.line] if row.target is None else row.target for row in rows]

    def _create(self, rows: Sequence[WriteRow], batch: int, by: User | None) -> dict[int, int]:
        codes = {row.after["credit_code"] for row in rows}
        found = Enterprise.objects.in_use().filter(credit_code__in=codes)
        enterprises = dict(found.values_list("credit_code", "pk"))
        cards = [filled(Card(), row.after, enterprises[row.after["credit_code"]]) for row in rows]
        Card.objects.bulk_create(cards)
        keep([card.entry() for card in cards])
        advance_all(set(enterprises.values()), to=Stage.HOLDING, by=by)
        self._put_economies(zip(cards, (row.after for row in rows), strict=True))
        CardEvent.objects.bulk_create(
            CardEvent(
                card=card,
                kind=EventKind.IMPORTED,
                effective_at=day_start(card.issued_on),
                by=by,
                detail=f"第{batch}批导入，第{row.line}行",
            )
            for card, row in zip(cards, rows, strict=True)
        )
        return {row.line: card.pk for row, card in zip(rows, cards, strict=True)}

    def _change(self, states: Mapping[int, State], detail: str, by: User | None) -> None:
        cards = list(Card.objects.select_for_update(no_key=True).filter(pk__in=states))
        settled = settled_ends(cards)
        for card in cards:
            filled(card, states[card.pk], card.enterprise_id, settled.get(card.pk, ()))
            card.version += 1
        Card.objects.bulk_update(cards, WRITTEN_FIELDS)
        keep([card.entry() for card in cards])
        CardEconomy.objects.filter(card__in=cards).delete()
        self._put_economies((card, states[card.pk]) for card in cards)
        now = timezone.now()
        CardEvent.objects.bulk_create(
            CardEvent(card=card, kind=EventKind.CORRECTED, effective_at=now, by=by, detail=detail)
            for card in cards
        )

    def _put_economies(self, states: Iterable[tuple[Card, State]]) -> None:
        CardEconomy.objects.bulk_create(
            CardEconomy(card=card, economy=code, valid_until=until)
            for card, state in states
            for code, until in parse_economies(state["economies"]).items()
        )

    # Undoing --------------------------------------------------------------------------------------

    def standing(self, rows: Sequence[WriteRow]) -> list[State | None]:
        targets = [row.target or 0 for row in rows]
        locked = Card.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=targets)
        cards = {card.pk: card for card in locked.select_related("enterprise")}
        economies = economies_of(cards.values())
        return [
            state_of(cards[pk], economies.get(pk, {})) if pk in cards else None for pk in targets
        ]

    def restore(self, rows: Sequence[WriteRow], *, batch: int, by: User | None) -> None:
        states = {row.target: row.before or {} for row in rows if row.target is not None}
        if states:
            self._change(states, f"撤销第{batch}批导入", by)

    def remove(self, rows: Sequence[WriteRow], *, batch: int, by: User | None) -> Mapping[int, str]:
        """A card that anything else has come to rest on stays."""
        lines = {row.target: row.line for row in rows if row.target is not None}
        stays = relied_on(list(lines))
        away = [pk for pk in lines if pk not in stays]
        CardEvent.objects.filter(card__in=away).delete()
        Card.objects.filter(pk__in=away).delete()
        return {lines[pk]: "导入以后已经有别的记录，照现在的保留。" for pk in stays}

    @property
    def home(self) -> str:
        return reverse("cards:list")

    def path_of(self, target: int) -> str:
        return reverse("cards:card", args=[target])

    def words_of(self, code: str, value: Any) -> str:
        if code == "economies":
            return economies_words(value or "")
        if code == "custody" and value:
            return str(Custody(value).label)
        return super().words_of(code, value)
