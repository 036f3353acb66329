"""Merge two contacts that are one person: everything moves to one of them, and the other stays as
its alias.

The contacts must be locked. Their conversations and messages are locked here, in id order as
everybody does.
"""

from messaging import sql
from messaging.models import Contact, ContactChange, Conversation, Message


def merge(contact: Contact, into: Contact) -> None:
    """Move ids, conversations and messages of `contact` to `into`, who has heard what was known of
    both (Contact.inherit).
    """
    conversations = list(
        Conversation.objects.filter(
            tenant=into.tenant_id, contact__in=[contact.id, into.id], merged_into=None
        )
        .order_by("id")
        .select_for_update(no_key=True)
    )
    kept = {
        (each.channel_id, each.group_external_id): each
        for each in conversations
        if each.contact_id == into.id
    }
    for each in conversations:
        if each.contact_id == contact.id:
            join(each, kept.get((each.channel_id, each.group_external_id)), into)
    sql.run(
        "contacts/merge_contacts",
        tenant_id=contact.tenant_id,
        contact_id=contact.id,
        into_id=into.id,
    )
    ids = [contact.id, into.id]
    ContactChange.objects.filter(tenant=into.tenant_id, contact__in=ids, other__in=ids).update(
        is_open=False
    )


def join(conversation: Conversation, kept: Conversation | None, contact: Contact) -> None:
    """A conversation on a channel where the other had none just changes hands; else its messages
    move into the other's.
    """
    if kept is None:
        Conversation.objects.filter(id=conversation.id).update(contact=contact)
        return
    both = [conversation.id, kept.id]
    messages = Message.objects.filter(tenant=kept.tenant_id, conversation__in=both)
    list(messages.order_by("id").select_for_update(no_key=True).values_list("id"))
    sql.run(
        "conversations/merge_conversations",
        tenant_id=kept.tenant_id,
        conversation_id=conversation.id,
        into_id=kept.id,
    )
