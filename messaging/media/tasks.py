"""Fetch files from providers and hand files to them, beside the message flow: tasks that may be
repeated.
"""

from collections.abc import Iterable
from datetime import timedelta
from inspect import signature
from uuid import UUID

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from messaging.media import transfer
from messaging.models import Media, MediaUpload
from tenants.deferring import defer

LONGEST_WAIT = 6 * 3600  # seconds
FETCHES = 40  # a week, and a little more: the provider has the file no longer
# after everything else that is due: one shared history can bring tens of thousands of files
BY_THE_WAY = -10
UPLOADS = 5  # six minutes: after ten the sweep asks again, as long as a message waits for the file


class Again(BaseRetryStrategy):
    """Retry after 3, 9, 27 ... seconds, at most 6 hours, and not before the provider wants it,
    whatever failed.
    """

    def __init__(self, tries: int) -> None:
        self.tries = tries

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if job.attempts >= self.tries or not fits(job):
            return None
        asked = (
            exception.retry_in
            if isinstance(exception, transfer.TryAgain) and exception.retry_in
            else timedelta(0)
        )
        return RetryDecision(
            retry_in={
                "seconds": max(
                    min(3 ** (job.attempts + 1), LONGEST_WAIT), int(asked.total_seconds())
                )
            }
        )


def fits(job: Job) -> bool:
    """Return whether the task takes arguments of these names and each is an id; if not, a retry
    cannot succeed.
    """
    try:
        signature(app.tasks[job.task_name].func).bind(**job.task_kwargs)
        return all(UUID(str(value)) for value in job.task_kwargs.values())
    except (TypeError, ValueError, AttributeError):
        return False


@app.task(
    name="messaging.tasks.fetch_media", queue="media", priority=BY_THE_WAY, retry=Again(FETCHES)
)
def fetch_media(tenant_id: str, media_id: str) -> None:
    transfer.fetch(UUID(tenant_id), UUID(media_id))


@app.task(name="messaging.tasks.upload_media", queue="media", retry=Again(UPLOADS))
def upload_media(tenant_id: str, upload_id: str) -> None:
    transfer.upload(UUID(tenant_id), UUID(upload_id))


def fetch_soon(files: Iterable[Media | None]) -> None:
    """Put in a task for each file that was announced, in the caller's transaction."""
    defer(
        fetch_media,
        *({"tenant_id": str(file.tenant_id), "media_id": str(file.id)} for file in files if file),
    )


def upload_soon(uploads: Iterable[MediaUpload]) -> None:
    defer(
        upload_media,
        *({"tenant_id": str(row.tenant_id), "upload_id": str(row.id)} for row in uploads),
    )
