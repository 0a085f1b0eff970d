"""What a message says happened: economies that approved or refused, steps of the filing.

Nothing is guessed. A clause that leaves it open, makes it a condition, or says two things of one
economy is given back unread.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import Final

from cards.filing.messages import days, words
from cards.filing.messages.received import Received, arranged, received
from materials.economies import ECONOMIES

GRANTED, REFUSED, OPEN = "granted", "refused", "open"
DONE = "done"
# Neither the dot of 1. nor that of Nov.
SENTENCE: Final = re.compile(r"([。!?;！？；\n]|(?<!\d)(?<!\b[A-Z][a-z]{2})\.(?=\s|$))")
# Sixteen economies, each in several languages; no clause of a message names more.
MOST_MARKS: Final = 64
# Not the one in Nov. 3, 2026.
COMMA: Final = re.compile(r"[,，](?! ?\d{4}(?![\d年./-]))")
LABEL: Final = re.compile(
    r"\s*(?:(?P<what>(?:成员)?经济体(?:名称)?|国家(?:/?地区)?|成员|economy|member)"
    r"|(?P<how>状态|(?:审批|批准|办理|审核)?(?:结果|状态|意见)|status|result)"
    r"|(?P<when>(?:审批|批准|办理|更新|完成)?(?:日期|时间)|date))\s*[:：]",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class MessageItem:
    """`kind` is economy or step; `on` is None where the message names no day for it."""

    kind: str
    code: str
    state: str
    on: date | None = None

    def as_json(self) -> dict[str, str | None]:
        on = self.on.isoformat() if self.on else None
        return {"kind": self.kind, "code": self.code, "state": self.state, "on": on}


@dataclass(frozen=True)
class MessageReading:
    """What was recognised, in the order of the text, and what was not."""

    items: Sequence[MessageItem]
    unread: Sequence[str]
    sent: date | None = None


@dataclass
class Clause:
    """What stands between two commas: its words in one form, with economies and days taken out.

    `codes` are those of the economies, `found` the days, both in their order in `form`; None is a
    day of something else.
    """

    said: str
    form: str = ""
    codes: list[tuple[str, ...]] = field(default_factory=list)
    found: list[days.Day | None] = field(default_factory=list)

    @property
    def economies(self) -> list[str]:
        return [code for group in self.codes for code in group if code != words.OTHER]

    @property
    def names_others(self) -> bool:
        return any(words.OTHER in group for group in self.codes)

    @property
    def is_list(self) -> bool:
        """Economies and nothing else."""
        return bool(self.codes) and words.FILLER.fullmatch(self.form) is not None

    @property
    def is_day(self) -> bool:
        """A day and nothing else."""
        return (
            bool(self.found) and not self.codes and words.DAY_ONLY.fullmatch(self.form) is not None
        )


def read_data(data: bytes) -> MessageReading:
    """Read a file's bytes. Raises received.Unreadable."""
    return _read(received(data))


def read_text(text: str) -> MessageReading:
    """Read what was pasted into a page."""
    return _read(arranged(text))


def _read(message: Received) -> MessageReading:
    sent = _sent(message)
    reader = _Reader(sent)
    for line in _with_labels(message.lines):
        reader.take_line(line)
    items, clashing = _settled(reader.items)
    unread = [*reader.unread, *clashing, *message.quoted]
    return MessageReading(items, list(dict.fromkeys(unread)), sent)


def _sent(message: Received) -> date | None:
    """The message's own day: from its head, or from a line that is a day and nothing else."""
    for line in message.sent:
        if found := days.full_days(_form(line)):
            return found[0]
    for line in message.lines:
        form = _form(line).strip(" []()")
        match = days.DAY.match(form)
        if match and match.end() == len(form) and (found := days.full_days(form)):
            return found[0]
    return None


def _with_labels(lines: Sequence[str]) -> Iterator[str]:
    """Lines of a form (经济体：, 状态：, 日期：) one below the other are one sentence."""
    joined: list[str] = []
    seen: set[str] = set()
    for line in lines:
        match = LABEL.match(line)
        label = str(match.lastgroup) if match is not None else ""
        goes_on = bool(joined) and label in {"how", "when"} and label not in seen
        if joined and not goes_on:
            yield "，".join(joined)
            joined, seen = [], set()
        if match is not None and (goes_on or label == "what"):
            joined.append(line[match.end() :].strip())
            seen.add(label)
        else:
            yield line
    if joined:
        yield "，".join(joined)


@dataclass(frozen=True)
class _Heard:
    """An item on its way, with the clause that says it."""

    item: MessageItem
    said: str


