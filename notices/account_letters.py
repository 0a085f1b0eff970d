"""Letters about an account, for the room of the accounts (`settings.ACCOUNT_LETTERS`)."""

import logging

from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.models import User
from notices.models import Notice
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

    def password_was_reset(self, user: User) -> None:
        notify(
            [user],
            cause=f"accounts:reset-done:{user.pk}:{timezone.now():%Y%m%d%H%M%S%f}",
            template="notices/email/password_was_reset.txt",
            context={"at": timezone.now()},
            kind=Notice.Kind.ACCOUNT,
        )
