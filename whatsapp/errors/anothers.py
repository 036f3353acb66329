"""Refusals because of who has the thread: Meta's pages "Conversation Routing" and "Thread control",
as data. One that is not listed is handled as any other.
"""

from collections.abc import Mapping

from whatsapp.errors.meaning import Code, Meaning

ANOTHERS: Mapping[Code, Meaning] = {
    (100, 2494191): Meaning(
        advice=(
            "Another responder has this conversation, and only the escalation partner may take it:"
            " wait until it is passed to us, or have the business change its routing in Meta"
            " Business Suite."
        ),
        is_anothers=True,
    )
}
