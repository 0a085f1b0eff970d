"""Announcements of moves: who is told of which move, by which message."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery
from django.urls import reverse

from accounts.models import User
from applications.letters.letter import letter_of
from applications.models import Application, StatusChange
from applications.workflow import Action, Status
from core.dates import moment_words
from notices.conditions import Condition
from notices.models import Notice
from notices.services import notify

Audience = Callable[[Application], Iterable[User]]


def agents(application: Application) -> Iterable[User]:
    return application.enterprise.people()


def officers(application: Application) -> Iterable[User]:
    return User.objects.officers()  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Announcement:
    audience: Audience
    template: str
    view: str
    action_label: str


# What is only to be known; after the others somebody has to act.
NOTHING_TO_DO = frozenset(
    {
        Action.CIRCULATE,
        Action.DECLINE,
        Action.DROP_SUPPLEMENT,
        Action.TAKE_BACK,
        Action.WITHDRAW,
    }
)
AGENT_VIEW, OFFICER_VIEW = "applications:detail", "applications:pre_review"
ANNOUNCEMENTS: dict[tuple[Action, Status], Announcement] = {
    (Action.SUBMIT, Status.SUBMITTED): Announcement(
        officers, "applications/email/submit.txt", OFFICER_VIEW, "开始预审"
    ),
    # A draft is nothing that the station sees: there is no page to lead to.
    (Action.TAKE_BACK, Status.DRAFT): Announcement(
        officers, "applications/email/take_back.txt", "", ""
    ),
    (Action.RESUBMIT, Status.SUBMITTED): Announcement(
        officers, "applications/email/resubmit.txt", OFFICER_VIEW, "查看更正内容"
    ),
    (Action.RETURN, Status.RETURNED): Announcement(
        agents, "applications/email/return.txt", AGENT_VIEW, "查看并补正"
    ),
    (Action.DECLINE, Status.DECLINED): Announcement(
        agents, "applications/email/decline.txt", AGENT_VIEW, "查看说明"
    ),
    (Action.CIRCULATE, Status.IN_REVIEW): Announcement(
        agents, "applications/email/circulate.txt", AGENT_VIEW, "查看进度"
    ),
    (Action.ASK_SUPPLEMENT, Status.SUPPLEMENTING): Announcement(
        agents, "applications/email/ask_supplement.txt", AGENT_VIEW, "查看并补充"
    ),
    (Action.DROP_SUPPLEMENT, Status.IN_REVIEW): Announcement(
        agents, "applications/email/drop_supplement.txt", AGENT_VIEW, "查看进度"
    ),
    (Action.RECALL, Status.RETURNED): Announcement(
        agents, "applications/email/recall.txt", AGENT_VIEW, "查看并补正"
    ),
    (Action.APPROVE, Status.ENDORSED): Announcement(
        agents, "applications/email/approve.txt", AGENT_VIEW, "查看下一步"
    ),
    (Action.CONCLUDE, Status.ENDORSED): Announcement(
        agents, "applications/email/endorsed.txt", AGENT_VIEW, "下载审核表"
    ),
    (Action.CONCLUDE, Status.DECLINED): Announcement(
        agents, "applications/email/declined.txt", AGENT_VIEW, "查看说明"
    ),
    (Action.WITHDRAW, Status.WITHDRAWN): Announcement(
        officers, "applications/email/withdraw.txt", OFFICER_VIEW, "查看"
    ),
}


def announce(change: StatusChange) -> None:
    """Tell whom the move concerns, once a move."""
    application = change.application
    if change.action == Action.WITHDRAW and application.submitted_at is None:
        return  # a draft that the station never saw
    found = ANNOUNCEMENTS.get((Action(change.action), Status(change.to_status)))
    if found is None:
        return
    is_news = change.action in NOTHING_TO_DO
    notify(
        found.audience(application),
        cause=f"applications:change:{change.pk}",
        template=found.template,
        context={
            "application": application,
            "change": change,
            "corrections": application.corrections.open(),
            "due": moment_words(application.due_at) if application.due_at else "",
        },
        path=reverse(found.view, args=[application.pk]) if found.view else "",
        action_label=found.action_label,
        kind=Notice.Kind.INFO if is_news else Notice.Kind.TASK,
        short=f"申请{application.reference}有新进展",
        condition=None if is_news else Condition("applications.newest_move", (change.pk,)),
        pictures=_pictures(change),
    )


def overtaken(notices: Sequence[Notice]) -> dict[int, str]:
    """Of what was to be done after a move: where the application has moved on since."""
    numbers = {pk for notice in notices for pk in notice.about}
    later = StatusChange.objects.filter(
        application=OuterRef("application"), pk__gt=OuterRef("pk")
    ).order_by("-pk")
    now = Subquery(later.values("to_status")[:1])
    found = StatusChange.objects.filter(pk__in=numbers).values_list("pk", now)
    moved = {pk: Status(status).label for pk, status in found if status}
    lapsed = {notice.pk: [moved.get(pk, "") for pk in notice.about] for notice in notices}
    return {pk: f"申请已是“{labels[-1]}”" for pk, labels in lapsed.items() if all(labels)}


def _pictures(change: StatusChange) -> list[dict[str, str]]:
    """The drawn examples of the letter that goes out with this move, each once."""
    return [
        {
            "file": example.file,
            "caption": f"{item.correction.item_name}（{example.label}）：{example.caption}",
        }
        for item in letter_of(change).pictured
        for example in item.examples
    ]
