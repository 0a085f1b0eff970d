"""What happened to each case over ten years: most are over for years, some two hundred are open.

A case follows from its number alone, so that every room writes the same one. Times are whole
minutes since `EPOCH`; the rows get them as texts (`moment`, `day`).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from applications.kinds import Kind
from applications.workflow import Status, Turn

EPOCH: Final = datetime(2010, 1, 1, tzinfo=UTC)
HOUR, DAY = 60, 1440
# Numbers below are the patterns' and what the migrations made.
FIRST: Final = 10_000
OPEN_CASES: Final = 200
MOST_ENTERPRISES: Final = 100_000
# Of a hundred that are over: so many older than two years, over ten years.
LONG_AGO: Final = 90
YEARS: Final = 10
OPEN_STATUSES: Final = (
    *[Status.SUBMITTED] * 3,
    *[Status.IN_REVIEW] * 4,
    Status.DRAFT,
    Status.RETURNED,
    Status.SUPPLEMENTING,
)
# Of those that are endorsed, the newest are still on their way in the national system.
FILING_UNDER_WAY: Final = 300
# Every so many: never followed up after the table, declined, withdrawn, returned once, paused
# once, a first round void.
UNFOLLOWED, DECLINED, WITHDRAWN, RETURNED, PAUSED, VOIDED = 100, 17, 23, 4, 20, 50

_CLOCK: Final = [f"{minute // 60:02d}:{minute % 60:02d}:00" for minute in range(DAY)]
_DAYS: Final = [f"{EPOCH + timedelta(days=number):%Y-%m-%d}" for number in range(40 * 366)]
SURNAMES: Final = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡"
GIVEN: Final = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红鹏辉建国文波斌宇浩凯健俊帆"
PLACES: Final = "平湖长滩高峰天城龙驹分水甘宁太安余家新田瀼渡熊家李河孙家后山弹子大周小周溪口白羊"
TRADES: Final = ("农产品", "机械", "电子", "建材", "纺织", "食品", "医药", "物流")


def moment(minute: int) -> str:
    return f"{_DAYS[minute // DAY]} {_CLOCK[minute % DAY]}"


def day(minute: int) -> str:
    return _DAYS[minute // DAY]


def minute_of(when: datetime) -> int:
    return int((when - EPOCH) / timedelta(minutes=1))


def date_of(minute: int) -> date:
    return (EPOCH + timedelta(minutes=minute)).date()


def person(number: int) -> str:
    """One of some 70,000 names of three characters."""
    return (
        SURNAMES[number % 40]
        + GIVEN[number * 7 % 41 % len(GIVEN)]
        + GIVEN[number // 40 % len(GIVEN)]
    )


def company(number: int) -> str:
    """The part of a company's name that is its own."""
    size = len(PLACES)
    own = "".join(
        PLACES[place % size] for place in (number, number // size, number * 7, number * 3)
    )
    return f"{own}{number}{TRADES[number % len(TRADES)]}"


@dataclass(slots=True)
class Case:
    """One case. Its applicant, table, card and filing have the same number as its own row."""

    number: int
    pk: int
    firm: int
    agent: int
    kind: str
    status: str
    afterwards: str
    is_open: bool
    created: int
    submitted: int
    circulated: int
    # The last move.
    ended: int
    is_returned: bool
    is_paused: bool
    has_void_round: bool

    @property
    def has_table(self) -> bool:
        return self.circulated > 0

    @property
    def is_endorsed(self) -> bool:
        return self.status == Status.ENDORSED


@dataclass(frozen=True)
class Plan:
    """So many cases until now."""

    count: int
    now: int

    @property
    def enterprises(self) -> int:
        return max(5, min(self.count // 10, MOST_ENTERPRISES))

    @property
    def open_count(self) -> int:
        return min(OPEN_CASES, self.count // 2)

    @property
    def over_count(self) -> int:
        return self.count - self.open_count

    @property
    def cards_end(self) -> int:
        """The first number whose filing is still under way, so that there is no card yet."""
        return self.over_count - min(FILING_UNDER_WAY, self.over_count // 3)

    def newest_cards(self, span: int) -> int:
        """The number from which on cases are the newest `span` with a card, at most half of all.

        What is open among them does not grow with the number of cases.
        """
        return self.cards_end - min(span, self.cards_end // 2)

    def case(self, number: int) -> Case:
        """The case with this number, from 0; the open ones are the newest."""
        is_open = number >= self.over_count
        created = self._begun_open(number) if is_open else self._begun(number)
        submitted = created + DAY
        status = self._status(number, is_open)
        circulated = ended = submitted + 3 * HOUR
        if status in {Status.DRAFT, Status.SUBMITTED, Status.RETURNED} or (
            status == Status.WITHDRAWN and number % 2
        ):
            circulated = 0
        elif not is_open:
            ended += (1 + number % 6) * DAY
        firm = number % self.enterprises
        return Case(
            number=number,
            pk=FIRST + number,
            firm=FIRST + firm,
            agent=FIRST + firm,
            kind=Kind.NEW,
            status=status,
            afterwards=self._afterwards(number, status),
            is_open=is_open,
            created=created,
            submitted=submitted,
            circulated=circulated,
            ended=ended,
            is_returned=number % RETURNED == 0,
            is_paused=circulated > 0 and (number % PAUSED == 0 or status == Status.SUPPLEMENTING),
            has_void_round=circulated > 0 and number % VOIDED == 0,
        )

    def _begun(self, number: int) -> int:
        """Within working hours, the older numbers first."""
        old = self.over_count * LONG_AGO // 100
        if number < old:
            span, place, before = (YEARS - 2) * 365, number / old, YEARS * 365
        else:
            recent = max(1, self.over_count - old)
            span, place, before = 2 * 365 - 40, (number - old) / recent, 2 * 365
        begun = self.now - int((before - span * place) * DAY)
        return begun - begun % DAY + HOUR + number * 37 % (8 * HOUR)

    def _begun_open(self, number: int) -> int:
        """Within the last nine days."""
        place = number - self.over_count
        return self.now - 9 * DAY + place * 7 * DAY // max(1, self.open_count)

    def _status(self, number: int, is_open: bool) -> Status:
        if is_open:
            return OPEN_STATUSES[number % len(OPEN_STATUSES)]
        if number % DECLINED == 0:
            return Status.DECLINED
        return Status.WITHDRAWN if number % WITHDRAWN == 0 else Status.ENDORSED

    def _afterwards(self, number: int, status: Status) -> str:
        if status != Status.ENDORSED or number % UNFOLLOWED == 0:
            return ""
        if number < self.cards_end:
            return Turn.OVER
        return (Turn.AGENT, Turn.OTHERS)[number % 2]
