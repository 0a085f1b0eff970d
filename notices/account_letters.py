"""Letters about an account, for the room of the accounts (`settings.ACCOUNT_LETTERS`)."""

import logging
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.models import AccountRequest, Role, User
from accounts.origin import current_origin
from core.crypto import keyed_hash
from notices.models import Delivery, Notice
from notices.outbox import notify
from notices.tasks import send_reset_links

logger = logging.getLogger(__name__)


class AccountLetters:
    def reset_links(self, typed: str, origin: str) -> None:
        """By a worker, so that the page answers as fast for a name that nobody has."""
        try:
            send_reset_links.delay(typed, origin)
        except (OperationalError, OSError):
            logger.warning("任务队列暂不可用，重设密码的邮件在请求中排队。")
            send_reset_links(typed, origin)

    def invitation(self, user: User, path: str) -> None:
        _mail_link(user, path, "notices/email/invitation.txt")

    def new_password_asked(self, user: User, path: str) -> None:
        _mail_link(user, path, "notices/email/new_password_asked.txt")

    def account_changed(
        self, user: User, *, by: User, lines: list[str], former_mailbox: str = ""
    ) -> None:
        cause = f"accounts:changed:{user.pk}:{timezone.now():%Y%m%d%H%M%S%f}"
        template = "notices/email/account_changed.txt"
        context = {"person": user, "by": by, "lines": lines, "at": timezone.now()}
        watching = User.objects.security_administrators().exclude(pk=by.pk)
        notify(
            {user, *watching},
            cause=cause,
            template=template,
            context=context,
            kind=Notice.Kind.ACCOUNT,
        )
        if former_mailbox:
            notify(
                [user],
                cause=f"{cause}:former",
                template=template,
                context=context,
                kind=Notice.Kind.ACCOUNT,
                address=former_mailbox,
            )

    def confirm_mailbox(self, user: User, path: str, address: str) -> None:
        _to_mailbox(
            user,
            f"accounts:confirm:{keyed_hash(address)[:16]}:{timezone.now():%Y%m%d%H%M}",
            "notices/email/confirm_mailbox.txt",
            address=address,
            path=path,
            action_label="确认邮箱",
        )

    def mailbox_known(self, holder: User, address: str) -> None:
        _to_mailbox(
            holder,
            f"accounts:known:{timezone.now():%Y%m%d%H%M}",
            "notices/email/mailbox_known.txt",
            address=address,
        )

    def mailbox_asked(self, user: User) -> None:
        _to_mailbox(
            user,
            f"accounts:mailbox:{user.pk}:{timezone.now():%Y%m%d%H%M%S%f}",
            "notices/email/mailbox_asked.txt",
            address="",
        )

    def mailbox_changed(self, user: User, *, former_mailbox: str) -> None:
        _to_mailbox(
            user,
            f"accounts:mailbox-changed:{user.pk}:{timezone.now():%Y%m%d%H%M%S%f}",
            "notices/email/mailbox_changed.txt",
            address=former_mailbox,
        )

    def account_closed(self, user: User, *, by: User, mailbox: str) -> None:
        queued = Delivery.objects.filter(notice__recipient=user, state=Delivery.State.QUEUED)
        queued.filter(notice__address="").update(
            state=Delivery.State.WITHDRAWN,
            withdrawn_because="账户已注销",
            leader=None,
            sending_since=None,
        )
        if user.email_confirmed_at is None:
            return
        notify(
            [user],
            cause=f"accounts:closed:{user.pk}",
            template="notices/email/account_closed.txt",
            context={"at": timezone.now(), "is_own": by.pk == user.pk, "by": by},
            kind=Notice.Kind.ACCOUNT,
            address=mailbox,
        )

    def second_person_asked(self, asked: AccountRequest) -> None:
        notify(
            User.objects.security_administrators().exclude(pk=asked.asked_by_id),
            cause=f"accounts:request:{asked.pk}",
            template="notices/email/second_person_asked.txt",
            context={"asked": asked},
            path=reverse("accounts:request_list"),
            action_label="去复核",
        )

    def second_person_decided(self, asked: AccountRequest) -> None:
        notify(
            [asked.asked_by],
            cause=f"accounts:request:{asked.pk}:decided",
            template="notices/email/second_person_decided.txt",
            context={"asked": asked},
            path=reverse("accounts:user_edit", args=[asked.account_id]),
            kind=Notice.Kind.INFO,
        )

    def entry_changed(self, user: User, *, what: str) -> None:
        notify(
            [user],
            cause=f"accounts:entry:{user.pk}:{timezone.now():%Y%m%d%H%M%S%f}",
            template="notices/email/entry_changed.txt",
            context={"what": what, "at": timezone.now(), "origin": current_origin()},
            path=reverse("accounts:me"),
            action_label="查看我的账户",
            kind=Notice.Kind.ACCOUNT,
        )

    def new_device(self, user: User, *, device: str) -> None:
        notify(
            [user],
            cause=f"accounts:device:{user.pk}:{timezone.now():%Y%m%d%H%M%S%f}",
            template="notices/email/new_device.txt",
            context={"device": device, "at": timezone.now(), "origin": current_origin()},
            path=reverse("accounts:session_list"),
            action_label="查看我的登录",
            kind=Notice.Kind.ACCOUNT,
        )

    def idle_asked(self, user: User, *, until: datetime) -> None:
        notify(
            [user],
            cause=f"accounts:idle:{user.pk}:{timezone.now():%Y%m%d%H%M%S%f}",
            template="notices/email/idle_asked.txt",
            context={"days": settings.IDLE_ACCOUNT_DAYS, "until": until},
            path=reverse("accounts:sign_in"),
            action_label="登录",
            kind=Notice.Kind.ACCOUNT,
        )

    def idle_closed(self, user: User) -> None:
        notify(
            {user, *_system_administrators()},
            cause=f"accounts:idle-closed:{user.pk}:{timezone.now():%Y%m%d%H%M%S%f}",
            template="notices/email/idle_closed.txt",
            context={"person": user, "days": settings.IDLE_ACCOUNT_DAYS},
            kind=Notice.Kind.ACCOUNT,
        )

    def idle_kept(self, user: User, *, why: str) -> None:
        notify(
            _system_administrators(),
            cause=f"accounts:idle-kept:{user.pk}:{user.idle_asked_at:%Y%m%d%H%M%S%f}",
            template="notices/email/idle_kept.txt",
            context={"person": user, "days": settings.IDLE_ACCOUNT_DAYS, "why": why},
            path=reverse("accounts:user_edit", args=[user.pk]),
            action_label="查看账户",
        )

    def password_was_reset(self, user: User) -> None:
        notify(
            [user],
            cause=f"accounts:reset-done:{user.pk}:{timezone.now():%Y%m%d%H%M%S%f}",
            template="notices/email/password_was_reset.txt",
            context={"at": timezone.now()},
            kind=Notice.Kind.ACCOUNT,
        )


def _system_administrators() -> "QuerySet[User]":
    found: QuerySet[User] = User.objects.active().filter(role=Role.SYSTEM_ADMIN)
    return found


def _to_mailbox(
    user: User, cause: str, template: str, *, address: str, path: str = "", action_label: str = ""
) -> None:
    notify(
        [user],
        cause=cause,
        template=template,
        context={"days": settings.EMAIL_CONFIRMATION_DAYS, "at": timezone.now()},
        path=path,
        action_label=action_label,
        kind=Notice.Kind.ACCOUNT,
        address=address,
    )


def _mail_link(user: User, path: str, template: str) -> None:
    notify(
        [user],
        cause=f"accounts:invitation:{user.pk}:{timezone.now():%Y%m%d%H%M%S%f}",
        template=template,
        context={"days": settings.INVITATION_DAYS},
        path=path,
        action_label="设置密码",
        kind=Notice.Kind.ACCOUNT,
    )
