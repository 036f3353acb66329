"""Maintenance on a clock: of the task queue itself, and of what is outdated."""

from procrastinate import JobContext
from procrastinate.contrib.django import app

from channels_app import event_log
from messaging.logged.messages import of_statuses
from messaging.maintenance import waiting_statuses
from messaging.models import DeferredReply, ErasedMessage, IdempotencyKey, MessageStatus
from tenants.scope import operator_scope

PORTIONS = 12  # each deletes a thousand rows of a kind at most


@app.periodic(cron="* * * * *")
@app.task(
    name="messaging.tasks.take_up_abandoned",
    queue="upkeep",
    queueing_lock="take_up_abandoned",
    pass_context=True,
)
async def take_up_abandoned(context: JobContext, timestamp: int) -> None:
    """Retry tasks whose process was killed."""
    for job in await context.app.job_manager.get_stalled_jobs():
        await context.app.job_manager.retry_job(job)


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
