"""Find the one thread that an operator means."""

from messaging.models import Conversation
from messaging.tracing.identifiers import named_conversations, uuid_in

MOST = 5


class NotOne(Exception):
    """None is meant, or more than one; the message is a sentence for the operator."""


def thread_meant(term: str, *, tenant: str = "") -> Conversation:
    """Return the conversation of this id, or of the person whom `term` names. `tenant`: the slug of
    the only tenant to look at. Within operator_scope. Raises NotOne.
    """
    named = Conversation.objects.filter(named_conversations(term), merged_into=None)
    if tenant:
        named = named.filter(tenant__slug=tenant)
    found = list(named.select_related("tenant", "channel", "contact").order_by("-id")[: MOST + 1])
    if len(found) == 1:
        return found[0]
    if not found:
        known_by = "of that id" if uuid_in(term) else "with such a person"
        raise NotOne(f"No conversation {known_by} is known.")
    ids = ", ".join(str(each.id) for each in found[:MOST])
    raise NotOne(f"Several conversations are meant; name one by its id: {ids}.")
