"""Messages whose file the provider refused for good: they fail as any other message does."""

from channels_app import event_log
from messaging import sql
from messaging.failures import log_failure
from messaging.logged.messages import of_statuses
from messaging.models import MediaUpload, Message
from tenants.scope import tenant_scope

AT_ONCE = 1000


def fail_waiting(upload: MediaUpload, reason: str) -> None:
    """Fail the messages that wait for this upload, a portion a transaction."""
    while len(failed := fail_some(upload, reason)) == AT_ONCE:
        log_failures(failed)
    log_failures(failed)


def fail_some(upload: MediaUpload, reason: str) -> list[Message]:
    """Fail some of the messages, locked in the order in which everybody locks them, and let what
    waits behind them be due. Returns them.
    """
    with tenant_scope(upload.tenant_id):
        waiting = Message.objects.filter(
            attachment=upload.media_id, channel=upload.channel_id, status=Message.Status.HELD
        )
        locked = waiting.order_by("id").select_for_update(no_key=True)[:AT_ONCE]
        ids = list(locked.values_list("id", flat=True))
        messages = Message.objects.filter(id__in=ids).order_by("id")
        messages.update(status=Message.Status.FAILED, due_at=None, error=reason)
        sql.run("messages/next_in_line", ids=ids)
        failed = list(messages)
        event_log.append(of_statuses(failed))
    return failed


def log_failures(messages: list[Message]) -> None:
    for each in messages:
        log_failure(each.id, each.tenant_id, each.channel_id, each.error_code, each.error)
