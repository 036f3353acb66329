"""What each status of a template means for whoever wants to send it: one sentence for the operator,
as data.
"""

SENTENCES = {
    "PENDING": "is still being reviewed by Meta: send it once it is approved.",
    "REJECTED": "was rejected by Meta: edit it and have it reviewed again.",
    "PAUSED": "is paused by Meta for its quality: wait until the pause ends, or use another.",
    "DISABLED": "was disabled by Meta for its quality: make a new one.",
    "IN_APPEAL": "was rejected and the appeal is not decided: wait for it, or use another.",
    "PENDING_DELETION": "is being deleted: use another.",
    "DELETED": "was deleted: use another.",
    "LIMIT_EXCEEDED": (
        "is beyond the number of templates that the account may have: delete others first."
    ),
    "ARCHIVED": "was archived because nobody used it: take it out of the archive first.",
    "LOCKED": "is locked by Meta: use another.",
    "FLAGGED": "was flagged by Meta for its quality: improve it, or use another.",
}


def fault_of(name: str, status: object) -> str:
    """Empty for a template that may be sent. `status`: Meta's word, in its own letters or in small
    ones.
    """
    if str(status).upper() == "APPROVED":
        return ""
    sentence = (
        SENTENCES.get(str(status).upper())
        or f"has the status {status}; only approved ones can be sent."
    )
    return f"The template {name} {sentence}"
