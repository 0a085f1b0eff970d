"""Services of accounts: creating, changing, passwords, locks and second factors."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.audit import record
from accounts.confirmation import TokenRefused, confirm_mailbox_of
from accounts.entry_models import Passkey, RecoveryCode
from accounts.invitations import InvitationRefused, invitation_path, invited_by
from accounts.letters import letters
from accounts.models import OFFICES, Department, SigningLock, User
from accounts.open_work import hand_on, leaving_of
from accounts.password_history import set_new_password
from accounts.password_reset import owner_of
from accounts.second_factor import DEVICE_NAME, has_passkey
from accounts.sign_in import NOBODY, owner_of_name, unlock
from core import text
from core.masks import mask_phone
from core.phones import same_phone
from core.versions import claim

# What is told to whom it concerns, and to the security administrators, when another changes it.
TOLD = ("name", "email", "phone", "department", "is_also_officer", "is_active")


class AccountRefused(Exception):
    """The change cannot be made; the text says why and what to do."""


def holder_of_office(*, email: str, phone: str, besides: User | None = None) -> User | None:
    """Who holds one of the three offices with this mailbox or phone: probably the same person."""
    user: User
    others = User.objects.active().exclude(pk=besides.pk if besides else None)
    for user in others.filter(role__in=OFFICES):
        if user.email == text.email(email) or same_phone(user.phone, phone):
            return user
    return None


@transaction.atomic
def create_account(account: User, *, by: User | None, is_invited: bool = True) -> User:
    """Save a new member of staff, who sets his password by a mailed link."""
    account.set_unusable_password()
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as error:
        raise AccountRefused("这个登录名刚刚被别人使用，请换一个。") from error
    record("account.create", account, by=by, after=_facts(account))
    if is_invited:
        invite(account)
    return account


def invite(account: User) -> None:
    letters().invitation(account, invitation_path(account))


@transaction.atomic
def change_account(
    account: User,
    *,
    seen_version: int | None,
    by: User,
    heir: User | None = None,
    accepts_gap: bool = False,
    is_told: bool = True,
) -> User:
    """Save what was changed on `account`. Raises AccountRefused, and Overtaken where somebody else
    was first; nothing is then saved.

    Who is closed or moved to another department gives his open work to `heir`; where nobody is
    left to take it, `accepts_gap` says that this is known.
    """
    account.version = seen_version or account.version
    stored = claim(account)
    if not account.is_active and stored.is_active:
        _require_dispensable(stored, by=by)
    if is_leaving(stored, account):
        hand_work_on(stored, heir=heir, accepts_gap=accepts_gap, by=by)
    # First in one department is not first in another.
    account.is_primary = stored.is_primary and stored.department_id == account.department_id
    if account.email != stored.email:
        account.email_confirmed_at = None
    account.save(
        update_fields=[
            "name", "email", "phone", "department", "is_also_officer", "duties", "is_primary",
            "is_active", "email_confirmed_at", "version",
        ]
    )  # fmt: skip
    before, after = _facts(stored), _facts(account)
    changed = [key for key in after if before[key] != after[key]]
    record(
        "account.change",
        account,
        by=by,
        before={key: before[key] for key in changed},
        after={key: after[key] for key in changed},
    )
    if is_told and account.pk != by.pk:
        _tell_of_change(stored, account, by=by)
    return account


def _tell_of_change(stored: User, account: User, *, by: User) -> None:
    """To himself, at a mailbox that was replaced as well, and to the security administrators."""
    lines = told_changes(stored, account)
    if lines:
        former = stored.email if stored.email != account.email else ""
        letters().account_changed(account, by=by, lines=lines, former_mailbox=former)


def label_of(column: str) -> str:
    """What an account's column is called on its page."""
    field: Any = User._meta.get_field(column)
    return str(field.verbose_name)


def told_changes(stored: User, account: User) -> list[str]:
    """What of a change concerns the person and the security administrators, line by line."""
    before, after = _facts(stored), _facts(account)
    return [
        f"{label_of(key)}：{_told(before[key])} → {_told(after[key])}"
        for key in TOLD
        if getattr(stored, key) != getattr(account, key)
    ]


def _told(value: str | bool) -> str:
    return {True: "是", False: "否", "": "（空）"}.get(value, str(value))


