"""Which account a platform's person has here: bound by its owner, never made and never guessed."""

from django.db import IntegrityError, transaction

from accounts.audit import record
from accounts.entry_models import OutsideIdentity
from accounts.letters import letters
from accounts.models import User
from accounts.sign_on.adapters import SignOnRefused, Voucher
from core.crypto import keyed_hash

TAKEN = "统一身份认证中的这个人已经与本站另一个账户关联。请联系系统管理员核实。"


def person_of(voucher: Voucher) -> User | None:
    """Whose account is bound to it, if he may sign in."""
    found: User | None = (
        User.objects.active().filter(outside_identity__subject_hash=_mark(voucher)).first()
    )
    return found


@transaction.atomic
def bind(user: User, voucher: Voucher) -> None:
    """From now on it stands in for this person's password. Raises SignOnRefused."""
    OutsideIdentity.objects.filter(user=user).delete()
    try:
        with transaction.atomic():
            OutsideIdentity.objects.create(
                user=user,
                issuer=voucher.issuer,
                subject=voucher.subject,
                subject_hash=_mark(voucher),
            )
    except IntegrityError as error:
        raise SignOnRefused(TAKEN) from error
    record("account.bind_sign_on", user, by=user)
    letters().entry_changed(user, what="关联了统一身份认证，可以用它代替密码登录")


@transaction.atomic
def unbind(user: User) -> None:
    """Twice does no harm."""
    if OutsideIdentity.objects.filter(user=user).delete()[0]:
        record("account.unbind_sign_on", user, by=user)
        letters().entry_changed(user, what="解除了与统一身份认证的关联")


def is_bound(user: User) -> bool:
    return OutsideIdentity.objects.filter(user=user).exists()


def _mark(voucher: Voucher) -> str:
    return keyed_hash(f"outside {voucher.issuer} {voucher.subject}")
