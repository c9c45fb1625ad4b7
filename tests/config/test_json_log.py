"""The log is one JSON object per line and cannot name a person."""

import json
import logging
import sys

from vinculum.config.json_log import JsonLines

CANARY = "Zebulon Quarterstaff, 1 Nowhere Lane"


def written(**given: object) -> dict[str, object]:
    """What the log says of a record."""
    record = logging.LogRecord("vinculum.test", logging.ERROR, __file__, 1, "look-up of %s", (CANARY,), None)
    for name, value in given.items():
        setattr(record, name, value)
    line = JsonLines().format(record)
    assert "\n" not in line
    return dict(json.loads(line))


def test_arguments_are_not_written() -> None:
    """The message is written as a form; what would fill it is not."""
    line = written(status=500, customer_name=CANARY)
    assert line["event"] == "look-up of %s"
    assert line["status"] == 500
    assert CANARY not in json.dumps(line)


def test_exceptions_are_named_by_kind_and_place() -> None:
    """An exception's text can quote a row of the database: only its kind and place are written."""
    try:
        raise ValueError(CANARY)
    except ValueError:
        line = written(exc_info=sys.exc_info())
    assert line["exception"] == "ValueError"
    assert "test_json_log.py" in str(line["where"])
    assert CANARY not in json.dumps(line)
