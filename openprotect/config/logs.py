"""Structured logs, one JSON object a line, that say what happened and never about whom."""

import logging
import logging.config
import sys
import time
import uuid
from collections.abc import Callable

import structlog
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor, WrappedLogger

log = structlog.get_logger("openprotect.request")
# Names under which somebody might log a person's details by mistake.
PERSONAL = frozenset({
    "address", "answers", "birth_date", "body", "email", "family_name", "given_name", "name",
    "nhs_number", "params", "path", "phone", "postcode", "request", "sql", "text", "to", "token",
    "url",
})  # fmt: skip


def blank_personal(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Blank what is known to be personal by its name."""
    return {key: "…" if key in PERSONAL else value for key, value in event.items()}


def drop_exception_text(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Keep an exception's kind and where it arose; its text may quote a row of a table."""
    for each in event.get("exception") or []:
        if isinstance(each, dict):
            each["exc_value"] = "…"
            each["exc_notes"] = []
    return event


def set_up(level: str) -> None:
    """Send every log line of ours and of the libraries through the same processors."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        blank_personal,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    tracebacks = ExceptionDictTransformer(show_locals=False, max_frames=20)
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, without_arguments],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.ExceptionRenderer(tracebacks),
            drop_exception_text,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    logging.raiseExceptions = False  # or a line that cannot be written is printed with its values
    lines = StandardError()
    lines.setFormatter(formatter)
    logging.basicConfig(handlers=[lines], level=level.upper(), force=True)
    # Django's own lines quote addresses, and a link's token is in its address.
    for name in ("django.request", "django.security", "django.server", "django.db.backends"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    # A letter drawn is eight lines of progress, and each may be drawn many times a minute.
    logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)


class StandardError(logging.Handler):
    """Writes to whatever standard error is at that moment."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(self.format(record) + "\n")
        except Exception:  # a log that cannot be written must not stop the service
            self.handleError(record)


def without_arguments(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Keep a library's message as it was written in its code, without what was filled in."""
    record = event.get("_record")
    if isinstance(record, logging.LogRecord) and not record.name.startswith("openprotect"):
        event["event"] = str(record.msg)
    return event


class RequestLog:
    """One line a request, by the name of the page: addresses may hold a token."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = uuid.uuid4().hex
        began = time.monotonic()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            log.info(
                "request",
                method=request.method,
                route=request.resolver_match.route if request.resolver_match else None,
                status=response.status_code,
                milliseconds=round((time.monotonic() - began) * 1000),
            )
        response["X-Request-ID"] = request_id
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Say where a page failed; that something is not there is an answer, and no failure."""
        if isinstance(exception, Http404 | PermissionDenied):
            return
        log.error(
            "page failed",
            route=request.resolver_match.route if request.resolver_match else None,
            exc_info=exception,
        )
