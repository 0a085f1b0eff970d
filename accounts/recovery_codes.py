"""Recovery codes: on paper, in place of the phone that is lost or flat; each serves once.

Twelve digits, because the field of the code brings up a phone's keys of numbers. Kept as a keyed
hash: with forty bits and a lock after five failures nobody guesses one.
"""

import secrets
from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.entry_models import RecoveryCode
from accounts.letters import letters
from accounts.models import User
from core.crypto import keyed_hash

COUNT: Final = 10
DIGITS: Final = 12
GROUP: Final = 4


@transaction.atomic
def issue(user: User, *, by: User) -> list[str]:
    """Ten new codes, to be shown this once; those from before are void."""
    RecoveryCode.objects.filter(user=user).delete()
    codes: set[str] = set()
    while len(codes) < COUNT:
        codes.add(f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}")
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, code_hash=_mark(user, code)) for code in sorted(codes)
    )
    record("account.recovery_codes", user, by=by)
    return [_grouped(code) for code in sorted(codes)]


@transaction.atomic
def use(user: User, code: str) -> bool:
    """Use this code up; False where it is none of his, or was used before. He is told."""
    unused = RecoveryCode.objects.filter(user=user, used_at__isnull=True)
    if not unused.filter(code_hash=_mark(user, code)).update(used_at=timezone.now()):
        return False
    left = codes_left(user)
    record("account.recovery_code_used", user, by=user, after={"left": left})
    letters().entry_changed(user, what=f"用掉了一个备用恢复码，还剩{left}个")
    return True


def codes_left(user: User) -> int:
    return RecoveryCode.objects.filter(user=user, used_at__isnull=True).count()


def _grouped(code: str) -> str:
    return " ".join(code[start : start + GROUP] for start in range(0, DIGITS, GROUP))


def _mark(user: User, code: str) -> str:
    return keyed_hash(f"recovery code of {user.pk}: {code}")