def is_leaving(stored: User, changed: User) -> bool:
    """Whether this change takes somebody in use away from where he works."""
    is_moved = stored.department_id != changed.department_id
    return stored.is_active and (is_moved or not changed.is_active)


def hand_work_on(stored: User, *, heir: User | None, accepts_gap: bool, by: User) -> None:
    """Give his open work to `heir`. Raises AccountRefused where somebody has to be chosen first."""
    leaving = leaving_of(stored)
    if leaving.asks_for_heir and heir not in leaving.heirs:
        raise AccountRefused(f"{stored.name}还有{leaving.work_words}，请先选择由谁接办。")
    if leaving.gaps and not accepts_gap:
        raise AccountRefused(f"{leaving.gap_words}请先安排接替的人，或者确认仍要这样办。")
    hand_on(stored, to=heir if leaving.asks_for_heir else None, by=by)


@transaction.atomic
def make_primary(account: User, *, by: User) -> None:
    """Give new opinions of his department to this liaison first; twice changes nothing."""
    department = account.department
    if department is None or not account.is_liaison or not account.is_active:
        raise AccountRefused("只有启用的部门联络员可以设为主联络员。")
    # One at a time: a department has one first liaison, and the former one steps down before.
    Department.objects.select_for_update().get(pk=department.pk)
    for person in User.objects.filter(department=department, is_primary=True):
        if person.pk == account.pk:
            return
        _set_primary(person, False, by=by)
    _set_primary(User.objects.get(pk=account.pk), True, by=by)


def _set_primary(person: User, is_primary: bool, *, by: User) -> None:
    person.is_primary = is_primary
    person.version += 1
    person.save(update_fields=["is_primary", "version"])
    record(
        "account.change",
        person,
        by=by,
        before={"is_primary": not is_primary},
        after={"is_primary": is_primary},
    )


@transaction.atomic
def ask_new_password(account: User, *, by: User) -> None:
    """Mail a link by which he sets a password; the old one is void from now on.

    It also lifts the lock that forgetting it brought about.
    """
    if account.pk == by.pk:
        raise AccountRefused("不能给自己发送。请在“我的账户”中修改密码。")
    locked: User = User.objects.select_for_update(no_key=True).get(pk=account.pk)
    if not locked.is_active:
        raise AccountRefused("这个账户已停用，请先启用，再发送。")
    is_new = not locked.has_usable_password()
    locked.set_unusable_password()
    locked.must_change_password = False
    locked.save(update_fields=["password", "must_change_password"])
    unlock(locked.username)
    record("account.issue_password", locked, by=by)
    if is_new:
        invite(locked)
        return
    letters().new_password_asked(locked, invitation_path(locked))
    line = "原来的密码失效，设置新密码的链接已发到登记的邮箱。"
    letters().account_changed(locked, by=by, lines=[line])


@transaction.atomic
def accept_invitation(token: str, password: str) -> User:
    """Set the password by a mailed invitation, once. Raises InvitationRefused.

    Who came by it reads the mailbox, which is thereby confirmed.
    """
    user: User = User.objects.select_for_update(no_key=True).get(pk=invited_by(token).pk)
    invited_by(token)  # anew under the lock: the first of two clicks has used it up
    set_new_password(user, password)
    if user.email_confirmed_at is None:
        try:
            confirm_mailbox_of(user)
        except TokenRefused as error:
            raise InvitationRefused(str(error)) from error
    record("account.accept_invitation", user, by=user)
    letters().password_was_reset(user)
    return user


@transaction.atomic
def change_own_details(user: User, *, changed: list[str], seen_version: int | None) -> None:
    """Save what a person changed about himself. Raises Overtaken where it was changed meanwhile."""
    user.version = seen_version or user.version
    claim(user)
    user.save(update_fields=["name", "phone", "version"])
    record("account.change_details", user, by=user, after={"fields": changed})


@transaction.atomic
def reset_password(uid: str, token: str, password: str) -> User:
    """Set the password by a mailed link, once. Raises LinkRefused.

    It lifts the lock of the sign-in that forgetting brought about, and no lock of signing.
    """
    user: User = User.objects.select_for_update().get(pk=owner_of(uid, token).pk)
    owner_of(uid, token)  # anew under the lock: the first of two clicks has used it up
    set_new_password(user, password)
    was_locked = bool(unlock(user.username))
    record("account.reset_password", user, by=user, after={"unlocked": was_locked})
    letters().password_was_reset(user)
    return user


