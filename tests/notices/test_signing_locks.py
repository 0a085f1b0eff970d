"""The security administrators hear of a locked signing, once, whichever page locked it."""

import pytest

from accounts.models import User
from accounts.reauthentication import ReauthenticationForm
from notices.models import Notice
from notices.signing_locks import report_signing_lock
from notices.tasks import tell_of_locks


@pytest.fixture
def locking_form(tax_liaison: User) -> ReauthenticationForm:
    """The fifth failure in a row."""
    for _ in range(4):
        assert not ReauthenticationForm({"password": "wrong"}, user=tax_liaison).is_valid()
    form = ReauthenticationForm({"password": "wrong"}, user=tax_liaison)
    assert not form.is_valid()
    return form


def test_the_security_administrator_hears_of_the_lock(
    security_admin: User, system_admin: User, locking_form: ReauthenticationForm
) -> None:
    report_signing_lock(locking_form)
    notice = Notice.objects.get()
    assert notice.recipient == security_admin
    assert notice.subject == "签署已锁定：区税务局 区税务局联络员"
    assert notice.path == "/accounts/locks/"
    assert "自动解除" in notice.body


def test_a_lock_from_another_page_is_told_by_the_sweep_and_once(
    security_admin: User, locking_form: ReauthenticationForm
) -> None:
    tell_of_locks()
    tell_of_locks()
    report_signing_lock(locking_form)
    assert Notice.objects.count() == 1


def test_an_attempt_that_locks_nothing_is_not_told(security_admin: User, tax_liaison: User) -> None:
    form = ReauthenticationForm({"password": "wrong"}, user=tax_liaison)
    form.is_valid()
    report_signing_lock(form)
    assert not Notice.objects.exists()
