"""Closing an agent's account: his work goes to another, and what is known of him is forgotten.

The row stays, because what was done refers to it. An agent who closes his own account loses his
name in it as well; of one who was removed it stays, as the enterprise's record of who acted.
"""

from django.db import transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.audit import record
from accounts.entry_models import OutsideIdentity, Passkey, RecoveryCode
from accounts.letters import letters
from accounts.models import User
from accounts.open_work import hand_on
from accounts.services import AccountRefused, hand_work_on

NAMELESS = "已注销的经办人"


@transaction.atomic
def close_agent(account: User, *, by: User, heir: User | None = None) -> None:
    """Close it for good; closing it twice changes nothing. Raises AccountRefused.

    Open work goes to `heir`. Where nobody could carry it on, the account cannot be closed.
    """
    locked = _lock(account, heir)
    if locked.is_active:
        hand_work_on(locked, heir=heir, accepts_gap=False, by=by)
        _close(locked, by=by)


@transaction.atomic
def replace_agent(account: User, *, heir: User, by: User) -> None:
    """Give all his work to `heir`, whatever he says; for a hand-over that the station decided."""
    locked = _lock(account, None)
    hand_on(locked, to=heir, by=by)
    if locked.is_active:
        _close(locked, by=by)


def _lock(account: User, heir: User | None) -> User:
    """With the heir, in the order of their keys: two who name each other do not both go."""
    both = [person.pk for person in (account, heir) if person is not None]
    people = User.objects.select_for_update(no_key=True).filter(pk__in=both).order_by("pk")
    locked: User = next(person for person in people if person.pk == account.pk)
    if not locked.is_agent:
        raise AccountRefused("只有企业经办人的账户可以这样注销；其他账户由系统管理员停用。")
    return locked


def _close(locked: User, *, by: User) -> None:
    is_own, mailbox = locked.pk == by.pk, locked.email
    letters().account_closed(locked, by=by, mailbox=mailbox)
    locked.is_active = False
    locked.username, locked.email, locked.wanted_email = f"closed-{locked.pk}", "", ""
    locked.phone = ""
    if is_own:
        locked.name = NAMELESS
    locked.set_unusable_password()
    locked.session_round += 1
    locked.version += 1
    locked.save()
    for keys in (TOTPDevice, Passkey, RecoveryCode, OutsideIdentity):
        keys.objects.filter(user=locked).delete()
    record("account.close", locked, by=locked if is_own else by)