class _Reader:
    """Goes through the sentences; what a heading says holds for the list below it."""

    def __init__(self, sent: date | None) -> None:
        self.sent = sent
        self.items: list[_Heard] = []
        self.unread: list[str] = []
        self.heading: tuple[str, date | None, str] | None = None
        # How many items the sentence before gave.
        self.last = 0

    def take_line(self, line: str) -> None:
        parts = SENTENCE.split(line)
        for said, end in zip(parts[::2], [*parts[1::2], ""], strict=False):
            if said.strip():
                is_question = end in {"?", "？"}
                self._take_sentence(said.strip(), is_question=is_question)

    def _take_sentence(self, said: str, *, is_question: bool) -> None:
        clauses = _all_but([_clause(part) for part in COMMA.split(said) if part.strip()])
        if is_question:
            self.unread.append(said)
            return
        if self._is_below_heading(clauses) or self._is_day_of_last(clauses):
            return
        self.heading = None
        taken = _Sentence(self, clauses)
        taken.take()
        self.last = len(taken.items)
        self.items += taken.items
        self.unread += taken.unread
        self.heading = _heading(clauses[-1] if clauses else None, taken, self.sent)

    def _is_day_of_last(self, clauses: Sequence[Clause]) -> bool:
        """批准日期：2026年11月3日。 as a sentence of its own, behind what happened."""
        is_day = len(clauses) == 1 and clauses[0].is_day and words.DAY_OF_IT.search(clauses[0].form)
        if not (is_day and self.last):
            return False
        _put_day(self.items, _day_in(clauses[0], self.sent), since=len(self.items) - self.last)
        self.last = 0
        return True

    def _is_below_heading(self, clauses: Sequence[Clause]) -> bool:
        if self.heading is None or not clauses or not all(one.is_list for one in clauses):
            return False
        state, on, said = self.heading
        if state != OPEN and self.unread[-1:] == [said]:
            self.unread.pop()
        for clause in clauses:
            if state == OPEN or clause.names_others:
                self.unread.append(clause.said)
            if state != OPEN:
                day = _day_in(clause, self.sent) or on
                self.items += _heard(clause, clause.economies, state, day)
        return True


def _heading(
    clause: Clause | None, sentence: "_Sentence", sent: date | None
) -> tuple[str, date | None, str] | None:
    """已批准的经济体： with nothing behind it."""
    if clause is None or sentence.items or not clause.form.rstrip().endswith(":"):
        return None
    if clause.codes:
        return None
    states = {verdict.state for verdict in _verdicts(clause)}
    if len(states) != 1:
        return None
    return states.pop(), _day_in(clause, sent), clause.said


@dataclass(frozen=True)
class _Judgement:
    state: str
    start: int
    end: int


class _Sentence:
    """One sentence, clause by clause; a list may stand before its verdict or behind it."""

    def __init__(self, reader: _Reader, clauses: Sequence[Clause]) -> None:
        self.sent = reader.sent
        self.clauses = clauses
        self.items: list[_Heard] = []
        self.unread: list[str] = []
        self.waiting: list[Clause] = []
        # Of a verdict that stands before its economies: more of them may follow.
        self.behind: tuple[str, date | None] | None = None
        self.leading: date | None = None

    def take(self) -> None:
        for place, clause in enumerate(self.clauses):
            if clause.is_day:
                self._take_day(clause, is_first=place == 0)
            elif clause.is_list:
                self.waiting.append(clause)
            elif clause.codes or (self.waiting and _verdicts(clause)):
                self._take_economies(clause)
            else:
                self._flush()
                self._take_step(clause)
        self._flush()

    def _take_day(self, clause: Clause, *, is_first: bool) -> None:
        on = _day_in(clause, self.sent)
        if is_first:
            self.leading = on
            return
        _put_day(self.items, on)

    def _take_economies(self, clause: Clause) -> None:
        verdicts = _verdicts(clause)
        if not verdicts:
            self._flush()
            self.unread.append(clause.said)
            return
        is_behind = _stands_first(clause, verdicts)
        if is_behind:
            self._flush()
        self._take_waiting(clause, verdicts[0].state)
        self.behind = None
        heard = list(_spoken(clause, verdicts, self.sent))
        if clause.codes and (clause.names_others or any(state == OPEN for _, state, _ in heard)):
            self.unread.append(clause.said)
        for codes, state, on in heard:
            if state != OPEN:
                self.items += _heard(clause, codes, state, on or self.leading)
        if is_behind and heard and heard[-1][1] != OPEN:
            self.behind = (heard[-1][1], heard[-1][2])

    def _take_waiting(self, clause: Clause, state: str) -> None:
        """The lists before this clause, of which its first verdict speaks."""
        # 已批准日本，韩国，泰国拒绝: of 韩国 nobody can say.
        is_open = state == OPEN or self.behind is not None
        for listed in self.waiting:
            if is_open or listed.names_others:
                self.unread.append(listed.said)
            if not is_open:
                own = _day_in(listed, self.sent) or _day_in(clause, self.sent) or self.leading
                self.items += _heard(listed, listed.economies, state, own)
        if self.waiting and state == OPEN and not clause.codes:
            self.unread.append(clause.said)
        self.waiting = []

    def _flush(self) -> None:
        """Lists that no verdict follows belong to the one before, or to none."""
        for clause in self.waiting:
            if self.behind is None or clause.names_others:
                self.unread.append(clause.said)
            if self.behind is not None:
                state, on = self.behind
                day = _day_in(clause, self.sent) or on
                self.items += _heard(clause, clause.economies, state, day)
        self.waiting = []

    def _take_step(self, clause: Clause) -> None:
        code = _step(clause)
        if code is None:
            self.unread.append(clause.said)
            return
        on = _day_in(clause, self.sent) or self.leading
        self.items.append(_Heard(MessageItem("step", code, DONE, on), clause.said))


