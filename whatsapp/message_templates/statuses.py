"""Why a template's status keeps a message from being sent: one sentence for the operator. Pure."""

from whatsapp.template_statuses import STATUSES

SENDABLE = {status.word.upper() for status in STATUSES.values() if status.can_be_sent}
SENTENCES = {
    status.word.upper(): status.obstacle for status in STATUSES.values() if not status.can_be_sent
}


def fault_of(name: str, status: object) -> str:
    """Empty for a template that may be sent. `status`: Meta's word, in its own letters or in small
    ones.
    """
    word = str(status).upper()
    if word in SENDABLE:
        return ""
    unknown = f"has the status {status}; only approved ones can be sent."
    return f"The template {name} {SENTENCES.get(word, unknown)}"
