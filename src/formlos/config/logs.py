"""Structured log lines on standard error: ``level=info event=cases.decision.issued case=…``.

Log lines carry identifiers, never personal data. The text of an exception may hold some, so only its type and
place are logged unless ``with_values`` is on.
"""

from __future__ import annotations

import logging
import sys
import traceback
from pathlib import Path
from typing import Any

import structlog
from structlog.typing import EventDict


def configure(*, level: str, with_values: bool) -> None:
    """Send everything, Django's and the libraries' logging too, through one renderer."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    errors: list[Any] = [structlog.processors.format_exc_info] if with_values else [_type_and_place]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *errors, _render],
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("procrastinate").setLevel(max(logging.WARNING, logging.getLevelName(level)))
    for chatty in ("asyncio", "httpx", "httpcore", "fontTools", "pyhanko"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _type_and_place(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Replace a traceback by the type of the error and the innermost places it passed, nearest first."""
    info = event.pop("exc_info", None)
    error = sys.exc_info()[1] if info is True else info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)[-4:]
        event["error"] = type(error).__name__
        event["where"] = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))
    return event


_render = structlog.processors.LogfmtRenderer(
    key_order=["timestamp", "level", "logger", "event"], drop_missing=True, bool_as_flag=False
)