def _put_day(items: list[_Heard], on: date | None, *, since: int = 0) -> None:
    """Behind what happened: the day of all that has none yet."""
    for place in range(since, len(items)):
        if items[place].item.on is None:
            items[place] = replace(items[place], item=replace(items[place].item, on=on))


def _all_but(clauses: list[Clause]) -> list[Clause]:
    """除俄罗斯外，其余15个经济体均已批准: one clause that names the fifteen.

    Left as it is where the number does not come out, or one is named that pre-clears nobody.
    """
    joined: list[Clause] = []
    for clause in clauses:
        last = joined[-1] if joined else Clause("")
        if words.ALL_BUT.fullmatch(last.form) and not clause.codes:
            said, form = f"{last.said}，{clause.said}", last.form + clause.form
            if whole := _spelt_out(Clause(said, form, last.codes, clause.found)):
                joined[-1:] = [whole]
                continue
        joined.append(_spelt_out(clause) or clause)
    return joined


def _spelt_out(clause: Clause) -> Clause | None:
    match = words.ALL_OTHERS.match(clause.form)
    if match is None or clause.names_others:
        return None
    rest = clause.form[match.end() :]
    named = clause.economies
    left = tuple(one.code for one in ECONOMIES if one.code not in named)
    if re.search(r"[\x02\x03]", rest) or words.COUNTS.get(match["count"]) != len(left):
        return None
    return Clause(clause.said, f"\x02{rest}", [left], clause.found)


def _heard(clause: Clause, codes: Sequence[str], state: str, on: date | None) -> list[_Heard]:
    return [_Heard(MessageItem("economy", code, state, on), clause.said) for code in codes]


def _settled(heard: Sequence[_Heard]) -> tuple[list[MessageItem], list[str]]:
    """Each once. Of what was said both ways nothing is known, of two days none."""
    by_what: dict[tuple[str, str], list[_Heard]] = {}
    for one in heard:
        by_what.setdefault((one.item.kind, one.item.code), []).append(one)
    items, unread = [], []
    for said in by_what.values():
        if len({one.item.state for one in said}) > 1:
            unread += [one.said for one in said]
            continue
        named = {one.item.on for one in said if one.item.on}
        items.append(replace(said[0].item, on=named.pop() if len(named) == 1 else None))
    return items, unread


# One clause ------------------------------------------------------------------------------------


def _form(text: str) -> str:
    """Half-width letters and single blanks."""
    plain = "".join(_plain(character) for character in text)
    return re.sub(r"\s+", " ", plain).strip()


def _plain(character: str) -> str:
    compatible = unicodedata.normalize("NFKC", character)
    if len(compatible) != 1:
        return character
    return " " if compatible.isspace() else compatible


def _clause(said: str) -> Clause:
    clause = Clause(said.strip())
    form = _form(said)

    def take_day(match: re.Match[str]) -> str:
        clause.found.append(days.day_of(match) if days.counts(form, match) else None)
        return "\x01"

    form = days.DAY.sub(take_day, form)

    def take_economy(match: re.Match[str]) -> str:
        code = match.lastgroup or words.OTHER
        clause.codes.append((code,))
        return "\x03" if code == words.OTHER else "\x02"

    def take_all(match: re.Match[str]) -> str:
        clause.codes.append(tuple(economy.code for economy in ECONOMIES))
        return "\x02"

    if words.ALL_SIXTEEN.search(form) and not words.ECONOMY.search(form):
        clause.form = words.ALL_SIXTEEN.sub(take_all, form)
        return clause
    # 日本（JPN） names one economy.
    form = words.ECONOMY.sub(take_economy, form)
    clause.form = _joined(clause, form)
    return clause


