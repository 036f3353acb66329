"""The background task that sends mails, and how a letter is put in for it."""

import logging
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, override
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from tenants import mail
from tenants.deferring import defer

logger = logging.getLogger(__name__)

TRIES = 7  # over eleven hours


class UntilRefused(BaseRetryStrategy):
    """Retry after 30 s, then four times as long each time, whatever failed, but for mails that the
    mail server refused for good.
    """

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, mail.Refused) or is_last(job):
            return None
        return RetryDecision(retry_in={"seconds": 30 * 4**job.attempts})


def is_last(job: Job) -> bool:
    """Return whether the attempt under way, or just made, is the last one."""
    return job.attempts + 1 >= TRIES


@app.task(name="tenants.tasks.send_mail", queue="mail", retry=UntilRefused(), pass_context=True)
def send_mail(
    context: JobContext, letter: str, language: str = settings.LANGUAGE_CODE, **ids: str
) -> None:
    try:
        with override(language):
            mail.send(letter, ids)
    except mail.NotSent as error:
        if not is_last(context.job):
            logger.warning("The letter %s was not sent and is tried again: %s", letter, error)
        raise


def post(letter: str, **ids: Any) -> None:
    """Put a letter in, in the caller's transaction and scope. A tenant's scope adds its
    `tenant_id`. The letter is written in the language that is active now.
    """
    language = get_language() or settings.LANGUAGE_CODE
    words = {name: str(id) for name, id in ids.items()}
    defer(send_mail, {"letter": letter, "language": language, **words})
