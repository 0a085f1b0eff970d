"""Kinds of application: what each is for, which materials it asks for, and what it leads to.

A kind other than 新办 concerns a card that is there, or a filing under way. What the lists follow
is published guidance (Changzhou 2025-02-07, Shanghai 2025-02-12, Liaocheng 2023-07-06); whether a
kind goes to the departments is a parameter that the station sets (`TABLE_CODE`), see ADR 0049.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from django.db.models import TextChoices

from materials.catalogue import CATALOGUE
from materials.numbers import MaterialNumber as M


class Kind(TextChoices):
    NEW = "new", "新办"
    RENEW = "renew", "续办"
    REPLACE = "replace", "换卡"
    REISSUE = "reissue", "补卡"
    EARLY_PRINT = "early_print", "提前制卡"
    PASSPORT_ONLY = "passport_only", "仅更换护照"
    CANCEL = "cancel", "注销"


class Concerns(StrEnum):
    """What a kind acts on: nothing yet, a card in use, or a filing before its card is there."""

    NOTHING = "nothing"
    CARD = "card"
    FILING = "filing"


@dataclass(frozen=True)
class Cause:
    """Why a service is asked for; `materials` come on top of those of its kind."""

    code: str
    label: str
    materials: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Service:
    """One kind: `trigger` says when it fits, `after` what follows when the station has agreed.

    `makes_card`: it is filed in the national system and ends with another card. `asks_consent`:
    the applicant agrees anew; the others handle nothing of him that he has not agreed to.
    `needs_table` is the first value of the station's setting. `fee_code` is the parameter of its
    fee, empty where it costs nothing; with `fee_is_paid` the one that was paid covers it.
    """

    kind: Kind
    trigger: str
    materials: tuple[int, ...]
    concerns: Concerns
    after: str
    causes: tuple[Cause, ...] = ()
    makes_card: bool = False
    asks_consent: bool = False
    needs_table: bool = False
    fee_code: str = ""
    fee_is_paid: bool = False

    @property
    def label(self) -> str:
        return str(self.kind.label)

    def cause(self, code: str) -> Cause | None:
        return next((cause for cause in self.causes if cause.code == code), None)

    def numbers(self, cause: str = "") -> tuple[int, ...]:
        """The materials asked for, in order."""
        chosen = self.cause(cause)
        return tuple(sorted({*self.materials, *(chosen.materials if chosen else ())}))

    def optional_numbers(self) -> tuple[int, ...]:
        """What some cause asks for and not the kind itself."""
        more = {number for cause in self.causes for number in cause.materials}
        return tuple(sorted(more - set(self.materials)))


TEN: Final = tuple(int(kind.number) for kind in CATALOGUE)
CARD_FEE: Final = "cards.fee"
TABLE_CODE: Final = "applications.table_{}"

LEFT, RETIRED, CHANGED_ROLE = "left", "retired", "changed_role"
LOST, STOLEN, EXPIRED, MISUSED, REPLACED = "lost", "stolen", "expired", "misused", "replaced"
PASSPORT_CHANGED, DAMAGED = "passport_changed", "damaged"
WRONG_DATA, LATE_APPROVALS = "wrong_data", "late_approvals"

_SERVICES = (
    Service(
        kind=Kind.NEW,
        trigger="第一次办卡。",
        materials=TEN,
        concerns=Concerns.NOTHING,
        after="请下载审核表JPG，再到国家系统填报并上传。",
        makes_card=True,
        asks_consent=True,
        needs_table=True,
        fee_code=CARD_FEE,
    ),
    Service(
        kind=Kind.RENEW,
        trigger="卡快到期或已经到期，还要继续用。材料、步骤和时间与新办一样，旧卡到期前照常使用。",
        materials=(*TEN, M.CARD_FRONT, M.CARD_BACK),
        concerns=Concerns.CARD,
        after="请下载审核表JPG，再到国家系统填报并上传；同时办理旧卡注销。",
        makes_card=True,
        asks_consent=True,
        needs_table=True,
        fee_code=CARD_FEE,
    ),
    Service(
        kind=Kind.REPLACE,
        trigger="制卡后换了护照、卡损坏、卡面信息有误，或者提前制卡后又有经济体批复。",
        materials=(M.PASSPORT, M.CARD_FRONT, M.CARD_BACK, M.STATEMENT),
        concerns=Concerns.CARD,
        causes=(
            Cause(PASSPORT_CHANGED, "换了护照（旧卡随即不能与新护照一起使用）", (M.OLD_PASSPORT,)),
            Cause(DAMAGED, "卡损坏"),
            Cause(WRONG_DATA, "卡面信息有误"),
            Cause(LATE_APPROVALS, "提前制卡后又有经济体批复"),
        ),
        after="请到国家系统办理换卡并缴费；同时办理旧卡注销。",
        makes_card=True,
        asks_consent=True,
        fee_code=CARD_FEE,
    ),
    Service(
        kind=Kind.REISSUE,
        trigger="卡遗失或被盗，还要继续用。先挂失，再补卡。",
        materials=(M.STATEMENT, M.LOSS_PROOF),
        concerns=Concerns.CARD,
        causes=(Cause(LOST, "遗失"), Cause(STOLEN, "被盗")),
        after="请到国家系统办理补卡并缴费；同时办理旧卡注销。",
        makes_card=True,
        asks_consent=True,
        fee_code=CARD_FEE,
    ),
    Service(
        kind=Kind.EARLY_PRINT,
        trigger="部分经济体已经批复，业务上等不及其余的。没有批复的经济体不会印在卡上。",
        materials=(M.EARLY_PRINT_REQUEST,),
        concerns=Concerns.FILING,
        after="请到国家系统提出提前制卡，并把盖章的申请上传。",
        fee_code=CARD_FEE,
        fee_is_paid=True,
    ),
    Service(
        kind=Kind.PASSPORT_ONLY,
        trigger="申请还没有制卡，护照换了。免费。",
        materials=(M.PASSPORT,),
        concerns=Concerns.FILING,
        after="请到国家系统选“仅更换护照”，按新护照填写并上传。",
    ),
    Service(
        kind=Kind.CANCEL,
        trigger="持卡人离职、退休、身份变化，卡遗失、到期、违规使用，或者要换新卡。",
        materials=(M.CANCEL_REQUEST,),
        concerns=Concerns.CARD,
        causes=(
            Cause(LEFT, "离职"),
            Cause(RETIRED, "退休"),
            Cause(CHANGED_ROLE, "身份变化，不再需要出国商务"),
            Cause(LOST, "遗失"),
            Cause(EXPIRED, "到期"),
            Cause(MISUSED, "违规用卡"),
            Cause(REPLACED, "换卡、补卡或续办，旧卡先注销"),
        ),
        after="请把原卡交到服务站，领取收卡回执；由服务站请市政府外办注销、销毁。",
    ),
)
SERVICES: Mapping[str, Service] = MappingProxyType({one.kind.value: one for one in _SERVICES})

# They are filed nationally and end with a card; of one person only one is under way at a time.
CARD_MAKING: Final = frozenset(one.kind.value for one in _SERVICES if one.makes_card)
# They may be under way beside another: a new card waits for the old one's cancellation.
BESIDE: Final = frozenset({Kind.CANCEL.value})
WITHOUT_CONSENT: Final = frozenset(one.kind.value for one in _SERVICES if not one.asks_consent)


def table_code(kind: str) -> str:
    """Code of the parameter that says whether this kind goes to the departments: 1 or 0."""
    return TABLE_CODE.format(kind)