def _joined(clause: Clause, form: str) -> str:
    """One mark for an economy that is named in two ways side by side."""
    kept: list[tuple[str, ...]] = []
    parts: list[str] = []
    last = 0
    for place, match in enumerate(re.finditer(r"[\x02\x03]", form)):
        between = form[last : match.start()]
        code = clause.codes[place]
        is_same = kept and kept[-1] == code and re.fullmatch(r"[\s(/\[-]*", between)
        if not is_same:
            parts += [between, match.group()]
            kept.append(code)
        last = match.end()
    parts.append(form[last:])
    clause.codes = kept
    return "".join(parts)


def _verdicts(clause: Clause) -> list[_Judgement]:
    """What approves, refuses or leaves open, in order, with the doubts around it heeded."""
    found: list[_Judgement] = []
    matches = list(words.VERDICT.finditer(clause.form))
    for place, match in enumerate(matches):
        before = clause.form[found[-1].end if found else 0 : match.start()]
        until = matches[place + 1].start() if place + 1 < len(matches) else len(clause.form)
        after = clause.form[match.end() : until]
        state = match.lastgroup or OPEN
        if state != OPEN and (words.DOUBT_BEFORE.search(before) or words.DOUBT_AFTER.match(after)):
            state = OPEN
        found.append(_Judgement(state, match.start(), match.end()))
    return found


def _stands_first(clause: Clause, verdicts: Sequence[_Judgement]) -> bool:
    first = re.search(r"[\x02\x03]", clause.form)
    return first is not None and verdicts[0].start < first.start()


def _spoken(
    clause: Clause, verdicts: Sequence[_Judgement], sent: date | None
) -> Iterator[tuple[list[str], str, date | None]]:
    """Economies with their verdict and day.

    With one verdict it is of all of them; of several each has those between it and its neighbour.
    An economy that two different verdicts touch is left open.
    """
    marks = list(re.finditer(r"[\x02\x03]", clause.form))
    if not marks:
        return
    if len(marks) > MOST_MARKS:
        yield [], OPEN, None
        return
    states = {verdict.state for verdict in verdicts}
    if len(states) == 1 or len(verdicts) == 1:
        state = verdicts[0].state
        yield from _by_day(clause, list(range(len(marks))), state, sent)
        return
    first = _stands_first(clause, verdicts)
    # 批准日本、韩国拒绝 can be read in two ways.
    is_ambiguous = first and verdicts[-1].start > marks[-1].start()
    for place, mark in enumerate(marks):
        state = _state_at(mark.start(), marks, verdicts, is_before=first)
        state = OPEN if is_ambiguous else state
        yield from _by_day(clause, [place], state, sent)


def _state_at(
    start: int, marks: Sequence[re.Match[str]], verdicts: Sequence[_Judgement], *, is_before: bool
) -> str:
    if is_before:
        group = [one for one in verdicts if one.start < start]
        edge = max((m.start() for m in marks if m.start() < group[-1].start), default=-1)
        touching = [one for one in group if one.start > edge]
    else:
        group = [one for one in verdicts if one.start > start]
        if not group:
            return OPEN
        edge = min((m.start() for m in marks if m.start() > group[0].start), default=10**6)
        touching = [one for one in group if one.start < edge]
    states = {one.state for one in touching}
    return states.pop() if len(states) == 1 else OPEN


def _by_day(
    clause: Clause, places: Sequence[int], state: str, sent: date | None
) -> Iterator[tuple[list[str], str, date | None]]:
    """With one day it is that of all; where each economy has its own, each gets it."""
    own = _own_days(clause, sent)
    single = _day_in(clause, sent)
    for place in places:
        codes = [code for code in clause.codes[place] if code != words.OTHER]
        if codes:
            yield codes, state, own.get(place, single)


def _own_days(clause: Clause, sent: date | None) -> dict[int, date | None]:
    """By economy, where days and economies take turns."""
    marks = re.findall(r"[\x01\x02\x03]", clause.form)
    economies = sum(mark != "\x01" for mark in marks)
    if marks.count("\x01") < 2:
        return {}
    is_day = [mark == "\x01" for mark in marks]
    if marks.count("\x01") != economies or any(one == other for one, other in pairwise(is_day)):
        return dict.fromkeys(range(economies))
    return {place: found.on(sent) if found else None for place, found in enumerate(clause.found)}


def _day_in(clause: Clause, sent: date | None) -> date | None:
    """The one day of the clause that can be meant; None of several."""
    meant = [found for found in clause.found if found is not None]
    return meant[0].on(sent) if len(meant) == 1 else None


def _step(clause: Clause) -> str | None:
    for code, pattern in words.STEPS:
        match = pattern.search(clause.form)
        if match is None:
            continue
        if code in words.OF_ITSELF:
            heard = clause.form[: match.start()]
        else:
            heard = clause.form[: match.end()]
        if words.STEP_DOUBT.search(heard) or words.STEP_DOUBT_AFTER.match(
            clause.form[match.end() :]
        ):
            return None
        return str(code)
    return None
