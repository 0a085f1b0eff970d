"""Log lines: one JSON object a line in a service, a readable line on one's own machine.

Each tells from which request, person and task it comes, by number alone. What an error says of a
person in its own words is struck out (docs/adr/0028).
"""

import logging.config
import re
import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

import structlog
from celery import Task
from celery.signals import setup_logging, task_postrun, task_prerun
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from structlog.contextvars import bind_contextvars, clear_contextvars, unbind_contextvars
from structlog.typing import EventDict, Processor

GetResponse = Callable[[HttpRequest], HttpResponse]

# Numbers of identity cards, passports, telephones and enterprises, and mailboxes.
PERSONAL: Final = re.compile(
    r"\b[A-Z]{0,3}[0-9]{7,18}[A-Z0-9]{0,11}\b|[\w.+-]+@[\w-]+\.[\w.-]+", re.ASCII
)
# The part of an address by which somebody is let in without signing in; also of one that stands
# percent-encoded within another.
KEY_IN_ADDRESS: Final = re.compile(r"(?:(?<=/)|(?<=2F)|(?<=2f))(?:[\w:=-]|%3[AaDd]){20,}", re.ASCII)
# Of a traceback: the names of our own files are as long as a key.
PLACE: Final = '  File "'
# What our own errors quote, and the row that PostgreSQL shows when it refuses it.
QUOTED: Final = re.compile(r"“[^”\n]*”|\bDETAIL:(?s:.*?)(?=\n\n|\Z)")
STRUCK: Final = "…"


def strike_out(_logger: Any, _method: str, line: EventDict) -> EventDict:
    """Numbers of people, their mailboxes and secret addresses leave the words of a line."""
    line["event"] = PERSONAL.sub(STRUCK, KEY_IN_ADDRESS.sub(STRUCK, str(line["event"])))
    if "exception" in line:
        told = PERSONAL.sub(STRUCK, QUOTED.sub(STRUCK, line["exception"]))
        line["exception"] = "\n".join(
            part if part.startswith(PLACE) else KEY_IN_ADDRESS.sub(STRUCK, part)
            for part in told.split("\n")
        )
    return line


def without_refusals(_logger: Any, _method: str, line: EventDict) -> EventDict:
    """A page that somebody may not see, or that there is not, is no error with a traceback."""
    status = getattr(line.get("_record"), "status_code", HTTPStatus.INTERNAL_SERVER_ERROR)
    if status < HTTPStatus.INTERNAL_SERVER_ERROR:
        line.pop("exc_info", None)
    return line


# Of every line, whoever writes it: Django, Celery, a library or we.
CONTEXT: Final[list[Processor]] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    without_refusals,
    structlog.processors.format_exc_info,
    strike_out,
]


def logging_by(renderer: Processor, *, level: str) -> dict[str, Any]:
    """Django's LOGGING, its lines written by `renderer`."""
    line = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": CONTEXT,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": line},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "loggers": {
            # What they find in a bad file we report ourselves; it is no event with a traceback.
            "pyhanko": {"level": "CRITICAL"},
            "pyhanko_certvalidator": {"level": "CRITICAL"},
            # Names a person's credential whenever it is used.
            "fido2": {"level": "WARNING"},
            # Has a format of its own until the portal is loaded.
            "gunicorn.error": {"handlers": ["console"], "propagate": False},
        },
        "root": {"handlers": ["console"], "level": level},
    }


def as_json() -> Processor:
    return structlog.processors.JSONRenderer(ensure_ascii=False)


def readable() -> Processor:
    return structlog.dev.ConsoleRenderer(
        colors=False, pad_event_to=0, exception_formatter=structlog.dev.plain_traceback
    )


class LogContextMiddleware:
    """Gives each request a number, which its log lines bear and the answer's X-Request-ID.

    Nothing is taken away when it ends, since Django writes of a failed request only afterwards;
    the next request in the same thread begins anew.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number = uuid.uuid4().hex
        clear_contextvars()
        bind_contextvars(request_id=number, user_id=None)
        response = self.get_response(request)
        response.headers["X-Request-ID"] = number
        return response

    def process_view(self, request: HttpRequest, *_: Any) -> None:
        # From here on it is known who asks; without a session nothing is looked up for it.
        bind_contextvars(user_id=request.user.pk)


@setup_logging.connect
def configure_celery(*, loglevel: int | str | None = None, **_: Any) -> None:
    """Celery's own set-up, which this replaces, would write lines of another form."""
    logging.config.dictConfig(settings.LOGGING)
    if loglevel is not None:
        logging.getLogger("celery").setLevel(loglevel)


@task_prerun.connect
def name_task(*, task_id: str, task: "Task[Any, Any]", **_: Any) -> None:
    bind_contextvars(task_id=task_id, task=task.name)


@task_postrun.connect
def forget_task(**_: Any) -> None:
    unbind_contextvars("task_id", "task")
