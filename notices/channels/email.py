"""E-mail over SMTP: one notice a mail, or the day's ordinary notices in one."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from email.mime.image import MIMEImage
from pathlib import Path
from smtplib import (
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
)

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string

from core.wording import render_text
from notices.channels.base import CannotBeSent, Channel, ChannelDown, MessageRefused, TryLater
from notices.channels.reasons import why
from notices.gathering import notices_of
from notices.models import Delivery, Notice

PERMANENT = 500
# Text and HTML of one notice, and of the day's in one mail.
NOTICE = ("notices/email/notice.txt", "notices/email/notice.html")
DIGEST = ("notices/email/digest.txt", "notices/email/digest.html")


class EmailSession:
    """One connection to the mail server."""

    def __init__(self, connection: BaseEmailBackend) -> None:
        self.connection = connection

    def send(self, delivery: Delivery) -> None:
        message = self.message(delivery)
        try:
            self.connection.send_messages([message])
        except SMTPRecipientsRefused as error:
            raise _recipient_refused(error) from error
        except SMTPServerDisconnected as error:
            raise ChannelDown("邮件服务器中断了连接。") from error
        except (SMTPDataError, SMTPResponseException) as error:
            raise _answered(error) from error
        except (SMTPException, OSError) as error:
            raise ChannelDown(f"邮件服务器{why(error)}。") from error
        except ValueError as error:
            raise CannotBeSent("收件地址或标题不能写进邮件，请核对收件人的邮箱。") from error

    def message(self, delivery: Delivery) -> EmailMultiAlternatives:
        notice = delivery.notice
        return compose(delivery, notice.subject, NOTICE, [notice])


class DigestSession(EmailSession):
    def message(self, delivery: Delivery) -> EmailMultiAlternatives:
        notices = notices_of(delivery)
        if len(notices) == 1 and notices[0].kind == Notice.Kind.DEADLINE:
            return compose(delivery, notices[0].subject, NOTICE, notices)
        return compose(delivery, _subject_of(notices), DIGEST, notices)


def _subject_of(notices: Sequence[Notice]) -> str:
    """What one act asks for, or what the day brought to whoever chose one mail a day."""
    if all(notice.kind == Notice.Kind.DEADLINE for notice in notices):
        return f"{notices[0].subject}等{len(notices)}件"
    return f"今日通知汇总（{len(notices)}条）"


class MailWithPictures(EmailMultiAlternatives):
    """What it carries belongs to its HTML, and is not offered as an attachment of its own."""

    mixed_subtype = "related"


def compose(
    delivery: Delivery, subject: str, templates: tuple[str, str], notices: Sequence[Notice]
) -> EmailMultiAlternatives:
    """Text and HTML, with the pictures in the same mail: programs load none from outside."""
    context = {
        "notice": notices[0],
        "notices": notices,
        "person": delivery.notice.recipient,
        "is_chosen": any(notice.kind != Notice.Kind.DEADLINE for notice in notices),
        "domain": settings.EMAIL_DOMAIN,
        "station_name": settings.STATION_NAME,
        "hotline": settings.HOTLINE,
    }
    message = MailWithPictures(
        subject=f"【{settings.STATION_NAME}】{subject}",
        body=render_text(templates[0], context),
        to=[delivery.notice.address or delivery.notice.recipient.email],
        headers={"Message-ID": delivery.message_id},
    )
    html = render_to_string(templates[1], context)
    message.attach_alternative(html, "text/html")
    for file in dict.fromkeys(each["file"] for notice in notices for each in notice.pictures):
        message.attach(_inline(file))
    return message


def _inline(file: str) -> MIMEImage:
    """One of our own drawings, under the name by which the HTML calls it."""
    picture = MIMEImage((Path(settings.BASE_DIR) / "static" / "src" / file).read_bytes(), "png")
    picture.add_header("Content-ID", f"<{file}@{settings.EMAIL_DOMAIN}>")
    picture.add_header("Content-Disposition", "inline", filename=file)
    return picture


class EmailChannel(Channel):
    session_class = EmailSession

    def key(self, delivery: Delivery) -> str:
        return "email"

    def label(self, delivery: Delivery) -> str:
        return "电子邮件"

    def session(self, delivery: Delivery) -> AbstractContextManager[EmailSession]:
        return self._session()

    @contextmanager
    def _session(self) -> Iterator[EmailSession]:
        connection = get_connection()
        try:
            connection.open()
        except SMTPAuthenticationError as error:
            raise ChannelDown("邮件服务器不接受登录名或口令，请检查 EMAIL_URL。") from error
        except (SMTPException, OSError) as error:
            raise ChannelDown(f"邮件服务器{why(error)}。") from error
        try:
            yield self.session_class(connection)
        finally:
            # The message was taken or refused by now; a farewell that fails changes nothing.
            with suppress(SMTPException, OSError):
                connection.close()


class DigestChannel(EmailChannel):
    session_class = DigestSession


def _recipient_refused(error: SMTPRecipientsRefused) -> Exception:
    [(code, text)] = error.recipients.values()
    words = f"邮件服务器不接受这个收件地址：{code} {_text(text)}"
    return MessageRefused(words) if code >= PERMANENT else TryLater(words)


def _answered(error: SMTPResponseException) -> Exception:
    words = f"邮件服务器没有接收：{error.smtp_code} {_text(error.smtp_error)}"
    if isinstance(error, SMTPDataError):
        return MessageRefused(words) if error.smtp_code >= PERMANENT else TryLater(words)
    return ChannelDown(words)


def _text(answer: bytes | str) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer
