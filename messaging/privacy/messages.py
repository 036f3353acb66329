"""Erase messages: what still waits is cancelled, what is gone leaves the hashes by which repeated
webhooks are recognized, and what others quote of it is taken out.
"""

from uuid import UUID

from django.db.models import Q

from channels_app import event_log
from messaging.logged.messages import of_statuses
from messaging.models import Attempt, ErasedMessage, Message
from messaging.privacy.catalogue import ATTEMPTS, MESSAGES, messages_of
from messaging.privacy.portions import AT_ONCE, delete_rows, newest_ids, step
from messaging.privacy.quotes import unquote
from messaging.privacy.subject import Subject

Status = Message.Status
WAITING = Q(status__in=[Status.QUEUED, Status.HELD])
AT_REST = ~Q(status=Status.SENDING)


def cancel_waiting(erasure_id: UUID, subject: Subject) -> bool:
    """Cancel the messages that were not sent yet. Returns whether none is being sent now."""
    cancelled = AT_ONCE
    while cancelled == AT_ONCE:
        with step(erasure_id):
            ids = locked(subject, WAITING)
            cancelled = len(ids)
            messages = Message.objects.filter(id__in=ids)
            messages.update(status=Status.CANCELLED, due_at=None, lease=None)
            event_log.append(of_statuses(messages))
    with step(erasure_id):
        return not messages_of(subject).filter(status=Status.SENDING).exists()


def delete_messages(erasure_id: UUID, subject: Subject) -> None:
    """Delete the messages with their attempts, the newest first: an answer goes before what it
    answers.
    """
    deleted = AT_ONCE
    while deleted == AT_ONCE:
        with step(erasure_id) as erasure:
            ids = locked(subject, AT_REST)
            remember(ids)
            erasure.count("messages of others", unquote(ids, subject))
            attempts = Attempt.objects.filter(message__in=ids).values_list("id", flat=True)
            erasure.count(ATTEMPTS.table, delete_rows(ATTEMPTS, list(attempts)))
            deleted = delete_rows(MESSAGES, ids)
            erasure.count(MESSAGES.table, deleted)


def locked(subject: Subject, which: Q) -> list[UUID]:
    """Return the ids of some such messages, locked in the order in which everybody locks them."""
    ids = newest_ids(messages_of(subject).filter(which), AT_ONCE)
    rows = Message.objects.filter(which, id__in=ids).order_by("id").select_for_update()
    return list(rows.values_list("id", flat=True))


def remember(ids: list[UUID]) -> None:
    """Remember the hashes of messages: each by the provider's id, ours also by what a late status
    may name them by, which are our id and the provider's ids of all attempts.
    """
    columns = ("tenant_id", "channel_id", "external_id")
    messages = Message.objects.filter(id__in=ids)
    keys = set(messages.exclude(external_id=None).values_list(*columns))
    sent = messages.filter(direction=Message.Direction.OUTBOUND)
    keys |= {
        (tenant_id, channel_id, str(id))
        for tenant_id, channel_id, id in sent.values_list("tenant_id", "channel_id", "id")
    }
    tried = Attempt.objects.filter(message__in=ids).exclude(external_id=None)
    keys |= set(tried.values_list("tenant_id", "message__channel_id", "external_id"))
    ErasedMessage.objects.remember(keys)
