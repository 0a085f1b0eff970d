"""Every action that the portal writes to the trail has its words."""

import ast
from pathlib import Path

from accounts.audit_labels import action_labels, changes, object_choices
from accounts.models import AuditEvent

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "accounts", "workdays", "notices", "files", "imports", "materials", "enterprises",
    "applications", "reviews", "cards", "letters", "outreach", "reports",
    "rights",
)  # fmt: skip


def recorded() -> set[str]:
    """The actions given to `record(…)` as plain texts, in every room."""
    actions = set()
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and node.args and _name(node.func) == "record":
                    actions |= _texts(node.args[0])
    return actions


def _name(function: ast.expr) -> str:
    return getattr(function, "id", getattr(function, "attr", ""))


def _texts(argument: ast.expr) -> set[str]:
    if isinstance(argument, ast.IfExp):
        return _texts(argument.body) | _texts(argument.orelse)
    return {str(argument.value)} if isinstance(argument, ast.Constant) else set()


def test_every_action_has_its_words() -> None:
    missing = recorded() - set(action_labels())
    assert missing == set(), "name them in audit_labels of the room's AppConfig"


def test_every_move_of_an_application_has_its_words() -> None:
    moves = {
        "submit",
        "take_back",
        "return",
        "resubmit",
        "decline",
        "circulate",
        "ask_supplement",
        "supplement",
        "drop_supplement",
        "recall",
        "conclude",
        "withdraw",
    }
    assert {f"application.{move}" for move in moves} <= set(action_labels())


def test_a_recorded_moment_is_read_in_the_station_s_time() -> None:
    event = AuditEvent(
        object_type="accounts.user",
        before={"until": ""},
        after={"until": "2026-11-25T22:30:00+00:00", "date": "2026-11-25"},
    )
    assert [change.after for change in changes(event)] == ["2026年11月26日 06:30", "2026-11-25"]


def test_no_two_actions_read_alike() -> None:
    labels = list(action_labels().values())
    assert sorted(labels) == sorted(set(labels))


def test_the_machinery_is_no_object_to_look_for() -> None:
    names = {name for _, name in object_choices()}
    assert {"用户", "申请", "审核表", "部门意见", "投递"} <= names
    assert names.isdisjoint({"定时进程租约", "心跳", "访问次数", "渠道状态", "身份核验失败"})
