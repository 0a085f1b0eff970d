"""Several opinions of one department on one enterprise, signed with one password."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import DatabaseError

from accounts.models import User
from applications.workflow import Status
from enterprises.models import Enterprise
from reviews.cells import PreviewStale, unpack
from reviews.models import Opinion
from reviews.services.opinions import OpinionRefused, sign

logger = logging.getLogger(__name__)

# Each takes a few tenths of a second, and one web request should not take many of them.
BATCH = 10


@dataclass(frozen=True)
class SigningOutcome:
    """What came of one of them; `problem` is empty when it is signed."""

    name: str
    problem: str = ""


def ready_to_sign(user: User, enterprise: Enterprise) -> list[Opinion]:
    """The department's finished drafts on this enterprise's tables, the most urgent first."""
    drafts = (
        Opinion.objects.visible_to(user)
        .ready()
        .filter(table__application__enterprise=enterprise)
        .exclude(conclusion="")
        .with_case()
        .order_by("due_at", "pk")
    )
    # Words are encrypted, so that the database cannot tell which are empty.
    return [opinion for opinion in drafts if opinion.words and _may_conclude(opinion)]


def _may_conclude(opinion: Opinion) -> bool:
    return not opinion.is_last or opinion.table.application.status == Status.IN_REVIEW


def sign_each(seen: Iterable[tuple[Opinion, str]], *, by: User) -> list[SigningOutcome]:
    """Sign each with the preview that was looked at (Cell.pack), in its own transaction.

    One that fails does not stop the rest; its outcome says why.
    """
    return [
        SigningOutcome(_name(opinion), _problem(opinion, preview, by=by))
        for opinion, preview in seen
    ]


def _problem(opinion: Opinion, preview: str, *, by: User) -> str:
    try:
        sign(opinion, by=by, preview=unpack(preview, opinion, by=by))
    except (OpinionRefused, PreviewStale) as error:
        return str(error)
    except DatabaseError:
        logger.exception("签署意见%s时数据库出错", opinion.pk)
        return "没有签署，您填写的内容还在：系统正忙，请稍后再签这一份。"
    return ""


def _name(opinion: Opinion) -> str:
    return f"{opinion.table.facts['applicant_name']}（{opinion.table}）"
