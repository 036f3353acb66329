"""Graph's error codes: what each of them asks for, in one table for messages, statuses and calls.

In: a code with its subcode and the HTTP status, as Meta wrote them. Out: what becomes of the
message and its channel, with a sentence for the operator. It may import nothing of its app.
"""

from whatsapp.errors.meaning import Meaning, fail, later
from whatsapp.errors.table import (
    INVALID_SESSION,
    INVALID_TOKEN,
    MEANINGS,
    NO_SUCH_OBJECT,
    NUMBER_GONE,
    OF_A_NUMBER,
    OTHER,
    RECEIVING,
    Meanings,
    meaning_of,
    refusal,
    sentence,
)

__all__ = [
    "INVALID_SESSION",
    "INVALID_TOKEN",
    "MEANINGS",
    "NO_SUCH_OBJECT",
    "NUMBER_GONE",
    "OF_A_NUMBER",
    "OTHER",
    "RECEIVING",
    "Meaning",
    "Meanings",
    "fail",
    "later",
    "meaning_of",
    "refusal",
    "sentence",
]  # fmt: skip