@transaction.atomic
def change_own_password(user: User, password: str) -> None:
    set_new_password(user, password)
    record("account.change_password", user, by=user)


# The second factor -------------------------------------------------------------------------------


@transaction.atomic
def begin_second_factor(user: User) -> TOTPDevice:
    """A device with a fresh key, which counts only when a code of it was confirmed."""
    TOTPDevice.objects.filter(user=user, confirmed=False).delete()
    device: TOTPDevice = TOTPDevice.objects.create(user=user, name=DEVICE_NAME, confirmed=False)
    return device


def cancel_second_factor(user: User) -> None:
    """Drop a device whose set-up was not finished."""
    TOTPDevice.objects.filter(user=user, confirmed=False).delete()


@transaction.atomic
def finish_second_factor(device: TOTPDevice, *, by: User) -> None:
    """From now on his sign-in and signing ask for a code; sessions begun without one end.

    The caller keeps the one in which it was done (`update_session_auth_hash`).
    """
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    by.session_round += 1
    by.save(update_fields=["session_round"])
    record("account.second_factor_on", by, by=by)


@transaction.atomic
def remove_second_factor(user: User, *, by: User | None, reason: str = "") -> None:
    """By the person himself, or when the phone is lost by the security administrator.

    He himself removes the application on his phone alone, whoever resets it passkeys and recovery
    codes as well. `by` None: on the machine itself, where the last security administrator lost his.
    """
    removed, _ = TOTPDevice.objects.filter(user=user).delete()
    if user != by:
        removed += Passkey.objects.filter(user=user).delete()[0]
    if not removed:
        return
    if not has_passkey(user):
        RecoveryCode.objects.filter(user=user).delete()
    if user == by:
        record("account.second_factor_off", user, by=by)
    else:
        record("account.second_factor_reset", user, by=by, after={"reason": reason})


# Locks -------------------------------------------------------------------------------------------


@transaction.atomic
def lift_signing_lock(lock: SigningLock, *, by: User) -> None:
    """Let this person prove who he is again; doing it twice changes nothing."""
    locked = SigningLock.objects.select_for_update().get(pk=lock.pk)
    if locked.lifted_at is not None:
        return
    if locked.user_id == by.pk:
        raise AccountRefused("不能解除自己的锁定。请等到锁定时间结束，或请另一名安全管理员解除。")
    locked.lifted_at, locked.lifted_by = timezone.now(), by
    locked.save(update_fields=["lifted_at", "lifted_by"])
    record("account.lift_signing_lock", locked.user, by=by)


@transaction.atomic
def unlock_sign_in(username: str, *, by: User | None, reason: str = "") -> bool:
    """Let this login name be tried again, in every browser. True when it was locked.

    `by` None: on the machine itself, where whoever unlocks is locked as well.
    """
    if not unlock(username):
        return False
    user = owner_of_name(username)
    after = {"username": user.username if user else NOBODY} | ({"reason": reason} if reason else {})
    record("account.unlock_sign_in", user or by or User(name=NOBODY), by=by, after=after)
    return True


def _require_dispensable(account: User, *, by: User) -> None:
    if account.pk == by.pk:
        raise AccountRefused("不能停用自己的账户，请由另一名系统管理员办理。")
    others = User.objects.active().filter(role=account.role).exclude(pk=account.pk)
    if account.role in OFFICES and not others.exists():
        raise AccountRefused(
            f"这是唯一启用的{account.get_role_display()}账户，请先建立另一个，再停用它。"
        )


def _facts(account: User) -> dict[str, str | bool]:
    """What the trail keeps of an account; the phone only masked."""
    return {
        "username": account.username,
        "name": account.name,
        "role": account.get_role_display(),
        "department": str(account.department or ""),
        "email": account.email,
        "phone": mask_phone(account.phone),
        "is_also_officer": account.is_also_officer,
        "duties": account.duties,
        "is_primary": account.is_primary,
        "is_active": account.is_active,
    }
