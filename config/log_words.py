"""The words of a log record that may be written anywhere: what a library says of its own is left
out, and so is what looks like a number or a secret.
"""

import logging
import re

# Their lines are sentences about paths, tasks and counts. Any other library may log whole requests.
KNOWN = {
    *("config", "tenants", "channels_app", "messaging", "whatsapp"),
    *("django", "gunicorn", "procrastinate", "axes"),
}
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
PHONE_NUMBER = r"(?<!\w)(?<!\d[.:-])\+?\d{8,15}(?!\w|[.:-]\d)"
# letters and digits without an end: tokens, keys, signatures, sealed values
OPAQUE = r"(?=[\w+=-]*\d)(?=[\w+=-]*[A-Za-z])[\w+=-]{20,}"
SHOWN_OR_NOT = re.compile(rf"({UUID})|{PHONE_NUMBER}|{OPAQUE}", re.ASCII)


def words_of(record: logging.LogRecord) -> str:
    """Return the record's message. A second net: our own sentences hold ids and counts alone."""
    if record.name.partition(".")[0] not in KNOWN:
        return f"a line at {record.module}:{record.lineno} {record.funcName}"
    try:
        message = record.getMessage()
    except Exception:  # its values do not fit its sentence: logging would print them
        message = str(record.msg)
    return SHOWN_OR_NOT.sub(lambda found: found[1] or "…", message)
