"""The life of an application: one table, the only truth. `services.perform` carries it out."""

from dataclasses import dataclass

from django.db.models import TextChoices

from accounts.departments import counted
from accounts.models import Role


class Status(TextChoices):
    """Value and the label that staff see."""

    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待预审"
    RETURNED = "returned", "退回补正"
    IN_REVIEW = "in_review", "部门审核中"
    SUPPLEMENTING = "supplementing", "补充材料中"
    ENDORSED = "endorsed", "审核通过"
    DECLINED = "declined", "不予办理"
    WITHDRAWN = "withdrawn", "企业撤回"


class Turn(TextChoices):
    """Of an endorsed application: whose move it is in what follows the table.

    The room that follows it enters this (`applications.services.afterwards`); empty: not begun.
    """

    AGENT = "agent", "等企业"
    OTHERS = "others", "等其他单位"
    OVER = "over", "已办结"


class Action(TextChoices):
    SUBMIT = "submit", "提交"
    TAKE_BACK = "take_back", "撤回修改"
    RETURN = "return", "退回补正"
    RESUBMIT = "resubmit", "补正后提交"
    DECLINE = "decline", "不予办理"
    CIRCULATE = "circulate", "送部门审核"
    APPROVE = "approve", "服务站核准"
    ASK_SUPPLEMENT = "ask_supplement", "要求补充材料"
    SUPPLEMENT = "supplement", "提交补充材料"
    DROP_SUPPLEMENT = "drop_supplement", "取消补充要求"
    RECALL = "recall", "撤回审核表"
    CONCLUDE = "conclude", "审核办结"
    WITHDRAW = "withdraw", "企业撤回"


@dataclass(frozen=True)
class Move:
    """`roles` empty: the portal itself. Several targets: the caller names the outcome."""

    sources: frozenset[Status]
    targets: tuple[Status, ...]
    roles: frozenset[Role]
    needs_reason: bool = False


AGENT = frozenset({Role.ENTERPRISE_AGENT})
OFFICER = frozenset({Role.STATION_OFFICER})
SYSTEM: frozenset[Role] = frozenset()

MOVES: dict[Action, Move] = {
    Action.SUBMIT: Move(frozenset({Status.DRAFT}), (Status.SUBMITTED,), AGENT),
    Action.TAKE_BACK: Move(frozenset({Status.SUBMITTED}), (Status.DRAFT,), AGENT),
    Action.RETURN: Move(frozenset({Status.SUBMITTED}), (Status.RETURNED,), OFFICER),
    Action.RESUBMIT: Move(frozenset({Status.RETURNED}), (Status.SUBMITTED,), AGENT),
    Action.DECLINE: Move(
        frozenset({Status.SUBMITTED}), (Status.DECLINED,), OFFICER, needs_reason=True
    ),
    Action.CIRCULATE: Move(frozenset({Status.SUBMITTED}), (Status.IN_REVIEW,), OFFICER),
    # For kinds without a review table; `moves.approve` asks which kind it is.
    Action.APPROVE: Move(frozenset({Status.SUBMITTED}), (Status.ENDORSED,), OFFICER),
    Action.ASK_SUPPLEMENT: Move(
        frozenset({Status.IN_REVIEW}),
        (Status.SUPPLEMENTING,),
        frozenset({Role.LIAISON, Role.STATION_OFFICER}),
    ),
    Action.SUPPLEMENT: Move(frozenset({Status.SUPPLEMENTING}), (Status.IN_REVIEW,), AGENT),
    Action.DROP_SUPPLEMENT: Move(
        frozenset({Status.SUPPLEMENTING}),
        (Status.IN_REVIEW,),
        frozenset({Role.LIAISON, Role.STATION_OFFICER}),
    ),
    Action.RECALL: Move(
        frozenset({Status.IN_REVIEW, Status.SUPPLEMENTING}),
        (Status.RETURNED,),
        OFFICER,
        needs_reason=True,
    ),
    Action.CONCLUDE: Move(
        frozenset({Status.IN_REVIEW}), (Status.ENDORSED, Status.DECLINED), SYSTEM
    ),
    Action.WITHDRAW: Move(
        frozenset(
            {
                Status.DRAFT,
                Status.SUBMITTED,
                Status.RETURNED,
                Status.IN_REVIEW,
                Status.SUPPLEMENTING,
            }
        ),
        (Status.WITHDRAWN,),
        AGENT,
        needs_reason=True,
    ),
}

# What the enterprise reads: what happens, and who acts.
PUBLIC_LABELS: dict[Status, str] = {
    Status.DRAFT: "正在准备，请贵单位备齐材料后提交",
    Status.SUBMITTED: "已提交，由服务站预审",
    Status.RETURNED: "需要补正，请贵单位按说明修改后重新提交",
    Status.IN_REVIEW: counted("{}个部门正在审核，贵单位无需操作"),
    Status.SUPPLEMENTING: "部门要求补充材料，请贵单位补充后提交",
    Status.ENDORSED: "审核通过，请下载审核表并到国家系统填报",
    Status.DECLINED: "不予办理，原因见说明",
    Status.WITHDRAWN: "贵单位已撤回",
}

# Look of the status tag: waiting for others, to act on, done, ended without a table.
BADGES: dict[Status, str] = {
    Status.DRAFT: "act",
    Status.SUBMITTED: "wait",
    Status.RETURNED: "act",
    Status.IN_REVIEW: "wait",
    Status.SUPPLEMENTING: "act",
    Status.ENDORSED: "done",
    Status.DECLINED: "void",
    Status.WITHDRAWN: "void",
}

# Whose move it is, per status.
BALL: dict[Status, str] = {
    Status.DRAFT: "企业经办人",
    Status.SUBMITTED: "服务站专员",
    Status.RETURNED: "企业经办人",
    Status.IN_REVIEW: "各部门联络员",
    Status.SUPPLEMENTING: "企业经办人",
    Status.ENDORSED: "企业经办人",
    Status.DECLINED: "—",
    Status.WITHDRAWN: "—",
}

# The same of what follows the table.
AFTERWARDS_BALL: dict[Turn, str] = {
    Turn.AGENT: "企业经办人",
    Turn.OTHERS: "其他单位",
    Turn.OVER: "—",
}

# Sent to the departments and not decided: a review table is open.
UNDER_REVIEW = frozenset({Status.IN_REVIEW, Status.SUPPLEMENTING})
# What waits for the enterprise: to be prepared, to be corrected, or to be filed nationally.
FOR_AGENT = frozenset({Status.DRAFT, Status.RETURNED, Status.SUPPLEMENTING, Status.ENDORSED})
FINAL = frozenset({Status.ENDORSED, Status.DECLINED, Status.WITHDRAWN})
EDITABLE = frozenset({Status.DRAFT, Status.RETURNED, Status.SUPPLEMENTING})
