"""Health of the portal, in words and three colours. Reads every room, writes nothing."""

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import CharField, Count, Max, Min, QuerySet, Value
from django.utils import timezone

from accounts.departments import known
from accounts.models import User
from core.dates import day_words
from core.declarations import declared
from core.faults import fault_words
from notices.models import BeatLease, ChannelHealth, Delivery, Heartbeat
from notices.models.channels import ALARM_AFTER
from reports.readiness import broker_answers, store_answers
from reviews.assignments import Roster, load_roster, who_is_missing
from reviews.signatures.identities import keystore_problem
from reviews.signatures.models import Certificate
from workdays.calendar import PROVISIONAL_NOTE, load_calendar

OK, WARN, BAD = "ok", "warn", "bad"
WORST_FIRST = (BAD, WARN, OK)
QUIET = timedelta(minutes=3)
SILENT = timedelta(minutes=10)
RECENTLY = timedelta(days=7)
BEFORE_EXPIRY = timedelta(days=60)
SOON = timedelta(days=14)
NEXT_YEARS_NOTICE_FROM_MONTH = 11
GIB = 1024**3


@dataclass(frozen=True)
class Sign:
    """One line of the page: what is looked at, how it stands, and what to do about it."""

    label: str
    state: str
    words: str
    mend: str = ""

    @property
    def badge(self) -> str:
        return {OK: "done", WARN: "act", BAD: "late"}[self.state]

    @property
    def verdict(self) -> str:
        return {OK: "正常", WARN: "请留意", BAD: "请处理"}[self.state]


def examine(now: datetime | None = None) -> list[Sign]:
    """Every sign, the worst first. Costs the same number of queries however much there is."""
    now = now or timezone.now()
    read = _read(now)
    signs = [check(now, read) for check in CHECKS] + channels(now) + shared_store()
    # A room further right has lines of its own (its AppConfig: `health_signs`).
    signs += [sign for signs_of in declared("health_signs") for sign in signs_of(now)]
    return sorted(signs, key=lambda sign: WORST_FIRST.index(sign.state))


@dataclass(frozen=True)
class Readings:
    """What several signs look at, each read once.

    `seen`: when worker and beat last did something, and since when there is an officer.
    """

    seen: Mapping[str, datetime]
    deliveries: Mapping[str, tuple[int, datetime | None]]
    certificates: Sequence[Certificate]
    roster: Roster


def _read(now: datetime) -> Readings:
    return Readings(
        seen=_seen(),
        deliveries=_deliveries(now),
        certificates=list(Certificate.objects.select_related("department")),
        roster=load_roster(timezone.localdate(now)),
    )


def _seen() -> dict[str, datetime]:
    """In one query; what never was has no entry."""
    officers = User.objects.officers().order_by().values(what=Value("officer"))
    found = Heartbeat.objects.filter(name="worker").order_by().values_list(Value("worker"), "at")
    rows = found.union(
        BeatLease.objects.order_by().values_list(Value("beat"), "renewed_at"),
        officers.annotate(at=Max("created_at")).values_list("what", "at"),
        all=True,
    )
    return {what: at for what, at in rows if at is not None}


def _deliveries(now: datetime) -> dict[str, tuple[int, datetime | None]]:
    """Due, tried before, and failed lately: how many, and since when; in one query."""
    lately = now - RECENTLY
    rows = _waiting("due", Delivery.objects.due(now)).union(
        _waiting("retried", Delivery.objects.queued().filter(attempts__gt=0)),
        _waiting("failed", Delivery.objects.failed().filter(notice__created_at__gte=lately)),
        all=True,
    )
    return {what: (count, oldest) for what, count, oldest in rows}


def _waiting(what: str, rows: Any) -> "QuerySet[Any, Any]":
    named = rows.order_by().annotate(what=Value(what, CharField())).values("what")
    counted = named.annotate(count=Count("pk"), oldest=Min("next_attempt_at"))
    found: QuerySet[Any, Any] = counted.values_list("what", "count", "oldest")
    return found


