"""The log: one JSON object per line, built so that it cannot name a person.

Only the unformatted message and the fields of a fixed list are written; arguments, exception texts and local
values, in which names and addresses travel, are not.
"""

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

FIELDS = (
    "request_id",
    "method",
    "route",
    "status",
    "milliseconds",
    "act",
    "role",
    "organisation_id",
    "count",
    "seconds",
    "attempt",
    "message_id",
    "refusal_codes",
)


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON without any argument or exception text."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.msg if isinstance(record.msg, str) else type(record.msg).__name__,
        }
        for field in FIELDS:
            if hasattr(record, field):
                line[field] = getattr(record, field)
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__name__
            line["where"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(record.exc_info[2])[-8:]
            ]
        return json.dumps(line, default=str)


def logging_configuration(*, level: str) -> dict[str, Any]:
    """Everything goes to standard error as JSON lines, from `level` upwards."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "vinculum.config.json_log.JsonLines"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            name: {"handlers": ["stderr"], "level": least, "propagate": False}
            # Below WARNING these tell addresses, queries and what was on the page.
            for name, least in (("django", "WARNING"), ("httpx", "WARNING"), ("reportlab", "WARNING"))
        },
    }
