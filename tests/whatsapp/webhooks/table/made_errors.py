"""Messages that Meta passes on with errors of their own: nothing of them has failed, and something
is missing.
"""

from typing import Any

from tests.whatsapp.webhooks.table.made_messages import Case, one

NO_FILE = {
    "code": 131052,
    "title": "Media download error",
    "error_data": {"details": "The file is larger than 100 MB."},
}
WHY_NO_FILE = (
    "The media could not be downloaded: ask the person to send it again."
    " (Graph error 131052: Media download error: The file is larger than 100 MB.)"
)
PASSED_ON = "WhatsApp passed the message on with an error: something of it may be missing."


def plans(errors: Any, code: str, why: str) -> Case:
    """A document that came without its file."""
    document = {"mime_type": "application/pdf", "filename": "plans.pdf"}
    return one(
        "document",
        "",
        "Document: plans.pdf",
        document=document,
        errors=errors,
        told={"error_code": code, "error": why},
    )


CASES: dict[str, Case] = {
    "file too large for WhatsApp": plans([NO_FILE], "131052", WHY_NO_FILE),
    "code as a text": plans([{**NO_FILE, "code": "131052"}], "131052", WHY_NO_FILE),
    "error that is no list": plans(NO_FILE, "131052", WHY_NO_FILE),
    "two errors": plans(
        [NO_FILE, {"code": 130429, "title": "Slow"}],
        "131052",
        f"{WHY_NO_FILE} {PASSED_ON} (Graph error 130429: Slow)",
    ),
    "the same error twice": plans([NO_FILE, NO_FILE], "131052", WHY_NO_FILE),
    "first error without a code": plans(
        [{"message": "Lost"}, {"code": 1}], "1", f"{PASSED_ON} (Lost) {PASSED_ON} (Graph error 1)"
    ),
    "error of a new code": plans(
        [{"code": 7, "details": "Odd"}], "7", f"{PASSED_ON} (Graph error 7: Odd)"
    ),
    "error without anything": plans([{}], "", PASSED_ON),
    "error of odd words": plans([{"code": [], "title": 7, "error_data": "x"}], "", PASSED_ON),
    **{
        f"errors that are {given!r}": plans(given, "", "")
        for given in (None, [], "131052", [None, "131052", 7], {})
    },
    "errors without end": plans(
        [{"code": 7, "title": "x" * 600}] * 9, "7", f"{PASSED_ON} (Graph error 7: {'x' * 600}"[:500]
    ),
}
