"""Second person: what a system administrator asks for accounts that sign or administer.

Where `ACCOUNTS_NEED_SECOND_PERSON` is on, the account of a liaison or of one of the three
administrators is made, changed, or given a new password only when a security administrator agrees.
"""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.audit import record
from accounts.letters import letters
from accounts.models import OFFICES, AccountRequest, Role, User
from accounts.services import (
    AccountRefused,
    ask_new_password,
    change_account,
    create_account,
    invite,
    told_changes,
)
from core.versions import Overtaken

Kind = AccountRequest.Kind
WATCHED = OFFICES | {Role.LIAISON}
CHANGED = ("name", "email", "phone", "is_also_officer", "duties", "is_active")


def needs_second_person(account: User, *, by: User) -> bool:
    """Not before there is anybody to be the second: the first one of all is made without."""
    if not settings.ACCOUNTS_NEED_SECOND_PERSON or account.role not in WATCHED:
        return False
    others: QuerySet[User] = User.objects.security_administrators().exclude(pk=by.pk)
    return others.exists()


@transaction.atomic
def request_account(account: User, *, by: User) -> None:
    """Keep the new account closed until somebody has agreed; its mail goes out then."""
    account.is_active = False
    create_account(account, by=by, is_invited=False)
    _ask(account, Kind.CREATE, {}, by=by)


@transaction.atomic
def request_change(
    account: User, *, seen_version: int | None, by: User, heir: User | None, accepts_gap: bool
) -> bool:
    """Keep what was changed on `account` until somebody has agreed.

    False where nothing of it needs a second person; it is then saved at once. Raises Overtaken.
    """
    stored: User = User.objects.get(pk=account.pk)
    if seen_version is not None and seen_version != stored.version:
        raise Overtaken(stored)
    if not told_changes(stored, account):
        change_account(account, seen_version=seen_version, by=by)
        return False
    wanted = {key: getattr(account, key) for key in CHANGED} | {
        "department": account.department_id,
        "heir": heir.pk if heir else None,
        "accepts_gap": accepts_gap,
    }
    _ask(stored, Kind.CHANGE, wanted, by=by)
    return True


@transaction.atomic
def request_password(account: User, *, by: User) -> None:
    if account.pk == by.pk:
        raise AccountRefused("不能给自己发送。请在“我的账户”中修改密码。")
    _ask(account, Kind.PASSWORD, {}, by=by)


def _ask(account: User, kind: str, wanted: dict[str, Any], *, by: User) -> None:
    """One at a time for an account: a newer request takes the place of the older."""
    User.objects.select_for_update(no_key=True).get(pk=account.pk)
    AccountRequest.objects.waiting().filter(account=account).update(
        decided_at=timezone.now(), decided_by=by, reason="被新的申请代替"
    )
    asked = AccountRequest.objects.create(
        account=account, kind=kind, wanted=wanted, seen_version=account.version, asked_by=by
    )
    record("account.ask_second_person", account, by=by, after={"what": asked.get_kind_display()})
    letters().second_person_asked(asked)


def lines_of(asked: AccountRequest) -> list[str]:
    """What it would change, line by line."""
    if asked.kind != Kind.CHANGE:
        return []
    return told_changes(asked.account, _changed(asked))


@transaction.atomic
def agree(asked: AccountRequest, *, by: User) -> None:
    """Do what was asked. Raises AccountRefused; nothing is then done and it goes on waiting."""
    locked = _take(asked, by=by)
    locked.is_agreed = True
    _close(locked, by=by)
    record("account.agree", locked.account, by=by, after={"what": locked.get_kind_display()})
    try:
        _do(locked)
    except Overtaken as overtaken:
        raise AccountRefused(
            "提出之后，别人已经修改过这个账户，没有办理。请写明原因不同意这一项，"
            "由系统管理员按现在的内容重新提出。"
        ) from overtaken


def _do(locked: AccountRequest) -> None:
    asker, wanted = locked.asked_by, locked.wanted
    if locked.kind == Kind.CHANGE:
        change_account(
            _changed(locked),
            seen_version=locked.seen_version,
            by=asker,
            heir=User.objects.filter(pk=wanted.get("heir")).first(),
            accepts_gap=bool(wanted.get("accepts_gap")),
        )
    elif locked.kind == Kind.PASSWORD:
        ask_new_password(locked.account, by=asker)
    else:
        account = locked.account
        account.is_active = True
        change_account(account, seen_version=locked.seen_version, by=asker, is_told=False)
        invite(account)


@transaction.atomic
def disagree(asked: AccountRequest, *, reason: str, by: User) -> None:
    """Leave everything as it is; an account that was to be made stays closed."""
    locked = _take(asked, by=by)
    locked.reason = reason
    _close(locked, by=by)
    after = {"what": locked.get_kind_display(), "reason": reason}
    record("account.disagree", locked.account, by=by, after=after)


def _take(asked: AccountRequest, *, by: User) -> AccountRequest:
    # The account before what is asked of it: in this order a newer request locks them as well.
    User.objects.select_for_update(no_key=True).get(pk=asked.account_id)
    locked: AccountRequest = AccountRequest.objects.select_for_update(no_key=True).get(pk=asked.pk)
    if locked.decided_at is not None:
        raise AccountRefused("这项申请已经处理过，或者被新的申请代替。")
    if locked.asked_by_id == by.pk:
        raise AccountRefused("不能复核自己提出的申请。")
    return locked


def _close(locked: AccountRequest, *, by: User) -> None:
    locked.decided_at, locked.decided_by = timezone.now(), by
    locked.save(update_fields=["decided_at", "decided_by", "is_agreed", "reason"])
    letters().second_person_decided(locked)


def _changed(asked: AccountRequest) -> User:
    """The account as it would stand."""
    account: User = User.objects.get(pk=asked.account_id)
    for key in CHANGED:
        setattr(account, key, asked.wanted[key])
    account.department_id = asked.wanted["department"]
    return account
