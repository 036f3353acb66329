"""Log lines as JSON objects, one a line."""

import json
import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

from config.log_words import words_of
from tenants.origins import origin_of
from tenants.web.request_ids import request_id_of

# an id stands behind its noun: "Message %s of tenant %s"
NOUN_BEFORE_VALUE = re.compile(r"(\w*)[ (]?%[sdr]")
LISTED = ("delivery_ids", "message_ids", "answer_ids")


class JsonLines(logging.Formatter):
    """Format a record as time, level, logger, process and message, with the ids that the message
    names (`message_id`, `channel_id`, ...; lists as `message_ids`) and the request's. An exception
    is its type and the functions that it passed through.
    """

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "message": words_of(record),
            **dict(ids_of(record)),
        }
        if request_id := request_id_of(record):
            line["request_id"] = request_id
        error = record.exc_info[1] if record.exc_info else None
        if error:
            line["exception"] = type(error).__name__
            line["origin"] = origin_of(error)
        return json.dumps(line, ensure_ascii=False)


def ids_of(record: logging.LogRecord) -> Iterator[tuple[str, object]]:
    if isinstance(record.args, tuple):
        nouns = NOUN_BEFORE_VALUE.findall(str(record.msg))
        for noun, value in zip(nouns, record.args, strict=False):
            if noun and isinstance(value, UUID):
                yield f"{noun.lower()}_id", str(value)
    for name in LISTED:
        if ids := getattr(record, name, None):
            yield name, [str(each) for each in ids]
