"""Attach the files of a shared history to the messages that were stored before them as
placeholders.
"""

from channels_app.events import HistoryMessage, MessageEvent
from messaging.arrivals import Routed
from messaging.models import Media, Message

PLACEHOLDER = "media_placeholder"  # the kind of a message whose file is not shared yet


def fill_placeholders(messages: list[Routed[MessageEvent]]) -> list[Media]:
    """Attach media to history messages stored earlier as placeholders. Returns the new Media rows.
    Senders must be locked.
    """
    shared = {
        (routed.channel.id, routed.arrival.event.external_id): routed
        for routed in messages
        if isinstance(routed.arrival.event, HistoryMessage) and routed.arrival.event.attachment
    }
    if not shared:
        return []
    channel_ids, external_ids = zip(*shared, strict=True)
    known = Message.objects.filter(
        channel__in=set(channel_ids), external_id__in=external_ids, kind=PLACEHOLDER
    )
    waiting = [
        message
        for message in known.order_by("id").select_for_update(no_key=True)
        if key_of(message) in shared
    ]
    files = Media.objects.expect([shared[key_of(message)] for message in waiting])
    for message, file in zip(waiting, files, strict=True):
        event = shared[key_of(message)].arrival.event
        message.kind, message.text, message.preview, message.raw = (
            event.kind,
            event.text,
            event.preview,
            event.raw,
        )
        message.error_code, message.error = event.error_code, event.error
        message.attachment = file
    Message.objects.bulk_update(
        waiting, ["kind", "text", "preview", "raw", "error_code", "error", "attachment"]
    )
    return [file for file in files if file]


def key_of(message: Message) -> tuple:
    return message.channel_id, message.external_id
