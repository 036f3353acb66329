"""Lock a conversation before something is written into it: its contact first, then the
conversation, in the order in which everybody locks them.
"""

from uuid import UUID

from django.db import transaction

from messaging.models import Contact, Conversation


def locked(conversation_id: UUID) -> Conversation:
    """Return the conversation, or the one that it was merged into, with its contact and itself
    locked in this order.
    """
    found = Conversation.objects.get(id=conversation_id)
    while found.merged_into_id:
        found = Conversation.objects.get(id=found.merged_into_id)
    # who was merged meanwhile is let go again: contacts are locked in id order
    with transaction.atomic():
        contact = Contact.objects.select_for_update(no_key=True).get(id=found.contact_id)
        rows = Conversation.objects.select_related("channel__tenant").select_for_update(
            no_key=True, of=("self",)
        )
        conversation = rows.get(id=found.id)
        is_merged = bool(contact.merged_into_id or conversation.merged_into_id)
        transaction.set_rollback(is_merged)
    conversation.contact = contact
    return locked(conversation_id) if is_merged else conversation