def worker(now: datetime, read: Readings) -> Sign:
    seen = read.seen.get("worker")
    return _alive("后台任务", seen, now, "任务进程没有在做定时工作，请检查任务进程和定时进程。")


def beat(now: datetime, read: Readings) -> Sign:
    seen = read.seen.get("beat")
    return _alive("定时进程", seen, now, "提醒和补发都由它发起，请检查定时进程是否在运行。")


def _alive(label: str, seen: datetime | None, now: datetime, mend: str) -> Sign:
    if seen is None:
        return Sign(label, BAD, "还没有运行过。", mend)
    words = f"最近一次在{ago_words(now - seen)}。"
    if now - seen <= QUIET:
        return Sign(label, OK, words)
    return Sign(label, WARN if now - seen <= SILENT else BAD, words, mend)


def queue(now: datetime, read: Readings) -> Sign:
    count, oldest = read.deliveries.get("due", (0, None))
    if not count or oldest is None:
        return Sign("待发消息", OK, "没有到点未发的消息。")
    age = now - oldest
    words = f"{count}条到点未发，最久的已等{minutes_words(age)}。"
    state = OK if age <= QUIET else WARN if age <= SILENT else BAD
    return Sign("待发消息", state, words, "" if state == OK else "请检查任务进程是否在运行。")


def retries(now: datetime, read: Readings) -> Sign:
    waiting, _ = read.deliveries.get("retried", (0, None))
    if not waiting:
        return Sign("重试中的消息", OK, "没有。")
    return Sign("重试中的消息", WARN, f"{waiting}条，系统会自动重试。", "原因见“消息投递”。")


def failed(now: datetime, read: Readings) -> Sign:
    count, _ = read.deliveries.get("failed", (0, None))
    if not count:
        return Sign("发送失败的消息", OK, "近7天没有。")
    mend = "请到“消息投递”看原因，改正邮箱后重试，或者打电话告诉本人。"
    return Sign("发送失败的消息", WARN, f"近7天有{count}条。", mend)


def broker(now: datetime, read: Readings) -> Sign:
    if broker_answers():
        return Sign("任务队列", OK, "可以连接。")
    mend = "消息不会丢，恢复后自动补发；请检查队列服务。"
    return Sign("任务队列", BAD, "连接不上。", mend)


def holidays(now: datetime, read: Readings) -> Sign:
    today, calendar = timezone.localdate(now), load_calendar()
    years = [today.year]
    if today.month >= NEXT_YEARS_NOTICE_FROM_MONTH:
        years.append(today.year + 1)
    missing = [year for year in years if calendar.is_provisional(year)]
    if not missing:
        return Sign("节假日安排", OK, f"{'、'.join(f'{year}年' for year in years)}已录入。")
    words = f"{'、'.join(f'{year}年' for year in missing)}{PROVISIONAL_NOTE}。"
    return Sign("节假日安排", WARN, words, "国务院办公厅公布后，请服务站在工作日历中录入。")


def certificates(now: datetime, read: Readings) -> Sign:
    """Who cannot sign comes before who soon cannot."""
    able = {one.department_id for one in read.certificates if one.is_valid_at(now)}
    lacking = [one for one in known() if one.pk not in able]
    if lacking:
        words = f"{'、'.join(one.name for one in lacking)}没有有效的签名证书，不能签署。"
        return Sign("签名证书", BAD, words, "请安全管理员签发或导入。")
    current = [
        one
        for one in read.certificates
        if one.keystore and one.revoked_at is None and one.superseded_at is None
    ]
    ending = [one for one in current if one.not_after <= now + BEFORE_EXPIRY]
    found = sorted(ending, key=lambda one: one.not_after)
    if not found:
        return Sign("签名证书", OK, "60天内没有到期的。")
    names = "、".join(f"{one.common_name}（{day_words(one.not_after)}）" for one in found[:6])
    state = BAD if found[0].not_after - now <= SOON else WARN
    return Sign(
        "签名证书", state, f"已到期或即将到期：{names}。", "请技术人员续期；到期的不能签署。"
    )


