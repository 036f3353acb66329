"""What goes on while a business is being connected, as Procrastinate's tasks."""

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from tenants.deferring import defer
from whatsapp.models import Signup
from whatsapp.onboarding import flow


# a step's own failure raises nothing
@app.task(queue="connect", retry=RetryStrategy(max_attempts=6, exponential_wait=3))
def proceed(tenant_id: str, signup_id: str) -> None:
    flow.proceed(UUID(tenant_id), UUID(signup_id))


def proceed_soon(signup: Signup) -> None:
    """In the caller's transaction."""
    defer(proceed, {"tenant_id": str(signup.tenant_id), "signup_id": str(signup.id)})


@app.periodic(cron="53 * * * *")
@app.task(queue="upkeep", queueing_lock="forget_tokens")
def forget_tokens(timestamp: int) -> None:
    flow.forget_tokens()
