"""Figures at the head of a home page: what is late, due today, under way. Writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.dates import months_later
from reports.home.rows import Worklist
from reports.home.trends import Spark, sparks
from reviews.times.sums import Months, Whose


@dataclass(frozen=True)
class Figure:
    """One number, and the list that it leads to; `badge` is that of a status tag."""

    label: str
    count: int
    unit: str
    url: str
    note: str = ""
    badge: str = ""
    spark: Spark | None = None


@dataclass(frozen=True)
class Owed:
    """What one department owes: how much past its deadline, and how much due later today."""

    department: str
    late: int
    today: int


def for_officer(lists: list[Worklist]) -> list[Figure]:
    """What is late and due today over all lists, then each list's own number."""
    titles = ("待预审的申请", "待核验的企业", "部门审核中", "等企业补正或补充")
    named = {one.title: one for one in lists}
    pre_review, verification, tables, enterprises = (named[title] for title in titles)
    short = {"预审": pre_review, "核验": verification, "部门": tables, "企业": enterprises}
    return [
        *_pressing(short),
        Figure("待预审", pre_review.total, "件", anchor(pre_review), badge="wait"),
        Figure("待核验企业", verification.total, "家", anchor(verification), badge="wait"),
        Figure("部门审核中", tables.total, "件", anchor(tables)),
        Figure("等企业", enterprises.total, "件", anchor(enterprises)),
    ]


def for_supervisor(
    user: User, unsigned: Worklist, owed: Sequence[Owed], months: Months
) -> list[Figure]:
    """What departments owe and which, the tables under way, and what this month has concluded.

    What is open and what is over are asked for apart; `months` hold what is over.
    """
    this_month = timezone.localdate().replace(day=1)
    done, done_before = (
        _concluded(user, months, month) for month in (this_month, months_later(this_month, -1))
    )
    trend = sparks(user)
    late = {one.department: one.late for one in owed if one.late}
    today = {one.department: one.today for one in owed if one.today}
    where = anchor(unsigned)
    return [
        _sum_of("超时", late, where, nothing="没有超时的", badge=_badge(late, "late", "done"),
                spark=trend.late),
        _sum_of("今天到期", today, where, nothing="今天没有到期的", badge=_badge(today, "act", ""),
                spark=trend.due),
        Figure(
            "审核中",
            trend.open_now,
            "张",
            reverse("reviews:table_list"),
            note=f"其中{trend.paused_now}张等企业补充" if trend.paused_now else "没有暂停的",
            badge="wait",
            spark=trend.open,
        ),
        Figure(
            "本月办结",
            done,
            "张",
            reverse("department_times"),
            note=_trend(done, done_before),
            badge="done",
            spark=trend.done,
        ),
    ]  # fmt: skip


def anchor(one: Worklist) -> str:
    """Address of a list on the page."""
    return f"#{one.title}"


def _badge(counts: dict[str, int], some: str, none: str) -> str:
    return some if counts else none


def _pressing(lists: dict[str, Worklist]) -> list[Figure]:
    """What is late and what is due today over these lists, each under a short name.

    Leads to the first list that has any.
    """
    late = {name: one.late for name, one in lists.items() if one.late}
    today = {name: one.today for name, one in lists.items() if one.today}
    first_late, first_today = (
        anchor(lists[next(iter(counts or lists))]) for counts in (late, today)
    )
    return [
        _sum_of("超时", late, first_late, nothing="没有超时的", badge=_badge(late, "late", "done")),
        _sum_of(
            "今天到期", today, first_today, nothing="今天没有到期的", badge=_badge(today, "act", "")
        ),
    ]


def _sum_of(
    label: str,
    counts: dict[str, int],
    url: str,
    *,
    nothing: str,
    badge: str,
    spark: Spark | None = None,
) -> Figure:
    """With the names behind the number."""
    note = "、".join(f"{name}{count}" for name, count in counts.items())
    return Figure(label, sum(counts.values()), "件", url, note or nothing, badge, spark)


def _concluded(user: User, months: Months, month: date) -> int:
    """How many whole tables that this person sees came to their end in a month."""
    sums = months.get(month, {})
    whose = Whose(user.department_id, of_tables=True)
    return sums[whose].count if whose in sums else 0


def _trend(this_month: int, last_month: int) -> str:
    more = this_month - last_month
    if more == 0:
        return f"上月全月也是{last_month}张"
    return f"上月全月{last_month}张，{'多' if more > 0 else '少'}{abs(more)}张"
