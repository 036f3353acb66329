"""What is done beside the message flow, as Procrastinate's tasks: each takes ids, opens its own scope, and may be repeated."""

from collections.abc import Iterable
from datetime import timedelta
from inspect import signature
from uuid import UUID

from procrastinate import BaseRetryStrategy, JobContext, RetryDecision, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from messaging.conversations import read_receipts
from messaging.media import transfer
from messaging.models import Media, MediaUpload, Message
from messaging.monitoring import alerts
from tenants.deferring import defer

LONGEST_WAIT = 6 * 3600  # seconds
FETCHES = 40  # a week, and a little more: the provider has the file no longer
BY_THE_WAY = -10  # after everything else that is due: one shared history can bring tens of thousands of files
UPLOADS = 5  # six minutes: after ten the sweep asks again, as long as a message waits for the file


class Again(BaseRetryStrategy):
    """After 3, 9, 27 ... seconds, at most 6 hours, and not before the provider wants it; whatever it was that failed."""

    def __init__(self, tries: int) -> None:
        self.tries = tries

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if job.attempts >= self.tries or not fits(job):
            return None
        asked = exception.retry_in if isinstance(exception, transfer.TryAgain) and exception.retry_in else timedelta(0)
        return RetryDecision(retry_in={"seconds": max(min(3 ** (job.attempts + 1), LONGEST_WAIT), int(asked.total_seconds()))})


def fits(job: Job) -> bool:
    """Whether the task takes arguments of these names, and each is an id; if not, no other time will be better."""
    try:
        signature(app.tasks[job.task_name].func).bind(**job.task_kwargs)
        return all(UUID(str(value)) for value in job.task_kwargs.values())
    except (TypeError, ValueError, AttributeError):
        return False


@app.task(queue="media", priority=BY_THE_WAY, retry=Again(FETCHES))
def fetch_media(tenant_id: str, media_id: str) -> None:
    transfer.fetch(UUID(tenant_id), UUID(media_id))


@app.task(queue="media", retry=Again(UPLOADS))
def upload_media(tenant_id: str, upload_id: str) -> None:
    transfer.upload(UUID(tenant_id), UUID(upload_id))


@app.task(queue="receipts", retry=RetryStrategy(max_attempts=3, linear_wait=5, retry_exceptions={read_receipts.NotTold}))
def tell_read(tenant_id: str, message_id: str) -> None:
    read_receipts.tell(UUID(tenant_id), UUID(message_id), is_answering=False)


@app.task(queue="receipts")
def tell_typing(tenant_id: str, message_id: str) -> None:
    """Once: a moment later it is no longer true."""
    read_receipts.tell(UUID(tenant_id), UUID(message_id), is_answering=True)


def fetch_soon(files: Iterable[Media | None]) -> None:
    """In the caller's transaction: a task for each file that was announced."""
    defer(fetch_media, *({"tenant_id": str(each.tenant_id), "media_id": str(each.id)} for each in files if each))


def upload_soon(uploads: Iterable[MediaUpload]) -> None:
    defer(upload_media, *({"tenant_id": str(each.tenant_id), "upload_id": str(each.id)} for each in uploads))


def mark_read(conversation_id: UUID) -> Message | None:
    """In the caller's transaction: the contact sees all they wrote as read; their newest message, None: they do already."""
    message = read_receipts.to_be_read(conversation_id)
    if message:
        defer(tell_read, {"tenant_id": str(message.tenant_id), "message_id": str(message.id)})
    return message


def show_typing(conversation_id: UUID) -> Message | None:
    """In the caller's transaction: the contact sees an answer being written (WhatsApp: for 25 s, or until it is there)."""
    message = read_receipts.to_be_answered(conversation_id)
    if message:
        defer(tell_typing, {"tenant_id": str(message.tenant_id), "message_id": str(message.id)})
    return message


@app.periodic(cron="* * * * *")
@app.task(queue="upkeep", queueing_lock="take_up_abandoned", pass_context=True)
async def take_up_abandoned(context: JobContext, timestamp: int) -> None:
    """Tasks whose process was killed are begun again."""
    for job in await context.app.job_manager.get_stalled_jobs():
        await context.app.job_manager.retry_job(job)


@app.periodic(cron="* * * * *")
@app.task(name="messaging.tasks.watch", queue="upkeep", queueing_lock="watch")
def watch(timestamp: int) -> None:
    """Problems are noted and told by mail."""
    alerts.watch()


@app.periodic(cron="17 3 * * *")
@app.task(queue="upkeep", queueing_lock="forget_done", pass_context=True)
async def forget_done(context: JobContext, timestamp: int) -> None:
    """Done tasks go after three days; failed ones after thirty."""
    await context.app.job_manager.delete_old_jobs(nb_hours=72)
    await context.app.job_manager.delete_old_jobs(nb_hours=720, include_failed=True)