def people(now: datetime, read: Readings) -> Sign:
    """A department without a liaison comes before one whose liaisons are all on leave."""
    missing = {one: who_is_missing(read.roster, one) for one in known()}
    words = "".join(sentence for sentence in missing.values() if sentence)
    has_officer = "officer" in read.seen
    if not has_officer:
        words = f"没有可用的服务站专员。{words}"
    if not words:
        return Sign("人员", OK, "服务站和各部门都有人在岗。")
    lacking = [one for one in missing if not read.roster.by_department.get(one.pk)]
    is_bad = bool(lacking) or not has_officer
    return Sign("人员", BAD if is_bad else WARN, words, "缺人的部门不能送审，在审的没有人签署。")


def keystore(now: datetime, read: Readings) -> Sign:
    problem = keystore_problem(now, read.certificates)
    if not problem:
        return Sign("签名密钥", OK, "读得出来，可以签署和核验。")
    mend = "现在有签不了或核验不了的，请技术人员立即检查签名密钥库。"
    return Sign("签名密钥", BAD, problem, mend)


def disk(now: datetime, read: Readings) -> Sign:
    try:
        usage = shutil.disk_usage(settings.MEDIA_ROOT)
    except OSError as error:
        words = f"文件的存放处看不到：{fault_words(error)}。"
        return Sign("磁盘空间", BAD, words, "不能上传和签署，请技术人员立即检查。")
    if not os.access(settings.MEDIA_ROOT, os.W_OK | os.X_OK):
        words = "文件的存放处写不进去。"
        return Sign("磁盘空间", BAD, words, "不能上传和签署，请技术人员立即检查。")
    share = usage.free / usage.total
    words = f"还剩{usage.free / GIB:.1f} GB，占{share:.0%}。"
    if usage.free < settings.LEAST_FREE_BYTES:
        return Sign("磁盘空间", BAD, words, "已经不收上传的文件，签署照常；请立即扩容。")
    if share < 0.05 or usage.free < GIB / 2:
        return Sign("磁盘空间", BAD, words, "空间用完后不能上传和签署，请立即扩容。")
    if share < 0.15 or usage.free < 2 * GIB:
        return Sign("磁盘空间", WARN, words, "请安排扩容。")
    return Sign("磁盘空间", OK, words)


def shared_store() -> list[Sign]:
    """The bucket that several hosts share; where there is none, nothing is to be said."""
    if not settings.FILES_S3:
        return []
    if store_answers():
        return [Sign("文件存储", OK, "可以连接。")]
    mend = "看不了、传不了文件，也不能签署；请技术人员立即检查存储服务。"
    return [Sign("文件存储", BAD, "连接不上。", mend)]


def channels(now: datetime) -> list[Sign]:
    """One sign for each way out that fails, or one that says that none does."""
    failing = ChannelHealth.objects.failing()
    signs = []
    for health in failing:
        since = health.failing_since or now
        state = BAD if now - since >= ALARM_AFTER else WARN
        words = f"已失败{minutes_words(now - since)}。{health.last_error}"
        mend = "其他渠道照常；恢复后自动补发。请技术人员检查。"
        signs.append(Sign(f"通知渠道：{health.label}", state, words, mend))
    return signs or [Sign("通知渠道", OK, "没有发送失败的渠道。")]


def minutes_words(span: timedelta) -> str:
    """How long something took or lasts: 12分钟, 3小时, 5天."""
    minutes = max(int(span.total_seconds() // 60), 0)
    if minutes < 1:
        return "不到1分钟"
    if minutes < 60:
        return f"{minutes}分钟"
    if minutes < 48 * 60:
        return f"{minutes // 60}小时"
    return f"{minutes // (24 * 60)}天"


def ago_words(span: timedelta) -> str:
    """How long ago something was."""
    return "1分钟内" if span < timedelta(minutes=1) else f"{minutes_words(span)}前"


CHECKS: tuple[Callable[[datetime, Readings], Sign], ...] = (
    worker,
    beat,
    queue,
    retries,
    failed,
    broker,
    holidays,
    certificates,
    people,
    keystore,
    disk,
)
