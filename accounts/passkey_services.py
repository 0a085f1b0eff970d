"""Services of passkeys: adding and removing one; its owner is told of both."""

from django.db import transaction

from accounts import passkeys
from accounts.audit import record
from accounts.entry_models import Passkey, RecoveryCode
from accounts.letters import letters
from accounts.models import User
from accounts.passkeys import Occasion
from accounts.second_factor import has_second_factor


@transaction.atomic
def add_passkey(occasion: Occasion, answer: str, *, name: str) -> Passkey:
    """Keep what the device made. Raises PasskeyRefused.

    Where it is the first second factor, sessions begun without one end; the caller keeps the one
    in which it was done (`update_session_auth_hash` with `occasion.user`).
    """
    user = occasion.user
    is_first = not has_second_factor(user)
    passkey = passkeys.register(occasion, answer, name=name)
    if is_first:
        user.session_round += 1
        user.save(update_fields=["session_round"])
    record("account.passkey_added", passkey, by=user)
    letters().entry_changed(user, what=f"添加了通行密钥“{passkey}”")
    return passkey


@transaction.atomic
def remove_passkey(passkey: Passkey, *, by: User) -> None:
    """Recovery codes go with the last thing that they stand in for. Twice does no harm."""
    user, name, kept = passkey.user, str(passkey), passkey.pk
    if not Passkey.objects.filter(pk=kept).delete()[0]:
        return
    record("account.passkey_removed", Passkey(pk=kept, user=user, name=name), by=by)
    letters().entry_changed(user, what=f"移除了通行密钥“{name}”")
    if not has_second_factor(user):
        RecoveryCode.objects.filter(user=user).delete()
