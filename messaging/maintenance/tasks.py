"""Maintenance on a clock: of the task queue itself, and of what is outdated."""

import logging

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from channels_app import event_log
from messaging.logged.messages import of_statuses
from messaging.maintenance import waiting_statuses
from messaging.models import (
    Conversation,
    DeferredReply,
    ErasedMessage,
    IdempotencyKey,
    MessageStatus,
)
from tenants.scope import operator_scope

PORTIONS = 12  # each deletes a thousand rows of a kind at most
WAITS = 1000  # that end in one transaction
MOST_ATTEMPTS = 50  # more than any task is tried by itself

logger = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(
    name="messaging.tasks.take_up_abandoned",
    queue="upkeep",
    queueing_lock="take_up_abandoned",
    pass_context=True,
)
async def take_up_abandoned(context: JobContext, timestamp: int) -> None:
    """Retry tasks whose process was killed. One that was tried MOST_ATTEMPTS times fails: it may be
    what kills the process.
    """
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        if job.attempts < MOST_ATTEMPTS:
            await manager.retry_job(job)
        else:
            told = "Task %s (%s) was abandoned by its process after %d attempts: it is given up."
            logger.error(told, job.id, job.task_name, job.attempts)
            await manager.finish_job(job, Status.FAILED, delete_job=False)


@app.periodic(cron="17 3 * * *")
@app.task(
    name="messaging.tasks.forget_done",
    queue="upkeep",
    queueing_lock="forget_done",
    pass_context=True,
)
async def forget_done(context: JobContext, timestamp: int) -> None:
    """Delete done tasks after three days, and failed ones after thirty."""
    await context.app.job_manager.delete_old_jobs(nb_hours=72)
    await context.app.job_manager.delete_old_jobs(nb_hours=720, include_failed=True)


@app.periodic(cron="*/10 * * * *")
@app.task(name="messaging.tasks.match_statuses", queue="upkeep", queueing_lock="match_statuses")
def match_statuses(timestamp: int) -> None:
    """Match statuses that the workers' sweeps have left behind."""
    waiting_statuses.match_all()


@app.periodic(cron="* * * * *")
@app.task(name="messaging.tasks.forget_outdated", queue="upkeep", queueing_lock="forget_outdated")
def forget_outdated(timestamp: int) -> None:
    """Delete orphaned statuses, expired hashes of erased messages and idempotency keys, and replies
    that ended long ago, a portion a transaction: the pipeline's own role may not.
    """
    for _ in range(PORTIONS):
        with operator_scope():
            event_log.append(of_statuses(MessageStatus.objects.expire_orphans()))
            ErasedMessage.objects.forget()
            IdempotencyKey.objects.forget()
            DeferredReply.objects.forget()


@app.periodic(cron="* * * * *")
@app.task(name="messaging.tasks.end_waits", queue="upkeep", queueing_lock="end_waits")
def end_waits(timestamp: int) -> None:
    """Forget of conversations whose handover hours are over that they waited for a person, so that
    lists and counts go through those alone that do.
    """
    ended = WAITS
    while ended == WAITS:
        with operator_scope():
            ended = Conversation.objects.end_waits(at_most=WAITS)
