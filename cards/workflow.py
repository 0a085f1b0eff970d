"""The life of a filing after the signed table: one table of steps, the only truth.

`cards.filing.services.enter_step` carries it out. Nobody but people tells the portal what happened
in the national system, so a step is an entry: who saw it, where, and on which day it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.db.models import TextChoices

from accounts.models import Role
from applications.workflow import Turn


class Stage(TextChoices):
    """Where the filing stands, as staff read it."""

    TO_REGISTER = "to_register", "待登录国家系统"
    TO_FILE = "to_file", "待填报"
    FILED = "filed", "市外办审核中"
    RETURNED = "returned", "市外办退回"
    ACCEPTED = "accepted", "待缴费"
    PAID = "paid", "外交部审核中"
    PASSED = "passed", "经济体审批中"
    PRINTED = "printed", "已制卡，待送达"
    READY = "ready", "待领卡"
    COLLECTED = "collected", "已领卡，待交付"
    ISSUED = "issued", "已发卡"
    STOPPED = "stopped", "国家系统办理终止"


class StepCode(TextChoices):
    """What happened; the code is also what `read_message` prints."""

    REGISTERED = "registered", "国家系统账户可用"
    FILED = "filed", "已在国家系统提交"
    RETURNED = "returned", "市外办退回"
    REFILED = "refiled", "修改后重新提交"
    ACCEPTED = "accepted", "市外办审核通过"
    PAID = "paid", "已缴费"
    RECEIPT = "receipt", "补传缴费凭证"
    INVOICED = "invoiced", "收到发票"
    PASSED = "passed", "外交部审核通过"
    PRINTED = "printed", "已制卡"
    READY = "ready", "可以领卡"
    COLLECTED = "collected", "已领卡"
    ISSUED = "issued", "已交付持卡人"
    STOPPED = "stopped", "办理终止"
    TAKEN_BACK = "taken_back", "撤销一条登记"


class Need(TextChoices):
    """What is asked for beside the day."""

    NUMBER = "number", "国家系统申请编号"
    REASONS = "reasons", "退回原因"
    PLACE = "place", "领卡地点"
    PERSON = "person", "领卡人"
    WORDS = "words", "原因"
    FILES = "files", "凭证"


BOTH: Final = frozenset({Role.ENTERPRISE_AGENT, Role.STATION_OFFICER})


@dataclass(frozen=True)
class FilingStep:
    """`moves` says where the filing goes from each stage in which this may be entered.

    `day` is the filing's column that keeps the day. `act` are the words of the button.
    """

    moves: Mapping[Stage, Stage]
    act: str
    needs: frozenset[Need] = field(default_factory=frozenset)
    day: str = ""
    roles: frozenset[Role] = BOTH


def _to(target: Stage, *sources: Stage) -> dict[Stage, Stage]:
    return dict.fromkeys(sources, target)


def _stay(*stages: Stage) -> dict[Stage, Stage]:
    return {stage: stage for stage in stages}


S = Stage
OPEN: Final = tuple(stage for stage in Stage if stage not in {S.ISSUED, S.STOPPED})
# After the fee was paid; before the city accepts it some pay already, and stay where they are.
AFTER_PAYMENT: Final = (S.PAID, S.PASSED, S.PRINTED, S.READY, S.COLLECTED, S.ISSUED)

# Who entered nothing for a while enters what he sees now: a later step may be entered where one
# between was not, and the page says which one nobody entered.
STEPS: Final[Mapping[StepCode, FilingStep]] = {
    StepCode.REGISTERED: FilingStep(
        _to(S.TO_FILE, S.TO_REGISTER), "账户已经可用，下一步填报", day="registered_on"
    ),
    StepCode.FILED: FilingStep(
        _to(S.FILED, S.TO_REGISTER, S.TO_FILE),
        "登记：已在国家系统提交",
        frozenset({Need.NUMBER}),
        "filed_on",
    ),
    StepCode.RETURNED: FilingStep(
        _to(S.RETURNED, S.FILED, S.ACCEPTED, S.PAID),
        "登记：市外办退回",
        frozenset({Need.REASONS}),
        "returned_on",
    ),
    StepCode.REFILED: FilingStep(
        _to(S.FILED, S.RETURNED), "登记：修改后已重新提交", day="filed_on"
    ),
    StepCode.ACCEPTED: FilingStep(
        _to(S.ACCEPTED, S.FILED), "登记：市外办审核通过", day="accepted_on"
    ),
    StepCode.PAID: FilingStep(
        _to(S.PAID, S.ACCEPTED) | _stay(S.FILED, S.RETURNED),
        "登记：已缴费",
        frozenset({Need.FILES}),
        "paid_on",
    ),
    StepCode.RECEIPT: FilingStep(
        _stay(S.FILED, S.RETURNED, S.ACCEPTED, *AFTER_PAYMENT),
        "补传缴费凭证",
        frozenset({Need.FILES}),
    ),
    StepCode.INVOICED: FilingStep(
        _stay(S.FILED, S.RETURNED, S.ACCEPTED, *AFTER_PAYMENT),
        "登记：收到发票",
        frozenset({Need.FILES}),
        "invoiced_on",
    ),
    StepCode.PASSED: FilingStep(
        _to(S.PASSED, S.FILED, S.ACCEPTED, S.PAID), "登记：外交部审核通过", day="passed_on"
    ),
    StepCode.PRINTED: FilingStep(
        _to(S.PRINTED, S.PAID, S.PASSED), "登记：已制卡", day="printed_on"
    ),
    StepCode.READY: FilingStep(
        _to(S.READY, S.PASSED, S.PRINTED),
        "登记：可以领卡",
        frozenset({Need.PLACE}),
        "ready_on",
    ),
    StepCode.COLLECTED: FilingStep(
        _to(S.COLLECTED, S.PASSED, S.PRINTED, S.READY),
        "登记：已领卡",
        frozenset({Need.PERSON}),
        "collected_on",
    ),
    StepCode.ISSUED: FilingStep(
        _to(S.ISSUED, S.READY, S.COLLECTED), "登记：已交付持卡人", day="issued_on"
    ),
    StepCode.STOPPED: FilingStep(
        _to(S.STOPPED, *OPEN), "登记：不再办理", frozenset({Need.WORDS}), "stopped_on"
    ),
}

# Whose move it is, per stage.
AGENT: Final = "企业经办人"
BALL: Final[Mapping[Stage, str]] = {
    S.TO_REGISTER: AGENT,
    S.TO_FILE: AGENT,
    S.FILED: "市政府外办",
    S.RETURNED: AGENT,
    S.ACCEPTED: AGENT,
    S.PAID: "外交部领事司",
    S.PASSED: "各经济体",
    S.PRINTED: "市政府外办",
    S.READY: AGENT,
    S.COLLECTED: AGENT,
    S.ISSUED: "—",
    S.STOPPED: "—",
}

TURN: Final[Mapping[Stage, Turn]] = {
    stage: Turn.OVER if ball == "—" else Turn.AGENT if ball == AGENT else Turn.OTHERS
    for stage, ball in BALL.items()
}

# What the enterprise reads: what happens, and who acts.
PUBLIC_LABELS: Final[Mapping[Stage, str]] = {
    S.TO_REGISTER: "审核通过，请登录国家系统",
    S.TO_FILE: "请到国家系统填报并提交",
    S.FILED: "已在国家系统提交，由市政府外办审核，贵单位无需操作",
    S.RETURNED: "市政府外办退回，请修改后重新提交",
    S.ACCEPTED: "市政府外办审核通过，请在国家系统缴费",
    S.PAID: "已缴费，由外交部审核，贵单位无需操作",
    S.PASSED: "外交部审核通过，由各经济体审批，贵单位无需操作",
    S.PRINTED: "已制卡，由市政府外办通知领卡",
    S.READY: "卡已到，请派人领卡",
    S.COLLECTED: "卡已领回，请登记、交付持卡人",
    S.ISSUED: "已发卡",
    S.STOPPED: "国家系统办理终止，原因见登记",
}

BADGES: Final[Mapping[Turn, str]] = {Turn.AGENT: "act", Turn.OTHERS: "wait", Turn.OVER: "done"}

FINAL: Final = frozenset({S.ISSUED, S.STOPPED})
# From then on there is a card to be read from.
IN_HAND: Final = (S.PRINTED, S.READY, S.COLLECTED, S.ISSUED)


@dataclass(frozen=True)
class StepEntry:
    """What somebody says happened: the step's day and what it needs."""

    on: date
    source: str = ""
    number: str = ""
    place: str = ""
    person: str = ""
    words: str = ""


def steps_from(stage: Stage, role: Role | str | None) -> list[StepCode]:
    """What may be entered now by somebody in this role, in the order of the table."""
    return [code for code, step in STEPS.items() if stage in step.moves and role in step.roles]
